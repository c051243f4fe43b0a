package stress

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"batchlab/impls/spec"
)

const (
	// MaxItems is the most items that one cell can be asked for. The lab keeps
	// about twelve bytes an item, and a cell has to end within one window.
	MaxItems = 10_000_000
	// MaxProducers is the most producers that a cell can have.
	MaxProducers = 256
	// DefaultWatchdog is how long nothing may happen before G2-progress is broken.
	DefaultWatchdog = 60 * time.Second
)

// DefaultProducers are the numbers of producers of the full matrix.
var DefaultProducers = []int{1, 8, 64}

// Options says what to run. Items and Subjects are needed, the rest has defaults.
type Options struct {
	// Items is how many items go through each cell, all producers together, from
	// 1 to MaxItems. The light scenario uses at most LightItems of them.
	Items     int
	Subjects  []spec.Subject `json:"-"`
	Scenarios []string       // names; nil means those that add something for a subject's kind
	Producers []int          // each from 1 to MaxProducers; nil means DefaultProducers
	Seed      uint64         // of keys and pauses

	// Known lists, by "kind/name", laws that a subject is known to break. Breaches of
	// them are counted in Row.Known and do not make the Summary broken.
	Known map[string][]spec.Law
	// Progress, if not nil, is called after each cell with the cells done, the
	// cells in all, and "kind/name scenario producers".
	Progress func(done, total int, label string) `json:"-"`

	// Watchdog is how long nothing may happen; 0 means DefaultWatchdog.
	Watchdog time.Duration
	// MemorySlack is the fixed part, in bytes, of the bound on the peak of the
	// heap; 0 means DefaultMemorySlack. The other part follows from the cell: see
	// peakBound and retainedBound in memory.go.
	MemorySlack uint64
}

// Validate reports the first thing wrong, on one line, before anything runs.
func (o Options) Validate() error {
	switch {
	case o.Items < 1 || o.Items > MaxItems:
		return fmt.Errorf("stress: items is %d, want 1 to %d", o.Items, MaxItems)
	case len(o.Subjects) == 0:
		return fmt.Errorf("stress: no subjects")
	case o.Watchdog < 0:
		return fmt.Errorf("stress: watchdog is %v, want more than 0, or 0 for %v", o.Watchdog, DefaultWatchdog)
	case o.MemorySlack > math.MaxInt64:
		return fmt.Errorf("stress: memory slack is %d bytes, want at most %d", o.MemorySlack, int64(math.MaxInt64))
	}
	for _, s := range o.Subjects {
		if err := s.Validate(); err != nil {
			return fmt.Errorf("stress: %w", err)
		}
	}
	for _, name := range o.Scenarios {
		if !slices.Contains(ScenarioNames(), name) {
			return fmt.Errorf("stress: unknown scenario %q, want one of %s", name, strings.Join(ScenarioNames(), ", "))
		}
	}
	for _, p := range o.Producers {
		if p < 1 || p > MaxProducers {
			return fmt.Errorf("stress: producers is %d, want 1 to %d", p, MaxProducers)
		}
	}
	return nil
}

// cells lists the matrix in the order in which it runs: of each subject the scenarios that
// were asked for, or those that add something for its kind.
func (o Options) cells() []cell {
	if o.Producers == nil {
		o.Producers = DefaultProducers
	}
	o.Watchdog = cmp.Or(o.Watchdog, DefaultWatchdog)
	o.MemorySlack = cmp.Or(o.MemorySlack, DefaultMemorySlack)
	var cells []cell
	for _, s := range o.Subjects {
		for _, sc := range scenarios {
			if o.Scenarios != nil && !slices.Contains(o.Scenarios, sc.name) || o.Scenarios == nil && sc.except == s.Kind {
				continue
			}
			for _, p := range o.Producers {
				cells = append(cells, cell{&o, s, sc, p, min(o.Items, sc.maxItems)})
			}
		}
	}
	return cells
}

// id is how a subject is named in reports and in Options.Known.
func id(s spec.Subject) string { return string(s.Kind) + "/" + s.Name }

// Known lists what the baseline of package impls is known to break, for
// [Options.Known]. The package comment says why.
func Known() map[string][]spec.Law {
	return map[string][]spec.Law{
		"dedup/baseline":         {spec.OneWinner, spec.CountLaw},
		"dedup-batcher/baseline": {spec.OncePerWindow},
	}
}
