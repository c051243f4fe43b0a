package spec

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"batchlab/sim/kind"
)

// What programs are in Go: see kind.Code. The names are those of package impls/batcher.

// CodeOf is how programs of a kind are spelled.
func CodeOf(k Kind) func(kind.Config, string, []kind.Op) kind.Code {
	return func(c kind.Config, subject string, ops []kind.Op) kind.Code {
		code := kind.Code{Package: "batcher_test", Imports: []string{"time", "batchlab/impls/batcher",
			"github.com/benbjohnson/clock"}, Calls: make([]string, len(ops))}
		if k == KindDedup {
			code.Setup = beginMap(c, subject)
		} else {
			beginBatcher(&code, k, c, subject, ops)
		}
		for i, o := range ops {
			if k == KindDedup {
				code.Calls[i] = callMap(subject, o)
			} else {
				code.Calls[i] = callBatcher(k, subject, o)
			}
			if strings.Contains(code.Calls[i], "fmt.") && !slices.Contains(code.Imports, "fmt") {
				code.Imports = append(code.Imports, "fmt")
			}
		}
		return code
	}
}

// mocked begins a program's clock.
func mocked(c kind.Config) []string {
	return []string{"clk := clock.NewMock()", fmt.Sprintf("clk.Set(time.Unix(0, %d))", c.Epoch)}
}

// constructors of maps and batchers, by kind and subject.
var constructors = map[Kind]map[string]string{
	KindBatcher: {"baseline": "New", "optimized": "NewOptimized", "pooled": "NewWithPool", "direct": "NewDirect",
		"direct-pooled": "NewDirectWithPool"},
	KindDedup: {"baseline": "NewTimePartitionedMap", "optimized": "NewTimePartitionedMapOptimized",
		"direct": "NewTimePartitionedMapDirect"},
	KindDedupBatcher: {"baseline": "NewWithDeduplication", "optimized": "NewWithDeduplicationOptimized",
		"direct": "NewWithDeduplicationDirect"},
}

func constructorOf(k Kind, subject string) string {
	return cmp.Or(constructors[k][subject], constructors[k]["baseline"])
}

func beginMap(c kind.Config, subject string) []string {
	cfg := MapOf(c)
	return append(mocked(c), fmt.Sprintf("m := batcher.%s[int, int](%s, %d, batcher.WithClock(clk))",
		constructorOf(KindDedup, subject), goDuration(cfg.Bucket), cfg.Buckets), "defer m.Close()")
}

func callMap(subject string, o kind.Op) string {
	optimized := ""
	if subject == "optimized" { // it has the old methods beside the new ones
		optimized = "Optimized"
	}
	key, more := fmt.Sprint(o.Args[ArgKey]), o.Args[ArgMore]
	if o.Verb == Set {
		more = o.Args[ArgMoreOf]
	}
	if more > 0 && (o.Verb == Get || o.Verb == Set || o.Verb == Delete) {
		key = "key"
	}
	text := ""
	switch o.Verb {
	case kind.Advance:
		return "clk.Add(" + goDuration(o.Moved()) + ")"
	case Get:
		text = fmt.Sprintf("m.Get%s(%s)", optimized, key)
	case Set:
		text = fmt.Sprintf("m.Set%s(%s, %d)", optimized, key, o.Args[ArgValue])
	case Delete:
		text = fmt.Sprintf("m.Delete(%s)", key)
	case Count:
		text = "m.Count()"
	case Close:
		return "m.Close()"
	}
	text = fmt.Sprintf("t.Log(\"%c:\", fmt.Sprint(%s))", o.Lane, text)
	if key == "key" {
		return fmt.Sprintf("for key := %d; key <= %d; key++ {\n%s\n}", o.Args[ArgKey], o.Args[ArgKey]+more, text)
	}
	return text
}

