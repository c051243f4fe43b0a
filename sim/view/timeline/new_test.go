package timeline

import (
	"slices"
	"strings"
	"testing"
)

// TestPair: what two runs have in common stands in line, and the first answer that is another is where the page opens.
func TestPair(t *testing.T) {
	rows := func(text string) Run {
		r := Run{Columns: []Column{{Name: "a"}, {Name: "b"}}, Open: -1}
		for _, word := range strings.Fields(text) {
			row := Row{Kind: Call, Column: int(word[0] - 'a'), Text: word[1:]}
			if i := strings.Index(word, "="); i >= 0 {
				row.Kind = Answer
			} else if word[1] == '.' {
				row.Kind = Point
			}
			r.Rows = append(r.Rows, row)
		}
		return r
	}
	a, b := rows("aPush a. a=ok aPop bPop a=1 b=0"), rows("aPush a=ok a. aPop a. bPop b. b=1 a=1")
	a.Name, b.Name = "locked", "hasty"
	pair(&a, &b)
	var pairs []int
	for _, r := range a.Rows {
		pairs = append(pairs, r.Pair)
	}
	if !slices.Equal(pairs, []int{1, 0, 2, 4, 6, 9, 0}) || b.Open != 7 {
		t.Errorf("pairs %v, opens at %d", pairs, b.Open)
	}
	if got := a.Rows[6].By + "; " + b.Rows[7].By + "; " + b.Rows[8].By; got != "but hasty answers =1; but locked answers =0; " {
		t.Errorf("beside answers stand %s", got)
	}
	for always, want := range map[bool]string{
		true: "but locked answers 2: The first difference: b calls Pop, and it answers =1; " +
			"in every run of locked that was tried it answers 2.",
		false: "but locked answers 2 in its nearest run: The first difference: b calls Pop, and it answers =1; " +
			"in the nearest run of locked that was tried it answers 2.",
	} {
		two := Timeline{Runs: []Run{a, b}}
		two.Runs[1].Note = "want 2"
		if two.Differ(always); two.Runs[1].Note+": "+strings.Join(two.Verdict, "") != want {
			t.Errorf("%s: %q, want %s", two.Runs[1].Note, two.Verdict, want)
		}
	}
	c, d := rows("aPush a=ok"), rows("aPush a=ok")
	if pair(&c, &d); d.Open != -1 {
		t.Errorf("two runs that are the same differ at %d", d.Open)
	}
}
