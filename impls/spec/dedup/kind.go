// Package dedup is the kind of the time-partitioned deduplication map. It puts the
// contract, the operations, the laws and the model together.
package dedup

import (
	"fmt"
	"time"

	"batchlab/impls/spec"
	"batchlab/impls/spec/judge"
	"batchlab/sim/kind"
)

// Limits of the settings.
const (
	MaxBucket = 1_000 * time.Hour  // length of a bucket
	MaxWindow = 20_000 * time.Hour // of all buckets together
)

// Kind is the kind.
var Kind = &kind.Kind{
	Name: string(spec.KindDedup),
	Settings: []kind.Setting{
		{
			Name: "bucket", Form: kind.Duration, Min: 2, Max: int64(MaxBucket), Unit: true,
			Simplest: []int64{int64(time.Second)},
			Draws: []int64{
				int64(time.Millisecond), int64(10 * time.Millisecond), int64(99 * time.Millisecond), int64(100 * time.Millisecond),
				int64(101 * time.Millisecond),
				int64(time.Second), int64(time.Second), int64(10 * time.Second), int64(time.Minute),
			},
		},
		{Name: "buckets", Form: kind.Count, Min: 1, Max: spec.MaxBuckets, Simplest: []int64{1, 2, 3},
			Draws: []int64{1, 2, 3, 3, 5, 10}},
	},
	Ops: []kind.Operation{
		{Name: kind.Time.Name, Params: kind.Time.Params, Scene: 2, Beside: 2},
		{Name: "get", Lane: true, Params: []kind.Param{key(spec.ArgMore), more}, Answer: found, Beside: 2},
		{Name: "set", Lane: true, Params: []kind.Param{key(spec.ArgMoreOf),
			{Name: "value", Form: kind.Named, Letter: 'v', Max: spec.MaxKey}, more}, Always: true, Scene: 3, Beside: 2},
		{Name: "close", Lane: true, Rare: true, Beside: 1},
		{Name: "delete", Lane: true, Params: []kind.Param{key(spec.ArgMore), more}, Scene: 1, Beside: 1},
		{Name: "count", Lane: true, Answer: counted, Beside: 1},
	},
	Laws:   spec.LawsOf(spec.KindDedup),
	Dated:  true,
	Atomic: spec.Linearizable,

	Marks: func(c kind.Config) []time.Duration {
		b, n := c.D(spec.SetBucket), time.Duration(c.N(spec.SetBuckets))
		return []time.Duration{b, b, max(b/2, 1), max(b/10, spec.MinRefresh), b * n, b * (n - 1), b*n + b/2, 3 * time.Hour}
	},
	Periods: func(c kind.Config) []time.Duration {
		m := spec.MapOf(c)
		return []time.Duration{m.Cleanup(), m.Refresh()}
	},
	Stops: func(c kind.Config) []time.Duration {
		m := spec.MapOf(c)
		return []time.Duration{m.Refresh(), m.Cleanup()}
	},
	Fault: func(c kind.Config) string {
		if m := spec.MapOf(c); m.Bucket > MaxWindow/time.Duration(m.Buckets) {
			return fmt.Sprintf("bucket times buckets must be at most %v", MaxWindow)
		}
		return ""
	},
	End:     end,
	Lighter: lighter,

	Code: spec.CodeOf(spec.KindDedup),

	Audit: judge.Audit,
	Model: judge.Model,
}

func key(more int) kind.Param {
	return kind.Param{Name: "key", Form: kind.Named, Letter: 'k', Max: spec.MaxKey, More: more}
}

// more counts the keys of a range beyond the first.
var more = kind.Param{Name: "key", Form: kind.Count, Max: spec.MaxKey}

func found(e *kind.Event) string {
	switch e.Outcome {
	case kind.Yes:
		return fmt.Sprintf("v%d", e.Val)
	case kind.No:
		return "none"
	}
	return ""
}

func counted(e *kind.Event) string {
	if e.Outcome == kind.OK {
		return fmt.Sprint(e.Val)
	}
	return ""
}

// end moves time past the end of every entry, counts, and closes. For a map whose
// operations run together time stands still: its ticks would be most of each of many
// runs, and what expires is seen in sequential programs.
func end(c kind.Config, ops []kind.Op) []kind.Op {
	var list []kind.Op
	if m := spec.MapOf(c); !kind.Together(ops) {
		list = append(list, kind.Move(m.Window()+m.Bucket))
	}
	return append(list, kind.Op{Verb: spec.Count, Lane: kind.LabLane}, kind.Op{Verb: spec.Close, Lane: kind.LabLane})
}

// lighter has fewer buckets, or longer ones.
func lighter(c kind.Config) kind.Config {
	if n := c.Values[spec.SetBuckets]; n > 1 {
		c.Values[spec.SetBuckets] = n / 2
	} else {
		c.Values[spec.SetBucket] *= 2
	}
	return c
}