func beginBatcher(code *kind.Code, k Kind, c kind.Config, subject string, ops []kind.Op) {
	cfg := BatcherOf(c)
	item := "int"
	if k == KindBatcher {
		item = "item"
		code.Decls = []string{"type item struct{ mine bool } // mine: a handler put it"}
	}
	setup := mocked(c)
	if slices.ContainsFunc(ops, func(o kind.Op) bool { return o.Verb == Handler }) {
		code.Imports = append(code.Imports, "sync/atomic")
		setup = append(setup, fmt.Sprintf("var b *batcher.%s", typeOf(k, subject, item)))
		setup = append(setup, handlers(k, subject, item)...)
		setup = append(setup, "b = ")
	} else {
		setup = append(setup, fmt.Sprintf("handle := func(batch []*%s) { t.Log(\"handler:\", len(batch)) }", item), "b := ")
	}
	if slices.ContainsFunc(ops, func(o kind.Op) bool { return o.Verb == Release }) {
		setup = append(setup[:len(setup)-1:len(setup)-1], "release := func() { close(*gate.Swap(new(make(chan struct{})))) }",
			setup[len(setup)-1])
	}
	setup[len(setup)-1] += fmt.Sprintf("batcher.%s(%d, %s, handle, %t, batcher.WithClock(clk))", constructorOf(k, subject),
		cfg.Size, goDuration(cfg.Timeout), cfg.Background)
	code.Setup = append(setup, "defer b.Close()")
}

// handlers is a handler that does what it is told to.
func handlers(k Kind, subject, item string) []string {
	puts := "if batch[0] != nil && !batch[0].mine {\nb.Put(&item{mine: true})\n}"
	switch {
	case k == KindDedupBatcher:
		puts = fmt.Sprintf("if key := *batch[0]; key <= %d {\nb.Put(new(key + %[1]d + 1))\n}", MaxKey)
	case subject == "optimized":
		puts = strings.Replace(puts, "Put(", "PutOptimized(", 1)
	}
	return []string{
		"var mode atomic.Value // what the handler does: returns, takes, blocks, puts, panics",
		`mode.Store("returns")`,
		"var takes atomic.Int64",
		"var gate atomic.Pointer[chan struct{}] // where it blocks",
		"gate.Store(new(make(chan struct{})))",
		fmt.Sprintf("handle := func(batch []*%s) {", item),
		`t.Log("handler begins:", len(batch))`,
		"switch mode.Load() {",
		`case "takes":`, "clk.Sleep(time.Duration(takes.Load()))",
		`case "blocks":`, "<-*gate.Load()",
		`case "puts":`, puts,
		`case "panics":`, `panic("as the program says")`, "}",
		`t.Log("handler ends")`, "}",
	}
}

// typeOf is the type that a constructor makes.
func typeOf(k Kind, subject, item string) string {
	names := map[string]string{"pooled": "BatcherWithPool", "direct": "BatcherDirect", "direct-pooled": "BatcherDirect"}
	name := "Batcher"
	if k == KindDedupBatcher {
		name = "BatcherWithDedup"
		names = map[string]string{"optimized": "BatcherWithDedupOptimized", "direct": "BatcherWithDedupDirect"}
	}
	return cmp.Or(names[subject], name) + "[" + item + "]"
}

func callBatcher(k Kind, subject string, o kind.Op) string {
	switch o.Verb {
	case kind.Advance:
		return "clk.Add(" + goDuration(o.Moved()) + ")"
	case Put:
		put, item := "Put", "&item{}"
		if subject == "optimized" && k == KindBatcher {
			put = "PutOptimized"
		}
		switch {
		case o.Args[ArgItem] == kind.NilArg:
			item = "nil"
		case k == KindDedupBatcher:
			item = fmt.Sprintf("new(%d)", o.Args[ArgItem])
		}
		if n := o.Args[ArgN]; n > 1 {
			return fmt.Sprintf("for range %d {\nb.%s(%s)\n}", n, put, item)
		}
		return fmt.Sprintf("b.%s(%s)", put, item)
	case Trigger:
		return "b.Trigger()"
	case Close:
		return "b.Close()"
	case Handler:
		modes := [...]string{Returns: "returns", Takes: "takes", Blocks: "blocks", Puts: "puts", Panics: "panics"}
		text := fmt.Sprintf("mode.Store(%q)", modes[o.Args[ArgMode]])
		if o.Args[ArgMode] == Takes {
			text = fmt.Sprintf("takes.Store(int64(%s))\n%s", goDuration(o.D(ArgTakes)), text)
		}
		return text
	case Release:
		return "release()"
	}
	return ""
}

// goDuration spells a duration in Go.
func goDuration(d time.Duration) string {
	for _, u := range []struct {
		unit time.Duration
		name string
	}{{time.Hour, "Hour"}, {time.Minute, "Minute"}, {time.Second, "Second"}, {time.Millisecond, "Millisecond"}} {
		if d >= u.unit && d%u.unit == 0 {
			return fmt.Sprintf("%d*time.%s", d/u.unit, u.name)
		}
	}
	return fmt.Sprintf("%d*time.Nanosecond", d)
}
