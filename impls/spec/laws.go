package spec

import (
	"slices"

	"batchlab/sim/kind"
)

// Law is the id of a guarantee.
type Law = kind.LawID

// The laws of batchers.
const (
	ExactlyOnce  Law = "B1-exactly-once"
	Order        Law = "B2-order"
	SizeCap      Law = "B3-size-cap"
	TimerPhase   Law = "B4-timer-phase"
	TriggerLaw   Law = "B5-trigger"
	SliceLease   Law = "B6-slice-lease"
	CloseDrains  Law = "B7-close-drains"
	AfterClose   Law = "B8-after-close"
	Serial       Law = "B9-serial"
	Backpressure Law = "B10-backpressure"
	PanicCrashes Law = "B11-panic-crashes"
)

// The laws of deduplication maps, and of batchers with one inside.
const (
	Lifetime      Law = "D1-lifetime"
	OneWinner     Law = "D2-one-winner"
	Expiry        Law = "D3-expiry"
	CountLaw      Law = "D4-count"
	DeleteLaw     Law = "D5-delete"
	Value         Law = "D6-value"
	ClosedMap     Law = "D7-closed-map"
	OncePerWindow Law = "D8-once-per-window"
	Linearizable  Law = "D9-linearizable"
)

// Guarantee is a law with the kinds that it binds.
type Guarantee struct {
	kind.Law
	Kinds []Kind
}

var (
	batchers = []Kind{KindBatcher, KindDedupBatcher}
	maps     = []Kind{KindDedup}
)

// own lists the laws that the three kinds have besides those of everything. Among several
// broken at one step, the first in this order is the one reported.
var own = []Guarantee{
	{kind.Law{ID: ExactlyOnce, Text: "an item whose Put returned reaches the handler once, and nothing else does"},
		batchers},
	{kind.Law{ID: Order, Text: "items reach the handler in the order in which they were put"}, batchers},
	{kind.Law{ID: SizeCap, Text: "a batch holds at least one item and at most size"}, batchers},
	{kind.Law{ID: SliceLease, Text: "nobody touches a batch's slice while it belongs to the handler"}, batchers},
	{kind.Law{ID: Serial, Text: "in the foreground one handler runs at a time"}, batchers},
	{kind.Law{ID: OncePerWindow, Text: "an item equal to one still in the window is not delivered again"},
		[]Kind{KindDedupBatcher}},
	{kind.Law{ID: PanicCrashes, Text: "a panic in a handler crashes the program, as in any Go program"}, batchers},
	{kind.Law{ID: CloseDrains,
		Text: "when Close returns, everything put before it is delivered and every handler is done"}, batchers},
	{kind.Law{ID: AfterClose, Text: "after Close, Put panics and names the misuse, and Trigger returns"}, batchers},
	{kind.Law{ID: Backpressure, Text: "Put blocks while 64*size items wait, and only then", ByModel: true}, batchers},
	{kind.Law{ID: TriggerLaw, Text: "Trigger returns when the worker takes it, and what was taken so far is flushed",
		ByModel: true}, batchers},
	{kind.Law{ID: TimerPhase, Text: "a batch that is not full leaves when timeout has passed since its cycle began",
		ByModel: true}, batchers},
	{kind.Law{ID: OneWinner, Text: "of the Sets of one key, one wins while the key is present"}, maps},
	{kind.Law{ID: Value, Text: "Get returns the value that the winning Set stored"}, maps},
	{kind.Law{ID: DeleteLaw, Text: "Delete tells whether the key was there, and it is there no more", Alone: true}, maps},
	{kind.Law{ID: ClosedMap, Text: "a closed map keeps what it has, and stays readable and writable", Alone: true}, maps},
	{kind.Law{ID: Lifetime, Text: "an entry stays for all buckets but the last, less one refresh of the cached ID",
		Alone: true}, maps},
	{kind.Law{ID: Expiry, Text: "an entry is gone one cleanup period after its window", Alone: true}, maps},
	{kind.Law{ID: CountLaw, Text: "Count is the number of entries", Alone: true}, maps},
	{kind.Law{ID: Linearizable, Text: "the map's answers are those of some order of the calls", Together: true,
		ByModel: true}, maps},
}

// Guarantees lists every law of the three kinds, those of everything behind their own.
func Guarantees() []Guarantee {
	list := slices.Clone(own)
	for _, l := range kind.Universal {
		list = append(list, Guarantee{l, Kinds})
	}
	return list
}

// LawsOf are the laws of a kind, besides those of everything.
func LawsOf(k Kind) []kind.Law {
	var list []kind.Law
	for _, g := range own {
		if slices.Contains(g.Kinds, k) {
			list = append(list, g.Law)
		}
	}
	return list
}

// The laws of everything, so that one package names all.
const (
	Leak        = kind.Leak
	Progress    = kind.Progress
	NoPanic     = kind.NoPanic
	NoRace      = kind.NoRace
	SameHistory = kind.SameHistory
)
