package judge_test

import (
	"slices"
	"strings"
	"testing"

	"batchlab/impls/spec"
	"batchlab/sim/kind"
	"batchlab/sim/oracle"
	"batchlab/sim/program"
)

// waiving is what a run breaks if its subject waives laws: a law and a step, "" if none.
type waiving struct {
	waives string
	law    spec.Law
	step   int
}

// TestWaived: a law that is waived is not reported, whoever judges, and hides no other.
func TestWaived(t *testing.T) {
	const lost = "+0s a put a1 -> ok #1\n+0s a close -> ok #2\n+10ms lab close -> ok #6"
	const handled = "+0s a put a1..a2 -> ok #1\n+0s handler [a1 a2] begins #1\n+0s handler [a1 a2] ends #1\n"
	const changed = "+0s a put a1..a2 -> ok #1\n+0s handler [a1 a2] begins #1\n+0s handler [a1 a2] slice changed #1\n" +
		"+0s handler [a1 a2] ends #1\n"
	const winners = "+0s a set k1 v1 -> true #1\n+0s b set k1 v2 -> true #2\n+0s a get k1 -> v2 #3\n" +
		"+0s a get k1 -> v1 #4\n+4s lab count -> 0 #5\n+4s lab close -> ok #6"
	const wrongOrder = "+0s a put a1..a3 -> ok #1\n+0s handler [a3 a1 a2] begins #1\n+0s handler [a3 a1 a2] ends #1\n"
	for _, c := range []struct {
		name, header, ops, lines string
		only                     bool // the laws alone judge
		want                     []waiving
	}{
		{"an item is lost at Close", "fore", "a put|a close", lost, true, []waiving{
			{"", spec.CloseDrains, 2}, {"B7-close-drains", spec.ExactlyOnce, 6},
			{"B7-close-drains B1-exactly-once", "", 0}, {"B1-exactly-once", spec.CloseDrains, 2},
		}},
		{"a goroutine is left", "fore", "a put x2",
			handled + "+10ms lab close -> ok #5\n+10ms lab goroutine left behind #5", false, []waiving{
				{"", spec.Leak, 5}, {"G1-leak", "", 0}, {"B1-exactly-once", spec.Leak, 5},
			}},
		{"a goroutine is left, and an item lost", "fore", "a put|a close",
			lost + "\n+10ms lab goroutine left behind #6", true, []waiving{
				{"G1-leak", spec.CloseDrains, 2}, {"B7-close-drains B1-exactly-once", spec.Leak, 6},
				{"G1-leak B7-close-drains", spec.ExactlyOnce, 6},
			}},
		{"a slice changes, and then the timer is late", "fore", "a put x2|a put|+10ms|+1ms",
			changed + "+0s a put a3 -> ok #2\n+11ms handler [a3] begins #4\n+11ms handler [a3] ends #4\n+21ms lab close -> ok #8", false, []waiving{
				{"", spec.SliceLease, 1}, {"B6-slice-lease", spec.TimerPhase, 3},
				{"B6-slice-lease B4-timer-phase", "", 0},
			}},
		{"two races, and then nothing", "fore", "a put x2",
			"+0s a put a1..a2 -> ok #1\n+0s lab data race #1\n+0s handler [a1 a2] begins #1\n" +
				"+0s handler [a1 a2] ends #1\n+10ms lab close -> ok #5",
			false, []waiving{
				{"", spec.NoRace, 1}, {"G4-no-race", "", 0},
			}},
		{"what is wrong with one batch", "fore", "a put x3", wrongOrder + "+10ms lab close -> ok #5", true, []waiving{
			{"", spec.SizeCap, 1}, {"B3-size-cap", spec.Order, 1}, {"B3-size-cap B2-order", "", 0},
			{"B2-order", spec.SizeCap, 1},
		}},
		{"delivered twice", "fore", "a put x2",
			handled + "+0s handler [a1 a2] begins #1\n+0s handler [a1 a2] ends #1\n+10ms lab close -> ok #5", true,
			[]waiving{
				{"", spec.ExactlyOnce, 1}, {"B1-exactly-once", "", 0}, // what comes again has no place in the order
			}},
		{"two handlers at once", "fore", "handler takes 5ms|a put x4",
			"+0s a put a1..a4 -> ok #2\n+0s handler [a1 a2] begins #2\n+0s handler [a4 a3] begins #2\n" +
				"+5ms handler [a1 a2] ends #5\n+5ms handler [a4 a3] ends #5\n+15ms lab close -> ok #6",
			true, []waiving{
				{"", spec.Serial, 2}, {"B9-serial", spec.Order, 2}, {"B9-serial B2-order", "", 0},
			}},
		{"a stranger, and a nil", "dedup", "a put k1",
			"+0s a put a1:k1 -> ok #1\n+0s handler [nil a1:k1] begins #1\n+0s handler [nil a1:k1] ends #1\n" +
				"+10ms lab close -> ok #5",
			true, []waiving{
				{"", spec.SizeCap, 1}, {"B3-size-cap", spec.ExactlyOnce, 1}, {"B3-size-cap B1-exactly-once", "", 0},
			}},
		{"a Close that does not return", "fore", "a close", "+0s a close -> waits #1", true,
			[]waiving{{"", spec.Progress, 5}, {"G2-progress", "", 0}}},
		{"a Put that does not return, and an item is lost", "fore", "a put|b put",
			"+0s a put a1 -> ok #1\n+0s b put b1 -> waits #2", true, []waiving{
				{"", spec.Progress, 6}, {"G2-progress", spec.ExactlyOnce, 6},
			}},
		{"a handler that panics and does not crash", "fore", "handler panics|a put x2",
			"+0s a put a1..a2 -> ok #2\n+0s handler [a2 a1] begins #2\n+0s handler [a2 a1] ends #2", true,
			[]waiving{
				{"", spec.PanicCrashes, 2}, {"B11-panic-crashes", spec.Order, 2},
			}},
		{"two winners, and their values", "map", "a set k1 v1|b set k1 v2|a get k1|a get k1", winners, true,
			[]waiving{
				{"", spec.OneWinner, 2}, {"D2-one-winner", "", 0}, // nobody knows whose value is there
			}},
		{"two winners, by the model", "map", "a set k1 v1|b set k1 v2|a get k1|a get k1", winners, false, []waiving{
			{"", spec.OneWinner, 2}, {"D2-one-winner", spec.Lifetime, 2}, {"D2-one-winner D1-lifetime", "", 0}, // what comes after that no model knows
		}},
		{"lost, and there again", "map", "a set k1 v1|a get k1|a get k1|a set k1 v2",
			"+0s a set k1 v1 -> true #1\n+0s a get k1 -> none #2\n+0s a get k1 -> v1 #3\n" +
				"+0s a set k1 v2 -> false #4\n+4s lab count -> 0 #5\n+4s lab close -> ok #6",
			true, []waiving{
				{"", spec.Lifetime, 2}, {"D1-lifetime", spec.DeleteLaw, 3}, {"D1-lifetime D5-delete", "", 0},
			}},
		{"lost, and set again", "map", "a set k1 v1|a get k1|a set k1 v2|a get k1",
			"+0s a set k1 v1 -> true #1\n+0s a get k1 -> none #2\n+0s a set k1 v2 -> true #3\n" +
				"+0s a get k1 -> v2 #4\n+4s lab count -> 0 #6\n+4s lab close -> ok #7",
			true, []waiving{
				{"", spec.Lifetime, 2}, {"D1-lifetime", "", 0},
			}},
		{"lost, set again, and back with its old value", "map", "a set k1 v1|a get k1|a set k1 v2|a get k1",
			"+0s a set k1 v1 -> true #1\n+0s a get k1 -> none #2\n+0s a set k1 v2 -> true #3\n+0s a get k1 -> v1 #4", true, []waiving{
				{"", spec.Lifetime, 2}, {"D1-lifetime", spec.Value, 4},
			}},
		{"too long there, and then with another value", "map", "a set k1 v1|+4s|a get k1|a set k1 v2|a get k1",
			"+0s a set k1 v1 -> true #1\n+4s a get k1 -> v1 #3\n+4s a set k1 v2 -> false #4\n+4s a get k1 -> v2 #5", true, []waiving{
				{"", spec.Expiry, 3}, {"D3-expiry", spec.Value, 5},
			}},
		{"two winners, counted twice", "map", "a set k1 v1|b set k1 v2|a count",
			"+0s a set k1 v1 -> true #1\n+0s b set k1 v2 -> true #2\n+0s a count -> 2 #3", true, []waiving{
				{"", spec.OneWinner, 2}, {"D2-one-winner", spec.CountLaw, 3},
			}},
		{"deleted, and there with a value", "map", "a set k1 v1|b delete k1|b get k1",
			"+0s a set k1 v1 -> true #1\n+0s b delete k1 -> true #2\n+0s b get k1 -> v1 #3\n+0s b get k1 -> v2 #3", true, []waiving{
				{"", spec.DeleteLaw, 3}, {"D5-delete", spec.Value, 3},
			}},
		{"a wrong count, by the model", "map", "a set k1 v1|a count",
			"+0s a set k1 v1 -> true #1\n+0s a count -> 0 #2\n+4s lab count -> 0 #4\n+4s lab close -> ok #5", false,
			[]waiving{
				{"", spec.CountLaw, 2}, {"D4-count", "", 0},
			}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := parse(t, c.header, c.ops)
			for _, w := range c.want {
				r := ran(t, p, c.lines)
				r.Traits.LawsOnly = c.only
				checkWaiving(t, r, w)
			}
		})
	}
}

