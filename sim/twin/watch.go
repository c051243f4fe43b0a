package twin

import "time"

// A twin that does not get on waits where no scheduler sees it, or spins. Patience with one
// that waits is counted in time, and with one that computes in the time that it has computed: on
// a busy machine it may have had little.
const (
	patience = 5 * time.Second  // with a twin that uses next to nothing of it
	effort   = 20 * time.Second // of computing with no beat
	deaf     = 30 * time.Second // without any word, not even of being alive
	idle     = 50               // a twin that computes less than one part in so many waits
)

// watch is what is known of a twin at work.
type watch struct {
	began, fatal, interrupted bool

	beat string   // what is under way
	told []string // in the test's log

	last time.Time     // anything was heard
	at   time.Time     // of the last beat
	cpu  time.Duration // used then
	now  time.Duration // used by now
	end  time.Time     // when the test's time is up; zero: never
}

func (w *watch) see(n note) {
	w.last = time.Now()
	switch n.Is {
	case "alive":
		w.now = n.CPU
		return
	case "began":
		w.began = true
	case "beat":
		if n.Text != "" {
			w.beat = n.Text
		}
	case "log", "error", "fatal":
		w.told = append(w.told, n.Text)
		w.fatal = w.fatal || n.Is == "fatal"
	}
	w.at, w.cpu = w.last, w.now
}

// silent says why the twin has to be given up, if it has.
func (w *watch) silent(now time.Time) string {
	used, since := w.now-w.cpu, now.Sub(w.at)
	switch {
	case !w.end.IsZero() && now.After(w.end):
		return "the time of the test is up: the woven twin is"
	case !w.began: // a test may do anything first, as long as its deadline allows
		return ""
	case now.Sub(w.last) > deaf:
		return "the woven twin says nothing, and is"
	case used > effort:
		return "a schedule does not end: the woven twin is"
	case since > patience && used < since/idle:
		return "the woven twin waits"
	}
	return ""
}
