package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestCodeOfSeeds: every seed of the case study is printed as Go; go vet has nothing against some.
func TestCodeOfSeeds(t *testing.T) {
	printed, dir := map[string][]byte{}, t.TempDir()
	var files []string
	err := filepath.WalkDir("corpora", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(file) != ".seed" {
			return err
		}
		f, err := readFind(file)
		if err != nil {
			return err
		}
		text, err := f.code(t.Context())
		if err != nil {
			t.Errorf("%s: %v", file, err)
		}
		printed[file] = text
		files = append(files, file)
		return nil
	})
	if err != nil || len(files) < 100 {
		t.Fatalf("%d seeds, %v", len(files), err)
	}
	if testing.Short() {
		return
	}
	overlay := map[string]map[string]string{"Replace": {}}
	slices.Sort(files)
	for i := 0; i < len(files); i += 4 {
		file, err := filepath.Abs(fmt.Sprintf("impls/batcher/printed_%d_test.go", i))
		if err != nil {
			t.Fatal(err)
		}
		overlay["Replace"][file] = filepath.Join(dir, fmt.Sprint(i))
		text := ownNames.ReplaceAll(printed[files[i]], fmt.Appendf(nil, "${1}_%d$2", i)) // one package has all
		if err := os.WriteFile(overlay["Replace"][file], text, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	text, err := json.Marshal(overlay)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "overlay")
	if err := os.WriteFile(file, text, 0o666); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), "go", "vet", "-overlay", file, "./impls/batcher").CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// ownNames are the names that a printed test declares in its package.
var ownNames = regexp.MustCompile(`(func Test\w+|[ *&\]\[]item)(\(t|[ {\])])`)

// The calls are those of the implementation in which the law is broken.
func TestCodeOfASeed(t *testing.T) {
	r := runCommand(t, "code", "corpora/litmus/two-sets-of-one-key.seed")
	for _, want := range []string{
		"package batcher_test\n", "// Expected: of the Sets of one key, one wins while the key is present (D2-one-winner).\n",
		"func TestTwoSetsOfOneKey(t *testing.T) {\n", "batcher.NewTimePartitionedMap[int, int](100*time.Millisecond, 1, batcher.WithClock(clk))",
		"\twg.Go(func() { // b\n\t\tt.Log(\"b:\", fmt.Sprint(m.Set(1, 2)))\n\t})\n\twg.Wait()\n",
	} {
		if r.status != 0 || !strings.Contains(r.out, want) {
			t.Errorf("status %d, no %q in\n%s%s", r.status, want, r.out, r.errout)
		}
	}
}

// A find of a body is its function, with comments where the schedule switches.
func TestCodeOfABody(t *testing.T) {
	const want = `package bodies

import (
	"sync"
	"testing"
)

// TestDeadlockOfTwoLocks_a6eddc5b is what TestDeadlockOfTwoLocks found:
// goroutines wait for each other: test/1 waits for a lock at faulty_test.go:17, held by test/2 since faulty_test.go:18 (started at faulty_test.go:17)
//
// Who is at it goes on until it waits or is done, but where a comment says otherwise. Go's own scheduler
// comes this way by chance only: a sleep where another goroutine goes on makes that likely.
// The first goroutine is test, test/1 is the first that it starts.
func TestDeadlockOfTwoLocks_a6eddc5b(t *testing.T) {
	var a, b sync.Mutex
	var wg sync.WaitGroup
	// here test/2 goes on: test/1 is before its lock
	wg.Go(func() { a.Lock(); defer a.Unlock(); b.Lock(); defer b.Unlock() })
	wg.Go(func() { b.Lock(); defer b.Unlock(); a.Lock(); defer a.Unlock() })
	wg.Wait()
}
`
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("sim/testdata/bodies")); err != nil {
		t.Fatal(err)
	}
	const seed = "# goroutines wait for each other: test/1 waits for a lock at faulty_test.go:17, held by test/2 since " +
		"faulty_test.go:18 (started at faulty_test.go:17)\n# one choice is not the default.\n" +
		"body: TestDeadlockOfTwoLocks\nlaw: deadlock\nschedule: test/1 2 faulty_test.go:17 lock -> test/2\n"
	file := filepath.Join(dir, "testdata", "sim", "TestDeadlockOfTwoLocks_a6eddc5b.seed")
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(seed), 0o666); err != nil {
		t.Fatal(err)
	}
	r := runCommand(t, "code", file)
	if r.status != 0 || r.out != want {
		t.Errorf("status %d, %s\ngot\n%s\nwant\n%s", r.status, r.errout, r.out, want)
	}
}

