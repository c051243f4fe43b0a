package bench

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"batchlab/impls/spec"
)

// Scenario is a workload for the implementations of one kind.
type Scenario struct {
	Kind spec.Kind
	Name string // "bursty"
	Keys string // what else is fixed, as in "producers=8"; keys are separated by '/'
	What string // one line for people

	// Paced says that items come when they come: the work takes as long as the pace
	// wants, and processor time and latency are what can differ.
	Paced bool
	// Unit is the figure by which rivals are compared: time, or where the time is not
	// theirs, processor time.
	Unit string
	// Ours says that only implementations of the registry can run it, for it needs a clock
	// that can be moved.
	Ours bool
	// Limit is the name of what bounds it, or "": see LockedAppend and BareMap.
	Limit string

	run func(s spec.Subject, m *meter) error
}

// functions are the names of the kinds, as Go would name their benchmarks.
var functions = map[spec.Kind]string{
	spec.KindBatcher:      "Batcher",
	spec.KindDedup:        "Map",
	spec.KindDedupBatcher: "DedupBatcher",
}

// Row is the name of an implementation's row.
func (s Scenario) Row(impl string) string {
	name := functions[s.Kind] + "/impl=" + impl + "/scenario=" + s.Name
	if s.Keys != "" {
		name += "/" + s.Keys
	}
	return name
}

// ID names the scenario among all: "Batcher/bursty/producers=8".
func (s Scenario) ID() string {
	return strings.TrimSuffix(functions[s.Kind]+"/"+s.Name+"/"+s.Keys, "/")
}

// Scenarios returns every scenario, in the order in which they are run.
func Scenarios() []Scenario {
	return slices.Concat(batcherScenarios(), mapScenarios(), dedupScenarios())
}

// Select returns the scenarios that have one of the given names, with or without
// kind and keys; no names mean all.
func Select(names []string) ([]Scenario, error) {
	all := Scenarios()
	if len(names) == 0 {
		return all, nil
	}
	for _, n := range names {
		if !slices.ContainsFunc(all, func(s Scenario) bool { return s.is(n) }) {
			return nil, fmt.Errorf("unknown scenario %q, want one of %s", n, strings.Join(Names(), ", "))
		}
	}
	return slices.DeleteFunc(all, func(s Scenario) bool { return !slices.ContainsFunc(names, s.is) }), nil
}

func (s Scenario) is(name string) bool {
	return name == s.Name || name == s.ID() || name == functions[s.Kind] || name == functions[s.Kind]+"/"+s.Name
}

