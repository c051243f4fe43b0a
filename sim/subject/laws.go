package subject

import "fmt"

// Law is the id of a guarantee. One id stands in the contract, the model, the
// violation, the mutants, the seed files and the README.
type Law string

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

// The laws of everything that has goroutines, and of every pair of rivals.
const (
	Leak        Law = "G1-leak"
	Progress    Law = "G2-progress"
	NoPanic     Law = "G3-no-panic"
	NoRace      Law = "G4-no-race"
	SameHistory Law = "E1-same-history"
)

// Guarantee is a law with its text and the kinds that it binds.
type Guarantee struct {
	Law   Law
	Text  string
	Kinds []Kind
}

var (
	batchers = []Kind{KindBatcher, KindDedupBatcher}
	maps     = []Kind{KindDedup}
)

// Guarantees lists every law. Among several broken at one step, the first in
// this order is the one reported.
var Guarantees = []Guarantee{
	{ExactlyOnce, "an item whose Put returned reaches the handler once, and nothing else does", batchers},
	{Order, "items reach the handler in the order in which they were put", batchers},
	{SizeCap, "a batch holds at least one item and at most size", batchers},
	{SliceLease, "nobody touches a batch's slice while it belongs to the handler", batchers},
	{Serial, "in the foreground one handler runs at a time", batchers},
	{OncePerWindow, "an item equal to one still in the window is not delivered again", []Kind{KindDedupBatcher}},
	{PanicCrashes, "a panic in a handler crashes the program, as in any Go program", batchers},
	{CloseDrains, "when Close returns, everything put before it is delivered and every handler is done", batchers},
	{AfterClose, "after Close, Put panics and names the misuse, and Trigger returns", batchers},
	{Backpressure, "Put blocks while 64*size items wait, and only then", batchers},
	{TriggerLaw, "Trigger returns when the worker takes it, and what was taken so far is flushed", batchers},
	{TimerPhase, "a batch that is not full leaves when timeout has passed since its cycle began", batchers},
	{OneWinner, "of the Sets of one key, one wins while the key is present", maps},
	{Value, "Get returns the value that the winning Set stored", maps},
	{DeleteLaw, "Delete tells whether the key was there, and it is there no more", maps},
	{ClosedMap, "a closed map keeps what it has, and stays readable and writable", maps},
	{Lifetime, "an entry stays for all buckets but the last, less one refresh of the cached ID", maps},
	{Expiry, "an entry is gone one cleanup period after its window", maps},
	{CountLaw, "Count is the number of entries", maps},
	{Linearizable, "the map's answers are those of some order of the calls", maps},
	{Leak, "no goroutine outlives Close", Kinds},
	{Progress, "nothing waits for ever", Kinds},
	{NoPanic, "no call panics but a Put after Close", Kinds},
	{NoRace, "no two goroutines touch the same memory without synchronization", Kinds},
	{SameHistory, "the history is one that the specification allows", Kinds},
}

// NeedsTogether reports whether only operations that run together can break the law.
func (l Law) NeedsTogether() bool { return l == Linearizable || l == NoRace }

// ParseLaw returns the law with the given id, or an error that lists them all.
func ParseLaw(id string) (Law, error) {
	for _, g := range Guarantees {
		if string(g.Law) == id {
			return g.Law, nil
		}
	}
	return "", fmt.Errorf("unknown law %q, want one of %s", id, lawList())
}

// Text returns the law's wording. It panics on a law that is not in Guarantees:
// laws are constants, so that is a programmer's mistake.
func (l Law) Text() string {
	if g, known := l.guarantee(); known {
		return g.Text
	}
	panic(fmt.Sprintf("batchlab: law %q is not in subject.Guarantees", string(l)))
}

func (l Law) guarantee() (g Guarantee, known bool) {
	for _, g := range Guarantees {
		if g.Law == l {
			return g, true
		}
	}
	return g, false
}

func lawList() string {
	s := ""
	for i, g := range Guarantees {
		if i > 0 {
			s += ", "
		}
		s += string(g.Law)
	}
	return s
}
