package judge_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"batchlab/impls/spec"
	"batchlab/sim/history"
	"batchlab/sim/kind"
	"batchlab/sim/oracle"
)

// TestLinearize: runs of a map with buckets of 1s, three of them, so that it refreshes
// every 100ms and cleans up every 500ms; the law that is broken, if one is.
func TestLinearize(t *testing.T) {
	const drained = "\nclock +4s\n+4s lab count -> 0 #9" // of programs nothing of which runs together
	for _, c := range []struct {
		name  string
		law   spec.Law
		step  int
		ops   string
		lines string
		want  string // what the violation says, want and got
	}{
		{"one after another", "", 0, "a set k1 v1|b set k1 v2|a get k1|a delete k1|b get k1",
			"+0s a set k1 v1 -> true #1\n+0s b set k1 v2 -> false #2\n+0s a get k1 -> v1 #3\n+0s a delete k1 -> true #4\n+0s b get k1 -> none #5",
			""},
		{"one of two wins", "", 0, "a set k1 v1|& b set k1 v2",
			"a >\nb >\n+0s b set k1 v2 -> true #1\n+0s a set k1 v1 -> false #1", ""},
		{"the other wins", "", 0, "a set k1 v1|& b set k1 v2",
			"a >\nb >\n+0s b set k1 v2 -> false #1\n+0s a set k1 v1 -> true #1", ""},
		{"both win", spec.OneWinner, 1, "a set k1 v1|& b set k1 v2",
			"a >\nb >\n+0s b set k1 v2 -> true #1\n+0s a set k1 v1 -> true #1",
			"a set k1 v1 -> false; a set k1 v1 -> true #1, while b set k1 v2 -> true"},
		{"both win, one after another", spec.OneWinner, 1, "a set k1 v1|& b set k1 v2",
			"a >\n+0s a set k1 v1 -> true #1\nb >\n+0s b set k1 v2 -> true #1", "b set k1 v2 -> false; b set k1 v2 -> true"},
		{"both win, and the second value is read", spec.OneWinner, 1, "a set k1 v1|& b set k1 v2|a get k1|a count",
			"a >\nb >\n+0s b set k1 v2 -> true #1\n+0s a set k1 v1 -> true #1\n+0s a get k1 -> v2 #3\n+0s a count -> 2 #4",
			"a set k1 v1 -> false"},
		{"neither wins", spec.Linearizable, 1, "a set k1 v1|& b set k1 v2",
			"a >\nb >\n+0s b set k1 v2 -> false #1\n+0s a set k1 v1 -> false #1",
			"a set k1 v1 -> true; a set k1 v1 -> false #1, while b set k1 v2 -> false"},
		{"both win with a delete between them", "", 0, "a set k1 v1|& b set k1 v2|& c delete k1",
			"a >\nb >\nc >\n+0s b set k1 v2 -> true #1\n+0s a set k1 v1 -> true #1\n+0s c delete k1 -> true #1", ""},
		{"both win, and the delete is over before", spec.OneWinner, 1, "c delete k1|& a set k1 v1|& b set k1 v2",
			"c >\n+0s c delete k1 -> false #1\na >\nb >\n+0s b set k1 v2 -> true #1\n+0s a set k1 v1 -> true #1",
			"a set k1 v1 -> false"},
		{"a key is read before its set returns", "", 0, "a set k1 v1|& b get k1|& b get k1",
			"a >\nb >\n+0s b get k1 -> none #1\nb >\n+0s b get k1 -> v1 #1\n+0s a set k1 v1 -> true #1", ""},
		{"a key is read and then not", spec.Lifetime, 1, "a set k1 v1|& b get k1|& b get k1",
			"a >\nb >\n+0s b get k1 -> v1 #1\nb >\n+0s b get k1 -> none #1\n+0s a set k1 v1 -> true #1",
			"b get k1 -> v1; b get k1 -> none"},
		{"read, not read, read again", spec.Linearizable, 1, "a set k1 v1|& b get k1|& b get k1|& b get k1",
			"a >\nb >\n+0s b get k1 -> v1 #1\nb >\n+0s b get k1 -> none #1\nb >\n+0s b get k1 -> v1 #1\n+0s a set k1 v1 -> true #1",
			"b get k1 -> v1; b get k1 -> none #1, while a set k1 v1 -> true"},
		{"two wrong answers", spec.Linearizable, 1, "a get k1|& b get k1|& c delete k1|& d set k1 v1",
			"a >\nb >\nc >\n+0s a get k1 -> v2 #1\n+0s b get k1 -> v2 #1\n+0s c delete k1 -> true #1",
			"none does: a get k1 -> v2, b get k1 -> v2, c delete k1 -> true"},
		{"a value that nobody stored", spec.Value, 1, "a set k1 v1|& b get k1",
			"a >\nb >\n+0s b get k1 -> v7 #1\n+0s a set k1 v1 -> true #1", "b get k1 -> none; b get k1 -> v7"},
		{"deleted twice", spec.DeleteLaw, 2, "a set k1 v1|b delete k1|& c delete k1",
			"+0s a set k1 v1 -> true #1\nb >\nc >\n+0s b delete k1 -> true #2\n+0s c delete k1 -> true #2",
			"c delete k1 -> false; c delete k1 -> true #2, while b delete k1 -> true"},
		{"another key is another matter", "", 0, "a set k1 v1|& b set k2 v2",
			"a >\nb >\n+0s a set k1 v1 -> true #1\n+0s b set k2 v2 -> true #1", ""},
		{"counted while it is set", "", 0, "a set k1 v1|& b count|& b count",
			"a >\nb >\n+0s b count -> 0 #1\nb >\n+0s b count -> 1 #1\n+0s a set k1 v1 -> true #1", ""},
		{"counted twice", spec.CountLaw, 1, "a set k1 v1|& b set k2 v1|& c count",
			"a >\nb >\n+0s a set k1 v1 -> true #1\n+0s b set k2 v1 -> true #1\n+0s c count -> 1 #1",
			"c count -> 2; c count -> 1"},
		{"counted back", spec.CountLaw, 1, "a set k1 v1|& b count|& b count",
			"a >\nb >\n+0s b count -> 1 #1\nb >\n+0s b count -> 0 #1\n+0s a set k1 v1 -> true #1", "b count -> 1"},
		{"a set that never returns may have won", "", 0, "a set k1 v1|& b get k1|b get k1",
			"a >\nb >\n+0s b get k1 -> none #1\n+0s a set k1 v1 -> waits #1\n+0s b get k1 -> v1 #3", ""},
		{"a set that panics may have won", "", 0, "a set k1 v1|b get k1",
			"a >\n+0s a set k1 v1 -> panics #1\n+0s b get k1 -> v1 #2", ""},
		{"what is under way when all ends is not judged", "", 0, "a set k1 v1|& b get k1",
			"b >\n+0s b get k1 -> v1 #1\n+0s lab hangs #1", ""},
		{"Close changes nothing", "", 0, "a set k1 v1|b close|& a get k1",
			"+0s a set k1 v1 -> true #1\nb >\na >\n+0s b close -> ok #2\n+0s a get k1 -> v1 #2", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			lines := c.lines
			if !strings.Contains(lines, "hangs") && !strings.Contains(c.ops, "&") {
				lines += drained
			} else if strings.Contains(lines, "close") {
				lines += "\n+0s lab count -> 1 #9"
			}
			checkLinear(t, "map", c.ops, lines, c.law, c.step, c.want)
		})
	}
}

