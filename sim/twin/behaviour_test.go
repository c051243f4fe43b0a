package twin

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// behaves is a test file in which everything happens that can happen to a twin.
const behaves = `package NAME

import (
	"flag"
	"net"
	"os"
	"strings"
	"sync"
	"testing"

	"batchlab/sim/twin"
)

var word = flag.String("word", "", "")

func TestMain(m *testing.M) {
	code := m.Run()
	if dir := os.Getenv("ENDED"); dir != "" && twin.In() {
		os.WriteFile(dir, []byte("by TestMain"), 0o600)
	}
	os.Exit(code)
}

func TestLocked(t *testing.T) {
	controlled(t, func() { var c Counter; c.mu.Lock(); c.Add() })
	t.Log("goes on")
}

func TestTable(t *testing.T) {
	for _, name := range []string{"a b/c|d (e)", "x", "x"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			t.Cleanup(func() {})
			controlled(t, func() { new(Counter).Add() })
			controlled(t, func() { panic("second of " + t.Name()) })
		})
	}
}

func TestLeft(t *testing.T) {
	dir := t.TempDir()
	if name := os.Getenv("ENDED"); name != "" && twin.In() {
		os.WriteFile(name+".dir", []byte(dir), 0o600)
	}
	controlled(t, func() {})
}

func TestArguments(t *testing.T) {
	_, err := os.Stat("check_test.go")
	controlled(t, func() { panic(*word + " " + strings.Join(flag.Args(), ",")) })
	t.Log(err)
}

func TestWaits(t *testing.T) {
	controlled(t, func() {
		l, _ := net.Listen("tcp", "127.0.0.1:0")
		l.Accept()
	})
}

func TestExits(t *testing.T) { controlled(t, func() { os.Exit(7) }) }

func TestNotThere(t *testing.T) {
	if twin.In() {
		t.Fatal("too early")
	}
	controlled(t, func() {})
}

func TestDeadline(t *testing.T) { controlled(t, func() { for n := 0; n >= 0; n++ { n = 1 } }) }

func TestEnvironment(t *testing.T) {
	if twin.In() {
		os.Getenv("LOOKED")
		os.ReadFile("data.txt")
	}
	controlled(t, func() {})
}

func TestRace(t *testing.T) {
	if !twin.In() {
		twin.Run(t)
		return
	}
	twin.Serve(t, func(r *twin.Reporter) {
		n := 0
		var wg sync.WaitGroup
		wg.Go(func() { n++ })
		n++
		wg.Wait()
		r.Error("reported: " + r.Races() + "and then: " + r.Races())
	})
}

func TestInterrupted(t *testing.T) {
	if !twin.In() {
		twin.Run(t)
		return
	}
	twin.Serve(t, func(r *twin.Reporter) {
		r.Log("so far")
		r.Beat("the third program")
		os.WriteFile(os.Getenv("READY"), nil, 0o600)
		<-r.Context().Done()
		r.Error("and at the end")
	})
}

func BenchmarkCounter(b *testing.B) { controlled(b, func() {}) }
`

// TestTwin has one module, whose twin is built once, and which is changed last.
func TestTwin(t *testing.T) {
	dir, exe := behaving(t)
	t.Run("behaviour", func(t *testing.T) { behaviour(t, dir, exe) })
	t.Run("second run", func(t *testing.T) { secondRun(t, dir, exe) })
	t.Run("interrupt", func(t *testing.T) { interrupt(t, dir, exe) })
	t.Run("go test", func(t *testing.T) { goTest(t, dir) })
	t.Run("without", func(t *testing.T) { without(t, dir, exe) })
}

// behaving writes the module, and builds its test binary.
func behaving(t *testing.T) (dir, exe string) {
	t.Helper()
	if testing.Short() {
		t.Skip("builds binaries")
	}
	dir = t.TempDir()
	files{"behaves_test.go": behaves, "data.txt": "1"}.write(t, dir, "behaves")
	exe = filepath.Join(dir, "behaves.test")
	command(t, dir, nil, "go", "test", "-c", "-vet=off", "-o", exe, ".").has(t, true)
	return dir, exe
}

// behaviour: what happens in the twin happens, for all that a person sees, in the test.
func behaviour(t *testing.T, dir, exe string) {
	for _, c := range []struct {
		name, args string
		ok         bool
		want       []string
	}{
		{"passes", "-test.run=Counter -test.v", true, []string{"woven: 1 package, ", "points: true", "--- PASS: TestCounter"}},
		{"fails", "-test.run=Locked", false, []string{"behaves_test.go:25: batchlab: woven", "waits for a lock at counter.go:11", "goes on"}},
		{"counts", "-test.run=Counter -test.v -test.count=2 -test.cpu=1,2", true, []string{"4 times --- PASS"}},
		{"subtests, side by side, two calls in each", "-test.run=Table/^x$", false,
			[]string{"second of TestTable/x\n"}},
		{"names of subtests", "-test.run=Table", false,
			[]string{"second of TestTable/a_b/c|d_(e)\n", "second of TestTable/x\n", "second of TestTable/x#01\n"}},
		{"arguments", "-test.run=Arguments -word=said -test.short -- one two", false, []string{"said one,two", "<nil>"}},
		{"dies", "-test.run=Exits", false,
			[]string{"the woven twin ended (exit status 7)", "Under way was", "program of TestExits"}},
		{"comes to nothing", "-test.run=NotThere", false, []string{"before it came to call 1 TestNotThere:", "too early"}},
		{"waits", "-test.run=Waits", false, []string{
			"waits in code that is not woven: package net (net.(*TCPListener).Accept), called at ",
			"behaves_test.go:57", "program of TestWaits", "leave that call out"}},
		{"time is up", "-test.run=Deadline -test.timeout=6s", false,
			[]string{"the time of the test is up: the woven twin is at ", "behaves_test.go:70", "program of TestDeadline"}},
		{"benchmark", "-test.run=^$ -test.bench=. -test.benchtime=1x", false, []string{"a benchmark is not run in a woven binary"}},
		{"prints", "-test.run=Counter -sim.v", true, []string{"=== RUN   TestCounter"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel() // two of them wait for seconds
			r := command(t, dir, nil, exe, strings.Fields(c.args)...)
			if n := strings.Count(r.out, "--- PASS"); n == 4 {
				r.out += "4 times --- PASS"
			}
			r.has(t, c.ok, c.want...)
		})
	}
	t.Run("cleans up", func(t *testing.T) {
		ended := filepath.Join(t.TempDir(), "ended")
		command(t, dir, []string{"ENDED=" + ended}, exe, "-test.run=Left").has(t, true, "PASS")
		text, err := os.ReadFile(ended)
		if err != nil || string(text) != "by TestMain" {
			t.Errorf("the twin's TestMain: %q, %v", text, err)
		}
		temp, err := os.ReadFile(ended + ".dir")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(string(temp)); !os.IsNotExist(err) {
			t.Errorf("the twin's temporary folder %s is left: %v", temp, err)
		}
	})
}

