package impls

import (
	"batchlab/impls/spec"
	"batchlab/impls/spec/batcher"
	"batchlab/impls/spec/dedup"
	"batchlab/impls/spec/dedupbatcher"
	"batchlab/sim/kind"
)

// Kinds are the kinds of the case study, in the order in which reports show them.
func Kinds() []*kind.Kind { return []*kind.Kind{batcher.Kind, dedup.Kind, dedupbatcher.Kind} }

// Lab returns rows as the lab takes them.
func Lab(rows ...spec.Subject) []kind.Subject {
	list := make([]kind.Subject, len(rows))
	for i, s := range rows {
		switch s.Kind {
		case spec.KindBatcher:
			list[i] = batcher.Subject(batcher.Kind, s)
		case spec.KindDedup:
			list[i] = dedup.Subject(s)
		default:
			list[i] = batcher.Subject(dedupbatcher.Kind, s)
		}
	}
	return list
}
