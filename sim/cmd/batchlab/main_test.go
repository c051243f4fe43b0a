package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"

	"batchlab/impls"
	"batchlab/impls/mutants"
	"batchlab/sim/kind"
	"batchlab/sim/lab"
)

// TestMain lets the test binary be the command, so that tests can have processes of
// it without building it. What one of them has woven and built serves all.
func TestMain(m *testing.M) {
	dir, child := os.LookupEnv(builtEnv)
	if !child {
		var err error
		if dir, err = os.MkdirTemp("", "batchlab-built-"); err != nil {
			panic(err)
		}
		os.Setenv(builtEnv, dir)
	}
	firstBuild = builtOnce(dir)
	if how := os.Getenv(commandEnv); how != "" {
		if how == atOnce {
			lineEvery = 0
		}
		main()
	}
	if err := os.Chdir("../../.."); err != nil { // where make runs it
		panic(err)
	}
	status := m.Run()
	if !child {
		os.RemoveAll(dir)
	}
	os.Exit(status)
}

// builtEnv is where processes of the tests leave word of what is built; atOnce, as commandEnv, has a command say how
// far it is with every step.
const builtEnv, atOnce = "BATCHLAB_TESTS_BUILT", "at once"

// builtOnce has the first process that needs a woven binary build it, and the others wait: the go command would need
// half a second to find that there is nothing to do.
func builtOnce(dir string) func(race bool, build func() (string, error)) (string, error) {
	return func(race bool, build func() (string, error)) (string, error) {
		name := filepath.Join(dir, fmt.Sprint("race=", race))
		file, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600)
		if err != nil {
			return "", err
		}
		defer file.Close()
		if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX); err != nil {
			return "", err
		}
		if exe, err := io.ReadAll(file); err != nil || len(exe) > 0 {
			return string(exe), err
		}
		exe, err := build()
		if err == nil {
			_, err = file.WriteString(exe)
		}
		return exe, err
	}
}

// command is a process of batchlab.
func command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, os.Args[0], args...)
	cmd.Env = append(os.Environ(), commandEnv+"=1")
	return cmd
}

// result is what a command did.
type result struct {
	status      int
	out, errout string
}

func runCommand(t *testing.T, args ...string) result {
	t.Helper()
	var out, errout bytes.Buffer
	cmd := command(t.Context(), args...)
	cmd.Stdout, cmd.Stderr = &out, &errout
	if err := cmd.Run(); cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return result{cmd.ProcessState.ExitCode(), out.String(), errout.String()}
}

func writeFile(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return file
}

const goodSeed = "batchlab: 1\nsubject: batcher\nconfig: size=2 timeout=10ms mode=foreground\n\na put\n"

// expecting is the same seed with an expectation.
func expecting(what string) string {
	return strings.Replace(goodSeed, "\n\n", "\nexpect: "+what+"\n\n", 1)
}

