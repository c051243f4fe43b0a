package weave

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// strangers are packages that this one was not written for, at the versions that
// testdata/strangers/go.mod names.
var strangers = []string{
	"github.com/eapache/go-resiliency/batcher",
	"github.com/eapache/go-resiliency/breaker",
	"github.com/eapache/go-resiliency/deadline",
	"github.com/eapache/go-resiliency/retrier",
	"github.com/eapache/go-resiliency/semaphore",
	"github.com/jellydator/ttlcache/v3",
	"go.uber.org/ratelimit",
	"golang.org/x/sync/errgroup",
	"golang.org/x/sync/semaphore",
	"golang.org/x/sync/singleflight",
	"google.golang.org/api/support/bundler",
}

// leftOut are tests of theirs: x/sync's TestWeighted takes six seconds, and these of
// ratelimit fail as they are, since they race with their mocked clock.
const leftOut = "^(TestWeighted|TestPer|TestInitial|TestDelayedRateLimiter|TestSlack|Example.*)$"

// TestStrangers: packages of the module cache are woven into copies of their modules,
// and there their own tests pass, with no scheduler active. Nothing of the main module changes.
func TestStrangers(t *testing.T) {
	const dir = "testdata/strangers"
	goMod, goSum := read(t, dir+"/go.mod"), read(t, dir+"/go.sum")
	cache := t.TempDir()
	b, err := Prepare(t.Context(), cache, Options{Dir: dir}, strangers...)
	if err != nil {
		t.Fatal(err)
	}
	points := 0
	for _, p := range b.Packages {
		points += p.Points
	}
	if len(b.Packages) != len(strangers) || points < 200 {
		t.Errorf("%d packages with %d points", len(b.Packages), points)
	}
	flags := append(b.Flags(), "-count=1", "-trimpath") // trimmed, what is built does not depend on a temporary folder
	out := goRun(t, dir, append(append([]string{"test", "-short", "-skip=" + leftOut}, flags...), strangers...)...)
	if n := strings.Count(out, "ok  \t"); n != len(strangers) || strings.Contains(out, "no tests to run") {
		t.Errorf("%d packages passed:\n%s", n, out)
	}
	if deps := goRun(t, dir, append(append([]string{"list", "-deps"}, b.Flags()...), strangers...)...); !strings.Contains(deps, rtPath) {
		t.Error("what was tested was not woven")
	}
	if read(t, dir+"/go.mod") != goMod || read(t, dir+"/go.sum") != goSum {
		t.Error("the main module was changed")
	}
	again, err := Prepare(t.Context(), cache, Options{Dir: dir}, strangers...)
	if err != nil || again.Dir != b.Dir {
		t.Errorf("prepared again in %s, %v", again.Dir, err)
	}
	if left, _ := filepath.Glob(cache + "/*"); len(left) != 1 {
		t.Errorf("left in the cache: %v", left)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
