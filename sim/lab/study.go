package lab

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"batchlab/sim/engine"
	"batchlab/sim/kind"
	"batchlab/sim/program"
)

// Study is what came of one program on several subjects, each under many schedules.
type Study struct {
	Program      *program.Program
	Explorations []*Exploration
	Fresh        [][]Outcome // per exploration: what the first subject never showed
	Gone         [][]Outcome // per exploration: what only the first subject showed

	subjects []kind.Subject
	search   Search
}

// more is how far the first subject is looked at again when another shows what it has
// not: what takes one subject two preemptions may take another three.
var more = []Search{
	{Strategy: "portfolio", Seed: 1, Schedules: 20_000, Blind: true},
	{Strategy: "dfs3", Schedules: 200_000, Blind: true},
}

// Study explores a program on several subjects and compares what may be observed of them
// with what may be observed of the first: the others have to refine it.
func (l *Lab) Study(ctx context.Context, p *program.Program, subjects []kind.Subject, search Search) (*Study, error) {
	st, err := NewStudy(p, subjects, search)
	if err != nil {
		return nil, err
	}
	for i := range st.Explorations {
		if err := st.Explore(ctx, l, i); err != nil {
			return nil, err
		}
	}
	return st, st.Compare(ctx, l)
}

// NewStudy returns a study of which nothing is done, with an exploration to do for each of
// the subjects that can run the program. Several may be done at a time.
func NewStudy(p *program.Program, subjects []kind.Subject, search Search) (*Study, error) {
	subjects = slices.DeleteFunc(slices.Clone(subjects), func(s kind.Subject) bool { return !engine.Applies(p, s) })
	n := len(subjects)
	if n == 0 {
		return nil, &kind.LabError{Msg: fmt.Sprintf("no subject of kind %s can run this program", p.Kind.Name)}
	}
	return &Study{Program: p, Explorations: make([]*Exploration, n), Fresh: make([][]Outcome, n),
		Gone: make([][]Outcome, n), subjects: subjects, search: search}, nil
}

// Explore does one of the explorations.
func (st *Study) Explore(ctx context.Context, q Queue, i int) (err error) {
	if st.Explorations[i], err = st.exploration(ctx, q, i, st.search); err != nil {
		return fmt.Errorf("%s: %w", st.subjects[i].Title(), err)
	}
	return nil
}

func (st *Study) exploration(ctx context.Context, q Queue, i int, search Search) (*Exploration, error) {
	r, err := q.Do(ctx, Unit{Subjects: []string{st.subjects[i].Title()}, Program: st.Program.String(), Search: &search})
	if r.Exploration != nil {
		r.Exploration.Run.Kind = st.Program.Kind // which is not told
	}
	return r.Exploration, err
}

// Compare ends a study whose explorations are done.
func (st *Study) Compare(ctx context.Context, q Queue) error {
	if st.search.Strategy == Replaying {
		return nil
	}
	for i := 1; i < len(st.Explorations); i++ {
		if err := st.compare(ctx, q, i); err != nil {
			return err
		}
	}
	return nil
}

// compare compares one exploration with the first, which is carried on while something
// is new.
func (st *Study) compare(ctx context.Context, q Queue, i int) error {
	base, e := st.Explorations[0], st.Explorations[i]
	fresh, gone := Refines(base, e)
	fresh, err := st.asFar(ctx, q, i, fresh)
	if err != nil {
		return err
	}
	for _, search := range more {
		if len(fresh) == 0 || !base.Complete || !e.Complete {
			break
		}
		again, err := st.exploration(ctx, q, 0, search)
		if err != nil {
			return err
		}
		fresh, _ = Refines(again, &Exploration{Outcomes: fresh})
	}
	st.Fresh[i], st.Gone[i] = fresh, gone
	if base.Complete && e.Complete && e.Judged != "" {
		e.Judged += ", and against " + base.Subject
	}
	return nil
}

