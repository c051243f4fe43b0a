package main

import "batchlab/impls/spec"

// All returns a row for each peer. None of them takes the lab's clock, and none is meant
// to be the baseline's equal.
func All() []spec.Subject {
	return []spec.Subject{
		{Name: "bundler", Kind: spec.KindBatcher, NewBatcher: newBundler, Clockless: true, LawsOnly: true},
		{Name: "go-resiliency", Kind: spec.KindBatcher, NewBatcher: newResiliency, Clockless: true, LawsOnly: true},
		{Name: "otter", Kind: spec.KindDedup, NewMap: newOtter, Clockless: true, LawsOnly: true},
		{Name: "ttlcache", Kind: spec.KindDedup, NewMap: newTTLCache, Clockless: true, LawsOnly: true},
		{Name: "golang-lru", Kind: spec.KindDedup, NewMap: newLRU, Clockless: true, LawsOnly: true,
			Waives: []spec.Law{spec.Leak}},
	}
}
