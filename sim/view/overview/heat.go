package overview

import "fmt"

// Heat is how often calls were met in each situation, of the implementations of a kind.
type Heat struct {
	Kind       string
	Operations []Operation
}

// Operation is one of a kind.
type Operation struct {
	Name string
	By   []Warm
}

// Warm is an implementation, and how often the operation was met on it in each of the page's Situations.
type Warm struct {
	Subject string
	Calls   []Heard
}

// Heard is how many calls were met.
type Heard int

// Class is how warm that is: h0 is not at all, and each step is ten times as many.
func (n Heard) Class() string {
	steps := 0
	for ; n > 0 && steps < 6; n /= 10 {
		steps++
	}
	return fmt.Sprintf("h%d", steps)
}

// String is the number in two or three digits.
func (n Heard) String() string {
	for _, unit := range []struct {
		of   Heard
		name string
	}{{1_000_000, "M"}, {1_000, "k"}} {
		switch {
		case n >= 10*unit.of:
			return fmt.Sprintf("%d%s", n/unit.of, unit.name)
		case n >= unit.of:
			return fmt.Sprintf("%d.%d%s", n/unit.of, n%unit.of*10/unit.of, unit.name)
		}
	}
	return fmt.Sprint(int(n))
}

// Key are numbers of each class.
func (*Page) Key() []Heard { return []Heard{0, 1, 10, 100, 1_000, 10_000, 100_000} }
