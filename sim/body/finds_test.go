package body

import "testing"

// TestEnough: how long others are looked for beside the first find is a matter of schedules and points, and not of
// how fast the machine is.
func TestEnough(t *testing.T) {
	for _, c := range []struct {
		name              string
		schedules, points int // since the first find, which was the last
		want              bool
	}{
		{"after the first", 0, 0, false},
		{"with few points", besides - 1, besidesPoints, false},
		{"with many schedules", besides, 0, true},
		{"with many points", 1, besidesPoints + 1, true},
	} {
		x := &explorer{finds: []*Find{{Law: Panics}}, first: 7, news: 7}
		x.r = &Report{Schedules: x.news + c.schedules, Points: x.first + c.points}
		if got := x.enough(); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
