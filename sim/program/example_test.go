package program_test

import (
	"fmt"

	"batchlab/impls/spec"
	"batchlab/impls/spec/batcher"
	"batchlab/impls/spec/dedup"
	"batchlab/sim/kind"
	"batchlab/sim/program"
)

var names = program.Names{Kinds: []*kind.Kind{batcher.Kind, dedup.Kind}}

// An error says where, and what would be right.
func ExampleParse() {
	_, err := program.Parse("typo.seed", []byte("batchlab: 1\nsubject: dedup\nconfig:  bucket=1s buckets=3\n\na put\n"), names)
	fmt.Println(err)
	// Output:
	// typo.seed:5:1: a dedup cannot put
}

// A shrink keeps what matters to its predicate and nothing else.
func ExampleShrink() {
	p, err := program.Parse("long.seed", []byte(`batchlab: 1
subject: dedup
config:  bucket=7s buckets=9 epoch=5s

c count
+3.141s
b set k17 v4
a count
+7s
b get k17
`), names)
	if err != nil {
		panic(err)
	}
	getsAfterASecond := func(q *program.Program) bool {
		moved := false
		for _, o := range q.Ops {
			moved = moved || o.Moved() >= q.Config.D(spec.SetBucket)
			if moved && o.Verb == spec.Get {
				return true
			}
		}
		return false
	}
	fmt.Print(program.Shrink(p, getsAfterASecond, 1000))
	// Output:
	// batchlab: 1
	// subject: dedup
	// config:  bucket=1s buckets=1 epoch=0s
	// expect:  pass
	//
	// +1s
	// a get k1
}
