package judge_test

import (
	"errors"
	"strings"
	"testing"

	"batchlab/impls/spec"
	"batchlab/sim/kind"
	"batchlab/sim/oracle"
)

// TestJudge: explored runs, the law that each breaks, and what is said of it; by the
// laws alone where only they can be asked.
func TestJudge(t *testing.T) {
	const end = "\n+10ms lab close -> ok #"
	for _, c := range []struct {
		name        string
		law         spec.Law
		step        int
		alone       spec.Law // by the laws alone
		header, ops string
		lines       string
		want        string // in what the violation wanted and got
	}{
		{"two puts, one order", "", 0, "", "fore", "a put|& b put",
			"+0s b put b1 -> ok #1\n+0s a put a1 -> ok #1\n+0s handler [b1 a1] begins #1\n" +
				"+0s handler [b1 a1] ends #1" + end + "6",
			""},
		{"two puts, two batches", spec.SameHistory, 1, "", "fore", "a put|& b put",
			"+0s b put b1 -> ok #1\n+0s a put a1 -> ok #1\n+0s handler [b1] begins #1\n" +
				"+0s handler [b1] ends #1\n+0s handler [a1] begins #1\n+0s handler [a1] ends #1" + end + "6",
			"and no order of operations 1 to 2 leads to that"},
		{"a put that waits", spec.Backpressure, 1, spec.Progress, "fore", "a put|& b put",
			"+0s b put b1 -> ok #1\n+0s a put a1 -> waits #1\n+10ms handler [b1] begins #5\n" +
				"+10ms handler [b1] ends #5" + end + "6",
			"a put a1 -> ok"},
		{"a lane's items out of order", spec.Order, 1, spec.Order, "fore", "a put x2|& b trigger",
			"+0s a put a1..a2 -> ok #1\n+0s b trigger -> ok #1\n+0s handler [a2 a1] begins #1\n" +
				"+0s handler [a2 a1] ends #1" + end + "6",
			""},
		{"delivered twice", spec.ExactlyOnce, 1, spec.ExactlyOnce, "fore", "a put x2|& b trigger",
			"+0s a put a1..a2 -> ok #1\n+0s b trigger -> ok #1\n+0s handler [a1 a2] begins #1\n" +
				"+0s handler [a1 a2] ends #1\n+0s handler [a2] begins #1\n+0s handler [a2] ends #1" + end + "6",
			""},
		{"never delivered", spec.TimerPhase, 5, spec.CloseDrains, "fore", "a put x2|& b put",
			"+0s b put b1 -> ok #1\n+0s a put a1..a2 -> ok #1\n+0s handler [a1 a2] begins #1\n" +
				"+0s handler [a1 a2] ends #1" + end + "6",
			""},
		{"two handlers at once", spec.Serial, 2, spec.Serial, "fore", "handler takes 5ms|a put x2|& b put x2",
			"+0s a put a1..a2 -> ok #2\n+0s b put b1..b2 -> ok #2\n+0s handler [a1 a2] begins #2\n" +
				"+0s handler [b1 b2] begins #2",
			""},
		{"a batch too large", spec.SizeCap, 1, spec.SizeCap, "fore", "a put x2|& b put",
			"+0s a put a1..a2 -> ok #1\n+0s b put b1 -> ok #1\n+0s handler [a1 a2 b1] begins #1", ""},
		{"a slice that changed", spec.SliceLease, 1, spec.SliceLease, "fore", "a put x2|& b trigger",
			"+0s a put a1..a2 -> ok #1\n+0s b trigger -> ok #1\n+0s handler [a1 a2] begins #1\n" +
				"+0s handler [a1 a2] slice changed #1\n+0s handler [a1 a2] ends #1" + end + "6",
			""},
		{"the put was over before Close, and is lost", spec.CloseDrains, 1, spec.CloseDrains, "fore",
			"a put|& b close",
			"a >\n+0s a put a1 -> ok #1\nb >\n+0s b close -> ok #1\n+0s handler [a1] begins #1\n" +
				"+0s handler [a1] ends #1" + end + "6",
			"not all is delivered of a put a1"},
		{"Close returns, and a handler is at work", spec.CloseDrains, 1, spec.CloseDrains, "back",
			"a put x2|& b close",
			"a >\n+0s a put a1..a2 -> ok #1\nb >\n+0s handler [a1 a2] begins #1\n+0s b close -> ok #1\n" +
				"+0s handler [a1 a2] ends #1" + end + "6",
			"while handler [a1 a2] begins and has not ended"},
		{"a put that overlaps Close", "", 0, "", "fore", "a put|& b close",
			"a >\nb >\n+0s handler [a1] begins #1\n+0s handler [a1] ends #1\n+0s b close -> ok #1\n" +
				"+0s a put a1 -> ok #1" + end + "6",
			""},
		{"a put that begins after Close has returned", spec.AfterClose, 1, spec.AfterClose, "fore",
			"a put|& b close",
			"b >\n+0s b close -> ok #1\na >\n+0s handler [a1] begins #1\n+0s handler [a1] ends #1\n" +
				"+0s a put a1 -> ok #1" + end + "6",
			"Close had returned before it began"},
		{"a race", spec.NoRace, 1, spec.NoRace, "fore", "a put|& b put",
			"+0s b put b1 -> ok #1\n+0s a put a1 -> ok #1\n+0s handler [b1 a1] begins #1\n" +
				"+0s handler [b1 a1] ends #1\n+0s lab data race #1",
			""},
		{"a deadlock", spec.Progress, 1, spec.Progress, "fore", "a put|& b put",
			"+0s b put b1 -> ok #1\n+0s lab hangs #1", ""},
		{"a crash", spec.NoPanic, 1, spec.NoPanic, "fore", "a put|& b put",
			"+0s b put b1 -> ok #1\n+0s lab [] panics, the program crashes #1", ""},
		{"a panic", spec.NoPanic, 1, spec.NoPanic, "fore", "a trigger|& b trigger",
			"+0s b trigger -> panics #1\n+0s a trigger -> ok #1" + end + "6", ""},
		{"a crash that was asked for", "", 0, "", "fore", "handler panics|a put x2|& b trigger",
			"+0s handler [] panics, the program crashes #2", ""},
		{"a goroutine left", spec.Leak, 6, spec.Leak, "fore", "a put|& b put",
			"+0s b put b1 -> ok #1\n+0s a put a1 -> ok #1\n+0s handler [b1 a1] begins #1\n" +
				"+0s handler [b1 a1] ends #1" + end + "6\n+10ms lab goroutine left behind #6",
			""},
		{"a duplicate delivered", spec.OncePerWindow, 1, spec.OncePerWindow, "dedup", "a put k1|& b put k1",
			"+0s a put a1:k1 -> ok #1\n+0s b put b1:k1 -> ok #1\n+0s handler [a1:k1] begins #1\n" +
				"+0s handler [a1:k1] ends #1\n+0s handler [b1:k1] begins #1\n+0s handler [b1:k1] ends #1",
			""},
		{"dropped before Close for an item that is turned away", spec.CloseDrains, 1, spec.CloseDrains, "dedup",
			"a put k1|& b put k1|& c close",
			"a >\nb >\n+0s b put b1:k1 -> ok #1\nc >\n+0s c close -> ok #1\n" +
				"+0s a put a1:k1 -> panics: closed #1\n+10ms lab close -> ok #7",
			""},
		{"dropped for an item that is turned away", spec.ExactlyOnce, 1, spec.ExactlyOnce, "dedup",
			"a put k1|& b put k1|& c close",
			"a >\nb >\nc >\n+0s b put b1:k1 -> ok #1\n+0s c close -> ok #1\n" +
				"+0s a put a1:k1 -> panics: closed #1\n+10ms lab close -> ok #7",
			""},

		{"a map", "", 0, "", "map", "a set k1 v1|& b set k1 v2",
			"a >\nb >\n+0s b set k1 v2 -> true #1\n+0s a set k1 v1 -> false #1\n+0s lab count -> 1 #3\n" +
				"+0s lab close -> ok #4",
			""},
		{"a map with two winners", spec.OneWinner, 1, spec.OneWinner, "map", "a set k1 v1|& b set k1 v2",
			"a >\nb >\n+0s b set k1 v2 -> true #1\n+0s a set k1 v1 -> true #1\n+0s lab count -> 1 #3\n" +
				"+0s lab close -> ok #4",
			"while b set k1 v2 -> true"},
		{"a map with two winners, and a delete beside them", "", 0, "", "map",
			"a set k1 v1|& b set k1 v2|& c delete k1",
			"a >\nb >\nc >\n+0s b set k1 v2 -> true #1\n+0s c delete k1 -> true #1\n" +
				"+0s a set k1 v1 -> true #1\n+0s lab count -> 1 #4\n+0s lab close -> ok #5",
			""},
		{"a map with a value from nowhere", spec.Value, 1, spec.Value, "map", "a set k1 v1|& b get k1",
			"a >\nb >\n+0s b get k1 -> v2 #1\n+0s a set k1 v1 -> true #1\n+0s lab count -> 1 #3\n" +
				"+0s lab close -> ok #4",
			""},
		{"a map with a race", spec.NoRace, 1, spec.NoRace, "map", "a set k1 v1|& b get k1",
			"a >\nb >\n+0s b get k1 -> v1 #1\n+0s a set k1 v1 -> true #1\n+0s lab data race #1\nclock +4s", ""},
		{"a map that stands still", spec.Progress, 1, spec.Progress, "map", "a set k1 v1|& b get k1",
			"a >\nb >\n+0s b get k1 -> v1 #1\n+0s lab hangs #1", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := parse(t, c.header, c.ops)
			tr := traced(t, p, c.lines)
			for _, only := range []bool{false, true} {
				tr.Traits.LawsOnly = only
				v, err := oracle.Judge(tr)
				if err != nil {
					t.Fatal(err)
				}
				law, w := c.law, v.Violation
				if only {
					law = c.alone
				}
				switch {
				case law == "" && w != nil:
					t.Errorf("laws only %v: %v", only, w)
				case law != "" && (w == nil || w.Law != law || v.Specified):
					t.Errorf("laws only %v: got %v, specified %v; want %s", only, w, v.Specified, law)
				case law != "" && !only && (w.Step != c.step || !strings.Contains(w.Want+"; "+w.Got, c.want)):
					t.Errorf("got step %d, want %q, got %q; want step %d and %q", w.Step, w.Want, w.Got, c.step, c.want)
				}
				if v.Branched == 0 {
					t.Error("operations that run together are no choice")
				}
			}
		})
	}
}

