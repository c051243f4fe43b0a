package weave

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
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

// leftOut are tests of theirs: TestWeighted of x/sync takes six seconds, those of
// ratelimit fail as they are, since they race with their mocked clock, and the last two fail as
// they are on a busy machine, since they hope that a goroutine gets on in a millisecond.
const leftOut = "^(TestWeighted" +
	"|TestPer|TestInitial|TestDelayedRateLimiter|TestSlack|Example_default|Example_withoutSlack" +
	"|TestBreakerAsyncStateTransitions|Test_Cache_Start)$"

// TestStrangers: packages of the module cache are woven into copies of their modules,
// and there their own tests pass, with no scheduler active. Nothing of the main module changes.
func TestStrangers(t *testing.T) {
	if testing.Short() {
		t.Skip("builds binaries")
	}
	const dir = "testdata/strangers"
	goMod, goSum := read(t, dir+"/go.mod"), read(t, dir+"/go.sum")
	cache := t.TempDir()
	b, err := Prepare(t.Context(), cache, Options{Dir: dir, Plain: true}, strangers...)
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
	theirTests(t, dir, b.Flags())
	if deps := goRun(t, dir, append(append([]string{"list", "-deps"}, b.Flags()...), strangers...)...); !strings.Contains(deps, rtPath) {
		t.Error("what was tested was not woven")
	}
	if read(t, dir+"/go.mod") != goMod || read(t, dir+"/go.sum") != goSum {
		t.Error("the main module was changed")
	}
	again, err := Prepare(t.Context(), cache, Options{Dir: dir, Plain: true}, strangers...)
	if err != nil || again.Dir != b.Dir {
		t.Errorf("prepared again in %s, %v", again.Dir, err)
	}
	if left, _ := filepath.Glob(cache + "/*"); len(left) != 2 || left[0] != b.Dir && left[1] != b.Dir {
		t.Errorf("left in the cache, beside the copies of modules: %v", left)
	}
	if left, _ := filepath.Glob(b.Copies + "/new-*"); len(left) != 0 {
		t.Errorf("left of the copies: %v", left)
	}
}

// theirTests runs the strangers' tests. Most of them sleep and hope, so those that fail on
// a busy machine have two more tries.
func theirTests(t *testing.T, dir string, flags []string) {
	t.Helper()
	left := strangers
	for try := 0; len(left) > 0; try++ {
		args := slices.Concat([]string{"test", "-short", "-count=1", "-skip=" + leftOut}, flags, left)
		cmd := exec.CommandContext(t.Context(), "go", args...)
		cmd.Dir = dir
		out, _ := cmd.CombinedOutput()
		left = slices.DeleteFunc(slices.Clone(left), func(p string) bool {
			line := regexp.MustCompile(`(?m)^ok  \t` + regexp.QuoteMeta(p) + `\t.*`).Find(out)
			return line != nil && !bytes.Contains(line, []byte("no tests"))
		})
		if len(left) > 0 && try == 2 {
			t.Fatalf("%v do not pass:\n%s", left, out)
		}
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
