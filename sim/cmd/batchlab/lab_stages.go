package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"batchlab/impls"
	"batchlab/impls/mutants"
	"batchlab/sim/lab"
	"batchlab/stress"
	"batchlab/stress/gate"
)

// campaign generates programs.
func (l *labRun) campaign(ctx context.Context) (gate.Record, error) {
	r := recordOf(gate.Campaign)
	f := campaignFlags{corpora: l.f.corpora, CampaignOptions: lab.CampaignOptions{Seed: l.f.seed,
		Duration: l.f.campaign}}
	var c *campaigned
	err := l.units(func(queue lab.Queue) (err error) {
		l.lab.Queue = queue
		c, err = runCampaign(ctx, l.lab, f, l.out, l.err)
		return err
	})
	if err != nil && !errors.Is(err, errFound) {
		return r, err
	}
	r.Seed = c.Seed
	total, ops, hours := 0, 0, 0.0
	for _, k := range l.lab.Kinds() {
		t := c.Tally[k.Name]
		l.met.Add(t.Met)
		r.Covered[k.Name+" programs"], r.Covered[k.Name+" runs"] = t.Programs, t.Runs
		r.Covered[k.Name+" unjudged"] = t.Unjudged
		total, ops, hours = total+t.Programs, ops+t.Ops, hours+t.Virtual/3600
		for _, s := range l.lab.Of(k) {
			r.Subjects[s.Title()] = fmt.Sprintf("no violation in %d programs", t.Programs)
		}
	}
	fresh := 0
	for _, f := range c.findings {
		if !f.Known {
			fresh++
		}
		for _, title := range f.Shown {
			r.Known = append(r.Known, title+": "+f.File)
			law, subject, _ := strings.Cut(title, " in ")
			more := ", " + law
			if !strings.Contains(r.Subjects[subject], "the specification's") {
				more = " but the specification's " + law
			}
			r.Subjects[subject] += more
		}
	}
	for _, f := range c.own {
		r.Found = append(r.Found, string(f.Violation.Law)+" in "+f.Violation.Subject)
		r.Subjects[f.Violation.Subject] = "breaks " + string(f.Violation.Law)
	}
	l.page.line("campaign", "%d programs of 40 operations (seed %d), %d operations, %.0f virtual hours, %d new violations",
		total, c.Seed, ops, hours, len(r.Found))
	for _, kind := range slices.Sorted(maps.Keys(c.Tally)) {
		for _, line := range replacedText(c.Tally[kind]) {
			l.page.line("", "%s", line)
		}
	}
	l.page.line("", "faults of the specification met: %d, of which %d new", len(c.findings), fresh)
	for _, f := range c.findings {
		l.page.line("", "%s", findingText(f))
	}
	return r, nil
}

// explore runs the seeds that need a schedule, and generated programs, and if there is a race
// detector's build, those seeds once more under that.
func (l *labRun) explore(ctx context.Context) (gate.Record, error) {
	r := recordOf(gate.Explore)
	r.Seed = l.f.seed
	f := exploreFlags{seed: l.f.seed, programs: l.f.explore, schedules: l.f.schedules, corpora: l.f.corpora}
	plain, err := l.explored(ctx, f)
	if err != nil && !errors.Is(err, errFound) {
		return r, err
	}
	each := "all schedules of each seed, or all of at most 2 preemptions; 200 of each generated program"
	if f.schedules > 0 {
		each = fmt.Sprintf("up to %d schedules of each program", f.schedules)
	}
	r.Strategies = []string{"whole: " + each}
	l.covered(&r, plain, "")
	l.met.Add(plain.met)
	l.page.line("explore", "%d seeds, %d generated programs, %d outcomes, %d not as expected",
		plain.seeds, plain.programs-plain.seeds, plain.outcomes, len(plain.broken))
	l.page.line("", "seeds: %s", plain.ofSeeds)
	l.page.line("", "generated: %s", plain.generated)
	for _, text := range plain.findings {
		l.page.line("", "the baseline or the specification has a new fault: %s", text)
	}
	if l.f.raceBinary == "" {
		return r, nil
	}
	f.race, f.strategy, f.programs = true, "portfolio", 0
	f.schedules = min(cmp.Or(l.f.schedules, raceSchedules), raceSchedules)
	f.raceOnly = true
	raced, err := l.explored(ctx, f)
	if err != nil && !errors.Is(err, errFound) {
		return r, err
	}
	r.Race = true
	r.Strategies = append(r.Strategies,
		fmt.Sprintf("portfolio under the race detector, %d schedules of each seed", f.schedules))
	l.covered(&r, raced, "race ")
	l.page.line("", "under the race detector %d schedules, %d races", raced.schedules, len(raced.broken))
	return r, nil
}

func (l *labRun) explored(ctx context.Context, f exploreFlags) (t *exploreTotals, err error) {
	err = l.units(func(queue lab.Queue) (err error) {
		t, err = runExplore(ctx, l.t, queue, f, nil, io.Discard, l.err)
		return err
	})
	return t, err
}

// raceSchedules is how many schedules of each seed the lab runs under the race
// detector.
const raceSchedules = 100