// TestJudgeWindow: in a group that moves the clock, times say only when it ended, and
// nothing is held against a batcher that may have happened earlier or later.
func TestJudgeWindow(t *testing.T) {
	const first = "+0s a put a1:k1 -> ok #1\n+0s handler [a1:k1] begins #1\n+0s handler [a1:k1] ends #1\n"
	for _, c := range []struct {
		law   spec.Law
		ops   string
		lines string
	}{
		{spec.OncePerWindow, "a put k1|+59s|& b put k1",
			first + "+59s b put b1:k1 -> ok #2\n+59s handler [b1:k1] begins #2\n+59s handler [b1:k1] ends #2"},
		{"", "a put k1|+61s|& b put k1",
			first + "+1m1s b put b1:k1 -> ok #2\n+1m1s handler [b1:k1] begins #2\n+1m1s handler [b1:k1] ends #2"},
		{"", "a put k1|& +30s|+45s|b put k1",
			"+30s a put a1:k1 -> ok #1\n+30s handler [a1:k1] begins #1\n+30s handler [a1:k1] ends #1\n" +
				"+1m15s b put b1:k1 -> ok #4\n+1m15s handler [b1:k1] begins #4\n+1m15s handler [b1:k1] ends #4"},
	} {
		p := parse(t, "dedup", c.ops)
		tr := traced(t, p, c.lines)
		v := byLaws(t, tr)
		if c.law == "" && v != nil || c.law != "" && (v == nil || v.Law != c.law) {
			t.Errorf("%s: got %v, want %q", c.ops, v, c.law)
		}
	}
}

// TestJudgeWild: a run that the model cannot follow is not judged, unless it breaks a law.
func TestJudgeWild(t *testing.T) {
	p := parse(t, "back", "a put x150|& b put x150|& c close|& d trigger|& e trigger")
	lines := "+0s c close -> ok #1\n+0s d trigger -> ok #1\n+0s e trigger -> ok #1\n"
	_, err := oracle.Judge(traced(t, p, lines))
	var le *kind.LabError
	if !errors.As(err, &le) || !le.Wild {
		t.Errorf("got %v, want a wild *LabError", err)
	}
	v, err := oracle.Judge(traced(t, p, lines+"+0s lab hangs #1"))
	if err != nil || v.Violation == nil || v.Violation.Law != spec.Progress {
		t.Errorf("got %v, %v; want %s", v.Violation, err, spec.Progress)
	}
	if _, err := oracle.Judge(&kind.Run{Kind: p.Kind, Stamped: true, Events: []kind.Event{{}}}); !errors.As(err, &le) || le.Wild {
		t.Errorf("of no trace: %v", err)
	}
}
