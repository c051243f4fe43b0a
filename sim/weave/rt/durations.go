package rt

import "time"

// maxDurations is how many different durations of a run are remembered.
const maxDurations = 8

// remember notes a duration that a timer is set to.
//
//go:norace
func remember(d time.Duration) {
	if d <= 0 {
		return
	}
	for i := range s.ndurations {
		if s.durations[i] == d {
			return
		}
	}
	if s.ndurations < maxDurations {
		s.durations[s.ndurations] = d
		s.ndurations++
	}
}
