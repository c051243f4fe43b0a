package program

import (
	"slices"
	"strings"
	"testing"
	"time"

	"batchlab/impls/spec"
	"batchlab/impls/spec/batcher"
	"batchlab/impls/spec/dedup"
	"batchlab/impls/spec/dedupbatcher"
	"batchlab/sim/kind"
)

// kinds are those of the case study, which the package itself does not know.
var kinds = []*kind.Kind{batcher.Kind, dedup.Kind, dedupbatcher.Kind}

// anybody is what a seed file may speak of if nobody looks at subjects and laws.
var anybody = Names{Kinds: kinds, AnyLaw: true}

// putting reports whether the kind is one of batchers: it hands items over.
func putting(k *kind.Kind) bool { return k != dedup.Kind }

// batching is a configuration of a batcher, and tabling one of a map.
func batching(size int64, timeout time.Duration, background bool) Config {
	c := Config{Values: [kind.MaxValues]int64{size, int64(timeout)}}
	if background {
		c.Values[spec.SetMode] = 1
	}
	return c
}

func tabling(bucket time.Duration, buckets int64) Config {
	return Config{Values: [kind.MaxValues]int64{int64(bucket), buckets}}
}

// at is the same at another time.
func at(epoch time.Duration, c Config) Config {
	c.Epoch = epoch
	return c
}

// call is a call of a lane, with its arguments.
func call(lane byte, v kind.Verb, args ...int64) Op {
	o := Op{Verb: v, Lane: lane}
	copy(o.Args[:], args)
	return o
}

// puts is a put of some items without keys.
func puts(lane byte, n int64) Op { return call(lane, spec.Put, 0, n) }

// handler tells handlers what to do.
func handler(mode int64, takes time.Duration) Op {
	return Op{Verb: spec.Handler, Args: kind.Args{mode, int64(takes)}}
}

// beside is the operation run together with the one before it.
func beside(o Op) Op {
	o.And = true
	return o
}

// items is how many items an operation hands over.
func items(p *Program, o Op) int {
	if !p.Kind.Ops[o.Verb].Hands {
		return 0
	}
	return int(o.Args[spec.ArgN])
}

// uses reports whether handlers are told to do that.
func uses(p *Program, mode int64) bool {
	return putting(p.Kind) && slices.ContainsFunc(p.Ops, func(o Op) bool {
		return o.Verb == spec.Handler && o.Args[0] == mode
	})
}

// ops reads operations separated by '|' for a header of four lines.
func ops(t *testing.T, header, text string) *Program {
	t.Helper()
	p, err := Parse("x", []byte(header+strings.ReplaceAll(text, "|", "\n")+"\n"), anybody)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func picture(p *Program) string {
	var list []string
	for _, o := range p.Ops {
		list = append(list, OpText(p.Kind, o))
	}
	return strings.Join(list, "|")
}

func has(p *Program, is func(Op) bool) bool { return slices.ContainsFunc(p.Ops, is) }
