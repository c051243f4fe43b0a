package body

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"batchlab/sim/weave/rt"
)

// TestTimelines: what is to be drawn of a find opens where the find is about, and says what its file says otherwise.
func TestTimelines(t *testing.T) {
	woven(t)
	var mu *sync.Mutex // a new one in each schedule
	for _, c := range []struct {
		name string
		body func(*T)
		want string
	}{
		{"held", func(*T) {
			mu = new(sync.Mutex)
			rt.MutexLock("x.go:3", mu)
			rt.Close("x.go:4", make(chan int))
		}, "test x.go:3 lock a lock"},
		{"a deadlock", func(*T) {
			done := make(chan int)
			mu = new(sync.Mutex)
			rt.Go("x.go:5", func() { rt.MutexLock("x.go:6", mu); rt.Close("x.go:7", done) })
			rt.MutexLock("x.go:8", mu)
			<-rt.From("x.go:9", done)
		}, "test/1 x.go:6 lock: waits a lock, held by test since x.go:8"},
		{"a panic elsewhere", func(*T) {
			rt.Go("x.go:5", func() { rt.Close("x.go:7", make(chan int)); panic("oh") })
			<-rt.From("x.go:9", make(chan int))
		}, "test/1 x.go:7 close a channel (2nd)"},
		{"a failure before the end", func(t *T) {
			rt.Go("x.go:5", func() { rt.Close("x.go:7", make(chan int)) })
			rt.Close("x.go:3", make(chan int))
			t.Error("oh")
			rt.Close("x.go:4", make(chan int))
			<-rt.From("x.go:9", make(chan int))
		}, "test x.go:3 close a channel (1st); after this the test fails: picture_test.go:LINE: oh"},
		{"a failure of who does nothing else", func(t *T) {
			rt.Go("x.go:5", func() { t.Error("oh") })
			<-rt.From("x.go:9", make(chan int))
		}, "test x.go:9 receive: waits a channel; after this the test fails: picture_test.go:LINE: oh"},
		{"a spin", func(*T) {
			for {
				rt.RuntimeGosched("x.go:1")
			}
		}, "test x.go:1 yield"},
	} {
		f := explore(t, c.body, Options{}).Find
		if f == nil || f.Timeline == nil {
			t.Errorf("%s: nothing is to be drawn of %v", c.name, f)
			continue
		}
		r := f.Timeline.Last()
		note := ""
		if r.Over {
			note = "; " + regexp.MustCompile(`:\d+: `).ReplaceAllString(r.Note, ":LINE: ")
		}
		if r.Open < 0 || r.Columns[r.Rows[r.Open].Column].Name+" "+r.Rows[r.Open].Site+" "+r.Says(r.Open)+note != c.want {
			t.Errorf("%s opens at row %d of %v %s, want %s", c.name, r.Open, r.Rows, r.Note, c.want)
		}
		if n := len(r.Rows); n > mostSpun || (f.Timeline.Cut > 0) != (f.Law == Spins) {
			t.Errorf("%s has %d rows, cut after %d", c.name, n, f.Timeline.Cut)
		}
		if len(f.Timeline.Warnings) > 0 {
			t.Errorf("%s: warns of %q", c.name, f.Timeline.Warnings)
		}
	}
	file := filepath.Join(t.TempDir(), "x.seed")
	const text = "body: TestX\nlaw: failed\nschedule: test 1 x.go:%s go -> test/1\n"
	two := func(t *T) {
		n := 0
		rt.Go("x.go:5", func() { n++ })
		if n > 0 {
			t.Error("first")
		}
	}
	for line, warned := range map[string]int{"5": 0, "4": 1} {
		if err := os.WriteFile(file, []byte(strings.Replace(text, "%s", line, 1)), 0o666); err != nil {
			t.Fatal(err)
		}
		f := explore(t, two, Options{Replay: file}).Find
		if f == nil || len(f.Timeline.Warnings) != warned {
			t.Errorf("a file that says line %s: %+v", line, f)
		}
	}
}
