package view

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// screen is how wide what is drawn may be: 80 columns of a terminal, but for the margin of a report.
const screen = 76

// narrowest is how far a column gives way.
const narrowest = 8

// grid is cells in columns, as text that is a table in Markdown as well.
type grid struct {
	head []string
	rows [][]string // each with a cell for each column, and behind the last what stands beside the row
}

// String draws the table no wider than the screen: the widest columns give way. What finds no room
// beside its row stands below the table.
func (t *grid) String() string {
	widths := t.widths()
	for room := screen - 3*len(widths) - 1; sum(widths) > room; {
		widest := slices.Index(widths, slices.Max(widths))
		if widths[widest] <= narrowest {
			break
		}
		widths[widest]--
	}
	var b strings.Builder
	line := func(cells []string) {
		b.WriteByte('|')
		for i, w := range widths {
			text := clip(cells[i], w)
			b.WriteString(" " + text + strings.Repeat(" ", w-utf8.RuneCountInString(text)) + " |")
		}
	}
	line(t.head)
	b.WriteByte('\n')
	for _, w := range widths {
		b.WriteString("|" + strings.Repeat("-", w+2))
	}
	b.WriteString("|\n")
	var below []string
	for _, r := range t.rows {
		line(r)
		if len(r) > len(widths) && r[len(widths)] != "" {
			b.WriteString("  <-")
			if beside := r[len(widths)]; sum(widths)+3*len(widths)+6+utf8.RuneCountInString(beside) <= screen {
				b.WriteString(" " + beside)
			} else {
				below = append(below, beside)
			}
		}
		b.WriteByte('\n')
	}
	for _, text := range below {
		b.WriteString(Wrap("<- "+text, screen))
	}
	return b.String()
}

// widths are what the columns need.
func (t *grid) widths() []int {
	widths := make([]int, len(t.head))
	for i, h := range t.head {
		widths[i] = utf8.RuneCountInString(h)
		for _, r := range t.rows {
			widths[i] = max(widths[i], utf8.RuneCountInString(r[i]))
		}
	}
	return widths
}

// fits reports whether nothing has to be clipped.
func (t *grid) fits() bool { return sum(t.widths())+3*len(t.head)+1 <= screen }

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

// Wrap breaks a text into lines of so many columns at most, if its words allow that. Lines after the
// first are indented.
func Wrap(text string, columns int) string {
	var b strings.Builder
	at := 0
	for _, word := range strings.Fields(text) {
		n := utf8.RuneCountInString(word)
		switch {
		case at == 0:
		case at+1+n > columns:
			b.WriteString("\n  ")
			at = 2
		default:
			b.WriteByte(' ')
			at++
		}
		b.WriteString(word)
		at += n
	}
	if at > 0 {
		b.WriteByte('\n')
	}
	return b.String()
}

// Section is a table, or another text of lines, under a title; "" if it has nothing in it.
func Section(title, table string) string {
	if table == "" {
		return ""
	}
	return "\n" + title + ":\n" + Indent(table)
}

// Indent puts a margin before each line.
func Indent(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString("    " + line)
	}
	return b.String()
}
