package lab

import (
	"context"
	"slices"

	"batchlab/sim/engine"
	"batchlab/sim/history"
	"batchlab/sim/kind"
	"batchlab/sim/oracle"
	"batchlab/sim/program"
)

// Finding is a fault of the specification: what it says breaks one of its laws, and so does
// whoever does as it says. It is kept and told, and it is no subject's failure.
type Finding struct {
	File  string   // the seed that shows it
	Known bool     // the seed was there before
	Shown []string // law in kind/name: the laws under which it showed, and in whom
	Runs  int      // of the campaign that showed it
}

// Findings takes the faults of the specification out of what a campaign found. Those that one
// fault brings about are one finding: see Known. Of one that no seed below the corpora brings
// about, a shrunk program is written into dir, expecting what it shows. The other finds, which
// are the subjects' own, are returned as they are.
func (l *Lab) Findings(ctx context.Context, c *Campaign, known *Known, dir string) ([]Finding, []Find, error) {
	var list []Finding
	var own []Find
	all := &Known{slices.Clone(known.seeds)}
	for _, f := range c.Finds {
		subject := titled(l.Subjects, f.Violation.Subject)
		if !f.Specified || f.Flaky() || subject == nil {
			own = append(own, f)
			continue
		}
		title := string(f.Violation.Law) + " in " + f.Violation.Subject
		file, fresh := "", false
		seed, err := all.cause(l, f, *subject)
		switch {
		case err != nil:
			return list, own, err
		case seed != nil:
			file = seed.File
		default: // what cannot be brought about may be expected all the same
			file = known.Titles()[title]
		}
		if file == "" {
			kept, err := l.keepFinding(ctx, f, dir)
			if err != nil {
				return list, own, err
			}
			all.seeds = append(all.seeds, kept)
			file, fresh = kept.File, true
		}
		at := slices.IndexFunc(list, func(g Finding) bool { return g.File == file })
		if at < 0 {
			at, list = len(list), append(list, Finding{File: file, Known: !fresh})
		}
		list[at].Shown = append(list[at].Shown, title)
		list[at].Runs += max(c.Tally[f.Program.Kind.Name].Specified[title], 1)
	}
	return list, own, nil
}

// keepFinding writes a new finding as a seed that expects the law to be broken in every
// subject in which it is.
func (l *Lab) keepFinding(ctx context.Context, f Find, dir string) (Seed, error) {
	p, v, err := l.Shrunk(ctx, f)
	if err != nil {
		return Seed{}, err
	}
	p.Comment = []string{"Found: whoever does as the specification says breaks this law of it:", v.Text + "."}
	expect := program.Expect{Law: string(v.Law)}
	for _, s := range l.Of(p.Kind) {
		if !engine.Applies(p, s) {
			continue
		}
		_, got, err := l.Try(p, s)
		if err == nil && got.Specified && got.Violation.Law == v.Law { // who cannot show it is not named
			expect.Subjects = append(expect.Subjects, s.Name)
		}
	}
	if len(expect.Subjects) > 0 { // else it shows by chance only
		p.Expect = []program.Expect{expect}
	}
	file, err := SaveSeed(dir, v.Law, p)
	return Seed{File: file, Program: p}, err
}

// trier runs a program on a subject and judges it, as Lab.Try does.
type trier func(*program.Program, kind.Subject) (history.History, oracle.Verdict, error)

// specified reports whether the specification has a fault of a subject that answers to the
// laws only, as the kind's first other subject shows: it breaks the same law at the same step
// of the same program, and does as the specification says.
func specified(among []kind.Subject, p *program.Program, s kind.Subject, v oracle.Verdict, try trier) bool {
	if !s.Traits().LawsOnly || s.Original != nil || v.Violation == nil {
		return v.Specified
	}
	for _, first := range among {
		if first.Kind == s.Kind && !first.Traits().LawsOnly && engine.Applies(p, first) {
			_, same, err := try(p, first)
			return err == nil && same.Specified &&
				same.Violation.Law == v.Violation.Law && same.Violation.Step == v.Violation.Step
		}
	}
	return false
}
