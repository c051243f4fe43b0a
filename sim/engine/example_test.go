package engine_test

import (
	"fmt"

	"batchlab/sim/engine"
	"batchlab/sim/kind"
	"batchlab/sim/program"
	"batchlab/sim/sched"
)

// bell is a component that counts how often it was rung.
type bell struct{ rung int32 }

func (b *bell) Do(_ *kind.Lane, _ kind.Op, e *kind.Event) {
	b.rung++
	e.Val = b.rung
}

var bells = &kind.Kind{
	Name: "bell",
	Ops:  []kind.Operation{kind.Time, {Name: "ring", Lane: true, Answer: func(e *kind.Event) string { return fmt.Sprint(e.Val) }}},
	Laws: []kind.Law{{ID: "R1-count", Text: "a bell counts"}},
	End:  func(kind.Config, []kind.Op) []kind.Op { return nil },
}

// What the lab cannot do is told apart from what a subject does wrong: code that is not woven
// would not ask the scheduler, and nothing is run.
func ExampleWoven() {
	s := kind.Subject{Name: "mine", Kind: bells, New: func(kind.Config, kind.Env) kind.Instance { return &bell{} }}
	ring := kind.Op{Verb: 1, Lane: 'a'}
	p := &program.Program{Kind: bells, Ops: []kind.Op{ring, ring}}
	fmt.Println(engine.CanRun(p, s))

	strategy, _ := sched.New("dfs2", 1)
	_, err := engine.Woven(p, s, strategy)
	fmt.Println(err)

	p.Kind = &kind.Kind{Name: "gong"}
	fmt.Println(engine.CanRun(p, s))
	// Output:
	// <nil>
	// batchlab: this binary is not woven: programs whose operations run together need one, which `batchlab explore` builds
	// batchlab: a program for a gong cannot run on bell/mine
}
