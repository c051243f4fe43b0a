package kind

import (
	"math/rand/v2"
	"slices"
	"time"
)

// Form is how an argument or a setting is spelled.
type Form uint8

// The forms.
const (
	Named    Form = iota // a letter and a number that stands for nothing but itself: k7
	Count                // a letter and how many: x3; of a setting, the number alone
	Choice               // one of some words; the first is the simplest
	Duration             // 1s-1ns
)

// Operation is a row of a kind's table: what a lane can call, or what a program can tell
// the callbacks to do.
type Operation struct {
	Name   string // as in seed files
	Lane   bool   // a lane calls it; else it directs the callbacks, and stands alone
	Params []Param

	// Hands says that the operation hands items over, which are named by their lane and
	// number: its event shows them instead of its arguments.
	Hands bool
	// Spelled says that its arguments are Choices, and its events show their words.
	Spelled bool
	// Answer spells what came of a call, what stands behind "->" in its event. Nil, and "":
	// as its Outcome is spelled.
	Answer func(e *Event) string

	// How often the generator draws it. Always: no swarm switches it off. Rare: a
	// thirtieth, for little happens after it.
	Always, Rare bool
	// Scene and Beside are how often it sets the scene for operations that run together,
	// and how often it is one of those. If no call says so, each does so once.
	Scene, Beside int
	// Ends says that it is there to end the component, and so has to return.
	Ends bool
	// Over says that the component is not meant to be used after it, though it may wait for ever.
	Over bool
	// Looks says that it changes nothing: what it answers shows what others have done.
	Looks bool
}

// Param is an argument of an operation.
type Param struct {
	Name   string // for messages: "a key"
	Form   Form
	Letter byte // of Named and Count
	Unit   string
	Min    int64
	Max    int64

	// Left says that the argument may be left out, which means Default.
	Left    bool
	Default int64
	// Nil says that the word nil may stand for a name. It is the argument -1.
	Nil bool
	// NoName refuses names, which begin with Letter, with this text: only nil is left.
	NoName string
	// More is the index of the argument that counts how many names follow this one, if a
	// range may be spelled: k1..k600. It is a parameter that has no spelling of its own.
	More int
	// When says, by the arguments before it, whether there is such an argument. Nil: yes.
	When func(a Args) bool

	Words []Word // of Choice

	// Draw draws an argument for the generator. Nil: as its form has it.
	Draw func(s *Shape) int64
}

// Word is one of the words of a Choice.
type Word struct {
	Text string
	// Odds is how many programs there are to one that has the word; 0: it is common.
	Odds int
	// Alone keeps the word out of programs whose operations run together.
	Alone bool
}

// NilArg is the argument that the word nil stands for.
const NilArg = -1

// There reports whether an operation with these arguments has the parameter.
func (p *Param) There(a Args) bool { return p.When == nil || p.When(a) }

// Words returns the words of a list, for a table of words that are all common.
func Words(texts ...string) []Word {
	list := make([]Word, len(texts))
	for i, t := range texts {
		list[i].Text = t
	}
	return list
}

// Index is where a word stands in a list, -1 if it does not.
func Index(words []Word, text string) int {
	return slices.IndexFunc(words, func(w Word) bool { return w.Text == text })
}

// Hidden reports whether a parameter has no spelling of its own, for it counts the names
// of a range.
func (o *Operation) Hidden(i int) bool {
	return slices.ContainsFunc(o.Params[:i], func(p Param) bool { return p.More == i })
}

// Setting is a setting of a kind.
type Setting struct {
	Name string
	Form Form // Count, Choice or Duration
	Min  int64
	Max  int64

	Words []Word // of Choice

	// Unit says that counts in operations (if it is a Count) or durations (if it is a
	// Duration) are meant as multiples of it: a shrink that changes it changes them along.
	Unit bool
	// Simplest are values that a shrink tries, in this order.
	Simplest []int64
	// Draws are what the generator draws from. Small, if not nil, takes their place where
	// operations run together.
	Draws, Small []int64
	// Draw takes the place of Draws if it is not nil.
	Draw func(rng *rand.Rand) int64
}

// Shape is what the generator draws a program by.
type Shape struct {
	Rand   *rand.Rand
	Config Config
	Marks  []time.Duration // durations to aim at
	Timers int64           // how many may fire
	Most   int             // how many items may be handed over
	Items  int             // how many have been
	Lanes  int
	Names  int           // how many names are hot; the others are drawn from many
	Hot    float64       // how often a name is one of them
	Uses   map[Verb]uint // of each operation with a Choice, the words that this program has, a bit each
	Small  bool          // operations run together
}

// Pick draws one of some values.
func Pick[T any](rng *rand.Rand, list ...T) T { return list[rng.IntN(len(list))] }
