package judge_test

import (
	"fmt"
	"strings"
	"testing"

	"batchlab/impls/spec"
	"batchlab/sim/oracle"
)

// auditCases are, for each law that the audit knows, histories that break it, and the step
// at which they do; and histories that only look as if.
var auditCases = []struct {
	law         spec.Law // "" if none is broken
	step        int
	header, ops string
	lines       string
}{
	{"", 0, "fore", "a put x2",
		"+0s a put a1..a2 -> ok #1\n+0s handler [a1 a2] begins #1\n+0s handler [a1 a2] ends #1\n" +
			"+10ms lab close -> ok #5"},
	{spec.ExactlyOnce, 2, "fore", "a put x2|+10ms",
		"+0s a put a1..a2 -> ok #1\n+0s handler [a1 a2] begins #1\n+0s handler [a1 a2] ends #1\n" +
			"+10ms handler [a2] begins #2"},
	{spec.ExactlyOnce, 1, "fore", "a put x2", "+0s a put a1..a2 -> ok #1\n+0s handler [a1 a1] begins #1"},
	{spec.ExactlyOnce, 1, "fore", "a put", "+0s a put a1 -> ok #1\n+0s handler [a1 ?7] begins #1"},
	{spec.ExactlyOnce, 5, "fore", "a put", "+0s a put a1 -> ok #1"},
	{spec.ExactlyOnce, 1, "dedup", "a put nil", "+0s a put nil -> ok #1\n+0s handler [nil] begins #1"},

	{spec.Order, 1, "fore", "a put x2", "+0s a put a1..a2 -> ok #1\n+0s handler [a2 a1] begins #1"},
	{spec.Order, 3, "fore", "a put|b put|b put|a put",
		"+0s a put a1 -> ok #1\n+0s b put b1 -> ok #2\n+0s b put b2 -> ok #3\n+0s handler [b2] begins #3\n" +
			"+0s handler [b2] ends #3\n+0s handler [b1] begins #3"},
	{"", 0, "fore", "a put|b put",
		"+0s a put a1 -> ok #1\n+0s b put b1 -> ok #2\n+0s handler [b1 a1] begins #2\n" +
			"+0s handler [b1 a1] ends #2\n+0s lab close -> ok #6"},
	{"", 0, "back", "a put x4",
		"+0s a put a1..a4 -> ok #1\n+0s handler [a3 a4] begins #1\n+0s handler [a3 a4] ends #1\n" +
			"+0s handler [a1 a2] begins #1\n+0s handler [a1 a2] ends #1\n+0s lab close -> ok #5"},
	{spec.Order, 2, "back", "a put x4|+10ms",
		"+0s a put a1..a4 -> ok #1\n+0s handler [a3 a4] begins #1\n+0s handler [a3 a4] ends #1\n" +
			"+10ms handler [a1 a2] begins #2"},

	{spec.SizeCap, 1, "fore", "a put x3", "+0s a put a1..a3 -> ok #1\n+0s handler [a1 a2 a3] begins #1"},
	{spec.SizeCap, 1, "fore", "+10ms", "+10ms handler [] begins #1"},
	{spec.SliceLease, 2, "fore", "a put x2|+1ms",
		"+0s a put a1..a2 -> ok #1\n+0s handler [a1 a2] begins #1\n+0s handler [a1 a2] ends #1\n" +
			"+1ms handler [a1 a2] slice changed #2"},

	{spec.CloseDrains, 2, "fore", "a put|a close",
		"+0s a put a1 -> ok #1\n+0s a close -> ok #2\n+10ms lab close -> ok #6"},
	{spec.CloseDrains, 2, "fore", "a put|a close|+1ms",
		"+0s a put a1 -> ok #1\n+0s a close -> ok #2\n+1ms handler [a1] begins #3\n+1ms handler [a1] ends #3"},
	{spec.CloseDrains, 3, "back", "handler takes 5ms|a put x2|a close|+5ms",
		"+0s a put a1..a2 -> ok #2\n+0s handler [a1 a2] begins #2\n+0s a close -> ok #3\n" +
			"+5ms handler [a1 a2] ends #4"},
	{"", 0, "fore", "a put|a close",
		"+0s a put a1 -> ok #1\n+0s a close -> ok #2\n+0s handler [a1] begins #2\n+0s handler [a1] ends #2\n" +
			"+10ms lab close -> ok #6"},

	{spec.AfterClose, 2, "fore", "a close|a put", "+0s a close -> ok #1\n+0s a put a1 -> ok #2"},
	{spec.AfterClose, 2, "fore", "a close|a put", "+0s a close -> ok #1\n+0s a put a1 -> panics #2"},
	{spec.AfterClose, 2, "fore", "a close|a trigger", "+0s a close -> ok #1\n+0s a trigger -> waits #2"},
	{spec.NoPanic, 2, "fore", "a close|a trigger", "+0s a close -> ok #1\n+0s a trigger -> panics #2"},
	{"", 0, "fore", "a close|a put|a trigger",
		"+0s a close -> ok #1\n+0s a put a1 -> panics: closed #2\n+0s a trigger -> ok #3\n" +
			"+10ms lab close -> ok #7"},
	{"", 0, "dedup", "a close|a put nil", "+0s a close -> ok #1\n+0s a put nil -> ok #2\n+10ms lab close -> ok #6"},

	{spec.Serial, 2, "fore", "handler takes 5ms|a put x4",
		"+0s a put a1..a4 -> ok #2\n+0s handler [a1 a2] begins #2\n+0s handler [a3 a4] begins #2"},
	{"", 0, "back", "handler takes 5ms|a put x4",
		"+0s a put a1..a4 -> ok #2\n+0s handler [a1 a2] begins #2\n+0s handler [a3 a4] begins #2\n" +
			"+5ms handler [a1 a2] ends #5\n+5ms handler [a3 a4] ends #5\n+15ms lab close -> ok #6"},
	{spec.PanicCrashes, 2, "fore", "handler panics|a put x2",
		"+0s a put a1..a2 -> ok #2\n+0s handler [a1 a2] begins #2"},
	{"", 0, "fore", "handler panics|a put x2",
		"+0s a put a1..a2 -> ok #2\n+0s handler [] panics, the program crashes #2"},

	{spec.Lifetime, 3, "map", "a set k1 v1|+1899ms|a get k1",
		"+0s a set k1 v1 -> true #1\n+1.899s a get k1 -> none #3"},
	{"", 0, "map", "a set k1 v1|+1900ms|a get k1",
		"+0s a set k1 v1 -> true #1\n+1.9s a get k1 -> none #3\n+6s lab count -> 0 #5\n+6s lab close -> ok #6"},
	{spec.OneWinner, 2, "map", "a set k1 v1|b set k1 v2", "+0s a set k1 v1 -> true #1\n+0s b set k1 v2 -> true #2"},
	{spec.OneWinner, 1, "map", "a set k1 v1", "+0s a set k1 v1 -> false #1"},
	{spec.Expiry, 3, "map", "a set k1 v1|+3500ms|a get k1", "+0s a set k1 v1 -> true #1\n+3.5s a get k1 -> v1 #3"},
	{spec.Expiry, 3, "map", "a set k1 v1|+3500ms|b set k1 v2",
		"+0s a set k1 v1 -> true #1\n+3.5s b set k1 v2 -> false #3"},
	{spec.Expiry, 3, "map", "a set k1 v1|+3500ms|b delete k1",
		"+0s a set k1 v1 -> true #1\n+3.5s b delete k1 -> true #3"},
	{"", 0, "map", "a set k1 v1|+3499ms|a get k1", "+0s a set k1 v1 -> true #1\n+3.499s a get k1 -> v1 #3"},
	{spec.CountLaw, 2, "map", "a set k1 v1|a count", "+0s a set k1 v1 -> true #1\n+0s a count -> 0 #2"},
	{spec.CountLaw, 2, "map", "a set k1 v1|a count", "+0s a set k1 v1 -> true #1\n+0s a count -> 2 #2"},
	{spec.CountLaw, 2, "map", "a set k1 v1|+4s", "+0s a set k1 v1 -> true #1\n+4s lab count -> 1 #2"},
	{spec.DeleteLaw, 2, "map", "a set k1 v1|b delete k1", "+0s a set k1 v1 -> true #1\n+0s b delete k1 -> false #2"},
	{spec.DeleteLaw, 1, "map", "b delete k1", "+0s b delete k1 -> true #1"},
	{spec.DeleteLaw, 3, "map", "a set k1 v1|b delete k1|b get k1",
		"+0s a set k1 v1 -> true #1\n+0s b delete k1 -> true #2\n+0s b get k1 -> v1 #3"},
	{spec.Value, 2, "map", "a set k1 v1|b get k1", "+0s a set k1 v1 -> true #1\n+0s b get k1 -> v2 #2"},
	{spec.Value, 1, "map", "b get k1", "+0s b get k1 -> v2 #1"},
	{spec.ClosedMap, 4, "map", "a set k1 v1|a close|+1h|a get k1",
		"+0s a set k1 v1 -> true #1\n+0s a close -> ok #2\n+1h0m0s a get k1 -> none #4"},
	{spec.ClosedMap, 4, "map", "a set k1 v1|a close|+1h|a delete k1",
		"+0s a set k1 v1 -> true #1\n+0s a close -> ok #2\n+1h0m0s a delete k1 -> false #4"},
	{spec.ClosedMap, 4, "map", "a close|a set k1 v1|+1h|a set k1 v2",
		"+0s a close -> ok #1\n+0s a set k1 v1 -> true #2\n+1h0m0s a set k1 v2 -> true #4"},
	{spec.OncePerWindow, 2, "dedup", "a put k1|b put k1",
		"+0s a put a1:k1 -> ok #1\n+0s handler [a1:k1] begins #1\n+0s handler [a1:k1] ends #1\n" +
			"+0s b put b1:k1 -> ok #2\n+0s handler [b1:k1] begins #2"},
	{"", 0, "dedup", "a put k1|+1m|b put k1",
		"+0s a put a1:k1 -> ok #1\n+0s handler [a1:k1] begins #1\n+0s handler [a1:k1] ends #1\n" +
			"+1m0s b put b1:k1 -> ok #3\n+1m0s handler [b1:k1] begins #3\n+1m0s handler [b1:k1] ends #3\n" +
			"+1m0s lab close -> ok #7"},
	{"", 0, "dedup", "a put k1|b put k1",
		"+0s a put a1:k1 -> ok #1\n+0s handler [a1:k1] begins #1\n+0s handler [a1:k1] ends #1\n" +
			"+0s b put b1:k1 -> ok #2\n+10ms lab close -> ok #6"},

	{spec.Leak, 4, "fore", "", "+10ms lab close -> ok #4\n+10ms lab goroutine left behind #4"},
	{spec.Progress, 1, "fore", "a put", "+0s a put a1 -> ok #1\n+0s lab hangs #1"},
	{spec.Progress, 5, "fore", "a close", "+0s a close -> waits #1"},
	{spec.Progress, 5, "back", "a put x2", "+0s a put a1..a2 -> ok #1\n+0s handler [a1 a2] begins #1"},
	{spec.NoPanic, 1, "fore", "a put", "+0s a put a1 -> panics #1"},
	{spec.NoPanic, 1, "map", "a get k1", "+0s a get k1 -> panics #1"},
	{spec.NoPanic, 1, "fore", "a put", "+0s lab [] panics, the program crashes #1"},
}

