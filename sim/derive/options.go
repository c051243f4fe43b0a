package derive

import (
	"maps"
	"reflect"
	"slices"
	"time"

	"batchlab/sim/kind"
)

// Options say what a type does not say of itself.
type Options struct {
	Values map[reflect.Type][]reflect.Value // what arguments of a type are drawn from
	Args   []Arg                            // what one parameter of a method is drawn from
	See    map[string]reflect.Value         // a function of what a method answers: what is compared of it

	Without, Only []string   // methods that are left out, or alone called
	OneLane       [][]string // methods that one lane alone calls
	Once, Last    []string   // methods that are called once at most, and after which nothing is called

	End       func(component any)       // what is called when all is over, instead of the closers
	Invariant func(component any) error // asked when all is quiet
	Model     func() any                // a component whose calls are made one at a time: the reference

	// Original says that there is an original or a model to compare with. Without one callbacks do not call
	// the component, which may not be meant to be called there, and what goes through its contents is not
	// called beside others, for that is seldom meant to be a snapshot.
	Original bool

	Promises, Waives []kind.LawID // laws that hold though they are not taken for promised, or do not

	Lanes, Calls int           // at most so many lanes in a program, and calls of each in a group; 0: 3 and 3
	Preemptions  int           // up to which a search is called whole; 0: 2
	Budget       time.Duration // at most so long
	Programs     int           // at most so many
	Schedules    int           // at most so many of each program

	Of    []Of   // the types that functions among the options take
	Wrong string // what is wrong with an option itself
}

// Arg is the values of one parameter.
type Arg struct {
	Method string
	Index  int // from 1
	Values []reflect.Value
}

// Of is an option that has a function of a component.
type Of struct {
	Option string
	Type   reflect.Type
}

// names are the methods that some option speaks of, with the option's name.
func (o *Options) names() (list [][2]string) {
	add := func(option string, names ...string) {
		for _, n := range names {
			list = append(list, [2]string{option, n})
		}
	}
	add("Without", o.Without...)
	add("Only", o.Only...)
	for _, names := range o.OneLane {
		add("OneLane", names...)
	}
	add("Once", o.Once...)
	add("Last", o.Last...)
	for _, a := range o.Args {
		add("Arg", a.Method)
	}
	add("See", slices.Sorted(maps.Keys(o.See))...)
	return list
}

func (o *Options) calls(method string) bool {
	return !slices.Contains(o.Without, method) && (len(o.Only) == 0 || slices.Contains(o.Only, method))
}
