package bench

import (
	"math"
	"runtime"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// Sample is what one turn of a row measured.
type Sample struct {
	Ops    int     // operations, or items
	Values []Value // in the order in which they are printed
}

// Value is a figure with its unit, as in a line of Go's benchmarks.
type Value struct {
	Unit  string
	Value float64
}

// The units.
const (
	NsPerOp      = "ns/op"      // time that passed
	CPUPerOp     = "cpu-ns/op"  // processor time of the whole process
	BytesPerOp   = "B/op"       // allocated, by all goroutines
	AllocsPerOp  = "allocs/op"  // the same, in number
	ItemsPerSec  = "items/s"    //
	BytesPerKey  = "live-B/key" // heap that a key takes which is in the map
	P50, P90     = "p50-ns", "p90-ns"
	P95, P99     = "p95-ns", "p99-ns"
	P999, MaxLat = "p99.9-ns", "max-ns"
)

// Quantiles are the latencies that are reported, by their unit, in percent.
var Quantiles = []struct {
	Unit    string
	Percent float64
}{{P50, 50}, {P90, 90}, {P95, 95}, {P99, 99}, {P999, 99.9}, {MaxLat, 100}}

// meter adds up what a row costs.
type meter struct {
	wanted time.Duration // of measured time

	ops           int
	elapsed, cpu  time.Duration
	mallocs, size uint64
	extra         []Value
	latency       *hdrhistogram.Histogram // in nanoseconds; nil if nobody asked

	before   runtime.MemStats
	cpuThen  time.Duration
	timeThen time.Time
}

// more reports whether there has been no work yet, or less than wanted.
func (m *meter) more() bool { return m.ops == 0 || m.elapsed < m.wanted }

// mostPrepared is how often at most something is done that takes much longer to prepare
// than to do.
const mostPrepared = 5

// prepared repeats a run that prepares what it measures.
func (m *meter) prepared(run func() error) error {
	for i := 0; i < mostPrepared && m.more(); i++ {
		if err := run(); err != nil {
			return err
		}
	}
	return nil
}

// timed measures f, which performs so many operations.
func (m *meter) timed(ops int, f func()) {
	m.begin()
	f()
	m.end(ops, time.Since(m.timeThen))
}

// begin and end measure what is between them, as timed does, where only a part of
// that is the time of the operations.
func (m *meter) begin() {
	runtime.ReadMemStats(&m.before)
	m.cpuThen = processorTime()
	m.timeThen = time.Now()
}

func (m *meter) end(ops int, elapsed time.Duration) {
	m.cpu += processorTime() - m.cpuThen
	var after runtime.MemStats
	runtime.ReadMemStats(&after)
	m.ops += ops
	m.elapsed += elapsed
	m.mallocs += after.Mallocs - m.before.Mallocs
	m.size += after.TotalAlloc - m.before.TotalAlloc
}

// Latencies are kept to three digits, from a nanosecond to 100 seconds.
const (
	longestLatency = int64(100 * time.Second)
	latencyDigits  = 3
)

// histogram returns the histogram for latencies, and makes it when it is asked for
// first, outside of what is measured.
func (m *meter) histogram() *hdrhistogram.Histogram {
	if m.latency == nil {
		m.latency = hdrhistogram.New(1, longestLatency, latencyDigits)
	}
	return m.latency
}

// sample is what was measured.
func (m *meter) sample() Sample {
	per := func(total float64) float64 { return total / float64(m.ops) }
	ns := per(float64(m.elapsed))
	s := Sample{Ops: m.ops, Values: []Value{{NsPerOp, ns}}}
	if cpu := per(float64(m.cpu)); cpu > 0 {
		s.Values = append(s.Values, Value{CPUPerOp, cpu})
	}
	// As Go has it, a fraction of an allocation counts: with a batch of 100, one slice is 0.01.
	s.Values = append(s.Values,
		Value{BytesPerOp, per(float64(m.size))}, Value{AllocsPerOp, per(float64(m.mallocs))},
		Value{ItemsPerSec, math.Round(float64(time.Second) / ns)})
	s.Values = append(s.Values, m.extra...)
	if m.latency != nil {
		for _, q := range Quantiles {
			s.Values = append(s.Values, Value{q.Unit, float64(m.latency.ValueAtQuantile(q.Percent))})
		}
	}
	return s
}

// start of the process, more or less: what latencies are measured from.
var start = time.Now()

func now() int64 { return int64(time.Since(start)) }