func TestAudit(t *testing.T) {
	for _, c := range auditCases {
		t.Run(fmt.Sprintf("%s %s", c.law, c.ops), func(t *testing.T) {
			p := parse(t, c.header, c.ops)
			r := ran(t, p, c.lines)
			v := byLaws(t, r)
			switch {
			case c.law == "" && v != nil:
				t.Errorf("%v in\n%s", v, text(r))
			case c.law != "" && (v == nil || v.Law != c.law || v.Step != c.step):
				t.Errorf("got %v, want %s at step %d, in\n%s", v, c.law, c.step, text(r))
			}
		})
	}
}

// TestClassify: what only the model can see, by the law that the difference is
// named after, with the line that should have been there.
func TestClassify(t *testing.T) {
	for _, c := range []struct {
		law         spec.Law
		step        int
		header, ops string
		lines       string
		want        string // of the violation
	}{
		{spec.TimerPhase, 2, "fore", "a put|+10ms|+1ms",
			"+0s a put a1 -> ok #1\n+11ms handler [a1] begins #3\n+11ms handler [a1] ends #3\n" +
				"+21ms lab close -> ok #7",
			"handler [a1] begins"},
		{spec.TimerPhase, 2, "fore", "a put|+9ms",
			"+0s a put a1 -> ok #1\n+9ms handler [a1] begins #2\n+9ms handler [a1] ends #2\n" +
				"+19ms lab close -> ok #6",
			"nothing"},
		{spec.TriggerLaw, 2, "fore", "a put|a trigger",
			"+0s a put a1 -> ok #1\n+0s a trigger -> ok #2\n+10ms handler [a1] begins #5\n" +
				"+10ms handler [a1] ends #5\n+10ms lab close -> ok #6",
			"handler [a1] begins"},
		{spec.TriggerLaw, 1, "fore", "a trigger",
			"+0s a trigger -> waits #1\n+10ms a trigger -> ok #4\n+10ms lab close -> ok #5", "a trigger -> ok"},
		{spec.Backpressure, 1, "fore", "a put",
			"+0s a put a1 -> waits #1\n+10ms a put a1 -> ok #4\n+10ms handler [a1] begins #4\n" +
				"+10ms handler [a1] ends #4\n+10ms lab close -> ok #5",
			"a put a1 -> ok"},
		{spec.SameHistory, 1, "fore", "a put x2",
			"+0s a put a1..a2 -> ok #1\n+0s handler [a1] begins #1\n+0s handler [a1] ends #1\n" +
				"+0s handler [a2] begins #1\n+0s handler [a2] ends #1\n+10ms lab close -> ok #5",
			"handler [a1 a2] begins"},
		{spec.Expiry, 3, "map", "a set k1 v1|+3s|a get k1",
			"+0s a set k1 v1 -> true #1\n+3s a get k1 -> v1 #3\n+7s lab count -> 0 #5\n+7s lab close -> ok #6",
			"a get k1 -> none"},
		{spec.Lifetime, 3, "map", "a set k1 v1|+2s|a get k1",
			"+0s a set k1 v1 -> true #1\n+2s a get k1 -> none #3\n+6s lab count -> 0 #5\n+6s lab close -> ok #6",
			"a get k1 -> v1"},
		{spec.CountLaw, 3, "map", "a set k1 v1|+2s|a count",
			"+0s a set k1 v1 -> true #1\n+2s a count -> 0 #3\n+6s lab count -> 0 #5\n+6s lab close -> ok #6",
			"a count -> 1"},
		{spec.SameHistory, 1, "map", "a set k1 v1", "+4s lab count -> 0 #2\n+4s lab close -> ok #3",
			"a set k1 v1 -> true"},
		{spec.Leak, 4, "fore", "", "+10ms lab close -> ok #4\n+10ms lab goroutine left behind #4", "nothing"},
	} {
		t.Run(fmt.Sprintf("%s %s", c.law, c.ops), func(t *testing.T) {
			p := parse(t, c.header, c.ops)
			r := ran(t, p, c.lines)
			v, err := oracle.Judge(r)
			w := v.Violation
			if err != nil || w == nil || w.Law != c.law || w.Step != c.step || v.Specified || !strings.Contains(w.Want, c.want) {
				t.Errorf("got %v (%v), want %s at step %d: %s, in\n%s", w, err, c.law, c.step, c.want, text(r))
			}
		})
	}
}

// TestSpecified: a history that the model allows and that breaks a law all the same
// is a fault of the specification. Bucket zero is the example: ids are truncated, so
// it is two buckets long, and what is set late in it leaves a bucket early.
func TestSpecified(t *testing.T) {
	p := parse(t, "map", "+950ms|a set k1 v1|+550ms|a get k1")
	p.Config.Values[spec.SetBuckets] = 2
	r := ran(t, p, "+950ms a set k1 v1 -> true #2\n+1.5s a get k1 -> none #4\n+4.5s lab count -> 0 #6\n+4.5s lab close -> ok #7")
	v, err := oracle.Judge(r)
	if err != nil || v.Violation == nil || v.Violation.Law != spec.Lifetime || !v.Specified {
		t.Errorf("got %v, specified %v, %v; want %s, specified", v.Violation, v.Specified, err, spec.Lifetime)
	}
	r.Traits.LawsOnly = true
	v, err = oracle.Judge(r)
	if err != nil || v.Violation == nil || v.Specified {
		t.Errorf("without the model: %v, specified %v, %v", v.Violation, v.Specified, err)
	}
}
