package oracle_test

import (
	"fmt"

	"batchlab/sim/kind"
	"batchlab/sim/oracle"
)

// A kind's own audit finds a breach, and the oracle says what a person needs of it.
func ExampleJudge() {
	counter := &kind.Kind{
		Name: "counter",
		Ops:  []kind.Operation{kind.Time, {Name: "next", Lane: true, Answer: func(e *kind.Event) string { return fmt.Sprint(e.Val) }}},
		Laws: []kind.Law{{ID: "N1-once", Text: "no number is given twice"}},
		End:  func(kind.Config, []kind.Op) []kind.Op { return nil },
		Audit: func(r *kind.Run) *kind.Breach {
			given := map[int32]bool{}
			for i, e := range r.Events {
				if given[e.Val] {
					return &kind.Breach{Law: "N1-once", At: i, Step: e.Step}
				}
				given[e.Val] = true
			}
			return nil
		},
	}
	run := func(numbers ...int32) *kind.Run {
		r := &kind.Run{Kind: counter, Traits: kind.Traits{Title: "counter/mine", LawsOnly: true}}
		for i, n := range numbers {
			e := kind.Event{Step: i + 1, Source: kind.Source{Lane: 'a'}, Verb: 1, Outcome: kind.OK, Val: n}
			r.Ops, r.Events = append(r.Ops, kind.Op{Verb: 1, Lane: 'a'}), append(r.Events, e)
		}
		return r
	}
	sound, _ := oracle.Judge(run(1, 2, 3))
	broken, _ := oracle.Judge(run(1, 2, 2))
	fmt.Println(sound.Violation == nil)
	fmt.Println(broken.Violation.Law, "at step", broken.Violation.Step)
	fmt.Println("want", broken.Violation.Want)
	fmt.Println("got ", broken.Violation.Got)
	// Output:
	// true
	// N1-once at step 3
	// want no number is given twice
	// got  +0s          a next -> 2                                        #3
}
