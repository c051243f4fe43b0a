package page

import (
	"fmt"
	"slices"

	"batchlab/sim/view/timeline"
)

// What is a round, as of a ticker's loop: it comes so often, it is no longer, and what is left out is no less.
const (
	leastRounds = 5
	mostOfRound = 60
	leastLeft   = 6
)

// keys are numbers of lines: lines that tell the same have the same. One at which somebody is stopped, or that is
// wrong, tells what no other does.
func keys(runs []timeline.Run, lines []line, open int) []int {
	list, numbers := make([]int, len(lines)), map[string]int{}
	for n, l := range lines {
		text, alone := "", n == open
		for k, i := range l {
			if i >= 0 {
				r := &runs[k].Rows[i]
				text += r.Tells()
				alone = alone || r.Kind == timeline.Switch || r.Note != ""
			}
			text += "|"
		}
		if _, ok := numbers[text]; !ok {
			numbers[text] = len(numbers)
		}
		if list[n] = numbers[text]; alone {
			list[n] = -1 - n
		}
	}
	return list
}

// rounds finds what comes again and again: of that all but the first and the last time is left out, and when it comes
// later all but the first, up to the end of the run.
func rounds(keys []int) (list []part) {
	known := map[string]bool{}
	for i := 0; i < len(keys); i++ {
		for of := 1; of <= mostOfRound && i+2*of <= len(keys); of++ {
			end := i + of
			for end < len(keys) && keys[end] == keys[end-of] {
				end++
			}
			n := (end - i) / of
			p := part{From: i + of, To: i + (n-1)*of, Rounds: n - 2}
			if n > 1 && known[fmt.Sprint(keys[i:i+of])] {
				if p.To, p.Rounds = i+n*of, n-1; end == len(keys) {
					p.To, p.Rounds = end, (end-i-1)/of
				}
			} else if n < leastRounds {
				continue
			}
			if p.To-p.From < leastLeft {
				continue
			}
			for k := range of { // it may begin anywhere
				known[fmt.Sprint(slices.Concat(keys[i+k:i+of], keys[i:i+k]))] = true
			}
			list = append(list, p)
			i = max(p.To, i+n*of) - 1
			break
		}
	}
	return list
}
