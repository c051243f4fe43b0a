package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"batchlab/impls"
	"batchlab/impls/mutants"
	"batchlab/impls/mutated"
	"batchlab/impls/spec"
	"batchlab/sim/kind"
)

// everything is every subject that the command knows: the implementations, and the
// mutants, which only run where they are asked for by name.
func everything() []kind.Subject { return impls.Lab(rows()...) }

// implementations are those of the registry.
func implementations() []kind.Subject { return impls.Lab(impls.All()...) }

// isImplementation reports whether a subject runs where nobody is named.
func isImplementation(title string) bool {
	return slices.ContainsFunc(implementations(), func(s kind.Subject) bool { return s.Title() == title })
}

// rows are the rows of everything, as benchmarks and stress take them.
func rows() []spec.Subject {
	list := impls.All()
	for _, m := range mutants.All() {
		list = append(list, m.Subject)
	}
	for _, r := range mutated.All() { // none, but in a binary built to hunt them
		list = append(list, r.Subjects...)
	}
	return append(append(list, mutants.Controls()...), mutants.Held())
}

// onNames is the value of an --on flag: the subjects that somebody wants to see instead of
// the implementations.
type onNames []string

// onFlag adds an --on flag to a command.
func onFlag(cmd *cobra.Command, on *onNames) {
	cmd.Flags().StringSliceVar((*[]string)(on), "on", nil,
		"only these subjects, as kind/name, or as name where a seed says the kind; may be repeated; mutants too")
}

// indices are where the subjects that are named stand in everything, in the order in which
// they are named. A name alone is one of the kind, if that is given; then subjects of other
// kinds are left out.
func (on onNames) indices(k *kind.Kind) ([]int, error) {
	all := everything()
	var list []int
	for _, name := range on {
		i := slices.IndexFunc(all, func(s kind.Subject) bool {
			return s.Title() == name || k != nil && s.Kind == k && s.Name == name
		})
		if i < 0 {
			return nil, on.unknown(name, k)
		}
		if k == nil || all[i].Kind == k {
			list = append(list, i)
		}
	}
	return list, nil
}

// unknown is the error of a name that no subject has.
func (on onNames) unknown(name string, k *kind.Kind) error {
	var list []string
	for _, s := range implementations() {
		if k == nil || s.Kind == k {
			list = append(list, s.Title())
		}
	}
	return fmt.Errorf("--on %q is unknown, want kind/name: a mutant, or one of %s", name, strings.Join(list, ", "))
}

// subjects are the subjects that are named, and the implementations if none is.
func (on onNames) subjects() ([]kind.Subject, error) {
	if len(on) == 0 {
		return implementations(), nil
	}
	at, err := on.indices(nil)
	return pick(everything(), at), err
}

// rows are the rows of the same subjects.
func (on onNames) rows() ([]spec.Subject, error) {
	if len(on) == 0 {
		return impls.All(), nil
	}
	at, err := on.indices(nil)
	return pick(rows(), at), err
}

// of are those for a seed of a kind. To be asked for none of them is an error.
func (on onNames) of(k *kind.Kind) ([]kind.Subject, error) {
	if len(on) == 0 {
		return impls.Lab(impls.Of(spec.Kind(k.Name))...), nil
	}
	at, err := on.indices(k)
	if err == nil && len(at) == 0 {
		err = fmt.Errorf("--on %s names no subject of kind %s", on, k.Name)
	}
	return pick(everything(), at), err
}

// String is what stands behind --on to say the same again.
func (on onNames) String() string { return strings.Join(on, ",") }

func pick[T any](all []T, at []int) []T {
	var list []T
	for _, i := range at {
		list = append(list, all[i])
	}
	return list
}
