package hunt

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"batchlab/impls"
	"batchlab/impls/mutants"
	"batchlab/impls/spec"
	"batchlab/sim/kind"
	"batchlab/sim/oracle"
	"batchlab/sim/weave/mutate"
)

// Hunted is a mutant that needs interleavings, and what became of it.
type Hunted struct {
	mutant     mutate.Mutant // zero if it was written by hand
	Name       string
	Operator   string
	what       string
	subjects   []kind.Subject // any one of which may be killed
	base       func(name string) string
	Equivalent string // why it is equivalent, if it is
	control    bool   // it is no mutant, and must not be killed

	killed  *oracle.Violation
	on      kind.Subject     // the one that was killed
	how     string           // "" if plainly: by the race detector only, or on package time only
	counts  map[string][]int // schedules to the kill, by strategy; -1 if it survived
	after   map[string]int   // by litmus program: the schedules that it takes, on average
	timeout string           // the lab could not decide
	upon    []string         // what hunts came upon that no schedule decides
}

// Made lists the mutants that are made from the source.
func Made(root string) ([]*Hunted, error) {
	list, err := mutate.All(filepath.Join(root, "impls", "batcher"))
	if err != nil {
		return nil, err
	}
	var all []*Hunted
	for _, m := range list {
		if len(m.Affects) == 0 { // of code that no row of the registry runs
			continue
		}
		p := &Hunted{mutant: m, Name: m.ID + " " + m.Name, Operator: m.Operator, what: m.What,
			Equivalent: cmp.Or(mutants.Equivalent[m.Name], m.Note)}
		for _, title := range m.Affects {
			kind, name, _ := strings.Cut(title, "/")
			s, err := impls.Find(spec.Kind(kind), name)
			if err != nil {
				return nil, err
			}
			s.Name = m.ID + "-" + name
			p.subjects = append(p.subjects, impls.Lab(s)...)
		}
		p.base = func(name string) string { return strings.TrimPrefix(name, m.ID+"-") }
		all = append(all, p)
	}
	return all, nil
}

// Written lists the mutants written by hand that sequential programs do not reach.
func Written() []*Hunted {
	var all []*Hunted
	for _, m := range mutants.All() {
		if m.Reach == mutants.Interleaving {
			all = append(all, &Hunted{Name: m.Name, Operator: "by hand", what: m.What, subjects: impls.Lab(m.Subject),
				base: func(string) string { return "optimized" }})
		}
	}
	return all
}

// id is what kills know it by, which does not change when others come before it.
func (p *Hunted) id() string { return cmp.Or(p.mutant.Name, p.Name) }

// verdict is what became of the mutant, in a word.
func (p *Hunted) verdict() string {
	switch {
	case p.control && p.killed != nil:
		return "KILLED"
	case p.control && p.timeout == "":
		return "unharmed"
	case p.killed != nil && p.how != "":
		return "killed (" + p.how + ")"
	case p.killed != nil:
		return "killed"
	case p.timeout != "":
		return "TIMEOUT"
	case p.Equivalent != "":
		return "equivalent"
	}
	return "SURVIVED"
}

// Spread is the median and the 90th percentile of schedules to a find, as text. -1 is none, and counts as more than
// most, which is how many there were.
func Spread(counts []int, most int) string {
	list := sorted(counts, most)
	text := func(q float64) string {
		n := list[min(int(q*float64(len(list))), len(list)-1)]
		if n > most {
			return fmt.Sprintf(">%d", most)
		}
		return fmt.Sprint(n)
	}
	if len(list) == 0 {
		return "-/-"
	}
	return text(0.5) + "/" + text(0.9)
}

func sorted(counts []int, most int) []int {
	list := slices.Clone(counts)
	for i := range list {
		if list[i] < 0 {
			list[i] = most + 1
		}
	}
	slices.Sort(list)
	return list
}

// Mean is the geometric mean of schedules to a find, counted as Spread does, as text.
func Mean(counts []int, most int) string {
	sum := 0.0
	for _, n := range sorted(counts, most) {
		sum += math.Log(float64(n))
	}
	if len(counts) == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f", math.Exp(sum/float64(len(counts))))
}

// Print prints a row for each mutant and the score, and returns how many holes there are:
// mutants that survived and that nobody has argued to be equivalent, timeouts, and controls
// that were killed.
func (h *Hunter) Print(out io.Writer, list []*Hunted) int {
	fmt.Fprintf(out, "\nmutants that need interleavings: schedules to the kill, median/90th percentile of %d hunts "+
		"of at most %d schedules over the litmus programs, seed %d\n", h.Repeats, h.most(), h.Seed)
	fmt.Fprintf(out, "%-14s %-22s", "verdict", "law")
	for _, s := range h.Table {
		fmt.Fprintf(out, " %12s", s)
	}
	fmt.Fprintf(out, "  mutant\n")
	count, all := map[string]int{}, map[string][]int{}
	for _, p := range list {
		count[p.verdict()]++
		law := ""
		if p.killed != nil {
			law = string(p.killed.Law)
		}
		fmt.Fprintf(out, "%-14s %-22s", p.verdict(), law)
		for _, s := range h.Table {
			text := ""
			if p.killed != nil {
				text = Spread(p.counts[s], h.most())
				all[s] = append(all[s], p.counts[s]...)
			}
			fmt.Fprintf(out, " %12s", text)
		}
		fmt.Fprintf(out, "  %s: %s\n", p.Name, p.what)
		if p.killed == nil && p.Equivalent != "" {
			fmt.Fprintf(out, "%-14s   equivalent: %s\n", "", strings.TrimPrefix(p.Equivalent, "equivalent: "))
		}
		if p.timeout != "" {
			fmt.Fprintf(out, "%-14s   %s\n", "", p.timeout)
		}
		for _, u := range slices.Compact(slices.Sorted(slices.Values(p.upon))) {
			fmt.Fprintf(out, "%-14s   no schedule decides %s\n", "", u)
		}
	}
	fmt.Fprintf(out, "%-37s", "geometric mean of the killed")
	for _, s := range h.Table {
		fmt.Fprintf(out, " %12s", Mean(all[s], h.most()))
	}
	fmt.Fprintln(out)
	killed := count["killed"] + count["killed (race)"] + count["killed (time)"]
	controls := count["unharmed"] + count["KILLED"]
	fmt.Fprintf(out, "%d mutants: %d killed, %d of them under the race detector, %d on package time; %d survived; "+
		"%d timeouts; %d argued to be equivalent. Score %d of %d without those\n",
		len(list)-controls, killed, count["killed (race)"], count["killed (time)"], count["SURVIVED"], count["TIMEOUT"],
		count["equivalent"], killed, len(list)-controls-count["equivalent"])
	fmt.Fprintf(out, "%d of %d controls unharmed\n", count["unharmed"], controls)
	return count["SURVIVED"] + count["TIMEOUT"] + count["KILLED"]
}
