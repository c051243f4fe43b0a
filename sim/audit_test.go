package sim

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"batchlab/sim/program"
	"batchlab/sim/subject"
)

// Histories are written down as they are printed, a line for each event: the time,
// the event, and the step.

// reader reads such lines.
type reader struct{ t *testing.T }

func history(t *testing.T, p *program.Program, lines string) History {
	t.Helper()
	r := reader{t}
	h := History{Subject: p.Kind + "/x"}
	for line := range strings.Lines(lines) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		e := r.event(p, line)
		if back := strings.Join(strings.Fields(Line(e)), " "); back != strings.Join(strings.Fields(line), " ") {
			t.Fatalf("%q was read as %q", line, back)
		}
		h.Events = append(h.Events, e)
	}
	return h
}

func (r reader) event(p *program.Program, line string) (e subject.Event) {
	line, step, _ := strings.Cut(line, " #")
	f := strings.Fields(line)
	var err error
	if e.At, err = time.ParseDuration(f[0][1:]); err != nil {
		r.t.Fatal(err)
	}
	e.Step = r.number(step)
	e.Source.Lane = f[1][0]
	what, out, _ := strings.Cut(strings.Join(f[2:], " "), " -> ")
	switch f[1] {
	case "lab":
		e.Source.Lane = subject.LabLane
	case "handler":
		e.Source.Lane = subject.HandlerLane
	}
	e.Outcome = map[string]subject.Outcome{
		"": 0, "ok": subject.OK, "waits": subject.Waits, "true": subject.Yes, "false": subject.No, "none": subject.No,
		"panics": subject.Broke, "panics: closed": subject.Panics, "skipped: the lane is busy": subject.Skipped,
	}[out]
	if items, after, ok := strings.Cut(what, "] "); ok {
		for id := range strings.FieldsSeq(strings.TrimPrefix(items, "[")) {
			e.Items = append(e.Items, r.item(id))
		}
		e.Source = subject.Source{Lane: e.Source.Lane}
		if e.Source.Lane == subject.HandlerLane && after != subject.Crash.String() {
			e.Source = subject.HandlerSource(e.Items, p.Config.Background)
		}
		what = after
	}
	verb, rest, _ := strings.Cut(what, " ")
	for v := subject.Put; v <= subject.Race; v++ {
		if v.String() == verb || v.String() == what {
			e.Verb = v
		}
	}
	r.arguments(&e, strings.Fields(rest), out)
	return e
}

// arguments reads what follows the verb of a call, and what it returned.
func (r reader) arguments(e *subject.Event, args []string, out string) {
	switch e.Verb {
	case subject.Put:
		first, last, burst := strings.Cut(args[0], "..")
		e.Items = append(e.Items, r.item(first))
		if burst {
			e.Items = append(e.Items, r.item(last))
		}
	case subject.Get, subject.Set, subject.Delete:
		e.Key = int32(r.number(args[0][1:]))
		if e.Verb == subject.Set {
			e.Value = int32(r.number(args[1][1:]))
		} else if strings.HasPrefix(out, "v") {
			e.Outcome, e.Value = subject.Yes, int32(r.number(out[1:]))
		}
	case subject.Count:
		e.Outcome, e.Value = subject.OK, int32(r.number(out))
	}
}

func (r reader) item(s string) (id subject.ItemID) {
	if s == "nil" {
		return id
	}
	name, key, keyed := strings.Cut(s, ":k")
	if keyed {
		id.Keyed, id.Key = true, int32(r.number(key))
	}
	id.Lane = name[0]
	if name, id.Derived = strings.CutSuffix(name, "'"); true {
		id.N = int32(r.number(name[1:]))
	}
	return id
}

func (r reader) number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		r.t.Fatal(err)
	}
	return n
}

// Configurations of the cases below.
var headers = map[string]string{
	"fore":  "subject: batcher\nconfig: size=2 timeout=10ms mode=foreground",
	"back":  "subject: batcher\nconfig: size=2 timeout=10ms mode=background",
	"map":   "subject: dedup\nconfig: bucket=1s buckets=3",
	"late":  "subject: dedup\nconfig: bucket=1s buckets=3 epoch=10s",
	"one":   "subject: dedup\nconfig: bucket=1s buckets=1 epoch=10s",
	"dedup": "subject: dedup-batcher\nconfig: size=1 timeout=10ms mode=foreground",
}

