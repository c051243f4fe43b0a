// Package overview draws what a run of the lab did as a page of HTML that needs nothing else: no network and no
// JavaScript.
//
//	text, err := overview.HTML(&overview.Page{…})
//
// The same page gives the same bytes. What comes from outside stays text, and the page's own policy lets nothing run
// and nothing be asked for.
package overview

import (
	"bytes"
	_ "embed"
	"html/template"
)

// Page is what there is to see.
type Page struct {
	Source, Go, Machine, Evidence, Digest string

	New, Lines, Stages []string
	Missing            bool   // the run is not whole
	Mutants            string // the last table of them, "" if there is none of this source
	Subjects           []Row
	Known              []Known
	Covered            []Count
	Situations         []string // the columns of Heat
	Heat               []Heat
	Reach              *Reach // nil: nobody has looked
}

// Row is an implementation, and what each stage says of it.
type Row struct {
	Name  string
	Cells []Cell
}

// Cell is what a stage says: its Class is good, known, bad or none.
type Cell struct{ Class, Text string }

// Known is a violation that is known, its seed, and the page that shows it, "" if none does.
type Known struct{ Title, Seed, Page string }

// Count is how much of something a stage did.
type Count struct {
	Stage, What string
	N           int
}

//go:embed overview.html
var html string

var page = template.Must(template.New("overview").Parse(html))

// HTML is the page.
func HTML(p *Page) ([]byte, error) {
	var b bytes.Buffer
	err := page.Execute(&b, p)
	return b.Bytes(), err
}
