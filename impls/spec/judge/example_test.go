package judge_test

import (
	"fmt"

	"batchlab/impls/spec"
	"batchlab/impls/spec/dedup"
	"batchlab/impls/spec/judge"
	"batchlab/sim/kind"
)

// Two Sets of one key are both true: the laws see it without knowing the map.
func Example() {
	set := kind.Op{Verb: spec.Set, Lane: 'a', Args: kind.Args{spec.ArgKey: 1, spec.ArgValue: 1}}
	won := kind.Event{Source: kind.Source{Lane: 'a'}, Verb: spec.Set, Outcome: kind.Yes, Arg: 1, Val: 1}
	first, second := won, won
	first.Step, second.Step = 1, 2
	r := &kind.Run{
		Kind: dedup.Kind, Config: kind.Config{Values: [kind.MaxValues]int64{spec.SetBucket: 1e9, spec.SetBuckets: 3}},
		Ops: []kind.Op{set, set}, Events: []kind.Event{first, second},
	}
	b := judge.Audit(r)
	fmt.Println(b.Law, "in step", b.Step)
	// Output: D2-one-winner in step 2
}
