package view_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"batchlab/sim/kind"
	"batchlab/sim/view"
	"batchlab/sim/weave/rt"
)

// pools is a kind with callbacks: its notices name whose they are.
var pools = &kind.Kind{Name: "pool", Notices: []kind.Notice{{Text: "called", Owned: true}, {Text: "calls", Owned: true}, {Text: "notes"}},
	Ops: []kind.Operation{kind.Time, {Name: "Submit", Lane: true, Spelled: true}, {Name: "Len", Lane: true, Spelled: true}}}

const (
	called = kind.FirstNotice + iota
	calls
	noted
)

// ran is a run of pools in which all operations are one group.
func ran(ops []kind.Op, events ...happened) *kind.Run {
	r := &kind.Run{Kind: pools, Ops: ops}
	for i := range ops {
		ops[i].And = i > 0
	}
	for _, h := range events {
		r.Events, r.Began, r.Ended = append(r.Events, h.Event), append(r.Began, h.from), append(r.Ended, h.to)
	}
	return r
}

type happened struct {
	kind.Event
	from, to int64
}

func call(lane byte, verb kind.Verb, outcome kind.Outcome, text string, from, to int64) happened {
	return happened{kind.Event{Step: 1, Source: kind.Source{Lane: lane}, Verb: verb, Outcome: outcome, Text: text}, from, to}
}

func notice(verb kind.Verb, text string, at int64) happened {
	return happened{kind.Event{Step: 1, Source: kind.Source{Lane: kind.HandlerLane}, Verb: verb, Text: text}, at, at}
}

func ops(lanes string) (list []kind.Op) {
	for _, l := range lanes {
		list = append(list, kind.Op{Verb: 1, Lane: byte(l)})
	}
	return list
}