// Names lists the names of the scenarios, without their keys.
func Names() []string {
	var names []string
	for _, s := range Scenarios() {
		if n := functions[s.Kind] + "/" + s.Name; !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	return names
}

// ByID returns the scenario with the given ID. One that there is no more, of an older file,
// has a unit and nothing else.
func ByID(id string) (Scenario, bool) {
	for _, s := range Scenarios() {
		if s.ID() == id {
			return s, true
		}
	}
	return Scenario{Unit: NsPerOp}, false
}

// find returns the scenario and the implementation of a row's name.
func find(row string, subjects []spec.Subject) (Scenario, spec.Subject, error) {
	for _, sc := range Scenarios() {
		for _, s := range slices.Concat(subjects, limits) {
			if s.Kind == sc.Kind && sc.Row(s.Name) == row {
				return sc, s, nil
			}
		}
	}
	return Scenario{}, spec.Subject{}, fmt.Errorf("no row %q", row)
}

func batcherScenarios() []Scenario {
	rows := []Scenario{}
	add := func(name, keys, what string, paced bool, run func(spec.Subject, *meter) error) {
		unit, limit := NsPerOp, ""
		if name == "put" {
			limit = LockedAppend
		}
		if paced {
			unit = CPUPerOp
		}
		rows = append(rows, Scenario{
			Kind: spec.KindBatcher, Name: name, Keys: keys, What: what, Paced: paced, Unit: unit, Limit: limit, run: run,
		})
	}
	for _, p := range []int{1, 2, 64} {
		w := stream{size: 100, timeout: time.Hour, producers: p, items: 100_000}
		add("put", fmt.Sprintf("producers=%d", p), "items as fast as Put takes them, batches of 100, a handler that counts "+
			"them", false, w.run)
	}
	for _, size := range []int{1, 10} {
		w := stream{size: size, timeout: time.Second, producers: 1, items: 20_000}
		add("worker", fmt.Sprintf("size=%d", size), "small batches: what a cycle of the worker costs, its timer included",
			false, w.run)
	}
	light := pace{size: 8, timeout: time.Millisecond, producers: 1, burst: 1, every: 250 * time.Microsecond, times: 800}
	add("light", "", "an item every 250µs, batches that mostly leave by the timer of 1ms", true, light.run)
	heavy := stream{size: 1000, timeout: 10 * time.Millisecond, producers: 1, items: 200_000, latency: true}
	add("heavy", "", "a stream without a pause, batches of 1000", false, heavy.run)
	for _, p := range []int{1, 8} {
		w := pace{size: 100, timeout: time.Millisecond, producers: p, burst: 256 / p, every: 2 * time.Millisecond, times: 100}
		add("bursty", fmt.Sprintf("producers=%d", p), "256 items every 2ms, batches of 100, a timer of 1ms", true, w.run)
	}
	for _, p := range []int{1, 8, 64, 1000} {
		w := stream{size: 100, timeout: 5 * time.Millisecond, producers: p, items: 100_000, latency: true}
		add("high-concurrency", fmt.Sprintf("producers=%d", p), "many goroutines that put without a pause, batches of 100",
			false, w.run)
	}
	return rows
}

func mapScenarios() []Scenario {
	var rows []Scenario
	unit := NsPerOp
	add := func(w mapWork, name, keys, what string, run func(spec.Subject, *meter) error, ours bool) {
		keys = strings.TrimSuffix(fmt.Sprintf("buckets=%d/keys=%d/%s", w.buckets, w.keys, keys), "/")
		rows = append(rows, Scenario{
			Kind: spec.KindDedup, Name: name, Keys: keys, What: what, Ours: ours, Unit: unit, Limit: w.limit(name),
			run: run,
		})
	}
	// A bucket holds so many keys that the caches of a processor count, and once so few
	// that they do not.
	for _, w := range []mapWork{{buckets: 1, keys: 1000}, {buckets: 10, keys: 1000}, {buckets: 60, keys: 1000},
		{buckets: 60, keys: 100}} {
		n := w.buckets
		add(w, "get-newest", "", "Get of keys in the newest bucket", w.reads(n-1, n, get, true), false)
		add(w, "get-spread", "", "Get of keys spread evenly over the buckets", w.reads(0, n, get, true), false)
		add(w, "get-miss", "", "Get of keys that are not there", w.reads(n, 2*n, get, false), false)
		add(w, "set-duplicate", "", "Set of keys that are there, spread evenly", w.reads(0, n, set, false), false)
		add(w, "set-new", "", "Set of new keys into the newest bucket", w.setNew, false)
		if w.buckets > 1 {
			add(w, "fill", "", "Set of new keys, one bucket after another; memory per live key", w.fill, true)
		}
	}
	busy := mapWork{buckets: 60, keys: 1000, goroutines: 8}
	add(busy, "get-spread", "goroutines=8", "the same from eight goroutines", busy.reads(0, 60, get, true), false)
	add(busy, "set-duplicate", "goroutines=8", "the same from eight goroutines", busy.reads(0, 60, set, false), false)
	add(busy, "set-new", "goroutines=8", "the same from eight goroutines", busy.setNew, false)
	unit = CPUPerOp
	for _, b := range []int{1, 10, 60} {
		w := mapWork{buckets: b, keys: 1000}
		add(w, "expire", "", "nine Gets for each Set of a new key, while a bucket expires", w.expire, true)
	}
	return rows
}

func dedupScenarios() []Scenario {
	var rows []Scenario
	for _, w := range []dedupWork{
		{duplicates: 0, producers: 1}, {duplicates: 50, producers: 1}, {duplicates: 90, producers: 1},
		{duplicates: 99, producers: 1}, {duplicates: 90, producers: 8},
	} {
		rows = append(rows, Scenario{
			Kind: spec.KindDedupBatcher, Name: "duplicates",
			Keys: fmt.Sprintf("percent=%d/producers=%d", w.duplicates, w.producers),
			What: "so many percent of the items are duplicates, over 60 buckets of 1000 keys each",
			Ours: true, Unit: NsPerOp, run: w.run,
		})
	}
	return rows
}
