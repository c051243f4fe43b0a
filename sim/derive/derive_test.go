package derive

import (
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"batchlab/sim/kind"
	"batchlab/sim/program"
)

// Pair is a struct to hand over.
type Pair struct {
	Key string
	N   int
	own int
}

// everything has a method of every shape.
type everything interface {
	Plain()
	Numbers(a int, b uint8, c float64, d bool)
	Texts(s string, at time.Duration, when time.Time)
	Parts(p Pair, q *Pair, l []int, m map[string]bool)
	Any(v any, err error)
	Waits(ctx context.Context) error
	Calls(f func(int) (bool, error))
	Gives() (<-chan int, func() int)
	More(list ...string)
	Many(a, b, c, d, e, f int)
	Len() int
	Close(ctx context.Context) error
}

func derived(t *testing.T, o Options, seen ...time.Duration) *Derived {
	t.Helper()
	d, err := New(reflect.TypeFor[everything](), o, seen...)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// wordsOfParam are the words of an operation's parameter.
func wordsOfParam(d *Derived, op string, n int) string {
	v, _ := d.Kind.Op(op)
	var list []string
	for _, w := range d.Kind.Ops[v].Params[n].Words {
		list = append(list, w.Text)
	}
	return strings.Join(list, " ")
}

// TestDomains: what arguments are drawn from, by type, the simplest first, each by its word.
func TestDomains(t *testing.T) {
	d := derived(t, Options{Original: true}, time.Minute)
	for _, c := range []struct {
		op   string
		n    int
		want string
	}{
		{"Numbers", 0, "1 2 0 3 -1"},
		{"Numbers", 1, "1 2 0 3"},
		{"Numbers", 2, "1 2 0 -1"},
		{"Numbers", 3, "true false"},
		{"Texts", 0, `"a" "b" ""`},
		{"Texts", 1, "1m 59.999999999s 1m0.000000001s 0s"},
		{"Texts", 2, "t0 t0+1s t0-1s never"},
		{"Parts", 0, `{"a",1} {"b",1} {"",1} {"a",2} {"a",0} {"a",3} {"a",-1}`},
		{"Parts", 1, `&{"a",1} &{"b",1} &{"",1} &{"a",2} &{"a",0} &{"a",3} &{"a",-1} nil`},
		{"Parts", 2, "[1] [] [1,2] [1,2,0] nil"},
		{"Parts", 3, `{"a":true} nil`},
		{"Any", 0, `1 2 "a"`},
		{"Any", 1, "nil err1"},
		{"Waits", 0, "ctx ctx1 ctx+1s"},
		{"Calls", 0, "f f=err1 f:slow f:wait f:again f:panics f:Any f:Many"},
		{"More", 0, `["a"] [] ["a","b"] ["a","b",""] nil`},
		{"Many", 2, "1 2 0 3 -1"},
		{"receive", 0, "a1 a2 b1 b2 c1 c2"},
	} {
		if got := wordsOfParam(d, c.op, c.n); got != c.want {
			t.Errorf("%s, parameter %d:\ngot  %s\nwant %s", c.op, c.n+1, got, c.want)
		}
	}
	if got := wordsOfParam(d, "Many", 3); !strings.HasPrefix(got, "1,1,1 2,1,1 ") {
		t.Errorf("those that do not fit are %s", got)
	}
}

// TestOperations: which operations there are, and what is known of them.
func TestOperations(t *testing.T) {
	d := derived(t, Options{Once: []string{"Plain"}, Invariant: func(any) error { return nil }, End: func(any) {}})
	var names []string
	for _, o := range d.Kind.Ops {
		names = append(names, o.Name)
	}
	want := "+ Any Calls Close Gives Len Many More Numbers Parts Plain Texts Waits cancel release call receive invariant end"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for name, want := range map[string][2]bool{"Len": {true, false}, "Close": {false, true}, "Plain": {}, "Waits": {}} {
		v, _ := d.Kind.Op(name)
		if o := d.Kind.Ops[v]; o.Looks != want[0] || o.Ends != want[1] {
			t.Errorf("%s looks %v, ends %v", name, o.Looks, o.Ends)
		}
	}
	if d.Kind.Name != "derive.everything" || !d.Closes() {
		t.Errorf("the kind is %s, closes %v", d.Kind.Name, d.Closes())
	}
	end := d.Kind.End(kind.Config{}, nil)
	if last := end[len(end)-2]; d.Kind.Ops[last.Verb].Name != "end" {
		t.Errorf("it ends by %v", end)
	}
}

// TestOnce: a method that is to be called once is called once at most, though it ends the component, and there is an
// original to say what the second call does.
func TestOnce(t *testing.T) {
	for _, once := range []bool{true, false} {
		o, twice := Options{Original: true, Only: []string{"Close", "Plain"}}, false
		if once {
			o.Once = []string{"Close"}
		}
		d := derived(t, o)
		v, _ := d.Kind.Op("Close")
		source := d.Programs(1)
		for p := source.Next(); p != nil; p = source.Next() {
			n := 0
			for _, o := range p.Ops {
				if o.Verb == v {
					n++
				}
			}
			twice = twice || n > 1
		}
		if twice == once {
			t.Errorf("once %v: in some program it is called twice: %v", once, twice)
		}
	}
}

// TestOptionsThatAreWrong: each is said in a line that names it and helps.
func TestOptionsThatAreWrong(t *testing.T) {
	for _, c := range []struct {
		o    Options
		want string
	}{
		{Options{Without: []string{"Plan"}}, `Without("Plan"): derive.everything has no such method, it has Any, `},
		{Options{OneLane: [][]string{{"x"}}}, `OneLane("x"): derive.everything has no such method`},
		{Options{See: map[string]reflect.Value{"Len": reflect.ValueOf(func() int { return 1 })}}, `See("Len"): it needs a function of what`},
		{Options{Args: []Arg{{"Len", 1, nil}}}, `Arg("Len", 1): the method has 0 parameters`},
		{Options{Args: []Arg{{"Any", 1, []reflect.Value{reflect.ValueOf(7)}}, {"Any", 3, nil}}}, `Arg("Any", 3): the method has 2 parameters`},
		{Options{Wrong: "Lanes(0) is none"}, "Lanes(0) is none"},
		{Options{Waives: []kind.LawID{"X"}}, `there is no law "X"`},
		{Options{Of: []Of{{"End", reflect.TypeFor[int]()}}}, "End takes a function of a int, and the component is a derive.everything"},
		{Options{Only: []string{"Len"}, Without: []string{"Len"}}, "derive.everything has no method to call: Without and Only leave none of Any, "},
	} {
		_, err := New(reflect.TypeFor[everything](), c.o)
		if err == nil || !strings.HasPrefix(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("got  %v\nwant %s", err, c.want)
		}
	}
	if _, err := New(nil, Options{}); err == nil {
		t.Error("no type at all")
	}
	type unmade interface {
		Do(c chan<- struct{ x chan int }, w interface{ Write() })
	}
	_, err := New(reflect.TypeFor[unmade](), Options{})
	if err == nil || !strings.Contains(err.Error(), `sim.Without("Do")`) {
		t.Errorf("what cannot be made: %v", err)
	}
}

// TestText: what is made of an answer. Addresses are not in it, and times count from the beginning.
func TestText(t *testing.T) {
	type hidden struct{ _ chan int }
	zero := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	one := 1
	for _, c := range []struct {
		v    any
		want string
	}{
		{1, "1"}, {uint8(3), "3"}, {2.5, "2.5"}, {true, "true"}, {"a b", `"a b"`}, {nil, "nil"}, {2i, "(0+2i)"},
		{[]int{1, 2}, "[1 2]"}, {[]int(nil), "nil"}, {[2]bool{true}, "[true false]"},
		{map[string]int{"b": 2, "a": 1}, `map["a":1 "b":2]`},
		{Pair{"k", 1, 5}, `{"k" 1 5}`}, {&one, "&1"}, {&Pair{}, "*derive.Pair"}, {&struct{ A int }{7}, "&{7}"},
		{hidden{}, "derive.hidden"}, {func() {}, "func()"}, {make(chan int), "chanint"},
		{slices.Values([]int{4, 5}), "seq[4 5]"}, {slices.All([]string{"a", "b"}), `seq[0:"a" 1:"b"]`},
		{zero, "t0"}, {zero.Add(time.Minute), "t0+1m"}, {zero.Add(-time.Second), "t0-1s"}, {time.Time{}, "never"},
		{90 * time.Second, "1m30s"},
		{errors.New("no\nroom"), "no room"}, {errors.Join(errors.New("x"), context.Canceled), "context canceled"},
		{fmt.Errorf("lost\n\n%s", debug.Stack()), "lost"}, {debug.Stack(), `""…`}, {[]uintptr{1}, "[]uintptr"}, {[]byte("ab"), "[97 98]"},
		{strings.Repeat("x", 500), `"` + strings.Repeat("x", 399) + "…"},
	} {
		p := printer{zero: zero}
		p.value(reflect.ValueOf(c.v), 0)
		if got := string(p.b); got != c.want && !strings.HasPrefix(c.want, `"xxx`) {
			t.Errorf("%#v: got %s, want %s", c.v, got, c.want)
		}
	}
	for _, v := range []any{"a b#c", "\x00", Pair{Key: "a b"}} {
		if w := wordOf(reflect.ValueOf(v)); strings.ContainsAny(w, " #\x00") {
			t.Errorf("%q is no word", w)
		}
	}
}

// TestPrograms: the same seed gives the same programs, each another, and each a seed file that is read back.
func TestPrograms(t *testing.T) {
	d := derived(t, Options{OneLane: [][]string{{"Plain"}, {"More"}}, Last: []string{"Len"}, Lanes: 3, Calls: 2}, time.Second)
	a, b, seen := d.Programs(7), d.Programs(7), map[string]bool{}
	used := map[kind.Verb]int{}
	for range 500 {
		p := a.Next()
		text := p.String()
		if q := b.Next(); q.String() != text || seen[text] {
			t.Fatalf("not the same, or not another:\n%s\n%s", text, q)
		}
		seen[text] = true
		again, err := program.Parse("x", []byte(text), program.Names{Kinds: []*kind.Kind{d.Kind}})
		if err != nil || again.String() != text {
			t.Fatalf("%v in\n%s", err, text)
		}
		checkProgram(t, d, p)
		for _, o := range p.Ops {
			used[o.Verb]++
		}
	}
	for v := range d.Kind.Ops {
		if used[kind.Verb(v)] == 0 {
			t.Errorf("%s is never called", d.Kind.Ops[v].Name)
		}
	}
}

// checkProgram holds a program against what the options and the types say.
func checkProgram(t *testing.T, d *Derived, p *program.Program) {
	t.Helper()
	if len(p.Lanes()) > 3 {
		t.Errorf("more than three lanes:\n%s", p)
	}
	given, last, together := [26]int{}, 0, map[byte]int{}
	for at, o := range p.Ops {
		m := &d.methods[o.Verb]
		switch {
		case m.lane > 0 && o.Lane != 'a'+byte(m.lane-1):
			t.Errorf("%s by %c:\n%s", m.name, o.Lane, p)
		case last > 0 && !o.And && o.Verb != kind.Advance:
			t.Errorf("%s after the last:\n%s", m.name, p)
		case m.uses != nil && given[o.Args[0]/handles] <= int(o.Args[0]%handles):
			t.Errorf("a handle that nobody has:\n%s", p)
		}
		if m.last {
			last = at + 1
		}
		if len(m.gives) > 0 {
			given[o.Lane-'a'] += len(m.gives)
		}
		if !o.And {
			clear(together)
		}
		if together[o.Lane]++; o.Verb != kind.Advance && together[o.Lane] > 2 {
			t.Errorf("more than two calls of a lane:\n%s", p)
		}
	}
}

// TestCloser: what is recognized as the end of a component.
func TestCloser(t *testing.T) {
	for _, c := range []struct {
		name string
		f    any
		want bool
	}{
		{"Close", func() {}, true},
		{"Close", func() error { return nil }, true},
		{"Shutdown", func(context.Context) error { return nil }, true},
		{"Wait", func() {}, true},
		{"Stop", func(int) {}, false},
		{"Stop", func() bool { return true }, false},
		{"Closed", func() {}, false},
	} {
		if got := isCloser(c.name, reflect.TypeOf(c.f)); got != c.want {
			t.Errorf("%s %T: %v", c.name, c.f, got)
		}
	}
}

// TestBacks: a callback calls back what needs nothing, or else a method with the simplest arguments; without an
// original nothing.
func TestBacks(t *testing.T) {
	type keyed interface {
		Do(key string, f func())
		Forget(key string, times int)
	}
	for original, want := range map[bool]string{true: "f f:slow f:wait f:again f:panics", false: "f f:slow f:wait f:panics"} {
		d, err := New(reflect.TypeFor[keyed](), Options{Original: original})
		if err != nil {
			t.Fatal(err)
		}
		if got := wordsOfParam(d, "Do", 1); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if b := d.backs(); original && (len(b) != 1 || b[0].name+words(b[0].in, "(", ",", ")") != `Forget("a",1)`) {
			t.Errorf("it calls %+v", b)
		}
	}
}

// reads has methods that cannot be called as they are.
type reads interface {
	Load(from io.Reader) error
	Get(key string, opts ...io.Reader) int
	Save(to io.Writer) error
}

// TestUnmade: what cannot be called is named all at once; what comes at the end of a call can be left out.
func TestUnmade(t *testing.T) {
	_, err := New(reflect.TypeFor[reads](), Options{})
	if err == nil || !strings.Contains(err.Error(), `reads.Load cannot be called`) ||
		!strings.Contains(err.Error(), `sim.Without("Load", "Save") leaves out all`) {
		t.Error(err)
	}
	d, err := New(reflect.TypeFor[reads](), Options{Only: []string{"Get"}})
	if err != nil || wordsOfParam(d, "Get", 1) != "nil" {
		t.Error(err)
	}
}
