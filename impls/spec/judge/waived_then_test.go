package judge_test

import (
	"fmt"
	"testing"

	"batchlab/impls/spec"
	"batchlab/sim/oracle"
)

// TestWaivedThen: a history breaks one law, and then, if that is waived, no law or another. What
// was seen in spite of a waived law is known from then on.
func TestWaivedThen(t *testing.T) {
	const (
		twice    = "+0s a set k1 v1 -> true #1\n+0s b set k1 v2 -> true #2\n"
		reversed = "+0s a put a1..a2 -> ok #1\n+0s handler [a2 a1] begins #1\n+0s handler [a2 a1] ends #1\n" +
			"+10ms lab close -> ok #5"
		lost = "+0s a put a1 -> ok #1\n+0s a close -> ok #2\n+10ms lab close -> ok #6\n"
		ends = "\n+6s lab count -> 0 #5\n+6s lab close -> ok #6"
	)
	for _, c := range []struct {
		waived      spec.Law
		first, then spec.Law // without the waiver, and with it
		header, ops string
		lines       string
	}{
		{spec.Order, spec.Order, "", "fore", "a put x2", reversed},
		{spec.SizeCap, spec.Order, spec.Order, "fore", "a put x2", reversed},
		{spec.SizeCap, spec.SizeCap, spec.Order, "fore", "a put x3",
			"+0s a put a1..a3 -> ok #1\n+0s handler [a1 a3 a2] begins #1"},
		{spec.CloseDrains, spec.CloseDrains, spec.ExactlyOnce, "fore", "a put|a close", lost},
		{spec.ExactlyOnce, spec.CloseDrains, spec.CloseDrains, "fore", "a put|a close", lost},
		{spec.ExactlyOnce, spec.ExactlyOnce, "", "fore", "a put x2",
			"+0s a put a1..a2 -> ok #1\n+0s handler [a1 a2] begins #1\n+0s handler [a1 a2] ends #1\n" +
				"+0s handler [a1 a2] begins #1\n+0s handler [a1 a2] ends #1\n+10ms lab close -> ok #5"},
		{spec.Leak, spec.Leak, "", "fore", "", "+10ms lab close -> ok #4\n+10ms lab goroutine left behind #4"},
		{spec.Progress, spec.Progress, "", "fore", "a close", "+0s a close -> waits #1"},
		{spec.Lifetime, spec.Lifetime, "", "map", "a set k1 v1|a get k1|a set k1 v2|a get k1",
			"+0s a set k1 v1 -> true #1\n+0s a get k1 -> none #2\n+0s a set k1 v2 -> true #3\n" +
				"+0s a get k1 -> v2 #4\n+4s lab count -> 0 #6\n+4s lab close -> ok #7"},
		{spec.Lifetime, spec.Lifetime, spec.Value, "map", "a set k1 v1|a get k1|a set k1 v2|a get k1",
			"+0s a set k1 v1 -> true #1\n+0s a get k1 -> none #2\n+0s a set k1 v2 -> true #3\n" +
				"+0s a get k1 -> v1 #4"},
		{spec.Expiry, spec.Expiry, spec.Value, "map", "a set k1 v1|+4s|a get k1|a set k1 v2|a get k1",
			"+0s a set k1 v1 -> true #1\n+4s a get k1 -> v1 #3\n+4s a set k1 v2 -> false #4\n" +
				"+4s a get k1 -> v2 #5"},
		{spec.OneWinner, spec.OneWinner, "", "map", "a set k1 v1|b set k1 v2|a get k1",
			twice + "+0s a get k1 -> v1 #3" + ends},
		{spec.OneWinner, spec.OneWinner, spec.CountLaw, "map", "a set k1 v1|b set k1 v2|a count",
			twice + "+0s a count -> 2 #3"},
		{spec.DeleteLaw, spec.DeleteLaw, spec.Value, "map", "a set k1 v1|b delete k1|b get k1",
			"+0s a set k1 v1 -> true #1\n+0s b delete k1 -> true #2\n+0s b get k1 -> v1 #3\n+0s b get k1 -> v2 #3"},
	} {
		t.Run(fmt.Sprintf("%s %s", c.waived, c.ops), func(t *testing.T) {
			p := parse(t, c.header, c.ops)
			r := ran(t, p, c.lines)
			r.Traits.LawsOnly = true
			for _, want := range []spec.Law{c.first, c.then} {
				v, err := oracle.Judge(r)
				if err != nil || (v.Violation == nil) != (want == "") || want != "" && v.Violation.Law != want {
					t.Errorf("waiving %v: got %v, %v, want %q", r.Traits.Waives, v.Violation, err, want)
				}
				r.Traits.Waives = []spec.Law{c.waived}
			}
		})
	}
}

// TestWaivedOfTheModel: the model honours it as well, whether the lab saw it or the answers
// differ.
func TestWaivedOfTheModel(t *testing.T) {
	for _, c := range []struct {
		law         spec.Law
		header, ops string
		lines       string
	}{
		{spec.Leak, "fore", "", "+10ms lab close -> ok #4\n+10ms lab goroutine left behind #4"},
		{spec.CountLaw, "map", "a set k1 v1|a count",
			"+0s a set k1 v1 -> true #1\n+0s a count -> 0 #2\n+4s lab count -> 0 #4\n+4s lab close -> ok #5"},
	} {
		p := parse(t, c.header, c.ops)
		r := ran(t, p, c.lines)
		if v, err := oracle.Judge(r); err != nil || v.Violation == nil || v.Violation.Law != c.law || v.Specified {
			t.Errorf("%v, %v, want %s", v.Violation, err, c.law)
		}
		r.Traits.Waives = []spec.Law{c.law}
		if v, err := oracle.Judge(r); err != nil || v.Violation != nil {
			t.Errorf("waiving %s: %v, %v", c.law, v.Violation, err)
		}
	}
}
