package report

import (
	"bytes"
	"embed"
	"html/template"
	"io"

	"batchlab/stress/gate"
)

//go:embed page.html.tmpl page.md.tmpl page.css
var files embed.FS

var pageTemplate = template.Must(template.New("page.html.tmpl").Funcs(template.FuncMap{
	"class": func(s any) string {
		switch s {
		case gate.Met, adopt, adoptWhere, string(gate.Better):
			return "good"
		case gate.NotMet, doNotAdopt, string(gate.Worse):
			return "bad"
		}
		return "open"
	},
	"symbol": func(s any) string {
		switch s {
		case gate.Met, adopt, adoptWhere:
			return "✓"
		case gate.NotMet, doNotAdopt:
			return "✗"
		case gate.Figure:
			return "·"
		}
		return "?"
	},
}).ParseFS(files, "page.html.tmpl"))

// HTML writes the page as one file, which loads nothing and needs no script.
func (p *Page) HTML(w io.Writer) error {
	css, err := files.ReadFile("page.css")
	if err != nil {
		return err
	}
	v := p.view
	v.CSS = template.CSS(paletteCSS() + string(css)) // both are ours
	v.Figures = charts(p.samples, p.impls, v.Colours)
	var out bytes.Buffer
	if err := pageTemplate.Execute(&out, v); err != nil {
		return err
	}
	_, err = w.Write(bytes.Map(visible, out.Bytes()))
	return err
}
