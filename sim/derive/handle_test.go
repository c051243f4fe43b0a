package derive

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"testing"

	"batchlab/sim/kind"
)

// TestNumber: objects are numbered in the canonical order of events, whatever happened first.
func TestNumber(t *testing.T) {
	at := func(step int, lane byte, text string) kind.Event {
		return kind.Event{Step: step, Source: kind.Source{Lane: lane}, Text: strings.ReplaceAll(text, "@", kind.Unnumbered)}
	}
	events := []kind.Event{at(1, 'b', "*conn@0@"), at(1, 'a', "*conn@1@ *conn@0@"), at(2, 'a', "7"), at(3, 'a', "*conn@2@ *conn@1@")}
	number(events)
	for i, want := range []string{"*conn#2", "*conn#1 *conn#2", "7", "*conn#3 *conn#1"} {
		if events[i].Text != want {
			t.Errorf("%d: %q, want %q", i, events[i].Text, want)
		}
	}
}

type pooled interface {
	Get() *hiddenConn
	Put(c *hiddenConn)
}

type hiddenConn struct{ _ chan int }

// TestObjects: what comes back from one method and is taken by another is handed over as it came back, once.
func TestObjects(t *testing.T) {
	d, err := New(reflect.TypeFor[pooled](), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := wordsOfParam(d, "Put", 0); got != "a1 a2 b1 b2 c1 c2" {
		t.Errorf("Put takes %s", got)
	}
	put, _ := d.Kind.Op("Put")
	source, puts := d.Programs(1), 0
	for range 200 {
		given, taken := [handleLanes]int{}, map[int64]bool{}
		for _, o := range source.Next().Ops {
			switch {
			case o.Verb != put:
				given[o.Lane-'a']++
			case taken[o.Args[0]] || given[o.Args[0]/handles] <= int(o.Args[0]%handles):
				t.Errorf("%d is put twice, or before it was got", o.Args[0])
			default:
				taken[o.Args[0]] = true
				puts++
			}
		}
	}
	if puts == 0 {
		t.Error("nothing is put")
	}
}

// TestChannelHandedBack: a channel that a method takes is one that another has answered, and is neither sent on nor
// closed by who hands it back.
func TestChannelHandedBack(t *testing.T) {
	type hub interface {
		Subscribe() chan int
		Unsubscribe(c <-chan int)
	}
	type inlet interface{ Open() chan int }
	d, err := New(reflect.TypeFor[hub](), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := wordsOfParam(d, "Unsubscribe", 0); got != "a1 a2 b1 b2 c1 c2" {
		t.Errorf("it is drawn from %s", got)
	}
	in, err := New(reflect.TypeFor[inlet](), Options{})
	if err != nil || d.verb("close") != 0 || d.verb("receive") == 0 || in.verb("close") == 0 {
		t.Errorf("%v, close %d, receive %d, close of one that is not taken %d", err, d.verb("close"), d.verb("receive"),
			in.verb("close"))
	}
}

// TestOverlooked: one call goes on though its context has ended, and another that begins then may not: no order of calls,
// one at a time, is like that, and none is asked for. If the first sees it as well, or is the only one, there may be one.
func TestOverlooked(t *testing.T) {
	type limiter interface {
		Acquire(ctx context.Context) error
	}
	d, err := New(reflect.TypeFor[limiter](), Options{})
	if err != nil {
		t.Fatal(err)
	}
	verb, _ := d.Kind.Op("Acquire")
	acquire := kind.Op{Verb: verb}
	acquire.Args[0] = int64(slices.Index(strings.Fields(wordsOfParam(d, "Acquire", 0)), "ctx1"))
	for _, c := range []struct {
		name, first string
		began       int64 // of the second
		want        bool
	}{
		{"it goes on", "nil", 7, true},
		{"it sees it", "context canceled", 7, false},
		{"both are beside it", "nil", 3, false},
	} {
		r := &kind.Run{Kind: d.Kind}
		for i, e := range []struct {
			o            kind.Op
			text         string
			began, ended int64
		}{{acquire, c.first, 1, 10}, {kind.Op{Verb: d.verb("cancel")}, "", 2, 6}, {acquire, "context canceled", c.began, 9}} {
			e.o.Lane, e.o.And = "abc"[i], i > 0
			r.Ops, r.Began, r.Ended = append(r.Ops, e.o), append(r.Began, e.began), append(r.Ended, e.ended)
			r.Events = append(r.Events, kind.Event{Step: i + 1, Verb: e.o.Verb, Text: e.text, Source: kind.Source{Lane: e.o.Lane}})
		}
		if got := d.Kind.Untimely(r); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
