package foreign_test

import (
	"fmt"
	"time"

	"batchlab/sim/kind"

	"example.com/foreign"
)

// queues is the kind of a bounded queue whose calls wait, but not for ever.
var queues = &kind.Kind{
	Name: "queue",
	Settings: []kind.Setting{
		{Name: "room", Form: kind.Count, Min: 1, Max: 99, Draws: []int64{1, 2, 3}, Simplest: []int64{1, 2}},
		{Name: "patience", Form: kind.Duration, Min: 1, Max: int64(kind.MaxMove), Draws: []int64{int64(time.Second)}},
	},
	Ops: []kind.Operation{
		kind.Time,
		{Name: "push", Lane: true, Always: true, Scene: 2, Beside: 2, Params: []kind.Param{
			{Name: "value", Form: kind.Named, Letter: 'v', Max: 99},
		}},
		{Name: "pop", Lane: true, Scene: 1, Beside: 2, Answer: popped},
		{Name: "len", Lane: true, Beside: 1, Answer: func(e *kind.Event) string { return fmt.Sprint(e.Val) }},
		{Name: "close", Lane: true, Rare: true, Beside: 1},
	},
	End: func(c kind.Config, _ []kind.Op) []kind.Op {
		return []kind.Op{kind.Move(c.D(1)), {Verb: length, Lane: kind.LabLane}, {Verb: shut, Lane: kind.LabLane}}
	},
}

const (
	push kind.Verb = iota + 1
	pop
	length
	shut
)

func popped(e *kind.Event) string {
	if e.Outcome != kind.Yes {
		return ""
	}
	return fmt.Sprintf("v%d", e.Val)
}

type instance struct {
	foreign.Queue
	patience time.Duration
}

func (q instance) Do(_ *kind.Lane, o kind.Op, e *kind.Event) {
	yes := map[bool]kind.Outcome{true: kind.Yes, false: kind.No}
	switch o.Verb {
	case push:
		e.Outcome = yes[q.Push(int(o.Args[0]), q.patience)]
	case pop:
		v, ok := q.Pop(q.patience)
		e.Val, e.Outcome = int32(v), yes[ok]
	case length:
		e.Val = int32(q.Len())
	case shut:
		q.Close()
	}
}
