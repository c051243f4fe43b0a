package impls

import (
	"flag"
	"fmt"
	"regexp"
	"slices"
	"testing"
	"time"

	"batchlab/impls/mutants"
	"batchlab/impls/spec"
	"batchlab/sim"
)

// derived says which mutants are tried.
var derived = flag.String("derived", "", "the mutants that are tried, by a pattern, with a table; else three")

// underived are the mutants that no derived check finds, each with the reason. They are tried like all others.
var underived = map[string]string{
	"negative-ids-skipped":      "a clock before 1970, and that of a derived program begins there",
	"oldest-wrong-after-delete": "three Sets of other keys, two passages of time and a Delete, in this order: too few programs have it",
	"panic-recovered":           "where handlers panic the process ends, with the control as well: there is no reference",
	"second-close-early":        "two lanes that Close one after another while a handler sleeps: too few programs have it",
	"window-endless":            "a minute of the map's ticks between two Puts: beyond what is tried to find turns",
	"window-halved":             "half a minute of the map's ticks between two Puts: beyond what is tried to find turns",
	"window-one-long":           "a minute of the map's ticks between two Puts: beyond what is tried to find turns",
	"window-one-short":          "a minute of the map's ticks between two Puts: beyond what is tried to find turns",
}

// checks are those of a mutant. What needs no interleaving needs other programs sooner than other schedules.
func checks(m mutants.Mutant) (list []func(testing.TB)) {
	controls := mutants.Controls()
	control := controls[slices.IndexFunc(controls, func(s spec.Subject) bool { return s.Kind == m.Subject.Kind })]
	all, long := settings[control.Kind], sim.Budget(2*time.Minute) // what is found ends at that
	if m.Reach == mutants.Sequential {
		flag.Set("sim.schedules", "20")
		for _, c := range all {
			list = append(list, func(t testing.TB) { equivalent(t, control, m.Subject, c, sim.Lanes(1), long) })
		}
		return append(list, func(t testing.TB) { equivalent(t, control, m.Subject, all[len(all)-1], sim.Lanes(2), long) })
	}
	if m.Subject.Kind == spec.KindDedup {
		flag.Set("sim.schedules", "400")
		return append(list, func(t testing.TB) { sim.Linearizable(t, maps(m.Subject, all[0]), sim.Lanes(2), long) })
	}
	for _, schedules := range []string{"50", "150", "400"} { // with more of them other programs can be judged
		list = append(list, func(t testing.TB) {
			flag.Set("sim.schedules", schedules)
			equivalent(t, control, m.Subject, all[0], sim.Lanes(2), long)
		})
	}
	return list
}

var foundBy = regexp.MustCompile(`found by program \d+`)

// TestEquivalentMutants: a check derived from the types alone finds each mutant that models find, or underived says
// why not; and nothing in the code without a fault.
func TestEquivalentMutants(t *testing.T) {
	if testing.Short() {
		t.Skip("builds binaries")
	}
	list, which := mutants.All(), "^(drop-every-third|window-early|set-check-then-act)$"
	if *derived != "" {
		which = *derived
		for _, s := range mutants.Controls() {
			for _, reach := range []mutants.Reach{mutants.Sequential, mutants.Interleaving} {
				control := mutants.Mutant{Reach: reach, Subject: s}
				control.Name = fmt.Sprintf("control of a %s, %s", s.Kind, reach)
				list = append(list, control)
			}
		}
	}
	defer flag.Set("sim.schedules", "0")
	for _, m := range list {
		if !regexp.MustCompile(which).MatchString(m.Name) {
			continue
		}
		t.Run(m.Name, func(t *testing.T) {
			t.Chdir(t.TempDir()) // where seeds are left
			e, n := &expecting{TB: t}, 0
			for _, check := range checks(m) {
				if e.found == "" {
					check(e)
					n++
				}
			}
			how, why := foundBy.FindString(e.found), underived[m.Name]
			if m.Law == "" {
				why = "nothing, and there is nothing"
			}
			if (how == "") != (why != "") || (how == "") != (e.found == "") {
				t.Errorf("underived says %q of it, and found is: %s", why, e.found)
			}
			if *derived != "" {
				fmt.Printf("%-46s %s%s in check %d\n", m.Name, how, why, n)
			}
		})
	}
}
