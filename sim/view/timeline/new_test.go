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
	if got := a.Rows[6].By + "; " + b.Rows[7].By + "; " + b.Rows[8].By; got != "differs from =1 in hasty; differs from =0 in locked; " {
		t.Errorf("beside answers stand %s", got)
	}
	c, d := rows("aPush a=ok"), rows("aPush a=ok")
	if pair(&c, &d); d.Open != -1 {
		t.Errorf("two runs that are the same differ at %d", d.Open)
	}
}