func parse(t *testing.T, header, ops string) *program.Program {
	t.Helper()
	p, err := program.Parse("x", []byte("batchlab: 1\n"+headers[header]+"\n\n"+strings.ReplaceAll(ops, "|", "\n")+"\n"), program.Names{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestAudit: for each law that the audit knows, histories that break it, and the
// step at which they do; and histories that only look as if.
func TestAudit(t *testing.T) {
	for _, c := range []struct {
		law         subject.Law // "" if none is broken
		step        int
		header, ops string
		lines       string
	}{
		{"", 0, "fore", "a put x2", "+0s a put a1..a2 -> ok #1\n+0s handler [a1 a2] begins #1\n+0s handler [a1 a2] ends #1\n+10ms lab close -> ok #5"},
		{subject.ExactlyOnce, 2, "fore", "a put x2|+10ms", "+0s a put a1..a2 -> ok #1\n+0s handler [a1 a2] begins #1\n+0s handler [a1 a2] ends #1\n+10ms handler [a2] begins #2"},
		{subject.ExactlyOnce, 1, "fore", "a put x2", "+0s a put a1..a2 -> ok #1\n+0s handler [a1 a1] begins #1"},
		{subject.ExactlyOnce, 1, "fore", "a put", "+0s a put a1 -> ok #1\n+0s handler [a1 ?7] begins #1"},
		{subject.ExactlyOnce, 5, "fore", "a put", "+0s a put a1 -> ok #1"},
		{subject.ExactlyOnce, 1, "dedup", "a put nil", "+0s a put nil -> ok #1\n+0s handler [nil] begins #1"},

		{subject.Order, 1, "fore", "a put x2", "+0s a put a1..a2 -> ok #1\n+0s handler [a2 a1] begins #1"},
		{subject.Order, 3, "fore", "a put|b put|b put|a put", "+0s a put a1 -> ok #1\n+0s b put b1 -> ok #2\n+0s b put b2 -> ok #3\n+0s handler [b2] begins #3\n+0s handler [b2] ends #3\n+0s handler [b1] begins #3"},
		{"", 0, "fore", "a put|b put", "+0s a put a1 -> ok #1\n+0s b put b1 -> ok #2\n+0s handler [b1 a1] begins #2\n+0s handler [b1 a1] ends #2\n+0s lab close -> ok #6"},
		{"", 0, "back", "a put x4", "+0s a put a1..a4 -> ok #1\n+0s handler [a3 a4] begins #1\n+0s handler [a3 a4] ends #1\n+0s handler [a1 a2] begins #1\n+0s handler [a1 a2] ends #1\n+0s lab close -> ok #5"},
		{subject.Order, 2, "back", "a put x4|+10ms", "+0s a put a1..a4 -> ok #1\n+0s handler [a3 a4] begins #1\n+0s handler [a3 a4] ends #1\n+10ms handler [a1 a2] begins #2"},

		{subject.SizeCap, 1, "fore", "a put x3", "+0s a put a1..a3 -> ok #1\n+0s handler [a1 a2 a3] begins #1"},
		{subject.SizeCap, 1, "fore", "+10ms", "+10ms handler [] begins #1"},
		{subject.SliceLease, 2, "fore", "a put x2|+1ms", "+0s a put a1..a2 -> ok #1\n+0s handler [a1 a2] begins #1\n+0s handler [a1 a2] ends #1\n+1ms handler [a1 a2] slice changed #2"},

		{subject.CloseDrains, 2, "fore", "a put|a close", "+0s a put a1 -> ok #1\n+0s a close -> ok #2\n+10ms lab close -> ok #6"},
		{subject.CloseDrains, 2, "fore", "a put|a close|+1ms", "+0s a put a1 -> ok #1\n+0s a close -> ok #2\n+1ms handler [a1] begins #3\n+1ms handler [a1] ends #3"},
		{subject.CloseDrains, 3, "back", "handler takes 5ms|a put x2|a close|+5ms", "+0s a put a1..a2 -> ok #2\n+0s handler [a1 a2] begins #2\n+0s a close -> ok #3\n+5ms handler [a1 a2] ends #4"},
		{"", 0, "fore", "a put|a close", "+0s a put a1 -> ok #1\n+0s a close -> ok #2\n+0s handler [a1] begins #2\n+0s handler [a1] ends #2\n+10ms lab close -> ok #6"},

		{subject.AfterClose, 2, "fore", "a close|a put", "+0s a close -> ok #1\n+0s a put a1 -> ok #2"},
		{subject.AfterClose, 2, "fore", "a close|a put", "+0s a close -> ok #1\n+0s a put a1 -> panics #2"},
		{subject.AfterClose, 2, "fore", "a close|a trigger", "+0s a close -> ok #1\n+0s a trigger -> waits #2"},
		{subject.NoPanic, 2, "fore", "a close|a trigger", "+0s a close -> ok #1\n+0s a trigger -> panics #2"},
		{"", 0, "fore", "a close|a put|a trigger", "+0s a close -> ok #1\n+0s a put a1 -> panics: closed #2\n+0s a trigger -> ok #3\n+10ms lab close -> ok #7"},
		{"", 0, "dedup", "a close|a put nil", "+0s a close -> ok #1\n+0s a put nil -> ok #2\n+10ms lab close -> ok #6"},

		{subject.Serial, 2, "fore", "handler takes 5ms|a put x4", "+0s a put a1..a4 -> ok #2\n+0s handler [a1 a2] begins #2\n+0s handler [a3 a4] begins #2"},
		{"", 0, "back", "handler takes 5ms|a put x4", "+0s a put a1..a4 -> ok #2\n+0s handler [a1 a2] begins #2\n+0s handler [a3 a4] begins #2\n+5ms handler [a1 a2] ends #5\n+5ms handler [a3 a4] ends #5\n+15ms lab close -> ok #6"},
		{subject.PanicCrashes, 2, "fore", "handler panics|a put x2", "+0s a put a1..a2 -> ok #2\n+0s handler [a1 a2] begins #2"},
		{"", 0, "fore", "handler panics|a put x2", "+0s a put a1..a2 -> ok #2\n+0s handler [] panics, the program crashes #2"},

		{subject.Lifetime, 3, "map", "a set k1 v1|+1899ms|a get k1", "+0s a set k1 v1 -> true #1\n+1.899s a get k1 -> none #3"},
		{"", 0, "map", "a set k1 v1|+1900ms|a get k1", "+0s a set k1 v1 -> true #1\n+1.9s a get k1 -> none #3\n+6s lab count -> 0 #5\n+6s lab close -> ok #6"},
		{subject.OneWinner, 2, "map", "a set k1 v1|b set k1 v2", "+0s a set k1 v1 -> true #1\n+0s b set k1 v2 -> true #2"},
		{subject.OneWinner, 1, "map", "a set k1 v1", "+0s a set k1 v1 -> false #1"},
		{subject.Expiry, 3, "map", "a set k1 v1|+3500ms|a get k1", "+0s a set k1 v1 -> true #1\n+3.5s a get k1 -> v1 #3"},
		{subject.Expiry, 3, "map", "a set k1 v1|+3500ms|b set k1 v2", "+0s a set k1 v1 -> true #1\n+3.5s b set k1 v2 -> false #3"},
		{subject.Expiry, 3, "map", "a set k1 v1|+3500ms|b delete k1", "+0s a set k1 v1 -> true #1\n+3.5s b delete k1 -> true #3"},
		{"", 0, "map", "a set k1 v1|+3499ms|a get k1", "+0s a set k1 v1 -> true #1\n+3.499s a get k1 -> v1 #3"},
		{subject.CountLaw, 2, "map", "a set k1 v1|a count", "+0s a set k1 v1 -> true #1\n+0s a count -> 0 #2"},
		{subject.CountLaw, 2, "map", "a set k1 v1|a count", "+0s a set k1 v1 -> true #1\n+0s a count -> 2 #2"},
		{subject.CountLaw, 2, "map", "a set k1 v1|+4s", "+0s a set k1 v1 -> true #1\n+4s lab count -> 1 #2"},
		{subject.DeleteLaw, 2, "map", "a set k1 v1|b delete k1", "+0s a set k1 v1 -> true #1\n+0s b delete k1 -> false #2"},
		{subject.DeleteLaw, 1, "map", "b delete k1", "+0s b delete k1 -> true #1"},
		{subject.DeleteLaw, 3, "map", "a set k1 v1|b delete k1|b get k1", "+0s a set k1 v1 -> true #1\n+0s b delete k1 -> true #2\n+0s b get k1 -> v1 #3"},
		{subject.Value, 2, "map", "a set k1 v1|b get k1", "+0s a set k1 v1 -> true #1\n+0s b get k1 -> v2 #2"},
		{subject.Value, 1, "map", "b get k1", "+0s b get k1 -> v2 #1"},
		{subject.ClosedMap, 4, "map", "a set k1 v1|a close|+1h|a get k1", "+0s a set k1 v1 -> true #1\n+0s a close -> ok #2\n+1h0m0s a get k1 -> none #4"},
		{subject.ClosedMap, 4, "map", "a set k1 v1|a close|+1h|a delete k1", "+0s a set k1 v1 -> true #1\n+0s a close -> ok #2\n+1h0m0s a delete k1 -> false #4"},
		{subject.ClosedMap, 4, "map", "a close|a set k1 v1|+1h|a set k1 v2", "+0s a close -> ok #1\n+0s a set k1 v1 -> true #2\n+1h0m0s a set k1 v2 -> true #4"},
		{subject.OncePerWindow, 2, "dedup", "a put k1|b put k1", "+0s a put a1:k1 -> ok #1\n+0s handler [a1:k1] begins #1\n+0s handler [a1:k1] ends #1\n+0s b put b1:k1 -> ok #2\n+0s handler [b1:k1] begins #2"},
		{"", 0, "dedup", "a put k1|+1m|b put k1", "+0s a put a1:k1 -> ok #1\n+0s handler [a1:k1] begins #1\n+0s handler [a1:k1] ends #1\n+1m0s b put b1:k1 -> ok #3\n+1m0s handler [b1:k1] begins #3\n+1m0s handler [b1:k1] ends #3\n+1m0s lab close -> ok #7"},
		{"", 0, "dedup", "a put k1|b put k1", "+0s a put a1:k1 -> ok #1\n+0s handler [a1:k1] begins #1\n+0s handler [a1:k1] ends #1\n+0s b put b1:k1 -> ok #2\n+10ms lab close -> ok #6"},

		{subject.Leak, 4, "fore", "", "+10ms lab close -> ok #4\n+10ms lab goroutine left behind #4"},
		{subject.Progress, 1, "fore", "a put", "+0s a put a1 -> ok #1\n+0s lab hangs #1"},
		{subject.Progress, 5, "fore", "a close", "+0s a close -> waits #1"},
		{subject.Progress, 5, "back", "a put x2", "+0s a put a1..a2 -> ok #1\n+0s handler [a1 a2] begins #1"},
		{subject.NoPanic, 1, "fore", "a put", "+0s a put a1 -> panics #1"},
		{subject.NoPanic, 1, "map", "a get k1", "+0s a get k1 -> panics #1"},
		{subject.NoPanic, 1, "fore", "a put", "+0s lab [] panics, the program crashes #1"},
	} {
		t.Run(fmt.Sprintf("%s %s", c.law, c.ops), func(t *testing.T) {
			p := parse(t, c.header, c.ops)
			h := history(t, p, c.lines)
			v := audit(p, subject.Subject{Name: "x", Kind: subject.Kind(p.Kind)}, h)
			switch {
			case c.law == "" && v != nil:
				t.Errorf("%v in\n%s", v, h)
			case c.law != "" && (v == nil || v.Law != c.law || v.Step != c.step):
				t.Errorf("got %v, want %s at step %d, in\n%s", v, c.law, c.step, h)
			}
		})
	}
}

// TestClassify: what only the model can see, by the law that the difference is
// named after, with the line that should have been there.
func TestClassify(t *testing.T) {
	for _, c := range []struct {
		law         subject.Law
		step        int
		header, ops string
		lines       string
		want        string // of the violation
	}{
		{subject.TimerPhase, 2, "fore", "a put|+10ms|+1ms", "+0s a put a1 -> ok #1\n+11ms handler [a1] begins #3\n+11ms handler [a1] ends #3\n+21ms lab close -> ok #7", "handler [a1] begins"},
		{subject.TimerPhase, 2, "fore", "a put|+9ms", "+0s a put a1 -> ok #1\n+9ms handler [a1] begins #2\n+9ms handler [a1] ends #2\n+19ms lab close -> ok #6", "nothing"},
		{subject.TriggerLaw, 2, "fore", "a put|a trigger", "+0s a put a1 -> ok #1\n+0s a trigger -> ok #2\n+10ms handler [a1] begins #5\n+10ms handler [a1] ends #5\n+10ms lab close -> ok #6", "handler [a1] begins"},
		{subject.TriggerLaw, 1, "fore", "a trigger", "+0s a trigger -> waits #1\n+10ms a trigger -> ok #4\n+10ms lab close -> ok #5", "a trigger -> ok"},
		{subject.Backpressure, 1, "fore", "a put", "+0s a put a1 -> waits #1\n+10ms a put a1 -> ok #4\n+10ms handler [a1] begins #4\n+10ms handler [a1] ends #4\n+10ms lab close -> ok #5", "a put a1 -> ok"},
		{subject.SameHistory, 1, "fore", "a put x2", "+0s a put a1..a2 -> ok #1\n+0s handler [a1] begins #1\n+0s handler [a1] ends #1\n+0s handler [a2] begins #1\n+0s handler [a2] ends #1\n+10ms lab close -> ok #5", "handler [a1 a2] begins"},
		{subject.Expiry, 3, "map", "a set k1 v1|+3s|a get k1", "+0s a set k1 v1 -> true #1\n+3s a get k1 -> v1 #3\n+7s lab count -> 0 #5\n+7s lab close -> ok #6", "a get k1 -> none"},
		{subject.Lifetime, 3, "map", "a set k1 v1|+2s|a get k1", "+0s a set k1 v1 -> true #1\n+2s a get k1 -> none #3\n+6s lab count -> 0 #5\n+6s lab close -> ok #6", "a get k1 -> v1"},
		{subject.CountLaw, 3, "map", "a set k1 v1|+2s|a count", "+0s a set k1 v1 -> true #1\n+2s a count -> 0 #3\n+6s lab count -> 0 #5\n+6s lab close -> ok #6", "a count -> 1"},
		{subject.SameHistory, 1, "map", "a set k1 v1", "+4s lab count -> 0 #2\n+4s lab close -> ok #3", "a set k1 v1 -> true"},
		{subject.Leak, 4, "fore", "", "+10ms lab close -> ok #4\n+10ms lab goroutine left behind #4", "nothing"},
	} {
		t.Run(fmt.Sprintf("%s %s", c.law, c.ops), func(t *testing.T) {
			p := parse(t, c.header, c.ops)
			h := history(t, p, c.lines)
			v, err := check(p, subject.Subject{Name: "x", Kind: subject.Kind(p.Kind)}, h)
			w := v.Violation
			if err != nil || w == nil || w.Law != c.law || w.Step != c.step || v.Specified || !strings.Contains(w.Want, c.want) {
				t.Errorf("got %v (%v), want %s at step %d: %s, in\n%s", w, err, c.law, c.step, c.want, h)
			}
		})
	}
}

// TestSpecified: a history that the model allows and that breaks a law all the same
// is a fault of the specification. Bucket zero is the example: ids are truncated, so
// it is two buckets long, and what is set late in it leaves a bucket early.
func TestSpecified(t *testing.T) {
	p := parse(t, "map", "+950ms|a set k1 v1|+550ms|a get k1")
	p.Config.Buckets = 2
	h := history(t, p, "+950ms a set k1 v1 -> true #2\n+1.5s a get k1 -> none #4\n+4.5s lab count -> 0 #6\n+4.5s lab close -> ok #7")
	v, err := check(p, subject.Subject{Name: "x", Kind: subject.KindDedup}, h)
	if err != nil || v.Violation == nil || v.Violation.Law != subject.Lifetime || !v.Specified {
		t.Errorf("got %v, specified %v, %v; want %s, specified", v.Violation, v.Specified, err, subject.Lifetime)
	}
	v, err = check(p, subject.Subject{Name: "x", Kind: subject.KindDedup, LawsOnly: true}, h)
	if err != nil || v.Violation == nil || v.Specified {
		t.Errorf("without the model: %v, specified %v, %v", v.Violation, v.Specified, err)
	}
}