// TestCodeOfNoFind: what is wrong with a file is said with its line and column.
func TestCodeOfNoFind(t *testing.T) {
	kept := filepath.Join(t.TempDir(), "testdata", "sim")
	if err := os.MkdirAll(kept, 0o777); err != nil {
		t.Fatal(err)
	}
	in := func(dir, text string) string {
		file := filepath.Join(dir, "x.seed")
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return file
	}
	const derived = "batchlab: 1\nsubject: x.Queue\nconfig:  epoch=0s\n\na Push 1\n"
	for _, c := range []struct{ name, dir, text, want string }{
		{"nothing", "", "", `x.seed:1:1: "" begins no seed file`},
		{"something else", "", "# a comment\n\nname: value\n", `x.seed:3:1: "name" begins no seed file, want batchlab: or body: there`},
		{"bytes", "", "\xff\x00", "begins no seed file"},
		{"a wrong operation", "", "batchlab: 1\nsubject: dedup\nconfig: bucket=1s buckets=1\n\na sit k1\n", "x.seed:5:3: "},
		{"a wrong decision", kept, "body: TestX\nschedule: a b c\n", "x.seed:2:11: "},
		{"a wrong line", kept, "body: TestX\nlow: race\n", `x.seed:2:1: "low" is none of`},
		{"no name", kept, "law: race\nbody:\n", `x.seed:1:1: "law" begins no seed file`},
		{"a type that nobody names", kept, derived, "x.seed:2:10: subject \"x.Queue\" is unknown"},
		{"elsewhere", "", "# Found by TestX: it is wrong.\n" + derived, "is to be in testdata/sim of the package of that test"},
		{"no such body", kept, "body: TestX\nlaw: race\n", "no function TestX is in the tests of"},
		{"no package", kept, "# Found by TestX: it is wrong.\n" + derived, "go"},
		{"too large", "", "batchlab: 1\n" + strings.Repeat("#\n", 1<<20), "bytes, a seed file has at most"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := c.dir
			if dir == "" {
				dir = t.TempDir()
			}
			for _, command := range []string{"code", "show"} {
				r := runCommand(t, command, in(dir, c.text))
				if r.status != statusError || !strings.Contains(r.errout, c.want) || strings.Count(r.errout, "\n") != 1 || r.out != "" {
					t.Errorf("%s: status %d, want %q, got %s%s", command, r.status, c.want, r.errout, r.out)
				}
			}
		})
	}
}

// hasty is what a person sees of the queue that takes without asking again.
const hasty = `
hasty is not equivalent to locked:
nothing explains what was seen: no schedule of the original shows it
found before:

    | a            | b            |
    |--------------|--------------|
    | Push(1)      |              |
    | Pop() 1 true | Pop() 1 true |  <- want 0 false in b

one preemption:
    | a                            | b                            |
    |------------------------------|------------------------------|
    | Pop()                        |                              |
    |   queue.go:90 load q.head    |                              |
    |   queue.go:90 load q.tail    |                              |
    |   queue.go:91 load head.next |                              |
    |   switch                     |                              |
    |                              | Pop()                        |
    |                              |   queue.go:90 load q.head    |
    |                              |   queue.go:90 load q.tail    |
    |                              |   queue.go:91 load head.next |
    |                              |   queue.go:99 store q.head   |
    |                              | -> 1 true                    |
    |   queue.go:99 store q.head   |                              |
    | -> 1 true                    |                              |

    FILE
    go test -run '^TestHasty$' -sim.replay=FILE
`

// plainHasty is the same as a plain Go test.
const plainHasty = `
func STEM(t *testing.T) {
	component := newHasty(nil)
	results := func(list ...any) []any { return list }
	var a, b []any // what the calls of each goroutine answered
	var wg sync.WaitGroup
	component.Push(1)

	wg.Go(func() { // a
		// in this call, before queue.go:99 store q.head, b goes on
		a = append(a, results(component.Pop())) // seen: 1 true
	})
	wg.Go(func() { // b
		b = append(b, results(component.Pop())) // seen: 1 true; want 0 false
	})
	wg.Wait()

	t.Log("a:", a)
	t.Log("b:", b)
}
`

