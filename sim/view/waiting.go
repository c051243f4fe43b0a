package view

import (
	"strings"

	"batchlab/sim/weave/rt"
)

// Waiting draws who waits for what, where, and who has what they wait for; "" if nobody waits for
// anything but time.
//
//	| who | waits      | at         | held by | since      |
//	|-----|------------|------------|---------|------------|
//	| a   | for a lock | pool.go:12 | b       | pool.go:30 |
//	| b   | for a lock | pool.go:31 | a       | pool.go:11 |
func Waiting(list []rt.Waiter) string {
	t := &grid{head: []string{"who", "waits", "at", "held by", "since", "started at"}}
	used := make([]bool, len(t.head))
	for _, w := range list {
		if w.Timed || w.Site == "" && w.By == "" {
			continue
		}
		row := []string{w.Name, strings.TrimPrefix(w.What, "waits "), w.Site, w.By, w.BySite, w.Born}
		for i, cell := range row {
			used[i] = used[i] || cell != ""
		}
		t.rows = append(t.rows, row)
	}
	if len(t.rows) == 0 {
		return ""
	}
	for i := len(used) - 1; i > 0; i-- {
		if !used[i] || i == len(used)-1 && !t.fits() {
			t.drop(i)
		}
	}
	return t.String()
}

// drop leaves a column out.
func (t *grid) drop(i int) {
	t.head = append(t.head[:i:i], t.head[i+1:]...)
	for n, r := range t.rows {
		t.rows[n] = append(r[:i:i], r[i+1:]...)
	}
}
