package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"

	"batchlab/sim/lab"
	"batchlab/stress/gate"
)

// campaign generates programs.
func (l *labRun) campaign(ctx context.Context) (gate.Record, error) {
	r := recordOf(gate.Campaign)
	f := campaignFlags{corpora: l.f.corpora, CampaignOptions: lab.CampaignOptions{Seed: l.f.seed,
		Duration: l.f.campaign, Workers: runtime.NumCPU()}}
	c, err := runCampaign(ctx, l.lab, f, l.out, l.err)
	if err != nil && !errors.Is(err, errFound) {
		return r, err
	}
	r.Seed = c.Seed
	total, ops, hours := 0, 0, 0.0
	for _, k := range l.lab.Kinds() {
		t := c.Tally[k.Name]
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
