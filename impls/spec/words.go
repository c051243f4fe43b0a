package spec

import "batchlab/sim/kind"

// The verbs of batchers, as they stand in the tables of both kinds.
const (
	Put kind.Verb = iota + 1
	Trigger
	Close // of maps as well
	Handler
	Release
)

// The verbs of maps.
const (
	Get    kind.Verb = 1
	Set    kind.Verb = 2
	Delete kind.Verb = 4
	Count  kind.Verb = 5
)

// What happens besides calls: a handler is given a batch, it returns, and its slice was
// written while it belonged to the handler.
const (
	Begin kind.Verb = kind.FirstNotice + iota
	End
	Changed
)

// Notices are their texts.
var Notices = []kind.Notice{{Text: "begins"}, {Text: "ends"}, {Text: "slice changed", Law: SliceLease}}

// The arguments of operations, by their index.
const (
	ArgItem   = 0 // of Put: the key, or kind.NilArg
	ArgN      = 1 // of Put: how many
	ArgMode   = 0 // of Handler
	ArgTakes  = 1
	ArgKey    = 0 // of map calls
	ArgValue  = 1 // of Set
	ArgMore   = 1 // of Get and Delete: how many keys follow the first
	ArgMoreOf = 2 // of Set: the same
)

// The modes of handlers.
const (
	Returns int64 = iota // at once
	Takes                // some virtual time
	Blocks               // until Release
	Puts                 // puts one item of its own, then returns
	Panics               // and the program crashes
)

// The settings, by their index: those of batchers, then those of maps.
const (
	SetSize    = 0
	SetTimeout = 1
	SetMode    = 2

	SetBucket  = 0
	SetBuckets = 1
)

// Limits of settings and arguments.
const (
	MaxItems   = 200_000 // in one put
	MaxSize    = 1_000   // items in a batch
	MaxBuckets = 10_000
	MaxKey     = 999_999 // keys and values go from 0 to this
)

// BatcherOf is the configuration of a batcher in a program.
func BatcherOf(c kind.Config) BatcherConfig {
	return BatcherConfig{Size: c.N(SetSize), Timeout: c.D(SetTimeout), Background: c.Values[SetMode] == 1}
}

// MapOf is the configuration of a map in a program.
func MapOf(c kind.Config) MapConfig {
	return MapConfig{Bucket: c.D(SetBucket), Buckets: c.N(SetBuckets)}
}

// Window is the configuration of the map in a deduplicating batcher.
var Window = MapConfig{Bucket: DedupBucket, Buckets: DedupBuckets}

// Offspring is the item that the handler of the batch headed by an item puts. Its
// key is one that lanes seldom use, so that it counts as new.
func Offspring(head kind.Item) kind.Item {
	head.Derived = true
	if head.Keyed {
		head.Key += 500
	}
	return head
}