// TestFindsOfSomebody: in somebody's module, whose tests find what they find, a find is shown and printed as
// code; nothing of it is wider than a screen, and the code has nothing against it.
func TestFindsOfSomebody(t *testing.T) {
	isLong(t)
	lab, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "some body's")
	if err := os.CopyFS(dir, os.DirFS("sim/testdata/derived")); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(dir, "testdata")); err != nil { // seeds that were written by hand
		t.Fatal(err)
	}
	somewhere(t, dir, "go", "mod", "edit", "-replace=batchlab="+lab)
	os.WriteFile(filepath.Join(dir, "stopper_test.go"), []byte(stopper), 0o666)
	found := somewhere(t, dir, "go", "test", "-run", "TestHasty$|TestHastyPool|TestForgetful|TestStopper", ".", "-sim.budget=1m")
	seeds, err := filepath.Glob(filepath.Join(dir, "testdata", "sim", "*.seed"))
	if err != nil || len(seeds) != 4 {
		t.Fatalf("%v: %d finds, want 4:\n%s", err, len(seeds), found)
	}
	printedAs := map[string]string{} // written when all are printed: what changes a package has it built again
	for i, file := range seeds {
		name, _, _ := strings.Cut(filepath.Base(file), "_")
		shown := runCommand(t, "show", file)
		seed := "testdata/sim/" + filepath.Base(file)
		if shown.status != 0 || !strings.HasPrefix(shown.out, name+"\n\n") || !strings.Contains(shown.out, seed) {
			t.Errorf("%s: status %d\n%s%s", file, shown.status, shown.out, shown.errout)
		}
		for line := range strings.Lines(shown.out) {
			if n := utf8.RuneCountInString(strings.TrimSpace(line)); n > 80 && !strings.Contains(line, "go test -run") {
				t.Errorf("%d columns: %s", n, line)
			}
		}
		page := "\n.batchlab/" + strings.TrimSuffix(filepath.Base(file), ".seed") + ".html\n"
		if want := strings.ReplaceAll(hasty, "FILE", seed) + page; name == "TestHasty" && shown.out != name+"\n"+want {
			t.Errorf("got\n%s\nwant\n%s", shown.out, want)
		}
		if name == "TestStopper" && !strings.Contains(shown.out, stopped) {
			t.Errorf("no\n%s\nis in\n%s", stopped, shown.out)
		}
		printed := runCommand(t, "code", file)
		stem := strings.TrimSuffix(filepath.Base(file), ".seed")
		if printed.status != 0 || name == "TestHasty" && !strings.HasSuffix(printed.out, strings.ReplaceAll(plainHasty, "STEM", stem)) {
			t.Errorf("%s: status %d\n%s%s", file, printed.status, printed.out, printed.errout)
		}
		printedAs[filepath.Join(dir, fmt.Sprintf("printed%d_test.go", i))] = printed.out
	}
	for file, text := range printedAs {
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	somewhere(t, dir, "go", "vet", ".")
	if said := somewhere(t, dir, "go", "test", "-run", "TestHasty_", "-v", "."); !strings.Contains(said, "--- PASS: TestHasty_") {
		t.Errorf("the plain test does not run:\n%s", said)
	}
}

// stopper is a body that waits for itself.
const stopper = `package derived

import (
	"sync"
	"testing"

	"batchlab/sim"
)

func TestStopper(t *testing.T) {
	sim.Explore(t, func(t *sim.T) {
		var mu sync.Mutex
		stop, done := make(chan bool), make(chan bool)
		go func() {
			mu.Lock()
			mu.Unlock()
			<-stop
			close(done)
		}()
		mu.Lock()
		close(stop)
		<-done
		mu.Unlock()
	})
}
`

// stopped is who waits for whom in it.
const stopped = `
who waits:
    | who    | waits      | at                 | held by | since              |
    |--------|------------|--------------------|---------|--------------------|
    | test   | to receive | stopper_test.go:22 |         |                    |
    | test/1 | for a lock | stopper_test.go:15 | test    | stopper_test.go:20 |

no preemption:
`

// somewhere runs a command in a folder. That tests fail is what they are there for.
func somewhere(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil && args[0] != "test" {
		t.Fatalf("%s: %v\n%s", cmd, err, out)
	}
	return string(out)
}
