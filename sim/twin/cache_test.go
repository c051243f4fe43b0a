package twin

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestCache: of several who want an entry one makes it, one that could not be made is not there, and of old
// entries only the last used are kept.
func TestCache(t *testing.T) {
	c := &cache{t.TempDir()}
	var made atomic.Int64
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			dir, err := c.entry("sort", "one", func(dir string) error {
				made.Add(1)
				time.Sleep(10 * time.Millisecond)
				return os.WriteFile(filepath.Join(dir, "file"), nil, 0o600)
			})
			if _, missing := os.Stat(filepath.Join(dir, "file")); err != nil || missing != nil {
				t.Error(err, missing)
			}
		})
	}
	wg.Wait()
	if made.Load() != 1 {
		t.Errorf("made %d times", made.Load())
	}
	wrong := errors.New("wrong")
	if _, err := c.entry("sort", "two", func(string) error { return wrong }); !errors.Is(err, wrong) {
		t.Error(err)
	}
	if list, err := filepath.Glob(c.dir + "/sort/*"); err != nil || len(list) != 1 {
		t.Error(list, err)
	}
	for i := range 3 * most {
		dir, err := c.entry("old", fmt.Sprint(i), func(string) error { return nil })
		if err != nil {
			t.Fatal(err)
		}
		used := time.Now().Add(-time.Duration(i+1) * time.Hour)
		if err := os.Chtimes(dir, used, used); err != nil {
			t.Fatal(err)
		}
	}
	c.forget("old", most)
	list, err := os.ReadDir(filepath.Join(c.dir, "old"))
	if err != nil || len(list) >= most || len(list) < most/2 {
		t.Errorf("%d entries are left, %v", len(list), err)
	}
	if _, err := os.Stat(filepath.Join(c.dir, "old", "0")); err != nil {
		t.Error("the last used is gone: ", err)
	}
}

// TestCacheFolder: what is kept in a folder is run, so it has to be the user's own; without the
// usual one there is another.
func TestCacheFolder(t *testing.T) {
	usual, temp := t.TempDir(), t.TempDir()
	t.Setenv("XDG_CACHE_HOME", usual)
	t.Setenv("HOME", usual)
	t.Setenv("TMPDIR", temp)
	opened := func() string {
		c, err := openCache()
		if err != nil {
			return err.Error()
		}
		return c.dir
	}
	if got := opened(); !strings.HasPrefix(got, usual) {
		t.Error(got)
	} else if err := os.Chmod(got, 0o777); err != nil {
		t.Fatal(err)
	}
	if got := opened(); !strings.HasPrefix(got, temp) {
		t.Error(got)
	} else if err := os.Chmod(got, 0o722); err != nil {
		t.Fatal(err)
	}
	if got := opened(); !strings.HasPrefix(got, "the woven twin can be kept nowhere: ") {
		t.Error(got)
	}
}

// TestWatch: a twin is given up when it waits, when it computes for long, and when it is deaf; not
// while it says what it does, has little of a busy machine, or has not begun.
func TestWatch(t *testing.T) {
	for _, c := range []struct {
		name              string
		began             bool
		heard, beat, used time.Duration // since the last word and the last beat; computed since then
		want              string
	}{
		{"waits", true, 0, 6 * time.Second, 10 * time.Millisecond, "the woven twin waits"},
		{"waits, not for long", true, 0, 4 * time.Second, 0, ""},
		{"is on a busy machine", true, 0, 19 * time.Second, 2 * time.Second, ""},
		{"computes for long", true, 0, 60 * time.Second, 25 * time.Second, "a schedule does not end: the woven twin is"},
		{"is deaf", true, time.Minute, time.Minute, time.Minute, "the woven twin says nothing, and is"},
		{"has not begun", false, time.Minute, time.Minute, 0, ""},
	} {
		now := time.Now()
		w := watch{began: c.began, last: now.Add(-c.heard), at: now.Add(-c.beat), cpu: time.Second, now: time.Second + c.used}
		if got := w.silent(now); got != c.want {
			t.Errorf("one that %s: %q, want %q", c.name, got, c.want)
		}
		w.end = now.Add(-1)
		if got := w.silent(now); got != "the time of the test is up: the woven twin is" {
			t.Errorf("one that %s, its time up: %q", c.name, got)
		}
	}
}