func checkWaiving(t *testing.T, r *kind.Run, w waiving) {
	t.Helper()
	for law := range strings.FieldsSeq(w.waives) {
		r.Traits.Waives = append(r.Traits.Waives, spec.Law(law))
	}
	v, err := oracle.Judge(r)
	switch got := v.Violation; {
	case err != nil || v.Specified:
		t.Errorf("waiving %q: %v, specified %v", w.waives, err, v.Specified)
	case w.law == "" && got != nil:
		t.Errorf("waiving %q: %v", w.waives, got)
	case w.law != "" && (got == nil || got.Law != w.law || got.Step != w.step):
		t.Errorf("waiving %q: got %v, want %s at step %d", w.waives, got, w.law, w.step)
	}
}

// TestWaivedWhere: what a subject need not promise is left out of what a model says.
func TestWaivedWhere(t *testing.T) {
	p := parse(t, "fore", "a put x2|a trigger")
	r := ran(t, p, "+0s a put a1..a2 -> ok #1\n+0s handler [a1 a2] begins #1\n+0s handler [a1 a2] slice changed #1\n"+
		"+0s handler [a1 a2] ends #1\n+0s a trigger -> waits #2")
	r.Traits.Waives = []spec.Law{spec.SliceLease}
	v, err := oracle.Judge(r)
	if err != nil || v.Violation == nil || v.Violation.Law != spec.TriggerLaw || !strings.Contains(v.Violation.Got, "a trigger -> waits") {
		t.Fatalf("got %v, %v", v.Violation, err)
	}
	if n := len(v.Violation.Before); n != 3 || !strings.Contains(v.Violation.Before[2], "handler [a1 a2] ends") {
		t.Errorf("before it: %q", v.Violation.Before)
	}
}

