package spec

import (
	"fmt"
	"slices"

	"github.com/benbjohnson/clock"

	"batchlab/sim/kind"
)

// Kind says which contract a subject stands behind.
type Kind string

// The kinds, spelled as in the "subject:" line of a seed file.
const (
	KindBatcher      Kind = "batcher"       // items into batches: Batcher
	KindDedup        Kind = "dedup"         // the time-partitioned deduplication map: Map
	KindDedupBatcher Kind = "dedup-batcher" // a batcher that drops what it has seen: Batcher
)

// Kinds lists every kind, in the order in which reports show them.
var Kinds = []Kind{KindBatcher, KindDedup, KindDedupBatcher}

// Lease says how long the slice given to a handler belongs to it.
type Lease int

const (
	// ForEver means that the slice is the handler's to keep.
	ForEver Lease = iota
	// UntilReturn means that the subject takes the slice back when the handler
	// returns, as BatcherWithPool does.
	UntilReturn
)

// Subject is one implementation under test. Exactly one of NewBatcher and NewMap
// is set, as Kind demands.
type Subject struct {
	Name string // as in "expect:" lines and reports: lower case, digits, '-'
	Kind Kind

	NewBatcher func(BatcherConfig, clock.Clock, func(batch []*Item)) Batcher
	NewMap     func(MapConfig, clock.Clock) Map

	// Lease is how long a batch's slice stays untouched. Batchers only.
	Lease Lease
	// Clockless marks a subject that ignores the clock it is given and uses
	// package time. It runs on the time of the bubble, which starts at
	// midnight UTC 2000-01-01, instead of on a mock.
	Clockless bool
	// LawsOnly marks a component that is not meant to be the baseline's equal:
	// the laws judge it, the exact model does not. Under schedules it is compared with
	// itself, one call at a time, unless it waives Linearizable (a map) or SameHistory.
	LawsOnly bool
	// Waives are laws that the component does not promise.
	Waives []Law
}

// Validate reports what is wrong with the row, as an error that names it.
func (s Subject) Validate() error {
	switch {
	case s.Name == "":
		return fmt.Errorf("subject: a subject has no name (kind %q)", s.Kind)
	case s.Kind != KindBatcher && s.Kind != KindDedup && s.Kind != KindDedupBatcher:
		return fmt.Errorf("subject %s: unknown kind %q, want one of %v", s.Name, s.Kind, Kinds)
	case s.Kind == KindDedup && (s.NewMap == nil || s.NewBatcher != nil):
		return fmt.Errorf("subject %s: kind %s needs NewMap and nothing else", s.Name, s.Kind)
	case s.Kind != KindDedup && (s.NewBatcher == nil || s.NewMap != nil):
		return fmt.Errorf("subject %s: kind %s needs NewBatcher and nothing else", s.Name, s.Kind)
	}
	for _, id := range s.Waives {
		if !slices.ContainsFunc(slices.Concat(LawsOf(s.Kind), kind.Universal), func(l kind.Law) bool { return l.ID == id }) {
			return fmt.Errorf("subject %s: kind %s has no law %q to waive", s.Name, s.Kind, id)
		}
	}
	return nil
}
