package view

import (
	"strings"
	"unicode/utf8"
)

// screen is how wide a table may be, in columns of a terminal.
const screen = 80

// grid is cells in columns, as text that is a table in Markdown as well.
type grid struct {
	head []string
	rows [][]string // each with a cell for each column, and behind the last what stands beside the row
}

// String draws the table no wider than the screen: the widest columns give way.
func (t *grid) String() string {
	widths := make([]int, len(t.head))
	for i, h := range t.head {
		widths[i] = utf8.RuneCountInString(h)
		for _, r := range t.rows {
			widths[i] = max(widths[i], utf8.RuneCountInString(r[i]))
		}
	}
	for room := screen - 3*len(widths) - 1; sum(widths) > room; {
		widest := 0
		for i, w := range widths {
			if w > widths[widest] {
				widest = i
			}
		}
		if widths[widest] <= 8 {
			break
		}
		widths[widest]--
	}
	var b strings.Builder
	line := func(cells []string, beside string) {
		b.WriteByte('|')
		for i, w := range widths {
			text := clip(cells[i], w)
			b.WriteString(" " + text + strings.Repeat(" ", w-utf8.RuneCountInString(text)) + " |")
		}
		if beside != "" {
			b.WriteString("  <- " + beside)
		}
		b.WriteByte('\n')
	}
	line(t.head, "")
	for _, w := range widths {
		b.WriteString("|" + strings.Repeat("-", w+2))
	}
	b.WriteString("|\n")
	for _, r := range t.rows {
		beside := ""
		if len(r) > len(widths) {
			beside = r[len(widths)]
		}
		line(r, beside)
	}
	return b.String()
}

func sum(list []int) (n int) {
	for _, v := range list {
		n += v
	}
	return n
}

// clip shortens a text in its middle: a long value is told by how it begins and ends.
func clip(text string, width int) string {
	n := utf8.RuneCountInString(text)
	if n <= width {
		return text
	}
	r, front := []rune(text), (width-1)*2/3
	return string(r[:front]) + "…" + string(r[n-(width-1-front):])
}