func TestBadInputIsOneLineAndAStatus(t *testing.T) {
	unwritable := filepath.Join(writeFile(t, "file", ""), "found") // below a file no directory can be
	hostile := strings.Repeat("a put x200000\n", 100)
	for _, c := range []struct {
		args []string
		want string // on standard error
	}{
		{[]string{"tset"}, `unknown command "tset" for "batchlab"; Did you mean this? test`},
		{[]string{"explore", "--strategy", "luck"}, "--strategy \"luck\" is unknown, want one of sequential, random"},
		{[]string{"explore", "--schedules", "-1"}, "--schedules must be 0 to"},
		{[]string{"explore", "--on", "dedup/nobody"}, "--on \"dedup/nobody\" is unknown"},
		{[]string{"explore", "no-such.seed"}, "no such file"},
		{[]string{"explore", writeFile(t, "s.seed", strings.Replace(goodSeed, "\n\n", "\nschedule: a 1 here\n\n", 1))},
			"s.seed:4:"},
		{[]string{"explore", writeFile(t, "t.seed", goodSeed), "--on", "dedup/baseline"}, "nothing is to be explored: no seed at"},
		{[]string{"explore", writeFile(t, "u.seed", goodSeed+"& a jump\n")}, "u.seed:6:"},
		{[]string{"mutants", "--only", "some"}, "--only \"some\" is unknown"},
		{[]string{"mutants", "--strategies", "random,guess"}, "--strategies: unknown strategy \"guess\""},
		{[]string{"goker", "--strategies", "guess"}, "--strategies: unknown strategy \"guess\""},
		{[]string{"weave", "./no/such/package"}, "no/such/package"},
		{[]string{"replay"}, "requires at least 1 arg"},
		{[]string{"replay", "no-such.seed"}, "no such file"},
		{[]string{"replay", t.TempDir()}, "no file named *.seed"},
		{[]string{"replay", writeFile(t, "a.seed", "")}, "a.seed:1:1: no \"batchlab:\" line"},
		{[]string{"replay", writeFile(t, "b.seed", "batchlab: 2\n")}, "b.seed:1:11: version"},
		{[]string{"replay", writeFile(t, "c.seed", goodSeed+"a jump\n")}, "c.seed:6:3: \"jump\" is not a call"},
		{[]string{"replay", writeFile(t, "d.seed", goodSeed+hostile)}, "d.seed:6:1: a program puts at most"},
		{[]string{"replay", writeFile(t, "e.seed", "\x00\x01\x02")}, "e.seed:1:1: byte 0x00"},
		{[]string{"replay", writeFile(t, "f.seed", goodSeed+"+9000h\n")}, "f.seed:6:1: a duration must be"},
		{[]string{"replay", writeFile(t, "g.seed", expecting("violation X in baseline"))},
			"g.seed:4:19: law \"X\" is unknown"},
		{[]string{"replay", writeFile(t, "h.seed", expecting("violation B2-order in mine"))},
			"h.seed:4:31: implementation \"mine\""},
		{[]string{"replay", writeFile(t, "i.seed", goodSeed), "--on", "mine"},
			"--on \"mine\" is unknown, want kind/name: a mutant, or one of batcher/baseline, "},
		{[]string{"replay", writeFile(t, "j.seed", strings.Repeat("#", 1<<20+1))}, "j.seed:1:1: the file has"},
		{[]string{"campaign", "--cluster", "nats://127.0.0.1:1"}, "nats://127.0.0.1:1: no server answers there: batchlab cluster"},
		{[]string{"worker", "--cluster", "nats://127.0.0.1:1"}, "nats://127.0.0.1:1: no server answers there: batchlab cluster"},
		{[]string{"worker"}, "--cluster is missing"},
		{[]string{"cluster", "--listen", "0.0.0.0:4222"}, "\"0.0.0.0\" can be reached by others"},
		{[]string{"campaign", "--programs", "-1"}, "--programs must be"},
		{[]string{"campaign", "--programs", "0"}, "needs a --time"},
		{[]string{"campaign", "--time", "abc"}, "invalid argument \"abc\""},
		{[]string{"campaign", "--kind", "tree"}, "--kind \"tree\" is unknown"},
		{[]string{"campaign", "--on", "batcher/mine"}, "--on \"batcher/mine\" is unknown"},
		{[]string{"campaign", "--ops", "0"}, "--ops must be"},
		{[]string{"campaign", "--workers", "0"}, "--workers must be"},
		{[]string{"campaign", "--corpora", "no-such-directory"}, "no such file"},
		{[]string{"campaign", "--frob"}, "unknown flag: --frob"},
		{[]string{"stress", "--items", "0"}, "items is"},
		{[]string{"stress", "--items", "-5"}, "items is"},
		{[]string{"stress", "--scenario", "calm"}, "calm"},
		{[]string{"stress", "--subject", "batcher/mine"}, "mine"},
		{[]string{"mutants", "--programs", "0"}, "--programs must be"},
		{[]string{"lab", "--items", "0"}, "must be positive"},
		{[]string{"fuzz", "--time", "abc"}, "invalid argument \"abc\""},
		{[]string{"fuzz", "--target", "FuzzMine"}, "FuzzMine"},
		{[]string{"lab", "--evidence", unwritable, "--corpora", "no-such-directory"}, "no such file"},
		{[]string{"frob"}, "unknown command \"frob\""},
	} {
		t.Run(strings.Join(c.args[:min(len(c.args), 3)], " "), func(t *testing.T) {
			if slices.ContainsFunc(c.args, func(arg string) bool { return strings.HasSuffix(arg, "cluster") }) {
				skipIfShort(t)
			}
			r := runCommand(t, c.args...)
			if r.status != statusError || strings.Count(r.errout, "\n") != 1 || !strings.Contains(r.errout, c.want) {
				t.Errorf("status %d, standard error %q, want %d and one line with %q", r.status, r.errout, statusError, c.want)
			}
		})
	}
}

