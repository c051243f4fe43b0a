package stress

import (
	"fmt"
	"slices"
	"time"

	"batchlab/impls/spec"
)

// Row is what one cell saw.
type Row struct {
	Kind        spec.Kind     `json:"kind"`
	Subject     string        `json:"subject"`
	Scenario    string        `json:"scenario"`
	Producers   int           `json:"producers"`
	Items       int           `json:"items"`               // Puts that returned; of a map, items that were Set
	Delivered   int           `json:"delivered,omitempty"` // to handlers
	Batches     int           `json:"batches,omitempty"`
	Breaches    []Breach      `json:"breaches,omitempty"`
	Known       []Breach      `json:"known,omitempty"` // breaches of laws in Options.Known
	Notes       []string      `json:"notes,omitempty"` // what could not be judged
	PeakBytes   uint64        `json:"peak_bytes"`      // growth of the heap during the cell's largest pass, sampled
	Elapsed     time.Duration `json:"elapsed_ns"`      // for information
	Hung        bool          `json:"hung,omitempty"`  // given up by the watchdog
	Skipped     bool          `json:"skipped,omitempty"`
	Interrupted bool          `json:"interrupted,omitempty"`
}

// ID is the subject as "kind/name".
func (r Row) ID() string { return string(r.Kind) + "/" + r.Subject }

func (r *Row) note(text string) {
	if !slices.Contains(r.Notes, text) {
		r.Notes = append(r.Notes, text)
	}
}

// Summary is what a run saw. It goes into an evidence file as JSON.
type Summary struct {
	Seed        uint64        `json:"seed"`
	Items       int           `json:"items"` // as asked for
	Race        bool          `json:"race"`  // the race detector was compiled in
	Rows        []Row         `json:"rows"`
	Elapsed     time.Duration `json:"elapsed_ns"`
	Interrupted bool          `json:"interrupted,omitempty"`
}

// Broken tells whether any cell broke a law that is not known, or a bound on memory.
func (s Summary) Broken() bool {
	return slices.ContainsFunc(s.Rows, func(r Row) bool { return len(r.Breaches) > 0 })
}

func mib(bytes uint64) string { return fmt.Sprintf("%.1f MiB", float64(bytes)/(1<<20)) }
