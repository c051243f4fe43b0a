package timeline

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"batchlab/sim/weave/rt"
)

// manyPoints are more points than a run writes down.
func manyPoints() []rt.Passed {
	return slices.Repeat([]rt.Passed{{G: "a", Site: "q.go:4", What: "lock"}}, rt.MostTraced)
}

// unlike says what of a text is not as the Trace Event Format has it: what is there of each event and of which type,
// times, slices of a thread that overlap without one being in the other, arrows of which an end is missing or in no
// slice, threads without a name.
func unlike(text []byte) []string {
	var file struct{ TraceEvents []map[string]any }
	if err := json.Unmarshal(text, &file); err != nil {
		return []string{err.Error()}
	}
	c := &formatCheck{slices: map[string][][2]float64{}, named: map[string]bool{}, arrows: map[float64][]map[string]any{}}
	for i, e := range file.TraceEvents {
		c.event(i, e)
	}
	c.nests()
	c.arrowEnds()
	return c.wrong
}

type formatCheck struct {
	wrong  []string
	slices map[string][][2]float64 // of each thread: from, to
	named  map[string]bool
	arrows map[float64][]map[string]any
}

func (c *formatCheck) say(format string, args ...any) {
	c.wrong = append(c.wrong, fmt.Sprintf(format, args...))
}

func thread(e map[string]any) string { return fmt.Sprint(e["pid"], "/", e["tid"]) }

func (c *formatCheck) event(i int, e map[string]any) {
	number := func(key string) float64 {
		v, ok := e[key].(float64)
		if !ok || v < 0 {
			c.say("event %d: %s is %v, want a number", i, key, e[key])
		}
		return v
	}
	if name, ok := e["name"].(string); !ok || name == "" {
		c.say("event %d has no name", i)
	}
	number("pid")
	number("tid")
	at := number("ts")
	switch e["ph"] {
	case "M":
		args, _ := e["args"].(map[string]any)
		if name, _ := args["name"].(string); name == "" {
			c.say("event %d: %v names nothing", i, e["name"])
		}
		if e["name"] == "thread_name" {
			c.named[thread(e)] = true
		} else if e["name"] != "process_name" {
			c.say("event %d: metadata %v", i, e["name"])
		}
	case "X":
		c.slices[thread(e)] = append(c.slices[thread(e)], [2]float64{at, at + number("dur")})
		if !c.named[thread(e)] {
			c.say("event %d: thread %s has no name", i, thread(e))
		}
	case "i":
		if s, _ := e["s"].(string); !slices.Contains([]string{"g", "p", "t"}, s) {
			c.say("event %d: scope %v", i, e["s"])
		}
	case "s", "f":
		if e["ph"] == "f" && e["bp"] != "e" {
			c.say("event %d: an arrow that ends before a slice", i)
		}
		if cat, _ := e["cat"].(string); cat == "" {
			c.say("event %d: an arrow without a category", i)
		}
		c.arrows[number("id")] = append(c.arrows[number("id")], e)
	default:
		c.say("event %d: phase %v", i, e["ph"])
	}
}

// nests looks whether of two slices of a thread that overlap one is in the other.
func (c *formatCheck) nests() {
	for name, list := range c.slices {
		slices.SortFunc(list, func(a, b [2]float64) int {
			if a[0] != b[0] {
				return int(a[0] - b[0])
			}
			return int(b[1] - a[1])
		})
		var open [][2]float64
		for _, s := range list {
			for len(open) > 0 && open[len(open)-1][1] <= s[0] {
				open = open[:len(open)-1]
			}
			if len(open) > 0 && s[1] > open[len(open)-1][1] {
				c.say("thread %s: slices %v and %v overlap", name, open[len(open)-1], s)
			}
			open = append(open, s)
		}
	}
}

func (c *formatCheck) arrowEnds() {
	for id, ends := range c.arrows {
		if len(ends) != 2 || ends[0]["ph"] != "s" || ends[1]["ph"] != "f" || ends[0]["ts"].(float64) > ends[1]["ts"].(float64) ||
			ends[0]["cat"] != ends[1]["cat"] || ends[0]["name"] != ends[1]["name"] {
			c.say("arrow %v is not from one end to one other", id)
			continue
		}
		for _, e := range ends {
			at := e["ts"].(float64)
			if !slices.ContainsFunc(c.slices[thread(e)], func(s [2]float64) bool { return s[0] <= at && at < s[1] }) {
				c.say("arrow %v has an end in no slice", id)
			}
		}
	}
}

