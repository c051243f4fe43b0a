package report

import (
	"bytes"
	"embed"
	"html/template"
	"io"

	"batchlab/stress/bench"
	"batchlab/stress/gate"
)

//go:embed page.html.tmpl page.css
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

// view is what the template is given.
type view struct {
	Title, Description string
	CSS                template.CSS
	Status             status
	Answer             []string
	Groups             []group
	Rules              []string
	Advice             []advice
	Figures            []figureOf
	Kinds              []kindOf
	Colours            paint
	Config             []bench.Config
	Evidence           shown
	Method             []string
	Repeat             []struct{ Command, Does string }
}

// HTML writes the page as one file, which loads nothing and needs no script.
func (p *Page) HTML(w io.Writer) error {
	css, err := files.ReadFile("page.css")
	if err != nil {
		return err
	}
	colours := newPaint(p.impls)
	figures, err := charts(p.samples, p.impls, colours)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	err = pageTemplate.Execute(&out, view{
		Title: title, Description: p.status.Words,
		CSS:    template.CSS(paletteCSS() + string(css)), // both are ours
		Status: p.status, Answer: p.answer, Groups: p.groups, Rules: rules, Advice: p.advice, Figures: figures,
		Kinds: p.kinds, Colours: colours, Config: p.samples.Config, Evidence: p.evidence, Method: method, Repeat: repeat,
	})
	if err != nil {
		return err
	}
	_, err = w.Write(bytes.Map(visible, out.Bytes()))
	return err
}
