// Package view shows histories to people. It decides nothing: whether two lines may
// differ is for package oracle to say. See SideBySide for what it draws.
package view

import (
	"cmp"
	"fmt"
	"strings"

	"batchlab/sim/history"
)

// SideBySide prints histories beside each other. What all of them have stands once;
// where one differs, each has a block of its own.
//
//	+10ms        handler [a1 a2] begins                             #3
//	! queue/plain  +20ms        handler [a3] begins                 #4
//	! queue/quick  nothing
func SideBySide(histories []history.History) string {
	var b strings.Builder
	names, width := make([]string, len(histories)), 0
	for i, h := range histories {
		names[i] = h.Subject
		width = max(width, len(h.Subject))
	}
	fmt.Fprintf(&b, "history of %s\n", strings.Join(names, ", "))
	for step, last := 1, lastStep(histories); step <= last; step++ {
		texts := make([]string, len(histories))
		same := true
		for i, h := range histories {
			for _, e := range h.Step(step) {
				texts[i] += "  " + h.Kind.Trimmed(e) + "\n"
			}
			same = same && texts[i] == texts[0]
		}
		if same {
			b.WriteString(texts[0])
			continue
		}
		for i, text := range texts {
			for line := range strings.Lines(cmp.Or(text, "  nothing\n")) {
				fmt.Fprintf(&b, "! %-*s%s", width, names[i], line)
			}
		}
	}
	return b.String()
}

func lastStep(histories []history.History) int {
	last := 0
	for _, h := range histories {
		if n := len(h.Events); n > 0 {
			last = max(last, h.Events[n-1].Step)
		}
	}
	return last
}
