package rt

import "time"

// In an exact stretch of a Timed run time goes as in a bubble of testing/synctest: it begins at midnight
// UTC 2000-01-01, moves on only when nobody can go on, and then to the very instant.

// Exact begins such a stretch, and returns the time for Inexact, which ends it.
//
//go:norace
func Exact() (now, epoch int64) {
	now, epoch = s.now, s.cfg.Epoch
	s.now = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).UnixNano()
	s.cfg.Epoch, s.moves.exact = s.now, true
	return now, epoch
}

// Inexact ends an exact stretch.
//
//go:norace
func Inexact(now, epoch int64) { s.now, s.cfg.Epoch, s.moves.exact = now, epoch, false }

// Still waits until nobody else can go on, unless time moves.
//
//go:norace
func Still(site string) {
	point(site, "quiet")
	s.moves.stills++
	g := s.cur
	g.state, g.level = idle, 1
	wait(g, site, "quiet")
	s.moves.stills--
}
