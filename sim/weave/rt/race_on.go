//go:build race

package rt

import (
	"runtime"
	"unsafe"
)

// RaceEnabled says that this is a build with the race detector.
const RaceEnabled = true

func raceDisable() { runtime.RaceDisable() }
func raceEnable()  { runtime.RaceEnable() }

func raceAcquire(p unsafe.Pointer) { runtime.RaceAcquire(p) }
func raceRelease(p unsafe.Pointer) { runtime.RaceReleaseMerge(p) }

// raceReleaseOnly forgets what was released at the address before.
func raceReleaseOnly(p unsafe.Pointer) { runtime.RaceRelease(p) }

// raceWrite is a write of what is at the address.
func raceWrite(p unsafe.Pointer) { runtime.RaceWrite(p) }

// RaceErrors is how many races the detector has reported so far.
func RaceErrors() int { return runtime.RaceErrors() }