// TestUnlikeFound shows the check what is wrong in each way, and what is not.
func TestUnlikeFound(t *testing.T) {
	const named = `{"ph":"M","name":"thread_name","pid":1,"tid":1,"ts":0,"args":{"name":"a"}},`
	const slice = `{"ph":"X","name":"x","pid":1,"tid":1,"ts":0,"dur":9},`
	for events, want := range map[string]string{
		named + slice + `{"ph":"X","name":"y","pid":1,"tid":1,"ts":2,"dur":3}`:          "",
		named + slice + `{"ph":"X","name":"y","pid":1,"tid":1,"ts":2,"dur":30}`:         "overlap",
		`{"ph":"X","name":"x","pid":1,"tid":1,"ts":0,"dur":9}`:                          "has no name",
		named + `{"ph":"X","name":"x","pid":1,"tid":1,"ts":0}`:                          "dur is <nil>",
		named + `{"ph":"X","pid":1,"tid":1,"ts":0,"dur":1}`:                             "event 1 has no name",
		named + `{"ph":"X","name":"x","pid":1,"tid":1,"ts":"0","dur":1}`:                "ts is 0, want a number",
		`{"ph":"B?","name":"x","pid":1,"tid":1,"ts":0}`:                                 "phase B?",
		`{"ph":"i","name":"x","pid":1,"tid":1,"ts":0}`:                                  "scope <nil>",
		`{"ph":"M","name":"thread_name","pid":1,"tid":1,"ts":0}`:                        "names nothing",
		named + slice + `{"ph":"s","name":"x","cat":"c","pid":1,"tid":1,"ts":1,"id":1}`: "arrow 1 is not from one end",
		named + slice + `{"ph":"s","name":"x","cat":"c","pid":1,"tid":1,"ts":1,"id":1},` +
			`{"ph":"f","bp":"e","name":"x","cat":"c","pid":1,"tid":1,"ts":10,"id":1}`: "in no slice",
	} {
		got := strings.Join(unlike([]byte(`{"traceEvents":[`+events+`]}`)), "; ")
		if !strings.Contains(got, want) || (want == "") != (got == "") {
			t.Errorf("%s: %q, want %q", events, got, want)
		}
	}
}

// TestPerfetto: what is written is as the format has it, and tells who waits and who goes on.
func TestPerfetto(t *testing.T) {
	r := Run{Name: "q", Columns: []Column{{Name: "a"}, {Name: "b"}}, Objects: []Object{{Name: "q.mu", Sort: "lock"}}, Rows: []Row{
		{Kind: Call, Text: "Push(1)"}, {Kind: Point, Text: "lock", Site: "q.go:4", Objects: []int{0}},
		{Kind: Switch, Site: "q.go:6", To: 1}, {Kind: Elapses, Column: -1, Text: "time is +1s"},
		{Kind: Call, Column: 1, Text: "Pop()"}, {Kind: Waits, Column: 1, Text: "lock: waits", Objects: []int{0}, By: "held by a"},
		{Kind: Answer, Text: "ok"}, {Kind: Notice, Text: "a1 told"}, {Kind: Switch, To: 1},
	}}
	for _, tl := range []*Timeline{{Runs: []Run{r}}, {Runs: []Run{r, r}}, {Runs: []Run{{}}}, New(Timeline{}, nil, &Recording{Trace: manyPoints()})} {
		text, err := tl.Perfetto()
		if err != nil {
			t.Fatal(err)
		}
		for _, wrong := range unlike(text) {
			t.Error(wrong)
		}
	}
	text, err := (&Timeline{Runs: []Run{r}}).Perfetto()
	for _, want := range []string{
		`{"ph":"X","name":"Push(1)","cat":"call","pid":1,"tid":1,"ts":0,"dur":7,"args":{"answer":"ok"}}`,
		`{"ph":"X","name":"stopped","cat":"wait","pid":1,"tid":1,"ts":2,"dur":4,"args":{"site":"q.go:6"}}`,
		`{"ph":"X","name":"lock: waits q.mu, held by a","cat":"wait","pid":1,"tid":2,"ts":5,"dur":4}`,
		`{"ph":"s","name":"goes on","cat":"switch","pid":1,"tid":1,"ts":2,"id":1},` +
			`{"ph":"f","name":"goes on","cat":"switch","pid":1,"tid":2,"ts":4,"id":1,"bp":"e"}`,
	} {
		if err != nil || !strings.Contains(string(text), want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
}
