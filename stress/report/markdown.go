package report

import (
	"fmt"
	"io"
	"strings"
	"text/template"

	"batchlab/stress/gate"
)

var markdownTemplate = template.Must(template.New("page.md.tmpl").Funcs(template.FuncMap{
	"plain": plain, "cells": cells, "sentence": sentence, "join": strings.Join,
	"head": func(list ...any) string {
		row := cells(list...)
		return row + "\n" + strings.Repeat("|---", strings.Count(row, "|")-1) + "|"
	},
}).ParseFS(files, "page.md.tmpl"))

// Markdown writes the page without its charts, whose figures are in its tables.
func (p *Page) Markdown(w io.Writer) error { return markdownTemplate.Execute(w, p.view) }

// Scoreboard writes the scoreboard alone, as one Markdown table.
func Scoreboard(w io.Writer, f *gate.Findings) error {
	return markdownTemplate.ExecuteTemplate(w, "scoreboard", groupsOf(f.Lines))
}

// cells is a row of a table. A list is as many cells.
func cells(list ...any) string {
	var b strings.Builder
	add := func(c any) { fmt.Fprintf(&b, "| %s ", plain(c)) }
	for _, c := range list {
		switch c := c.(type) {
		case []string:
			for _, s := range c {
				add(s)
			}
		case []cell:
			for _, s := range c {
				add(strings.TrimSpace(s.Value + " " + s.Range))
			}
		default:
			add(c)
		}
	}
	return b.String() + "|"
}

// special are the characters that mean something in Markdown, or in the HTML within it.
var special = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "|", `\|`, "#", `\#`, "~", `\~`,
	"<", "&lt;", ">", "&gt;", "&", "&amp;",
)

// plain writes a text such that Markdown shows it as it is.
func plain(text any) string { return special.Replace(printable(fmt.Sprint(text))) }