// linearize judges a run of a map by the order of its calls, whatever the laws say of it.
func linearize(r *kind.Run) (*kind.Breach, error) {
	f := r.Kind.Model(r)
	if b := f.Breach; b != nil && b.Got == "" {
		b.Got = r.Kind.Trimmed(r.History()[b.At]) + b.More
	}
	return f.Breach, f.Err
}

func checkLinear(t *testing.T, header, ops, lines string, law spec.Law, step int, want string) {
	t.Helper()
	p := parse(t, header, ops)
	drain := 0 // the step of the lab's Count
	for i, o := range p.Drain() {
		if o.Verb == spec.Count {
			drain = len(p.Ops) + i + 1
		}
	}
	tr := traced(t, p, lines)
	if e := &tr.Events[len(tr.Events)-1]; e.Source.Lane == kind.LabLane && e.Verb == spec.Count {
		e.Step = drain
	}
	v, err := linearize(tr)
	switch {
	case err != nil:
		t.Fatal(err)
	case law == "" && v != nil:
		t.Errorf("%v in\n%s", v, lines)
	case law != "" && (v == nil || v.Law != law || v.Step != step):
		t.Errorf("got %v, want %s at step %d, in\n%s", v, law, step, lines)
	}
	if v != nil {
		text := strings.Join(strings.Fields(v.Want+"; "+v.Got), " ")
		for part := range strings.SplitSeq(want, "; ") {
			if !strings.Contains(text, part) {
				t.Errorf("it says %q, want %q in it", text, part)
			}
		}
	}
}

