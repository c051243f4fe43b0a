package main

import "batchlab/sim/subject"

// All returns a row for each peer. None of them takes the lab's clock, and none is meant
// to be the baseline's equal.
func All() []subject.Subject {
	return []subject.Subject{
		{Name: "bundler", Kind: subject.KindBatcher, NewBatcher: newBundler, Clockless: true, LawsOnly: true},
		{Name: "go-resiliency", Kind: subject.KindBatcher, NewBatcher: newResiliency, Clockless: true, LawsOnly: true},
		{Name: "otter", Kind: subject.KindDedup, NewMap: newOtter, Clockless: true, LawsOnly: true},
		{Name: "ttlcache", Kind: subject.KindDedup, NewMap: newTTLCache, Clockless: true, LawsOnly: true},
		{Name: "golang-lru", Kind: subject.KindDedup, NewMap: newLRU, Clockless: true, LawsOnly: true, Lingers: true},
	}
}
