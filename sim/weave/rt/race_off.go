//go:build !race

package rt

import "unsafe"

// RaceEnabled says that this is a build with the race detector.
const RaceEnabled = false

func raceDisable() {}
func raceEnable()  {}

func raceAcquire(unsafe.Pointer) {}
func raceRelease(unsafe.Pointer) {}

func raceReleaseOnly(unsafe.Pointer) {}

func raceWrite(unsafe.Pointer) {}

// RaceErrors is how many races the detector has reported so far.
func RaceErrors() int { return 0 }
