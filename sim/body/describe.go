package body

import "batchlab/sim/weave/rt"

// circle describes goroutines that wait for each other's locks, nil if there are none.
func circle(list []rt.Waiter) []string {
	of := map[string]rt.Waiter{}
	for _, w := range list {
		of[w.Name] = w
	}
	for _, first := range list {
		var round []string
		for w, ok := first, true; ok && w.By != "" && len(round) <= len(list); w, ok = of[w.By] {
			round = append(round, describe(w))
			if w.By == first.Name {
				return round
			}
		}
	}
	return nil
}

// brief is a goroutine and what it waits for; describe says as well where it was started.
func brief(w rt.Waiter) string {
	text := w.Name + " " + w.What
	if w.Site != "" {
		text += " at " + w.Site
	}
	if w.By != "" {
		text += ", held by " + w.By
		if w.BySite != "" {
			text += " since " + w.BySite
		}
	}
	return text
}

func describe(w rt.Waiter) string { return brief(w) + born(w) }

func born(w rt.Waiter) string {
	if w.Born == "" {
		return ""
	}
	return " (started at " + w.Born + ")"
}