func TestReplayStatusFollowsTheExpectation(t *testing.T) {
	for _, c := range []struct {
		name   string
		expect string
		on     string
		status int
		want   string
	}{
		{"passes as expected", "pass", "baseline", 0, "as expected"},
		{"passes unexpectedly", "violation B2-order in baseline", "baseline", statusFound,
			"passes: a known violation that stops failing"},
		{"breaks unexpectedly", "pass", "flush-twice", statusFound, "expected to pass, breaks B1-exactly-once"},
		{"breaks as expected", "violation B1-exactly-once in flush-twice", "flush-twice", 0, "as expected"},
		{"breaks another law", "violation B2-order in flush-twice", "flush-twice", statusFound,
			"expected to break B2-order, breaks B1-exactly-once"},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := writeFile(t, "x.seed", expecting(c.expect)+"a put\n")
			r := runCommand(t, "replay", file, "--on", c.on)
			if r.status != c.status || !strings.Contains(r.out, c.want) {
				t.Errorf("status %d, want %d; output lacks %q:\n%s%s", r.status, c.status, c.want, r.out, r.errout)
			}
		})
	}
}

// A find becomes a seed, and the seed shows the find again.
func TestCampaignPromotesWhatItFinds(t *testing.T) {
	skipIfShort(t)
	corpora := t.TempDir()
	canary := mutants.Canary()
	r := runCommand(t, "campaign", "--on", impls.Lab(canary.Subject)[0].Title(), "--programs", "50", "--seed", "3",
		"--corpora", corpora)
	if r.status != statusFound || !strings.HasPrefix(r.out, "campaign seed 3\n") {
		t.Fatalf("status %d:\n%s%s", r.status, r.out, r.errout)
	}
	lines := strings.Split(strings.TrimSpace(r.out), "\n")
	shown := strings.TrimSpace(lines[len(lines)-2])
	file, ok := strings.CutPrefix(shown, "make replay SEED=")
	file, _, _ = strings.Cut(file, " ON=")
	if !ok {
		t.Fatalf("the last line but that of the page is no replay command: %q", shown)
	}
	if again := runCommand(t, "replay", file, "--on", canary.Name); again.status != statusFound {
		t.Errorf("replay of the find: status %d\n%s%s", again.status, again.out, again.errout)
	}
	if good := runCommand(t, "replay", file, "--on", "baseline"); good.status != 0 {
		t.Errorf("replay of the find on the baseline: status %d\n%s%s", good.status, good.out, good.errout)
	}
}

