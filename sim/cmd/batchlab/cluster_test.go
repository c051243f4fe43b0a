package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"batchlab/sim/fleet"
	"batchlab/sim/lab"
	"batchlab/stress/gate"
)

// ofTime is what a page says of how long it took.
var ofTime = regexp.MustCompile(`\d+s of processes, \d+ schedules a second`)

// TestAClusterMakesTheSamePage: a server, a worker and whoever asks, each a process of its own, make of a campaign that
// finds something, and of explorations, the page that one process makes with one worker, and with three.
func TestAClusterMakesTheSamePage(t *testing.T) {
	skipIfShort(t)
	begin := func(args ...string) (line string) {
		cmd := command(t.Context(), args...)
		said, err := cmd.StderrPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
		r := bufio.NewReader(said)
		if line, err = r.ReadString('\n'); err != nil {
			t.Fatalf("%v began with %q, %v", args, line, err)
		}
		go io.Copy(io.Discard, r)
		return line
	}
	line := begin("cluster", "--listen", "127.0.0.1:0", "--store", t.TempDir())
	address, _, found := strings.Cut(strings.TrimPrefix(line, "cluster: "), "; ")
	if !found || !strings.HasPrefix(address, "nats://127.0.0.1:") {
		t.Fatalf("cluster began with %q", line)
	}
	if line = begin("worker", "--cluster", address); !strings.HasPrefix(line, "worker ") {
		t.Fatalf("worker began with %q", line)
	}
	dir := t.TempDir()
	for _, args := range [][]string{
		{"campaign", "--on", "dedup/window-early,dedup/baseline", "--programs", "250", "--corpora", dir},
		{"explore", "corpora/litmus/get-against-delete.seed", "corpora/litmus/count-against-set.seed", "--strategy", "dfs1"},
	} {
		var pages []string
		for _, how := range []string{"--workers=1", "--workers=3", "--cluster=" + address} {
			r := runCommand(t, append(args, how)...)
			if want := map[string]int{"campaign": statusFound}[args[0]]; r.status != want {
				t.Errorf("%s %s: status %d\n%s", args[0], how, r.status, r.errout)
			}
			pages = append(pages, ofTime.ReplaceAllString(r.out, "some time"))
		}
		if pages[0] != pages[1] || pages[0] != pages[2] {
			t.Errorf("one worker\n%s\nthree\n%s\na cluster\n%s", pages[0], pages[1], pages[2])
		}
	}
}

// asked is a queue that tells when it is asked for something, and does nothing.
type asked struct {
	lab.Queue
	tell func()
}

func (q asked) Do(ctx context.Context, _ lab.Unit) (lab.Result, error) {
	q.tell()
	return lab.Result{}, ctx.Err()
}

// TestTheLabHandsOut: what a lab generates and explores is asked of the queue that --cluster says.
func TestTheLabHandsOut(t *testing.T) {
	skipIfShort(t)
	pool, dir := newPool(t, 1), t.TempDir()
	defer pool.Close()
	if err := os.CopyFS(dir, os.DirFS("corpora/dedup-batcher")); err != nil {
		t.Fatal(err)
	}
	l := &labRun{t: t, lab: newLab(t, implementations()), met: lab.Met{}, out: io.Discard, err: io.Discard,
		f: labFlags{campaign: time.Hour, explore: 1, schedules: 2, corpora: dir}}
	for name, stage := range map[string]func(context.Context) (gate.Record, error){
		"campaign": l.campaign, "explore": l.explore,
	} {
		ctx, cancel := context.WithCancel(t.Context())
		l.units = func(do func(lab.Queue) error) error { return do(asked{pool, cancel}) }
		if _, err := stage(ctx); ctx.Err() == nil {
			t.Errorf("%s: nobody was asked, %v", name, err)
		}
		cancel()
	}
}

// TestAResultThatIsNone is told of, and its unit done again, which is no success; three of them are too many.
func TestAResultThatIsNone(t *testing.T) {
	unit := lab.Unit{Binary: "any", Subjects: []string{"dedup/baseline"}, Campaign: &lab.Stretch{Seed: 7, To: 100}}
	const good = `{"Part":{"Tally":{"Programs":100}}}`
	for _, c := range []struct {
		answers []string
		ok      bool
	}{
		{[]string{good}, true}, {[]string{`{}`, good}, true}, {[]string{`null`, `{"Hunted":{}}`, good}, true},
		{[]string{`7`, `{"Part":{}}`, `"well"`}, false},
	} {
		script := "read -r x"
		for i, a := range c.answers {
			script += "; echo '{\"ID\":" + string(rune('1'+i)) + ",\"Result\":" + a + "}'; read -r x"
		}
		var out bytes.Buffer
		q := &cluster{out: &out}
		var err error
		if q.caller, err = fleet.Start(exec.Command("sh", "-c", script+"; true"), nil); err != nil {
			t.Fatal(err)
		}
		r, err := q.Do(t.Context(), unit)
		var up *lab.GivenUp
		if c.ok && (err != nil || r.Part.Tally.Programs != 100) || !c.ok && (!errors.As(err, &up) || !strings.Contains(up.Unit, "seed 7")) {
			t.Errorf("%q: %+v, %v", c.answers, r, err)
		}
		const again = "cluster: programs 0 to 99 of campaign seed 7 on dedup/baseline: what came is no result, and it was done again: "
		wrong := len(c.answers) - map[bool]int{true: 1}[c.ok]
		if n := strings.Count(out.String(), again); n != wrong || strings.Count(out.String(), "\n") != n {
			t.Errorf("%q: told\n%s", c.answers, &out)
		}
		if err := q.Close(); (err == nil) != (wrong == 0) {
			t.Errorf("%q: ends with %v", c.answers, err)
		}
	}
}

// TestTheFleetIsShown beside how far work is.
func TestTheFleetIsShown(t *testing.T) {
	var out bytes.Buffer
	bar := newProgress(&out, "campaign", "programs", 9)
	q := &cluster{out: &out}
	shows(q, bar)
	q.tell(fleet.Answer{Fleet: &fleet.Fleet{Workers: 4, Running: 8, Waiting: 2}})
	bar.said = time.Time{}
	bar.set(3)
	if got := out.String(); got != "campaign: 3 of 9 programs; 4 workers do 8 units, 2 wait\n" {
		t.Errorf("shown %q", got)
	}
}