// TestWaivedTogether: the same where operations ran together.
func TestWaivedTogether(t *testing.T) {
	const lost = "a >\n+0s a put a1 -> ok #1\nb >\n+0s b close -> ok #1\n+10ms lab close -> ok #6"
	const winners = "a >\nb >\n+0s b set k1 v2 -> true #1\n+0s a set k1 v1 -> true #1\nc >\n+0s c get k2 -> v9 #1\n" +
		"+0s lab count -> 1 #4\n+0s lab close -> ok #5"
	for _, c := range []struct {
		name, header, ops, lines string
		only                     bool
		want                     []waiving
	}{
		{"an item is lost at Close", "fore", "a put|& b close", lost, true, []waiving{
			{"", spec.CloseDrains, 1}, {"B7-close-drains", spec.ExactlyOnce, 1},
			{"B7-close-drains B1-exactly-once", "", 0},
		}},
		{"an item is lost at Close, by the model", "fore", "a put|& b close", lost, false, []waiving{
			{"", spec.CloseDrains, 1}, {"B7-close-drains", spec.ExactlyOnce, 1},
			{"B7-close-drains B1-exactly-once", spec.SameHistory, 1},
			{"B7-close-drains B1-exactly-once E1-same-history", "", 0},
		}},
		{"a Put after Close", "fore", "a put|& b close",
			"b >\n+0s b close -> ok #1\na >\n+0s handler [a1] begins #1\n+0s handler [a1] ends #1\n" +
				"+0s a put a1 -> ok #1\n+10ms lab close -> ok #6",
			true, []waiving{
				{"", spec.AfterClose, 1}, {"B8-after-close", "", 0},
			}},
		{"two winners, and a value from nowhere", "map", "a set k1 v1|& b set k1 v2|& c get k2", winners, true,
			[]waiving{
				{"", spec.OneWinner, 1}, {"D2-one-winner", spec.Value, 1}, {"D2-one-winner D6-value", "", 0},
				{"D6-value", spec.OneWinner, 1},
			}},
		{"two winners, and a value from nowhere, by the model", "map", "a set k1 v1|& b set k1 v2|& c get k2",
			winners, false, []waiving{
				{"", spec.OneWinner, 1}, {"D2-one-winner", spec.Linearizable, 1},
				{"D2-one-winner D9-linearizable", "", 0},
			}},
		{"a race and a goroutine left", "map", "a set k1 v1|& b get k1",
			"a >\nb >\n+0s b get k1 -> v1 #1\n+0s a set k1 v1 -> true #1\n+0s lab data race #1\n" +
				"+0s lab count -> 1 #3\n+0s lab close -> ok #4\n+0s lab goroutine left behind #4",
			false, []waiving{
				{"", spec.NoRace, 1}, {"G4-no-race", spec.Leak, 4}, {"G4-no-race G1-leak", "", 0},
			}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := parse(t, c.header, c.ops)
			for _, w := range c.want {
				r := traced(t, p, c.lines)
				r.Traits.LawsOnly = c.only
				checkWaiving(t, r, w)
			}
		})
	}
}