// A directory that cannot be written costs a line and a status, and no seed.
func TestCampaignThatCannotWriteSaysSo(t *testing.T) {
	corpora := t.TempDir()
	if err := os.WriteFile(filepath.Join(corpora, "found"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	r := runCommand(t, "campaign", "--on", impls.Lab(mutants.Canary().Subject)[0].Title(), "--programs", "50", "--seed",
		"3", "--corpora", corpora)
	if r.status != statusError || strings.Count(r.errout, "\n") != 1 {
		t.Errorf("status %d, standard error %q", r.status, r.errout)
	}
}

func TestAFullDiskIsNoSuccess(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer full.Close()
	var errout bytes.Buffer
	cmd := command(t.Context(), "replay", "corpora/dedup/one-bucket.seed")
	cmd.Stdout, cmd.Stderr = full, &errout
	cmd.Run()
	if cmd.ProcessState.ExitCode() != statusError || !strings.Contains(errout.String(), "no space left") ||
		strings.Count(errout.String(), "\n") != 1 {
		t.Errorf("%v, standard error %q", cmd.ProcessState, errout.String())
	}
}

// An interrupt ends a campaign with what it has, soon, and with a status.
func TestInterruptEndsACampaign(t *testing.T) {
	interrupted(t, "campaign seed ", "programs", "campaign", "--programs", "0", "--time", "1h")
}

// An exploration is interrupted while its woven binary is built, or while it runs.
func TestInterruptEndsAnExploration(t *testing.T) {
	skipIfShort(t)
	interrupted(t, "exploration seed ", "", "explore", "--programs", "2000")
}

// interrupted interrupts a command when it has printed its seed, which is before anything
// runs, and looks for what it says of what was done.
func interrupted(t *testing.T, begins, says string, args ...string) {
	t.Helper()
	cmd := command(t.Context(), args...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var errout bytes.Buffer
	cmd.Stderr = &errout
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	first := make([]byte, 64)
	n, err := out.Read(first)
	if err != nil || !strings.HasPrefix(string(first[:n]), begins) {
		t.Fatalf("began with %q, %v", first[:n], err)
	}
	cmd.Process.Signal(os.Interrupt)
	var rest bytes.Buffer
	rest.ReadFrom(out)
	cmd.Wait()
	if cmd.ProcessState.ExitCode() != statusError || !strings.HasSuffix(errout.String(), "batchlab: interrupted\n") ||
		!strings.Contains(rest.String(), says) {
		t.Errorf("%v, standard error %q, output %q", cmd.ProcessState, errout.String(), rest.String())
	}
}

// Every mutant that sequential programs can reach is killed, for a law that it is
// said to break, and every law is broken by some mutant.
func TestTheLabKillsItsMutants(t *testing.T) {
	isLong(t)
	queue := newPool(t, runtime.NumCPU())
	defer queue.Close()
	o := sequential(queue)
	o.Programs = 20_000
	fates, err := o.All(t.Context(), func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	var table strings.Builder
	if holes := o.Print(&table, fates); holes > 0 {
		t.Errorf("%d holes:\n%s", holes, table.String())
	}
}

func TestControlsPass(t *testing.T) {
	for _, s := range impls.Lab(mutants.Controls()...) {
		t.Run(s.Kind.Name, func(t *testing.T) {
			runner := newLab(t, []kind.Subject{s})
			defer runner.Close()
			c, err := runner.Campaign(t.Context(), lab.CampaignOptions{Seed: 1, Programs: 500})
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range c.Finds {
				if !f.Specified {
					t.Errorf("program %d: %v\n%s", f.Index, &f.Violation, f.Program)
				}
			}
		})
	}
}

// What kills a mutant can be shrunk to a few operations, and still breaks its law.
func TestShrinkingGetsSmall(t *testing.T) {
	skipIfShort(t)
	for _, name := range []string{"queue-long", "stale-tick", "handler-under-mutex", "walk-stops-at-gap",
		"older-bucket-forwarded", "slice-reused"} {
		t.Run(name, func(t *testing.T) {
			m, err := mutants.Find(name)
			if err != nil {
				t.Fatal(err)
			}
			queue := newPool(t, 1)
			defer queue.Close()
			o := sequential(queue)
			o.Programs, o.Ops, o.Shrink = 200, 400, true
			f, err := o.One(t.Context(), m)
			const most = 8
			if err != nil || !f.Killed() || f.Small > most {
				t.Errorf("killed: %v, shrunk to %d operations, want at most %d; %v", f.Killed(), f.Small, most, err)
			}
		})
	}
}
