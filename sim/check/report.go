package check

import (
	"cmp"
	"fmt"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"batchlab/sim/engine"
	"batchlab/sim/kind"
	"batchlab/sim/lab"
	"batchlab/sim/oracle"
	"batchlab/sim/program"
	"batchlab/sim/twin"
	"batchlab/sim/view"
	"batchlab/sim/weave/rt"
)

// report is a find on one screen: what is wrong in a line, who called what and what came of it,
// who was let in where, who waits for whom, and how to see it again.
func (c *checker) report(p *program.Program, v *oracle.Violation, where, file string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "batchlab: %s:\n%s", c.verdict(), view.Wrap(v.Reason(), reportWidth))
	b.WriteString(view.Wrap(cmp.Or(unlocked(p.Schedule), c.snapshot(p, v), c.unread(v)), reportWidth))
	fmt.Fprintf(&b, "%s\n\n", where)
	if x, err := engine.Traced(p, c.s); err == nil {
		r := &x.Run
		marked, beside := v.Mark(r)
		b.WriteString(view.Indent(view.Scenario(r, len(p.Ops), marked, beside)))
		if p.NeedsSchedule() {
			b.WriteString(view.Section(view.Choices(x.Preemptions(), len(x.Schedule())), view.Schedule(x.Trace)))
		}
		b.WriteString(view.Section("who waits", view.Waiting(x.Stuck)))
	} else {
		fmt.Fprintf(&b, "%s\n", p)
	}
	race := ""
	if v.Law == kind.NoRace {
		race = view.Race(c.r.Races())
	}
	b.WriteString(view.Section("the race", race))
	if v.Detail != "" {
		fmt.Fprintf(&b, "\n%s\n", strings.TrimSpace(v.Detail))
	}
	ready(&b, c.name, file, c.draw(p, v, race, file))
	return b.String()
}

// snapshot is what helps if nothing is wrong but what one method answers that looks while others are at work.
func (c *checker) snapshot(p *program.Program, v *oracle.Violation) string {
	if v.Law != kind.SameHistory {
		return ""
	}
	defer func() { c.d.Ignored = 0 }()
	for _, verb := range c.d.Snapshots(p) {
		c.d.Ignored = verb
		e, err := c.lab.Explore(c.r.Context(), p, c.s, lab.Search{Strategy: lab.Replaying})
		if err == nil && e.Violation == nil && e.Beyond == 0 {
			return fmt.Sprintf("all difference is in what %s answers beside other calls: if that is to be no snapshot, say "+
				"sim.Without(%[1]q), or by sim.See(%[1]q, …) what of it is to be compared", c.d.Kind.Ops[verb].Name)
		}
	}
	return ""
}

// unread is what helps if callers are to do more than to call the closers, before no goroutine is left.
func (c *checker) unread(v *oracle.Violation) string {
	if v.Law != kind.Leak || c.o.End != nil {
		return ""
	}
	return "if callers are to do more before all has ended, such as to read what is left, say by sim.End what"
}

// unlocked is what helps if somebody is preempted where memory is touched that others touch without a common lock.
func unlocked(schedule []program.Decision) string {
	for _, d := range schedule {
		line, _, _ := strings.Cut(d.Where, " ")
		if slices.Contains(rt.Lines(), line) {
			return "memory that others touch is touched at " + line + " without a common lock: if this is not made for " +
				"several goroutines, say sim.Lanes(1)"
		}
	}
	return ""
}

// reportWidth is how wide prose in a report is.
const reportWidth = 80

// ready is where a find is kept, where the page of it is, if there is one, and the command that shows it again.
func ready(b *strings.Builder, name, file, drawn string) {
	if file == "" {
		return
	}
	fmt.Fprintf(b, "\n    %s\n", filepath.ToSlash(file))
	if drawn != "" {
		fmt.Fprintf(b, "    %s\n", filepath.ToSlash(drawn))
	}
	fmt.Fprintf(b, "    %s\n", command(name, file))
}

// command shows a find again, from any folder of the module.
func command(name, file string) string {
	race := ""
	if rt.RaceEnabled {
		race = "-race "
	}
	pkg := ""
	if info, ok := debug.ReadBuildInfo(); ok && strings.HasPrefix(info.Path, info.Main.Path+"/") {
		pkg = strings.TrimSuffix(info.Path, ".test") + " "
	}
	return fmt.Sprintf("go test %s-run '%s' %s-sim.replay=%s", race, twin.Pattern(name), pkg, filepath.ToSlash(file))
}
