package lab

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"batchlab/sim/kind"
	"batchlab/sim/oracle"
	"batchlab/sim/program"
)

// Unit is a piece of work for any lab that knows the subjects, on this machine or another. It is data, and so is
// what comes of it: neither depends on who does it, when, or how often. One of the last four says what is to be done;
// what is shrunk with its schedule has a Search as well, beside what.
type Unit struct {
	// Binary is the file whose workers do it, built from this source; "" if the lab's own do.
	Binary   string   `json:",omitempty"`
	Subjects []string // kind/name: all of a campaign, else the one
	Program  string   `json:",omitempty"` // its text, of an exploration and of what is shrunk

	Campaign *Stretch `json:",omitempty"`
	Search   *Search  `json:",omitempty"`
	Hunt     *Hunt    `json:",omitempty"`
	Shrink   *Like    `json:",omitempty"` // the program is to be shrunk that shows this
}

// Stretch is a piece of a campaign: programs to generate and check on all subjects.
type Stretch struct {
	Seed     uint64
	From, To int
	Ops      int
	Repeat   int      // one program in so many is run twice, and the digests compared
	Stopping []string `json:",omitempty"` // kind/name: those that have stopped a bubble, and run elsewhere
}

// String names a unit by what shows it again.
func (u Unit) String() string {
	on := strings.Join(u.Subjects, ", ")
	switch {
	case u.Campaign != nil:
		c := u.Campaign
		return fmt.Sprintf("programs %d to %d of campaign seed %d on %s", c.From, c.To-1, c.Seed, on)
	case u.Hunt != nil:
		return fmt.Sprintf("a hunt by %s with seed %d of %s", u.Hunt.Strategy, u.Hunt.Seed, on)
	case u.Shrink != nil:
		return fmt.Sprintf("shrinking what breaks %s in %s: %q", u.Shrink.Law, on, u.Program)
	}
	return fmt.Sprintf("%s with seed %d on %s of %q", u.Search.Strategy, u.Search.Seed, on, u.Program)
}

// Result is what came of a unit: one of these.
type Result struct {
	Part        *Part        `json:",omitempty"`
	Exploration *Exploration `json:",omitempty"`
	Hunted      *Hunted      `json:",omitempty"`
	Shrunk      *Shrunk      `json:",omitempty"`
}

// Part is what came of a stretch.
type Part struct {
	Tally *Tally
	Finds []Find // the earliest of each law, subject, and whether it is Specified
}

// Shrunk is a smaller program, and what it violates; nil if that did not show again.
type Shrunk struct {
	Program   string
	Violation *oracle.Violation
}

// Text is the canonical text of a result: the same whoever did the unit. How long it took does not belong to it.
func (r Result) Text() ([]byte, error) {
	if r.Exploration != nil {
		e := *r.Exploration
		e.Seconds, r.Exploration = 0, &e
	}
	return json.Marshal(r)
}

// Read is Text backwards. What did not come of such a unit is an error.
func (u Unit) Read(text []byte) (r Result, err error) {
	if err = json.Unmarshal(text, &r); err != nil {
		return r, err
	}
	if (r.Part != nil && r.Part.Tally != nil) != (u.Campaign != nil) || (r.Hunted != nil) != (u.Hunt != nil) ||
		(r.Shrunk != nil) != (u.Shrink != nil) || (r.Exploration != nil) != (u.Search != nil && u.Shrink == nil) {
		return r, errors.New("that is of another unit")
	}
	return r, nil
}

// Do does a unit. If the context ends meanwhile, what was done of a campaign's is returned all the same.
func (l *Lab) Do(ctx context.Context, u Unit) (Result, error) {
	if u.Campaign != nil {
		part, err := l.stretch(ctx, u)
		return Result{Part: part}, err
	} else if u.Hunt != nil {
		n, err := l.ask(ctx, job{Unit: u})
		return Result{Hunted: n.Hunted}, err
	}
	list, err := u.named("lab", l.Subjects)
	if err != nil {
		return Result{}, err
	}
	p, err := program.Parse("program", []byte(u.Program), program.Names{Kinds: kindsOf(list), AnyLaw: true})
	if err != nil {
		return Result{}, err
	}
	var v *oracle.Violation
	switch {
	case u.Shrink == nil:
		e, err := l.Explore(ctx, p, list[0], *u.Search)
		return Result{Exploration: e}, err
	case u.Search == nil:
		p, v, err = l.shrink(ctx, p, list[0], u.Shrink.Law, &u.Shrink.Specified)
	default:
		p, v, err = l.ShrinkScheduled(ctx, p, list[0], *u.Shrink, u.Search.Beside)
	}
	return Result{Shrunk: &Shrunk{p.String(), v}}, err
}

// smaller has a program shrunk, in the lab's queue if it has one.
func (l *Lab) smaller(ctx context.Context, p *program.Program, s kind.Subject, u Unit) (*program.Program,
	*oracle.Violation, error) {
	u.Subjects, u.Program = []string{s.Title()}, p.String()
	var q Queue = l
	if l.Queue != nil {
		q = l.Queue
	}
	r, err := q.Do(ctx, u)
	if r.Shrunk == nil {
		return p.Bare(), nil, err
	}
	names := program.Names{Kinds: []*kind.Kind{s.Kind}, AnyLaw: true}
	small, bad := program.Parse("program", []byte(r.Shrunk.Program), names)
	if bad != nil {
		return p.Bare(), nil, bad
	}
	return small, r.Shrunk.Violation, err
}

// named are the subjects of a unit, among those that somebody knows.
func (u Unit) named(who string, subjects []kind.Subject) ([]kind.Subject, error) {
	var list []kind.Subject
	for _, title := range u.Subjects {
		s := find(subjects, title)
		if s == nil {
			return nil, fmt.Errorf("the %s does not know %s", who, title)
		}
		list = append(list, *s)
	}
	if len(list) == 0 {
		return nil, errors.New("a unit of no subject")
	}
	return list, nil
}

// find returns the subject of a title, or the original of one, nil if there is none.
func find(subjects []kind.Subject, title string) *kind.Subject {
	if s := titled(subjects, title); s != nil {
		return s
	}
	for _, s := range subjects {
		if s.Original != nil && s.Original.Title() == title {
			return s.Original
		}
	}
	return nil
}
