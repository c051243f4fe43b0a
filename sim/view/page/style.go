package page

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// hues is how many colours there are for goroutines.
const hues = 6

// mostColumns is how many goroutines stand beside each other.
const mostColumns = 8

// style is how a page looks: each column has its colour and is folded by itself; the source is beside the rows where
// the columns keep the room that they need, and where they have not even that without it, they are a list.
func (v *view) style() string {
	var b strings.Builder
	b.WriteString(text("page.css"))
	for _, h := range v.Heads {
		for _, c := range h.Columns {
			fmt.Fprintf(&b, ".c%d{--k:var(--k%d)}.f%[1]d td.c%[1]d>*{display:none}.f%[1]d .w%[1]d{width:2.5rem}\n",
				c.N, c.Hue)
		}
	}
	needs := v.Wide * v.widest()
	beside, columns := max(1200, 100+needs*5/3), max(620, needs)
	if v.Wide > mostColumns {
		beside, columns = 1200, 1e5
	}
	fmt.Fprintf(&b, "@media screen and (min-width: %dpx) {\n%s}\n@container (max-width: %dpx) {\n%s}\n",
		beside, text("beside.css"), columns, text("list.css"))
	return b.String()
}

// widest is how many pixels a column needs so that no place or name in it is broken, unless that is very long; a path
// before a place is.
func (v *view) widest() int {
	most := 0
	see := func(text string) {
		for part := range strings.SplitSeq(text, "/") {
			most = max(most, utf8.RuneCountInString(part))
		}
	}
	for _, run := range v.Runs {
		for _, r := range run.Rows {
			see(r.Site)
		}
		for _, o := range run.Objects {
			see(o.Name)
		}
	}
	return 22 + min(most, 36)*77/10
}
