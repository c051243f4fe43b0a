package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// bodies is a copy of the module whose tests are run as bodies. It requires nothing.
func bodies(t *testing.T) string {
	t.Helper()
	isLong(t)
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("sim", "testdata", "bodies"))); err != nil {
		t.Fatal(err)
	}
	return dir
}

// in runs the command in a folder.
func in(t *testing.T, dir string, args ...string) result {
	t.Helper()
	var out, errout strings.Builder
	cmd := command(t.Context(), args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &out, &errout
	cmd.Env = append(cmd.Env, "PWD="+dir)
	if err := cmd.Run(); cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return result{cmd.ProcessState.ExitCode(), out.String(), errout.String()}
}

var testLine = regexp.MustCompile(`(?m)^(ok|FAIL|skip|\?) +(Test\w+) +(.*)$`)

// lawOf is the law that a test of the module breaks, as its name says.
var lawOf = map[string]string{"Deadlock": "deadlock", "Left": "left", "Panic": "panic", "Spin": "spin", "Held": "held",
	"Failed": "failed"}

// TestTestCommand: of existing tests those are found wrong that are, each by its law, and no other; and
// the module is as it was, but for what is kept.
func TestTestCommand(t *testing.T) {
	dir := bodies(t)
	r := in(t, dir, "test", ".", "--schedules", "400", "--whole", "300", "--budget", "1m")
	found := testLine.FindAllStringSubmatch(r.out, -1)
	if r.status != statusFound || len(found) < 30 {
		t.Fatalf("status %d\n%s%s", r.status, r.out, r.errout)
	}
	for _, m := range found {
		law := ""
		for word, of := range lawOf {
			if strings.HasPrefix(m[2], "Test"+word) {
				law = of
			}
		}
		if law == "" && m[1] != "ok" || law != "" && (m[1] != "FAIL" || !strings.HasPrefix(m[3], law+" in schedule ")) {
			t.Errorf("%s: %s %s, want %q", m[2], m[1], m[3], law)
		}
	}
	for _, want := range []string{
		`(?m)^FAIL TestPanicInTwoPlaces .*\n\n    the second is first`, `(?m)^FAIL TestPanicInTwoPlaces .*\n\n    the third is first`,
		`(?m)^FAIL TestPanicOfACoin .*\n\n    heads`, `(?m)^FAIL TestPanicOfACoin .*\n\n    tails`,
		`(?m)^time TestOutrun +deadlock in schedule \d+, only where time runs ahead, by 1s, .* when it has slept at state_test.go:`,
		`(?m)^ok   TestSoundBesideACounter .* in a process of their own each.*\n.* package-level state outlives a schedule`,
	} {
		if !regexp.MustCompile(want).MatchString(r.out) {
			t.Errorf("%s is missing in\n%s", want, r.out)
		}
	}
	if text, err := os.ReadFile(filepath.Join(dir, "go.mod")); err != nil || strings.Contains(string(text), "batchlab") {
		t.Errorf("go.mod: %v\n%s", err, text)
	}
	again := in(t, dir, "test", ".", "--run", "TwoLocks")
	if again.status != statusFound || !strings.Contains(again.out, "deadlock, as kept in testdata/sim/TestDeadlockOfTwoLocks_") {
		t.Errorf("status %d\n%s", again.status, again.out)
	}
	for _, line := range []string{
		"goroutines wait for each other: test/1 waits for a lock at faulty_test.go:17, held by test/2 since faulty_test.go:18",
		"schedule: one choice is not the default", "again: batchlab test example.com/bodies --run '^TestDeadlockOfTwoLocks$'",
	} {
		if !strings.Contains(strings.Join(strings.Fields(again.out), " "), line) { // long lines are broken
			t.Errorf("%q is missing in\n%s", line, again.out)
		}
	}
	sub := in(t, dir, "test", "--run", "TestLeftBehindBySubtests/one")
	if sub.status != 0 || !strings.Contains(sub.out, "ok ") {
		t.Errorf("a subtest alone: status %d\n%s", sub.status, sub.out)
	}
}

// TestTestCommandRaces: with --race a race is found, with both places, and the sound ones are silent.
func TestTestCommandRaces(t *testing.T) {
	dir := bodies(t)
	r := in(t, dir, "test", "--race", "--schedules", "200", "--whole", "100", "--budget", "1m", "--run",
		"^TestRace$|^TestRaceOfAGroup$|^TestSound(Group|Table|Ticker|Cond|OnceAndPool|Timeout)$")
	if n := strings.Count(r.out, "faulty_test.go:208"); r.status != statusFound || strings.Count(r.out, "FAIL") != 2 || n < 2 ||
		strings.Contains(r.out, "races not looked for") {
		t.Errorf("status %d, %d places\n%s%s", r.status, n, r.out, r.errout)
	}
}

// TestTestCommandRefuses: what cannot be run is said, and the rest is run.
func TestTestCommandRefuses(t *testing.T) {
	isLong(t)
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module example.com/odd\n\ngo 1.26.0\n",
		"a_test.go": `package odd

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"testing/slogtest"
)

func TestOutside(t *testing.T) {
	slogtest.Run(t, func(*testing.T) slog.Handler { return nil }, nil)
}

func TestExits(t *testing.T) { os.Exit(7) }

func TestSkips(t *testing.T) { t.Skip("not here") }

func TestFine(t *testing.T) {}

var jobs = make(chan func())

func init() {
	go func() {
		for f := range jobs {
			f()
		}
	}()
}

func TestBesideInit(t *testing.T) { jobs <- func() {} }

func TestSignalled(t *testing.T) {
	ch := make(chan os.Signal, 1)
	signal.Notify(ch, syscall.SIGUSR1)
	defer signal.Stop(ch)
	syscall.Kill(syscall.Getpid(), syscall.SIGUSR1)
	<-ch
}

func TestServed(t *testing.T) {
	srv := httptest.NewServer(http.NotFoundHandler())
	defer srv.Close()
	if _, err := http.Get(srv.URL); err != nil {
		t.Fatal(err)
	}
}
`,
		"b/b_test.go": "package b\n\nimport (\n\t\"os\"\n\t\"testing\"\n)\n\nfunc TestMain(m *testing.M) { os.Setenv(\"B\", \"1\"); os.Exit(m.Run()) }\n\n" +
			"func TestB(t *testing.T) {\n\tif os.Getenv(\"B\") != \"1\" {\n\t\tt.Error(\"TestMain has not run\")\n\t}\n}\n",
		"c/c.go": "package c\n",
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	r := in(t, dir, "test", "./...")
	for _, want := range []string{
		`(?m)^\? +TestOutside +cannot be run: a_test.go:15: testing/slogtest.Run takes a \*testing.T, and is not woven`,
		`(?m)^\? +TestExits +.*exit status 7`, `(?m)^ok +TestB `, `(?m)^skip TestSkips +.*not here`, `(?m)^ok +TestFine `,
		`(?m)^none example.com/odd/c`,
		`(?m)^\? +TestBesideInit +cannot be run: test waits to send .*, from or to a goroutine that was started before`,
		`(?m)^\? +TestSignalled +cannot be run: .*a signal, which reaches nobody here`,
		`(?m)^ok +TestServed .*\n +no schedule decides a_test.go:\d+: net/http/httptest.NewServer: the network`,
	} {
		if !regexp.MustCompile(want).MatchString(r.out) {
			t.Errorf("%s is missing in\n%s%s", want, r.out, r.errout)
		}
	}
	if r.status != statusError {
		t.Errorf("status %d\n%s%s", r.status, r.out, r.errout)
	}
	for args, want := range map[string]string{
		"test ./nowhere": "nowhere", "test . --run NoSuch": "there is no test to run", "test . --strategy odd": `--strategy "odd" is unknown`,
	} {
		if r := in(t, dir, strings.Fields(args)...); r.status != statusError || !strings.Contains(r.out+r.errout, want) {
			t.Errorf("%s: status %d\n%s%s", args, r.status, r.out, r.errout)
		}
	}
}

// TestTestCommandClocks: the real clock of a library runs on the time of the schedule, and its mock
// lets others go on. The language of the module is what it says, not the lab's.
func TestTestCommandClocks(t *testing.T) {
	isLong(t)
	dir := t.TempDir()
	sum, err := os.ReadFile("go.sum")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"go.mod": "module example.com/clocks\n\ngo 1.21\n\nrequire github.com/benbjohnson/clock v1.3.5\n",
		"go.sum": string(sum),
		"a_test.go": `package clocks

import (
	"testing"
	"time"

	"github.com/benbjohnson/clock"
)

func TestReal(t *testing.T) {
	c, done := clock.New(), make(chan bool)
	begin := c.Now()
	go func() { c.Sleep(time.Hour); done <- true }()
	go func() { <-c.After(2 * time.Hour); done <- true }()
	<-c.Ticker(time.Minute).C
	<-done
	<-done
	if d := c.Since(begin); d < 2*time.Hour {
		t.Fatal(d)
	}
}

func TestLoop(t *testing.T) {
	var first func() int
	for i := 0; i < 3; i++ {
		if i == 0 {
			first = func() int { return i }
		}
	}
	if n := first(); n != 3 {
		t.Fatal("each turn of a loop has its variable:", n)
	}
}

func TestMock(t *testing.T) {
	c, done := clock.NewMock(), make(chan bool)
	go func() { c.Sleep(time.Second); close(done) }()
	for {
		c.Add(time.Second)
		select {
		case <-done:
			return
		default:
		}
	}
}
`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	r := in(t, dir, "test", ".", "--budget", "1s", "--whole", "200")
	if r.status != 0 || strings.Count(r.out, "\nok ") != 2 || !strings.HasPrefix(r.out, "ok ") {
		t.Errorf("status %d\n%s%s", r.status, r.out, r.errout)
	}
}