// TestLinearizeTime: where the clock moves beside the calls, ticks may be late, and no
// later than the end of their group.
func TestLinearizeTime(t *testing.T) {
	const (
		set   = "+0s a set k1 v1 -> true #1\nclock +2900ms\n"
		ticks = "clock +3s\nclock +3100ms\n" // the cleanup that removes what was set at 0 is due at 3s
	)
	for _, c := range []struct {
		name  string
		law   spec.Law
		step  int
		ops   string
		lines string
	}{
		{"gone at once", "", 0, "a set k1 v1|+2900ms|+200ms|& b get k1",
			set + "clock +3s\nb >\n+3.1s b get k1 -> none #3\nclock +3100ms\n"},
		{"the cleanup is late", "", 0, "a set k1 v1|+2900ms|+200ms|& b get k1",
			set + ticks + "b >\n+3.1s b get k1 -> v1 #3\n"},
		{"before it is due", spec.Lifetime, 3, "a set k1 v1|+2900ms|+200ms|& b get k1",
			set + "b >\n+3.1s b get k1 -> none #3\n" + ticks},
		{"it overlaps the tick", "", 0, "a set k1 v1|+2900ms|+200ms|& b get k1",
			set + "b >\nclock +3s\n+3.1s b get k1 -> none #3\nclock +3100ms\n"},
		{"gone and back", spec.Linearizable, 3, "a set k1 v1|+2900ms|+200ms|& b get k1|& b get k1",
			set + ticks + "b >\n+3.1s b get k1 -> none #3\nb >\n+3.1s b get k1 -> v1 #3\n"},
		{"not later than the end of the group", spec.Expiry, 5, "a set k1 v1|+2900ms|+200ms|& b get k1|b get k1",
			set + ticks + "b >\n+3.1s b get k1 -> v1 #3\n+3.1s b get k1 -> v1 #5\n"},
		{"two wins with the cleanup between", "", 0, "a set k1 v1|+2900ms|+200ms|& b set k1 v2|& c set k1 v3",
			set + "clock +3s\nb >\nc >\n+3.1s b set k1 v2 -> true #3\n+3.1s c set k1 v3 -> false #3\n" +
				"clock +3100ms\n"},
		{"two wins beside one cleanup", spec.OneWinner, 3, "a set k1 v1|+2900ms|+200ms|& b set k1 v2|& c set k1 v3",
			set +
				"clock +3s\nb >\nc >\n+3.1s b set k1 v2 -> true #3\n+3.1s c set k1 v3 -> true #3\nclock +3100ms\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			checkLinear(t, "late", c.ops, c.lines, c.law, c.step, "")
		})
	}
}

// TestLinearizeMany: how many ticks may fall due beside calls has nothing to do with how many
// calls there were before.
func TestLinearizeMany(t *testing.T) {
	const many = 200
	var set strings.Builder
	for k := range many {
		fmt.Fprintf(&set, "+0s a set k%d v0 -> true #1\n", k+1)
	}
	set.WriteString("clock +2900ms\nclock +3s\nb >\n+3.1s b get k1 -> ")
	ops := fmt.Sprintf("a set k1..k%d v0|+2900ms|+200ms|& b get k1", many)
	checkLinear(t, "late", ops, set.String()+"v0 #3\nclock +3100ms\n", "", 0, "")
	checkLinear(t, "late", ops, set.String()+"v1 #3\nclock +3100ms\n", spec.Value, 3, "")
}

