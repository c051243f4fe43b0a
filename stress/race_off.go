//go:build !race

package stress

// RaceEnabled tells whether the race detector is compiled in.
const RaceEnabled = false
