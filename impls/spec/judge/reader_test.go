package judge_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"batchlab/impls/spec"
	"batchlab/impls/spec/batcher"
	"batchlab/impls/spec/dedup"
	"batchlab/impls/spec/dedupbatcher"
	"batchlab/sim/history"
	"batchlab/sim/kind"
	"batchlab/sim/oracle"
	"batchlab/sim/program"
)

// Runs are written down as they are printed, a line for each event: the time, the event,
// and the step.

var names = program.Names{Kinds: []*kind.Kind{batcher.Kind, dedup.Kind, dedupbatcher.Kind}}

// Configurations of the cases.
var headers = map[string]string{
	"fore":  "subject: batcher\nconfig: size=2 timeout=10ms mode=foreground",
	"back":  "subject: batcher\nconfig: size=2 timeout=10ms mode=background",
	"map":   "subject: dedup\nconfig: bucket=1s buckets=3",
	"late":  "subject: dedup\nconfig: bucket=1s buckets=3 epoch=10s",
	"one":   "subject: dedup\nconfig: bucket=1s buckets=1 epoch=10s",
	"dedup": "subject: dedup-batcher\nconfig: size=1 timeout=10ms mode=foreground",
}

// parse reads operations separated by '|'.
func parse(t *testing.T, header, ops string) *program.Program {
	t.Helper()
	p, err := program.Parse("x", []byte("batchlab: 1\n"+headers[header]+"\n\n"+strings.ReplaceAll(ops, "|", "\n")+"\n"), names)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// ran is a run in which operations followed one another.
func ran(t *testing.T, p *program.Program, lines string) *kind.Run {
	t.Helper()
	r := &kind.Run{Kind: p.Kind, Config: p.Config, Ops: slices.Concat(p.Ops, p.Drain()), Traits: kind.Traits{Title: p.Kind.Name + "/x"}}
	for line := range strings.Lines(lines) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		e := reader{t}.event(p, line)
		if back := strings.Join(strings.Fields(p.Kind.Line(e)), " "); back != strings.Join(strings.Fields(line), " ") {
			t.Fatalf("%q was read as %q", line, back)
		}
		r.Events = append(r.Events, e)
	}
	return r
}

// byLaws judges a run by the laws alone.
func byLaws(t *testing.T, r *kind.Run) *oracle.Violation {
	t.Helper()
	only := *r
	only.Traits.LawsOnly = true
	v, err := oracle.Judge(&only)
	if err != nil || v.Specified {
		t.Fatalf("by the laws alone: %v, specified %v", err, v.Specified)
	}
	return v.Violation
}

// text is a run as its history prints it.
func text(r *kind.Run) string { return history.Of(r).String() }

// reader reads such lines.
type reader struct{ t *testing.T }

func (r reader) event(p *program.Program, line string) (e kind.Event) {
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
		e.Source.Lane = kind.LabLane
	case "handler":
		e.Source.Lane = kind.HandlerLane
	}
	e.Outcome = map[string]kind.Outcome{
		"": 0, "ok": kind.OK, "waits": kind.Waits, "true": kind.Yes, "false": kind.No, "none": kind.No,
		"panics": kind.Broke, "panics: closed": kind.Refused, "skipped: the lane is busy": kind.Skipped,
	}[out]
	if items, after, ok := strings.Cut(what, "] "); ok {
		for id := range strings.FieldsSeq(strings.TrimPrefix(items, "[")) {
			e.Items = append(e.Items, r.item(id))
		}
		if e.Source.Lane == kind.HandlerLane && after != "panics, the program crashes" {
			e.Source = kind.HandlerSource(e.Items, p.Config.Values[spec.SetMode] == 1)
		}
		what = after
	}
	verb, rest, _ := strings.Cut(what, " ")
	e.Verb = r.verb(p.Kind, verb, what)
	if p.Kind.Has(e.Verb) {
		r.arguments(&p.Kind.Ops[e.Verb], &e, strings.Fields(rest), out)
	}
	return e
}

// verb is an operation of that name, or what happens with that text.
func (r reader) verb(k *kind.Kind, name, text string) kind.Verb {
	if v, ok := k.Op(name); ok {
		return v
	}
	for i, n := range k.Notices {
		if n.Text == text {
			return kind.FirstNotice + kind.Verb(i)
		}
	}
	lab := map[string]kind.Verb{"panics, the program crashes": kind.Crash, "goroutine left behind": kind.Leaked, "hangs": kind.Hung, "data race": kind.Race}
	if lab[text] == 0 {
		r.t.Fatalf("nobody does %q", text)
	}
	return lab[text]
}

// arguments reads what follows the name of a call, and what it returned.
func (r reader) arguments(op *kind.Operation, e *kind.Event, args []string, out string) {
	switch {
	case op.Hands:
		first, last, burst := strings.Cut(args[0], "..")
		e.Items = append(e.Items, r.item(first))
		if burst {
			e.Items = append(e.Items, r.item(last))
		}
	case len(args) > 0:
		e.Arg = int32(r.number(args[0][1:]))
		if len(args) > 1 {
			e.Val = int32(r.number(args[1][1:]))
		} else if strings.HasPrefix(out, "v") {
			e.Outcome, e.Val = kind.Yes, int32(r.number(out[1:]))
		}
	case op.Name == "count":
		e.Outcome, e.Val = kind.OK, int32(r.number(out))
	}
}

func (r reader) item(s string) (id kind.Item) {
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

// traced reads a trace, a line for each thing that happens, in order: "a >" where a
// call of lane a begins, the line of a history where it returns, "clock +1s" where the
// clock moves. A call without a beginning begins when the line before it is over.
func traced(t *testing.T, p *program.Program, lines string) *kind.Run {
	t.Helper()
	tr := ran(t, p, "")
	tr.Stamped = true
	seq, began := int64(0), map[byte]int64{}
	for line := range strings.Lines(lines) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		seq += 2
		at, isClock := strings.CutPrefix(line, "clock +")
		switch {
		case isClock:
			d, err := time.ParseDuration(at)
			if err != nil {
				t.Fatal(err)
			}
			tr.Clock = append(tr.Clock, kind.Instant{Seq: seq, At: d})
		case strings.HasSuffix(line, " >"):
			began[line[0]] = seq
		default:
			e := ran(t, p, line).Events[0]
			from := seq
			if b := began[e.Source.Lane]; b > 0 && e.Outcome != kind.Skipped {
				from = b
				if e.Outcome != kind.Waits {
					delete(began, e.Source.Lane)
				}
			} else if e.Outcome != 0 {
				from = seq - 1
			}
			tr.Events, tr.Began, tr.Ended = append(tr.Events, e), append(tr.Began, from), append(tr.Ended, seq)
		}
	}
	return tr
}