// asFar is, of what is new in an exploration, what it shows when it is searched no farther than the first: what takes
// it more preemptions than those, the first was not asked for.
func (st *Study) asFar(ctx context.Context, q Queue, i int, fresh []Outcome) ([]Outcome, error) {
	base, e := st.Explorations[0], st.Explorations[i]
	if len(fresh) == 0 || !base.Complete || !e.Complete || base.Bound < 0 {
		return fresh, nil
	}
	if e.Bound >= 0 {
		return slices.DeleteFunc(fresh, func(o Outcome) bool { return o.Deep }), nil
	}
	bounded := Search{Strategy: fmt.Sprint("dfs", base.Bound), Schedules: 200_000, Blind: true}
	again, err := st.exploration(ctx, q, i, bounded)
	if err != nil {
		return nil, err
	}
	deep, _ := Refines(again, &Exploration{Outcomes: fresh})
	shallow, _ := Refines(&Exploration{Outcomes: deep}, &Exploration{Outcomes: fresh})
	return shallow, nil
}

// Refines compares what may be observed of two subjects: what is new in the second, and
// what is gone.
func Refines(base, other *Exploration) (fresh, gone []Outcome) {
	without := func(list, others []Outcome) []Outcome {
		return slices.DeleteFunc(slices.Clone(list), func(o Outcome) bool {
			_, ok := slices.BinarySearchFunc(others, o, func(a, b Outcome) int { return cmp.Compare(a.Digest, b.Digest) })
			return ok
		})
	}
	return without(other.Outcomes, base.Outcomes), without(base.Outcomes, other.Outcomes)
}

// Broken lists the expectations that do not hold, a line each. That something is to be
// seen is expected of a search that sees all, or of a seed's own schedule.
func (st *Study) Broken() []string {
	var list []string
	for i, e := range st.Explorations {
		want, v := expected(st.Program, e.Subject, e.Violation, e.Specified), e.Violation
		whole := e.Complete || e.Search.Strategy == Replaying // else there may be more to see
		if want != "" && v == nil && whole {
			list = append(list, fmt.Sprintf("%s: expected to break %s, %s", e.Subject, want, e.Covered))
		}
		for _, f := range e.News(st.Program) {
			if want != "" && e.Find(want) == nil && f.Violation.Law == e.Violation.Law {
				list = append(list, fmt.Sprintf("%s: expected to break %s, breaks %s", e.Subject, want, f.Violation.Law))
				continue
			}
			list = append(list, fmt.Sprintf("%s: expected to pass, breaks %s in schedule %d", e.Subject, f.Violation.Law, f.At))
		}
		if whole && e.Unjudged > 0 {
			list = append(list, fmt.Sprintf("%s: %d traces could not be judged", e.Subject, e.Unjudged))
		}
		if text := e.missing(st.Program.Shows); text != "" && whole {
			list = append(list, fmt.Sprintf("%s: no schedule shows %q", e.Subject, text))
		}
		// What breaks a law was said; and of few schedules of many, of either, nothing follows.
		if v == nil && e.Complete && st.Explorations[0].Complete {
			for _, o := range st.Fresh[i] {
				list = append(list, fmt.Sprintf("%s: an outcome that %s does not have: %s", e.Subject, st.Explorations[0].Subject,
					strings.Join(o.Lines, " | ")))
			}
		}
	}
	return list
}

// missing returns the first of the texts that no outcome shows.
func (e *Exploration) missing(texts []string) string {
	for _, t := range texts {
		if !slices.ContainsFunc(e.Outcomes, func(o Outcome) bool {
			return slices.ContainsFunc(o.Lines, func(line string) bool { return strings.Contains(line, t) })
		}) {
			return t
		}
	}
	return ""
}

// Digest identifies what was seen: the program, all outcomes and the verdicts.
func (st *Study) Digest() string {
	sum := sha256.New()
	fmt.Fprintln(sum, st.Program.Bare())
	for _, x := range st.Explorations {
		fmt.Fprintln(sum, x.Subject, x.Schedules, x.Complete)
		for _, o := range x.Outcomes {
			fmt.Fprintln(sum, o.Digest)
		}
		if x.Violation != nil {
			fmt.Fprintln(sum, x.Violation.Law)
		}
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}