func (l *labRun) covered(r *gate.Record, t *exploreTotals, how string) {
	r.Covered[how+"programs"] += t.programs
	r.Covered[how+"schedules"] += t.schedules
	r.Covered[how+"decisions"] += t.decisions
	r.Covered[how+"outcomes"] += t.outcomes
	for _, of := range []extents{t.ofSeeds, t.generated} {
		r.Covered[how+"searches of all schedules"] += of.whole
		r.Covered[how+"searches of all of at most 2 preemptions"] += of.bounded
		r.Covered[how+"searches of some of many"] += of.many
	}
	r.Covered[how+"unjudged traces"] += t.unjudged
	r.Found = append(r.Found, t.broken...)
	for _, s := range l.lab.Subjects {
		x := t.subjects[s.Title()]
		if x == nil {
			continue
		}
		text := fmt.Sprintf("no new violation in %d %sschedules, %d outcomes that the baseline does not have", x.schedules,
			how, x.fresh)
		if how != "" {
			text = fmt.Sprintf("no race in %d schedules", x.schedules)
		}
		for _, b := range t.broken {
			if strings.Contains(b, s.Title()+": ") {
				text = "broken when explored"
			}
		}
		if old := r.Subjects[s.Title()]; old != "" {
			text = old + "; " + text
		}
		r.Subjects[s.Title()] = text
	}
}

// stress runs the stress stage, in the race detector's build of this command if there
// is one, and shows its table.
func (l *labRun) stress(ctx context.Context) (gate.Record, error) {
	r := recordOf(gate.Stress)
	summary, err := l.runStress(ctx)
	if err != nil {
		return r, err
	}
	r.Race, r.Seed = summary.Race, summary.Seed
	cells, items := map[string]int{}, map[string]int{}
	known, broken := map[string]int{}, map[string]bool{}
	for _, row := range summary.Rows {
		title := string(row.Kind) + "/" + row.Subject
		cells[title]++
		items[title] += row.Items
		r.Covered["cells"]++
		r.Covered["items"] += row.Items
		for _, b := range row.Known {
			known[b.What+" in "+title] += b.Count
		}
		for _, b := range row.Breaches {
			broken[title] = true
			r.Found = append(r.Found, fmt.Sprintf("%s in %s, scenario %s: %s", b.What, title, row.Scenario, b.Detail))
		}
	}
	for title, n := range cells {
		r.Subjects[title] = fmt.Sprintf("no violation in %d stress cells, %d items", n, items[title])
		if broken[title] {
			r.Subjects[title] = "broken under stress"
		}
	}
	for _, what := range slices.Sorted(maps.Keys(known)) {
		r.Known = append(r.Known, fmt.Sprintf("%s: %d times under stress", what, known[what]))
	}
	detector := "without the race detector"
	if summary.Race {
		detector = "under the race detector"
	}
	l.page.line("stress", "%d cells, %d items, %s and goleak, %d breaches", r.Covered["cells"], r.Covered["items"],
		detector, len(r.Found))
	for _, k := range r.Known {
		l.page.line("", "known: %s", k)
	}
	return r, nil
}

func (l *labRun) runStress(ctx context.Context) (stress.Summary, error) {
	var s stress.Summary
	if l.f.raceBinary == "" {
		return stress.Run(ctx, stress.Options{Items: l.f.items, Subjects: impls.All(), Known: stress.Known(), Seed: 1})
	}
	dir, err := os.MkdirTemp("", "batchlab-")
	if err != nil {
		return s, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "summary.json")
	cmd := exec.CommandContext(ctx, l.f.raceBinary, "stress", "--items", strconv.Itoa(l.f.items), "--json", file)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	var table bytes.Buffer
	cmd.Stdout, cmd.Stderr = &table, l.err
	err = cmd.Run()
	if err != nil { // else the page says it all
		io.Copy(l.out, &table)
	}
	if err != nil && cmd.ProcessState.ExitCode() != statusFound {
		return s, fmt.Errorf("%s: %w", l.f.raceBinary, err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return s, err
	}
	return s, json.Unmarshal(text, &s)
}

// canary shows that the stages can fail: a subject that is broken on purpose goes
// through replay and campaign, and has to be caught by both.
func (l *labRun) canary(ctx context.Context) error {
	m := mutants.Canary()
	runner := newLab(l.t, everything())
	defer runner.Close()
	seeds, err := readSeeds(filepath.Join(l.f.corpora, string(m.Subject.Kind)))
	if err != nil {
		return err
	}
	caught := 0
	for _, s := range seeds {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		_, v, err := runner.Try(s.Program.Bare(), impls.Lab(m.Subject)[0])
		if err == nil && v.Violation != nil && !v.Specified {
			caught++
		}
	}
	queue := newPool(l.t, 1)
	defer queue.Close()
	o := sequential(queue)
	o.Programs = 1000
	f, err := o.One(ctx, m)
	if err != nil {
		return err
	}
	if caught == 0 || !f.Killed() {
		return fmt.Errorf("the canary %s was not caught (replay: %d seeds, campaign: %v): the lab is blind", m.Name,
			caught, f.Killed())
	}
	l.page.line("canary", "%s, broken on purpose, was caught by %d of %d seeds and by program %d of a campaign", m.Name,
		caught, len(seeds), f.After)
	return nil
}