// secondRun: when the cache has the twin, nothing is built, nor is the go command asked.
func secondRun(t *testing.T, dir, exe string) {
	command(t, dir, nil, exe, "-test.run=Counter").has(t, true)
	cmd := exec.CommandContext(t.Context(), exe, "-test.run=Counter", "-test.v")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "PATH=")
	began := time.Now()
	out, err := cmd.CombinedOutput()
	result{string(out), err == nil}.has(t, true, "points: true")
	t.Logf("%v of computing, %v in all", cost(cmd), time.Since(began))
}

// without: what keeps the twin from being built is the test's failure, with its reason.
func without(t *testing.T, dir, exe string) {
	goCache := strings.TrimSpace(command(t, dir, nil, "go", "env", "GOCACHE").out)
	cache := []string{"XDG_CACHE_HOME=" + t.TempDir(), "GOCACHE=" + goCache}
	command(t, dir, append(cache, "PATH="), exe, "-test.run=Counter").has(t, false,
		"the go command, which builds the woven twin of this test binary, is not found")
	command(t, t.TempDir(), cache, exe, "-test.run=Counter").has(t, false,
		"is in no module: run the test binary in the folder of its package")
	later := time.Now().Add(-time.Millisecond)
	if err := os.Chtimes(filepath.Join(dir, "counter.go"), later, later); err != nil {
		t.Fatal(err)
	}
	command(t, dir, cache, exe, "-test.run=Counter").has(t, false,
		"counter.go has changed since this test binary was built: build it again")
	broken := []byte("package behaves\n\nvar x int = \"\"\n")
	if err := os.WriteFile(filepath.Join(dir, "broken.go"), broken, 0o600); err != nil {
		t.Fatal(err)
	}
	command(t, dir, cache, exe, "-test.run=Counter").has(t, false, "broken.go:3:13: cannot use")
}

// goTest: the go command has the twin do what it asks of the test.
func goTest(t *testing.T, dir string) {
	run := func(ok bool, env, args string, want ...string) {
		t.Helper()
		command(t, dir, []string{env}, "go", append([]string{"test", "-vet=off"}, strings.Fields(args)...)...).has(t, ok, want...)
	}
	run(true, "LOOKED=1", "-run=Environment .", "ok ")
	run(true, "LOOKED=1", "-run=Environment .", "(cached)")
	run(true, "LOOKED=2", "-run=Environment .", "ok ")
	run(true, "LOOKED=2", "-run=Environment .", "(cached)")
	if err := os.WriteFile(filepath.Join(dir, "data.txt"), []byte("22"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := command(t, dir, []string{"LOOKED=2"}, "go", "test", "-vet=off", "-run=Environment", ".")
	if r.has(t, true, "ok "); strings.Contains(r.out, "cached") {
		t.Error("a file that the twin has read has changed, and the result was taken from the cache")
	}
	run(true, "", "-cover -coverprofile=c.out -run=Counter .", "coverage: 100.0% of statements")
	if text, err := os.ReadFile(filepath.Join(dir, "c.out")); err != nil || !strings.Contains(string(text), "counter.go:10.25,14.2 3 1") {
		t.Errorf("%s%v", text, err)
	}
	run(false, "", "-cover -run=Exits .", "coverage: 0.0% of statements")
	run(true, "", "-json -run=Counter .", `"Action":"pass","Package":"example.com/behaves","Test":"TestCounter"`, "points: true")
	race := regexp.MustCompile(`(?s)reported: =+\s+WARNING: DATA RACE.*behaves_test.go:88.*and then: \n`)
	if r := command(t, dir, nil, "go", "test", "-vet=off", "-race", "-run=Race", "."); r.ok || !race.MatchString(r.out) {
		t.Errorf("no race in\n%s", r.out)
	}
}

// interrupt: what was found until an interrupt is told.
func interrupt(t *testing.T, dir, exe string) {
	command(t, dir, nil, exe, "-test.run=Counter").has(t, true)
	ready := filepath.Join(t.TempDir(), "ready")
	cmd := exec.CommandContext(t.Context(), exe, "-test.run=Interrupted|Counter")
	var out bytes.Buffer
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = dir, append(os.Environ(), "READY="+ready), &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(ready); err == nil {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	cmd.Process.Signal(syscall.SIGINT)
	err := cmd.Wait()
	result{out.String(), err == nil}.has(t, false,
		"--- FAIL: TestInterrupted\n", "so far\n", "and at the end\n", "interrupted\n", "the third program")
}
