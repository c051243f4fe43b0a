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

// named are the rows that are named, in the order in which they are. A name alone is one of the kind, if
// that is given; then those of other kinds are left out.
func (on onNames) named(k spec.Kind) ([]spec.Subject, error) {
	all := rows()
	var list []spec.Subject
	for _, name := range on {
		i := slices.IndexFunc(all, func(s spec.Subject) bool {
			return string(s.Kind)+"/"+s.Name == name || s.Kind == k && s.Name == name
		})
		if i < 0 {
			return nil, on.unknown(name, k)
		}
		if k == "" || all[i].Kind == k {
			list = append(list, all[i])
		}
	}
	return list, nil
}

// unknown is the error of a name that no subject has.
func (on onNames) unknown(name string, k spec.Kind) error {
	var list []string
	for _, s := range implementations() {
		if k == "" || s.Kind.Name == string(k) {
			list = append(list, s.Title())
		}
	}
	return fmt.Errorf("--on %q is unknown, want kind/name: a mutant, or one of %s", name, strings.Join(list, ", "))
}

// rows are those that are named, and the implementations' if none is; subjects are the same for a lab.
func (on onNames) rows() ([]spec.Subject, error) {
	if len(on) == 0 {
		return impls.All(), nil
	}
	return on.named("")
}

func (on onNames) subjects() ([]kind.Subject, error) {
	list, err := on.rows()
	return impls.Lab(list...), err
}

// of are those for a seed of a kind. To be asked for none of them is an error.
func (on onNames) of(k *kind.Kind) ([]kind.Subject, error) {
	of := spec.Kind(k.Name)
	if len(on) == 0 {
		return impls.Lab(impls.Of(of)...), nil
	}
	list, err := on.named(of)
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("--on %s names no subject of kind %s", on, k.Name)
	}
	return impls.Lab(list...), err
}

// String is what stands behind --on to say the same again.
func (on onNames) String() string { return strings.Join(on, ",") }