// TestWaivedChangesNothing: of a run that is right, whatever is waived, and of a program
// that waives everything, whatever is wrong.
func TestWaivedChangesNothing(t *testing.T) {
	for _, c := range auditCases {
		p := parse(t, c.header, c.ops)
		for _, l := range p.Kind.AllLaws() {
			r := ran(t, p, c.lines)
			r.Traits.Waives = []spec.Law{l.ID}
			switch v := byLaws(t, r); {
			case v != nil && v.Law == l.ID:
				t.Errorf("%s: %s is waived, and reported", c.ops, l.ID)
			case l.ID != c.law && c.law != "" && (v == nil || v.Law != c.law):
				t.Errorf("%s: waiving %s: got %v, want %s", c.ops, l.ID, v, c.law)
			case c.law == "" && v != nil:
				t.Errorf("%s: waiving %s: %v", c.ops, l.ID, v)
			}
		}
		checkWaiving(t, waivingAll(t, p, c.lines), waiving{})
	}
}

// waivingAll is a run of a subject that promises nothing.
func waivingAll(t *testing.T, p *program.Program, lines string) *kind.Run {
	r := ran(t, p, lines)
	r.Traits.LawsOnly = true
	for _, l := range p.Kind.AllLaws() {
		r.Traits.Waives = append(r.Traits.Waives, l.ID)
	}
	r.Traits.Waives = slices.Clip(r.Traits.Waives)
	return r
}
