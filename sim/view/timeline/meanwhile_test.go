package timeline

import (
	"fmt"
	"strings"
	"testing"
)

// TestMeanwhile: where a goroutine is stopped it is said what others changed that it had looked at before in the call, and
// changes then.
func TestMeanwhile(t *testing.T) {
	const want = "[n: load, is 3 (a at q.go:0), meanwhile store (b at q.go:3), then store (a at q.go:4)]"
	for _, c := range []struct{ rows, want string }{
		{"a:load a: b:load b:store a:store", want},
		{"a:load a: b:store b:load b:store a:store", "[n: load, is 3 (a at q.go:0), meanwhile store (b at q.go:2), then store (a at q.go:5)]"},
		{"a:load a: b:store a:load a:store", "[]"}, // it looks again
		{"a:load a: b:store a:compare-and-swap", "[]"},
		{"a:store a: b:store a:store", "[]"},        // it has not looked
		{"a:load a: b:load b:now a:store", "[]"},    // nothing is changed
		{"a:load a: b:load a:load b:store", "[]"},   // only after it went on
		{"a:load a( a: b:store a:store", "[]"},      // it was in another call
		{"a:load a: b:store a) a:store", "[]"},      // it is in another call
		{"a:load a: b:store a:lock a:unlock", "[]"}, // it does not come there again
	} {
		r := Run{Columns: []Column{{Name: "a"}, {Name: "b"}}, Objects: []Object{{Name: "n", Sort: "memory"}, {Name: "mu", Sort: "lock"}}}
		at, n := 0, 0
		for i, word := range strings.Fields(c.rows) {
			row := Row{Kind: Point, Column: int(word[0] - 'a'), Text: word[2:], Site: fmt.Sprint("q.go:", n), Objects: []int{0}}
			switch {
			case i == 0:
				row.Value = "is 3"
			case word == "a:":
				row.Kind, at, row.Objects = Switch, i, nil
			case word[1] != ':':
				row.Kind, row.Objects = map[byte]Kind{'(': Call, ')': Answer}[word[1]], nil
			case row.Text == "lock" || row.Text == "unlock":
				row.Objects = []int{1}
			}
			n++
			r.Rows = append(r.Rows, row)
		}
		if got := fmt.Sprint(r.Meanwhile(at)); got != c.want {
			t.Errorf("%s: %s, want %s", c.rows, got, c.want)
		}
	}
}
