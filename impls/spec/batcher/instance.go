package batcher

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"batchlab/impls/spec"
	"batchlab/sim/kind"
)

// instance is a batcher at work: what lanes call, and what its handlers do.
//
// Its own memory is guarded as kind.Env says: see names.
type instance struct {
	env        kind.Env
	b          spec.Batcher
	keyed      bool // items have keys
	background bool
	lease      spec.Lease

	names names
	mode  int64
	takes time.Duration
	gate  chan struct{} // at which handlers block

	held  []lease // slices that belong to their handlers for ever
	nheld int
}

// lease is a slice that belongs to its handler, and what it held when it came.
type lease struct {
	slice []*spec.Item
	was   []*spec.Item
	batch []kind.Item
	src   kind.Source
}

// Subject is a row of the registry as the lab takes it.
func Subject(k *kind.Kind, s spec.Subject) kind.Subject {
	return kind.Subject{
		Name: s.Name, Kind: k, Clockless: s.Clockless, LawsOnly: s.LawsOnly, Waives: s.Waives,
		New: func(c kind.Config, env kind.Env) kind.Instance {
			cfg := spec.BatcherOf(c)
			i := &instance{
				env: env, keyed: s.Kind == spec.KindDedupBatcher, background: cfg.Background, lease: s.Lease,
				gate: make(chan struct{}), held: make([]lease, 8),
			}
			i.b = s.NewBatcher(cfg, env.Clock(), i.handle)
			return i
		},
	}
}

func (i *instance) Do(l *kind.Lane, o kind.Op, _ *kind.Event) {
	switch o.Verb {
	case spec.Put:
		i.put(l, o)
	case spec.Trigger:
		i.b.Trigger()
	case spec.Close:
		i.b.Close()
	case spec.Handler:
		i.tell(o.Args[spec.ArgMode], o.D(spec.ArgTakes))
	case spec.Release:
		i.open()
	}
}

// put puts the items of one operation, one after another. The operation names them
// all, even if a panic ends it early.
func (i *instance) put(l *kind.Lane, o kind.Op) {
	n, first, isNil := int32(o.Args[spec.ArgN]), int32(0), o.Args[spec.ArgItem] == kind.NilArg
	if !isNil {
		first = begin(l, n)
	}
	for j := range n {
		if j > 0 {
			i.env.Between()
		}
		var item *spec.Item
		if !isNil {
			item = i.next(l, o, first, j)
		}
		i.b.Put(item)
	}
}

// begin names n items of a lane, and returns the number of the first.
//
//go:norace
func begin(l *kind.Lane, n int32) int32 {
	first := l.Serial + 1
	l.Serial += n
	return first
}

// next makes the j-th item of a put.
//
//go:norace
func (i *instance) next(l *kind.Lane, o kind.Op, first, j int32) *spec.Item {
	l.Next = kind.Item{Lane: l.Letter, N: first + j}
	if i.keyed {
		l.Next.Keyed, l.Next.Key = true, int32(o.Args[spec.ArgItem])
	}
	if j == 0 {
		l.First = l.Next
	}
	return i.name(l.Next)
}

//go:norace
func (i *instance) name(id kind.Item) *spec.Item {
	i.env.Lock()
	item := i.names.item(id)
	i.env.Unlock()
	return item
}

//go:norace
func (i *instance) tell(mode int64, takes time.Duration) {
	i.env.Lock()
	i.mode, i.takes = mode, takes
	i.env.Unlock()
}

//go:norace
func (i *instance) told() (mode int64, takes time.Duration, gate chan struct{}) {
	i.env.Lock()
	mode, takes, gate = i.mode, i.takes, i.gate
	i.env.Unlock()
	return mode, takes, gate
}

// open opens the gate and puts up a new one for those who come later.
//
//go:norace
func (i *instance) open() {
	i.env.Lock()
	close(i.gate)
	i.gate = make(chan struct{})
	i.env.Unlock()
}

// keep remembers a slice that is the handler's for ever.
//
//go:norace
func (i *instance) keep(l lease) {
	i.env.Lock()
	if i.nheld == len(i.held) {
		more := make([]lease, 2*len(i.held))
		//lint:ignore S1001 copy is reported by the race detector from within the runtime
		for j := range i.held {
			more[j] = i.held[j]
		}
		i.held = more
	}
	i.held[i.nheld] = l
	i.nheld++
	i.env.Unlock()
}

// accept names the items of a batch. It reads the slice as a handler does: if somebody
// writes to it at the same time, that is a race.
func (i *instance) accept(slice []*spec.Item) lease {
	ids := make([]kind.Item, len(slice))
	i.env.Lock()
	for j, item := range slice {
		if ids[j] = i.names.id(item); ids[j].Lane == kind.Stranger {
			ids[j].N = int32(item.Key)
		}
	}
	i.env.Unlock()
	return lease{slice: slice, was: slices.Clone(slice), batch: ids, src: kind.HandlerSource(ids, i.background)}
}

// handle is the handler of every batcher under test.
func (i *instance) handle(slice []*spec.Item) {
	l := i.accept(slice)
	mode, takes, gate := i.told()
	i.note(l, spec.Begin)
	i.env.Between()
	switch mode {
	case spec.Takes:
		i.env.Sleep(takes)
	case spec.Blocks:
		i.env.Wait(gate)
	case spec.Puts:
		i.putOffspring(l)
	case spec.Panics:
		i.env.Dying()
		panic(kind.Dies)
	}
	if !slices.Equal(l.slice, l.was) {
		i.note(l, spec.Changed)
	} else if i.lease == spec.ForEver {
		i.keep(l)
	}
	i.note(l, spec.End)
	i.env.Between()
}

func (i *instance) note(l lease, v kind.Verb) {
	i.env.Note(kind.Event{Source: l.src, Verb: v, Items: l.batch})
}

// putOffspring puts the one item that a handler of the mode "puts" puts. Only a
// batch headed by a lane's item has one.
func (i *instance) putOffspring(l lease) {
	if len(l.batch) == 0 || l.batch[0] == (kind.Item{}) || l.batch[0].Derived {
		return
	}
	id := spec.Offspring(l.batch[0])
	e := kind.Event{Source: l.src, Verb: spec.Put, Outcome: kind.OK, Items: kind.Span(id, id)}
	func() {
		defer func() {
			if p := recover(); p != nil {
				if e.Outcome = kind.Broke; refused(kind.Op{Verb: spec.Put}, p) {
					e.Outcome = kind.Refused
				} else {
					e.Note = fmt.Sprint(p)
				}
			}
		}()
		i.b.Put(i.name(id))
	}()
	i.env.Note(e)
}

// AtEnd looks, when all is over, at the slices that belong to their handlers for ever.
func (i *instance) AtEnd() {
	for _, l := range i.held[:i.nheld] {
		if !slices.Equal(l.slice, l.was) {
			i.note(l, spec.Changed)
		}
	}
}

// refused tells a Put after Close, which panics and says so, from a crash.
func refused(o kind.Op, panicked any) bool {
	_, isRuntime := panicked.(runtime.Error)
	return o.Verb == spec.Put && !isRuntime && strings.Contains(strings.ToLower(fmt.Sprint(panicked)), "close")
}