// TestScenarios: pictures of what may come of calls.
func TestScenarios(t *testing.T) {
	long := strings.Repeat("0123456789", 9)
	for _, c := range []struct {
		name   string
		run    *kind.Run
		marked int // which event, from 1
		note   string
		want   string
	}{
		{"a callback stands below its call", ran(ops("ab"),
			notice(called, "a1 7", 3), call('b', 1, kind.OK, "nil", 2, 4), call('a', 1, kind.OK, "nil", 1, 5)), 0, "", `
| a             | b            |
|---------------|--------------|
| Submit() nil  | Submit() nil |
|   a1 called 7 |              |
`},
		{"one that calls back, in a call that waits", ran(ops("aa"),
			notice(called, "a1", 2), call('a', 1, kind.OK, "nil", 1, 3), notice(called, "a2", 5), notice(calls, "a2 Len() 1", 6),
			call('a', 1, kind.Waits, "", 9, 9)), 0, "", `
| a                  |
|--------------------|
| Submit() nil       |
|   a1 called        |
| Submit() waits     |
|   a2 called        |
|   a2 calls Len() 1 |
`},
		{"one that comes after its call, and one that is nobody's", ran(ops("a"),
			call('a', 1, kind.OK, "nil", 1, 3), notice(called, "a1", 5), notice(noted, "hello", 6)), 0, "", `
| a            | callbacks   |
|--------------|-------------|
| Submit() nil | notes hello |
|   a1 called  |             |
`},
		{"three lanes with long values", ran(ops("abc"),
			call('a', 1, kind.OK, long, 1, 2), call('b', 1, kind.OK, long, 3, 4), call('c', 1, kind.OK, long, 5, 6)), 2, "want nil", `
| a                      | b                      | c                      |
|------------------------|------------------------|------------------------|
| Submit() 01234…3456789 | Submit() 01234…3456789 | Submit() 01234…3456789 |  <-
<- want nil in b
`},
		{"a note that is longer than a line", ran(ops("a"), call('a', 1, kind.OK, "1", 1, 2)), 1, strings.Repeat("and so on ", 9), `
| a          |
|------------|
| Submit() 1 |  <-
<- and so on and so on and so on and so on and so on and so on and so on and
  so on and so on
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			marked := ""
			if c.marked > 0 {
				marked = c.run.Kind.Trimmed(c.run.Events[c.marked-1])
			}
			compare(t, view.Scenario(c.run, len(c.run.Ops), marked, c.note), c.want)
		})
	}
}

// compare compares a table with its picture, and its width with a screen's.
func compare(t *testing.T, got, want string) {
	t.Helper()
	if got != strings.TrimPrefix(want, "\n") {
		t.Errorf("got\n%s\nwant%s", got, want)
	}
	for line := range strings.Lines(got) {
		if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > 80 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}

func at(g, site, what string) rt.Passed { return rt.Passed{G: g, Site: site, What: what} }

// TestSchedules: pictures of who was let in where.
func TestSchedules(t *testing.T) {
	for _, c := range []struct {
		name  string
		trace []rt.Passed
		want  string
	}{
		{"nothing", nil, "\n"},
		{"a preemption, and a choice", []rt.Passed{
			at("a", "", "Pop()"), at("a", "q.go:7", "load q.head"), {G: "a", Site: "q.go:8", What: "touch", To: "b"},
			at("b", "q.go:9", "select"), {G: "b", Site: "q.go:9", What: "select", Alt: 2}, at("a", "q.go:8", "touch"), at("a", "q.go:8", "store q.head"),
			at("a", "", "-> 1"),
		}, `
| a                     | b                         |
|-----------------------|---------------------------|
| Pop()                 |                           |
|   q.go:7 load q.head  |                           |
|   switch              |                           |
|                       |   q.go:9 select           |
|                       |   q.go:9 select: choice 2 |
|   q.go:8 store q.head |                           |
| -> 1                  |                           |
`},
		{"who waits waits once, and time moves once", []rt.Passed{
			at("test", "q.go:7", "lock"), {G: "test", Site: "q.go:7", What: "lock", Waits: true},
			at("clock", "", "time is +1s"), at("clock", "", "time is +2s"), at("test/1", "q.go:9", "unlock"), at("clock", "", "time is +3s"),
		}, `
| clock       | test                 | test/1          |
|-------------|----------------------|-----------------|
|             |   q.go:7 lock: waits |                 |
| time is +2s |                      |                 |
|             |                      |   q.go:9 unlock |
`},
		{"long names of files give way, and stand once", []rt.Passed{
			at("a", "a_file_with_a_long_name.go:1", "lock"), at("a", "a_file_with_a_long_name.go:12", "load v"),
			at("b", "a_file_with_a_long_name.go:1", "lock"), at("c", "a_file_with_a_long_name.go:1", "lock"), at("c", "other.go:1", "send"),
		}, `
| a                      | b                      | c                      |
|------------------------|------------------------|------------------------|
|   a_file_w…e.go:1 lock |                        |                        |
|   :12 load v           |                        |                        |
|                        |   a_file_w…e.go:1 lock |                        |
|                        |                        |   a_file_w…e.go:1 lock |
|                        |                        |   other.go:1 send      |
`},
		{"five goroutines", []rt.Passed{
			at("a", "q.go:1", "send"), at("a", "q.go:2", "send"), at("b", "q.go:1", "send"),
			at("c", "q.go:1", "send"), at("d", "q.go:1", "send"), at("e", "q.go:1", "send"),
		}, `
| who | does          |
|-----|---------------|
| a   |   q.go:1 send |
|     |   q.go:2 send |
| b   |   q.go:1 send |
| c   |   q.go:1 send |
| d   |   q.go:1 send |
| e   |   q.go:1 send |
`},
	} {
		t.Run(c.name, func(t *testing.T) { compare(t, view.Schedule(c.trace), c.want) })
	}
}

// What is left out of a long schedule is counted, and its switches and its end are not left out.
func TestScheduleLeavesOut(t *testing.T) {
	var trace []rt.Passed
	for range 100 {
		trace = append(trace, at("a", "q.go:1", "lock"))
	}
	trace = append(trace, rt.Passed{G: "a", Site: "q.go:2", What: "unlock", To: "b"}, at("b", "q.go:3", "lock"))
	compare(t, view.Schedule(trace), `
| a             | b             |
|---------------|---------------|
|   … 99 more   |               |
|   q.go:1 lock |               |
|   switch      |               |
|               |   q.go:3 lock |
`)
	for i := range 200 {
		trace = append(trace, at(string(rune('a'+i%2)), "q.go:4", "send"))
	}
	trace = append(trace, rt.Passed{G: "b", Site: "q.go:9", What: "receive", Waits: true})
	text := view.Schedule(trace)
	rows := strings.Count(text, "\n")
	if rows > 40 || !strings.HasSuffix(text, "q.go:9 receive: waits |\n") || !strings.Contains(text, "more") {
		t.Errorf("%d rows:\n%s", rows, text)
	}
}

// TestWaiting: a deadlock says who waits for whom; who waits for time only is not in it.
func TestWaiting(t *testing.T) {
	compare(t, view.Waiting([]rt.Waiter{
		{Name: "test", What: "waits for a group", Site: "x.go:9"},
		{Name: "test/1", What: "waits for a lock", Site: "x.go:3", Born: "x.go:1", By: "test/2", BySite: "x.go:5"},
		{Name: "test/2", What: "waits for a lock", Site: "x.go:6", Born: "x.go:2", By: "test/1", BySite: "x.go:2"},
		{Name: "test/3", What: "sleeps", Site: "x.go:8", Timed: true},
	}), `
| who    | waits       | at     | held by | since  | started at |
|--------|-------------|--------|---------|--------|------------|
| test   | for a group | x.go:9 |         |        |            |
| test/1 | for a lock  | x.go:3 | test/2  | x.go:5 | x.go:1     |
| test/2 | for a lock  | x.go:6 | test/1  | x.go:2 | x.go:2     |
`)
	if text := view.Waiting([]rt.Waiter{{Name: "test", What: "sleeps", Site: "x.go:8", Timed: true}}); text != "" {
		t.Errorf("who sleeps is said to wait:\n%s", text)
	}
}

const race = `==================
WARNING: DATA RACE
Read at 0x00c0000a4018 by goroutine 9:
  example.com/derived.(*shared).touch()
      /home/me/derived/races.go:29 +0x3c
  example.com/derived.Do[go.shape.int]()
      /home/me/derived/races.go:60 +0x44
  reflect.Value.call()
      /usr/local/go/src/reflect/value.go:581 +0xa
  batchlab/sim/derive.(*instance).Do()
      /home/me/batchlab/sim/derive/instance.go:171 +0x6e4

Previous write at 0x00c0000a4018 by goroutine 8:
  example.com/derived.(*shared).touch()
      /home/me/derived/races.go:30 +0x4c
  sync.(*Once).doSlow()
      sync/once.go:78 +0x1

Goroutine 9 (running) created at:
  batchlab/sim/weave/rt.launch()
      /home/me/batchlab/sim/weave/rt/goroutine.go:80 +0x1
  example.com/derived.NewPool()
      /home/me/derived/pool.go:33 +0x4c

Goroutine 8 (finished) created at:
  batchlab/sim/weave/rt.launch()
      /home/me/batchlab/sim/weave/rt/goroutine.go:80 +0x1
==================
`

// TestRace: of both stacks what is the program's, and of the first race only.
func TestRace(t *testing.T) {
	const want = `
| read                        | earlier write               |
|-----------------------------|-----------------------------|
| (*shared).touch races.go:29 | (*shared).touch races.go:30 |
| Do races.go:60              |                             |
| started at NewPool pool.go:33 |                           |
`
	got := view.Race(race + strings.ReplaceAll(race, "races.go", "others.go"))
	if squeeze(got) != squeeze(want) {
		t.Errorf("got\n%s\nwant%s", got, want)
	}
	if text := view.Race("no race, but a text\n  with lines\n"); text != "" {
		t.Errorf("no race is drawn as\n%s", text)
	}
}

func squeeze(text string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(strings.ReplaceAll(text, "-", "")), " "), "| |", "|")
}

// A run in a bubble has no order: its events stand as they come.
func TestScenarioOfABubble(t *testing.T) {
	r := popped()
	r.Began, r.Ended = nil, nil
	r.Events[0].At = time.Millisecond
	compare(t, view.Scenario(r, len(r.Ops), "", ""), `
| a       | b      | time |
|---------|--------|------|
| push v1 |        |      |
| push v2 |        |      |
|         |        | +1s  |
| pop v2  | pop v2 |      |
`)
}