// TestLinearizeStale: the cached bucket ID may be as late as its tick, and so an
// entry may end up in the bucket before, and leave with it. Buckets of 1s, one of them.
func TestLinearizeStale(t *testing.T) {
	for _, c := range []struct {
		name string
		law  spec.Law
		get  string
	}{
		{"in the old bucket", "", "none"},
		{"in the new bucket", "", "v1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			// The refresh is due at 1s. A Set in the old bucket is gone at 1.5s, one in the new at 2s.
			lines := "clock +900ms\nclock +1s\na >\n+1s a set k1 v1 -> true #2\nclock +1500ms\n+1.5s b get k1 -> " +
				c.get + " #5\n"
			p := "+900ms|+100ms|& a set k1 v1|+500ms|b get k1"
			checkLinear(t, "one", p, lines, c.law, 5, "")
		})
	}
	early := "clock +900ms\na >\n+1s a set k1 v1 -> true #2\nclock +1s\nclock +1500ms\n+1.5s b get k1 -> v1 #5\n"
	checkLinear(t, "one", "+900ms|+100ms|& a set k1 v1|+500ms|b get k1", early, spec.Expiry, 5, "b get k1 -> none")
}

// TestLinearizeHalf: a cleanup of several buckets may be seen half done by Count, which
// takes no lock, and by nobody else.
func TestLinearizeHalf(t *testing.T) {
	const before = "+0s a set k1 v1 -> true #1\nclock +1s\n+1s a set k2 v2 -> true #3\nclock +2900ms\n"
	// Buckets 10 and 11 are gone at 3s and 4s. With a late reading one cleanup removes both.
	const ops = "a set k1 v1|+1s|a set k2 v2|+1900ms|+1200ms|& b count|& b "
	const move = "clock +3s\nclock +3500ms\nclock +4s\nclock +4100ms\n"
	for _, c := range []struct {
		name  string
		law   spec.Law
		ops   string
		lines string
	}{
		{"both there, both gone", "", "count", "b >\n+4.1s b count -> 2 #5\nb >\n+4.1s b count -> 0 #5\n"},
		{"one gone, then both", "", "count", "b >\n+4.1s b count -> 1 #5\nb >\n+4.1s b count -> 0 #5\n"},
		{"one gone, both there", spec.CountLaw, "count", "b >\n+4.1s b count -> 1 #5\nb >\n+4.1s b count -> 2 #5\n"},
		{"the younger gone, and the older read", spec.CountLaw, "get k1",
			"b >\n+4.1s b count -> 1 #5\nb >\n+4.1s b get k1 -> v1 #5\n"},
		{"the older gone, and the younger read", "", "get k2",
			"b >\n+4.1s b count -> 1 #5\nb >\n+4.1s b get k2 -> v2 #5\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			checkLinear(t, "late", ops+c.ops, before+move+c.lines, c.law, 5, "")
		})
	}
}

// TestBadTraces: what is no trace is the lab's mistake.
func TestBadTraces(t *testing.T) {
	p := parse(t, "map", "a set k1 v1|+1s|& b get k1|+1s")
	good := traced(t, p, "+0s a set k1 v1 -> true #1\nclock +1s\n+1s b get k1 -> v1 #2\nclock +2s")
	for _, c := range []struct {
		want   string
		change func(*kind.Run)
	}{
		{"one beginning and one end for each event", func(t *kind.Run) { t.Began = t.Began[1:] }},
		{"ends before it begins", func(t *kind.Run) { t.Began[1] = 1000 }},
		{"not in order", func(t *kind.Run) { t.Began[1], t.Ended[1] = 0, 0 }},
		{"clock of a run goes back", func(t *kind.Run) { t.Clock[1].Seq = 0 }},
		{"never came to +1s", func(t *kind.Run) { t.Clock = t.Clock[1:] }},
	} {
		tr := *good
		tr.Events, tr.Began = slices.Clone(good.Events), slices.Clone(good.Began)
		tr.Ended, tr.Clock = slices.Clone(good.Ended), slices.Clone(good.Clock)
		c.change(&tr)
		_, err := oracle.Judge(&tr)
		if le, ok := errors.AsType[*kind.LabError](err); !ok || le.Wild || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want a *LabError with %q", err, c.want)
		}
	}
}

// TestTraceHistory: what happened in any order is shown in the canonical one.
func TestTraceHistory(t *testing.T) {
	p := parse(t, "map", "a set k1 v1|& b get k1")
	tr := traced(t, p, "b >\na >\n+0s b get k1 -> v1 #1\n+0s a set k1 v1 -> true #1\n+0s lab count -> 1 #4")
	want := ran(t, p, "+0s a set k1 v1 -> true #1\n+0s b get k1 -> v1 #1\n+0s lab count -> 1 #4")
	if got := history.Of(tr); got.String() != text(want) || got.Subject != "dedup/x" {
		t.Errorf("got\n%s\nwant\n%s", got, text(want))
	}
}
