package lab

import (
	"fmt"
	"strings"
	"testing"

	"batchlab/impls/spec/batcher"
	"batchlab/sim/kind"
)

// TestMet: each call counts in the situations that it is in, once, whatever events it has; the lab's own do not.
func TestMet(t *testing.T) {
	k := batcher.Kind
	verb := func(name string) kind.Verb {
		v, ok := k.Op(name)
		if !ok {
			t.Fatal("no operation ", name)
		}
		return v
	}
	at := func(lane byte, name string, o kind.Outcome, at int) kind.Event {
		return kind.Event{Source: kind.Source{Lane: lane}, Verb: verb(name), Outcome: o, At: 1e6, Step: at}
	}
	late := at('a', "put", kind.OK, 3)
	late.At *= 2
	for _, c := range []struct {
		name  string
		run   kind.Run
		until int
		want  string
	}{
		{"one after another", kind.Run{Events: []kind.Event{at('a', "put", kind.OK, 1), at('b', "put", kind.OK, 2)}}, 0, "put alone 2"},
		{"up to a choice", kind.Run{Events: []kind.Event{at('a', "put", kind.Waits, 1), late}}, 3, "put waits 1"},
		{"the lab's, and one that is not made", kind.Run{Events: []kind.Event{at(kind.LabLane, "close", kind.OK, 1), at('a', "put", kind.Skipped, 2)}}, 0, ""},
		{"one waits, and another comes", kind.Run{Events: []kind.Event{at('a', "put", kind.Waits, 1), at('b', "trigger", kind.OK, 2), late}}, 0,
			"put waits 1, put beside a call 1, put while time moves 1, trigger beside a call 1"},
		{"after the end", kind.Run{Events: []kind.Event{at('a', "close", kind.OK, 1), at('a', "put", kind.Refused, 2), at('a', "close", kind.OK, 3)}}, 0,
			"put after the end 1, put panics 1, close alone 1, close after the end 1"},
		{"together, while the clock moves", kind.Run{Events: []kind.Event{at('a', "put", kind.OK, 1), at('b', "put", kind.OK, 1), at('a', "put", kind.OK, 2)},
			Began: []int64{1, 2, 8}, Ended: []int64{4, 6, 9}, Stamped: true, Clock: []kind.Instant{{Seq: 5, Over: 7}}}, 0,
			"put alone 1, put beside a call 2, put while time moves 1"},
	} {
		c.run.Kind, c.run.Traits.Title, c.run.Ops = k, "batcher/x", k.End(kind.Config{}, nil)
		m := Met{}
		m.count(&c.run, c.until)
		m.Add(Met{})
		var got []string
		for _, o := range k.Ops {
			for i, s := range Situations {
				if n := m.Of("batcher/x", o.Name, i); n > 0 {
					got = append(got, fmt.Sprint(o.Name, " ", s, " ", n))
				}
			}
		}
		if is := strings.Join(got, ", "); is != c.want {
			t.Errorf("%s: %s, want %s", c.name, is, c.want)
		}
	}
}
