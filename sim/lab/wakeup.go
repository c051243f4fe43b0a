package lab

import (
	"slices"

	"batchlab/sim/engine"
	"batchlab/sim/kind"
	"batchlab/sim/oracle"
	"batchlab/sim/sched"
)

// A wake-up is lost when a call goes on waiting for what is there. A component that is its own reference may
// well do so with its calls made one at a time: who has been woken takes its turn late, and another
// is first. So two things are asked of a run at whose end calls wait: whether one of them would not, were
// it made once more; and whether fewer wait, in whatever order the calls are made, if each is made when all
// is quiet. Only both together are a breach: of fair components the first is not so, for who comes late waits
// behind who waits, and of those that let two calls meet the second.

// mostQuiet is how many runs are made at most to see how many calls wait if all is quiet before each.
const mostQuiet = 1000

// forgotten is the violation that a call is which waits though it need not, nil if there is none.
func (j *judges) forgotten(x engine.WovenRun) (*oracle.Violation, error) {
	law := j.s.Kind.Wakes
	if law == "" || !j.own() || j.s.Traits().Waived(law) || !j.p.Concurrent() || !ended(&x.Run) {
		return nil, nil
	}
	waiting := waitingAt(&x.Run, len(j.p.Ops))
	for _, i := range waiting {
		again, err := j.again(x, i)
		if err != nil {
			return nil, err
		} else if again == nil {
			continue
		}
		if most, err := j.quietly(); err != nil || len(waiting) <= most {
			return nil, err
		}
		return oracle.Forgotten(&x.Run, i, *again, law), nil
	}
	return nil, nil
}

// waitingAt lists the calls, by their events, that have not returned after so many operations.
func waitingAt(r *kind.Run, ops int) []int {
	var list []int
	for i, e := range r.Events {
		if !r.Kind.IsAnswered(e) || e.Step > ops || e.Outcome == kind.Skipped || e.Source.Lane == kind.HandlerLane {
			continue
		}
		list = slices.DeleteFunc(list, func(j int) bool { return r.Events[j].Source == e.Source })
		if e.Outcome == kind.Waits {
			list = append(list, i)
		}
	}
	return list
}

// late reports whether some call was not made, within so many operations, since its lane was still in another that has
// returned by now, such as one that takes its time. How many calls wait where it is made, this run does not tell.
func late(r *kind.Run, ops int) bool {
	waiting := waitingAt(r, ops)
	return slices.ContainsFunc(r.Events, func(e kind.Event) bool {
		return e.Step <= ops && e.Outcome == kind.Skipped && e.Source.Lane != kind.LabLane &&
			!slices.ContainsFunc(waiting, func(i int) bool { return r.Events[i].Source.Lane == e.Source.Lane })
	})
}

// again makes a call once more that waits at the end of a run, and returns what came of it, nil if it waits as well.
func (j *judges) again(x engine.WovenRun, waiting int) (*kind.Event, error) {
	p := *j.p
	made := slices.IndexFunc(p.Ops, func(o kind.Op) bool { return isOf(p.Kind, o, x.Events[waiting]) })
	if made < 0 {
		return nil, nil
	}
	op := p.Ops[made]
	op.And = false
	for op.Lane = 'a'; slices.ContainsFunc(p.Ops, func(o kind.Op) bool { return o.Lane == op.Lane }); op.Lane++ {
	}
	p.Ops = append(slices.Clone(p.Ops), op)
	strategy := sched.NewReplay(x.Schedule())
	if engine.CanRun(&p, j.s) != nil || !strategy.Begin() {
		return nil, nil
	}
	y, err := engine.Woven(&p, j.s, strategy)
	before := func(r *kind.Run) []kind.Event {
		return slices.DeleteFunc(slices.Clone(r.Events), func(e kind.Event) bool { return e.Step > len(j.p.Ops) })
	}
	same := func(a, b kind.Event) bool { return a.Same(&b) }
	if err != nil || !slices.EqualFunc(before(&x.Run), before(&y.Run), same) {
		return nil, tame(err)
	}
	for _, e := range y.Events {
		if e.Step == len(p.Ops) && e.Source.Lane == op.Lane && e.Outcome != kind.Waits {
			return &e, nil
		}
	}
	return nil, nil
}

// isOf reports whether an operation is the call that an event is of, or the same made twice.
func isOf(k *kind.Kind, o kind.Op, e kind.Event) bool {
	var called kind.Event
	k.Label(o, &called)
	called.Source.Lane = o.Lane
	return o.Lane == e.Source.Lane && k.Call(called) == k.Call(e)
}

// quietly is how many calls wait at most at the end of the program, in whatever order they are made, if all is
// quiet before each. It is more than there are calls if that takes too many runs to tell.
func (j *judges) quietly() (most int, err error) {
	if j.quiet > 0 {
		return j.quiet - 1, nil
	}
	most, err = j.waits(j.p.Ops)
	j.quiet = most + 1
	return most, err
}

// waits is quietly for any operations.
func (j *judges) waits(ops []kind.Op) (most int, err error) {
	unknown := false
	whole, err := j.calmly(ops, func(r *kind.Run, calls int) {
		most, unknown = max(most, len(waitingAt(r, calls))), unknown || late(r, calls)
	})
	if !whole || unknown {
		most = len(ops) + 1
	}
	return most, err
}

// calmly runs operations with the calls made one after another, in whatever order, each when all is quiet, and
// reports whether these were all such runs.
func (j *judges) calmly(ops []kind.Op, visit func(r *kind.Run, calls int)) (whole bool, err error) {
	runs := 0
	for ops := range orders(ops) {
		p := *j.p
		p.Ops = ops
		c := sched.NewCoarse(nil)
		for ; c.Begin(); runs++ {
			if runs == mostQuiet {
				return false, nil
			}
			x, err := engine.Woven(&p, j.s, c)
			if tame(err) != nil {
				return false, err
			}
			if err == nil {
				visit(&x.Run, len(ops))
			}
		}
	}
	return true, nil
}

// tame leaves out the errors of runs that were more than the lab can take.
func tame(err error) error {
	if wild(err) {
		return nil
	}
	return err
}

// orders yields the orders in which operations that run together may come one after another.
func orders(ops []kind.Op) func(yield func([]kind.Op) bool) {
	groups := kind.Groups(ops)
	var order func(done []kind.Op, left []kind.Op, at int, yield func([]kind.Op) bool) bool
	order = func(done, left []kind.Op, at int, yield func([]kind.Op) bool) bool {
		for len(left) == 0 {
			if at == len(groups) {
				return yield(slices.Clone(done))
			}
			left, at = groups[at], at+1
		}
		for i, o := range left {
			if slices.ContainsFunc(left[:i], func(b kind.Op) bool { return b.Lane == o.Lane }) {
				continue
			}
			o.And = false
			if !order(append(done, o), slices.Delete(slices.Clone(left), i, i+1), at, yield) {
				return false
			}
		}
		return true
	}
	return func(yield func([]kind.Op) bool) { order(nil, nil, 0, yield) }
}
