package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"batchlab/stress/gate"
)

// Markdown writes the page without its charts, whose figures are in its tables.
func (p *Page) Markdown(w io.Writer) error {
	m := &markdown{}
	m.line("# %s", plain(title))
	if p.status.Complete {
		m.line("%s", plain(p.status.Words))
	} else {
		m.line("**%s**", plain(p.status.Words))
	}
	m.line("%s", plain(strings.Join(p.answer, " ")))
	m.line("## Scoreboard")
	for _, g := range p.groups {
		m.line("### %s", plain(g.Title))
		m.board(g.Lines)
		m.against(g.Lines)
	}
	m.line("## Recommendations")
	m.list(rules)
	for _, a := range p.advice {
		m.advice(a)
	}
	m.line("## Figures")
	m.line("Medians, with their 95%% intervals.")
	for _, k := range p.kinds {
		m.line("### %s", plain(k.Title))
		for _, s := range k.Scenarios {
			m.scenario(s)
		}
	}
	m.machine(p)
	return m.to(w)
}

// Scoreboard writes the scoreboard alone, as one Markdown table.
func Scoreboard(w io.Writer, f *gate.Findings) error {
	m := &markdown{}
	head := []string{"promise of", "promise", "state", "measured"}
	var rows [][]string
	for _, g := range groupsOf(f.Lines) {
		for _, l := range g.Lines {
			rows = append(rows, []string{g.Of, l.Claim, string(l.State), l.Number})
		}
	}
	m.table(head, rows)
	return m.to(w)
}

// markdown is a text in the making. Each block ends with an empty line.
type markdown struct{ bytes.Buffer }

// to writes it, without the last empty line.
func (m *markdown) to(w io.Writer) error {
	_, err := w.Write(bytes.TrimSuffix(m.Bytes(), []byte("\n")))
	return err
}

func (m *markdown) line(format string, args ...any) {
	fmt.Fprintf(m, format+"\n\n", args...)
}

func (m *markdown) list(items []string) {
	for _, item := range items {
		fmt.Fprintf(m, "- %s\n", plain(item))
	}
	m.WriteString("\n")
}

func (m *markdown) table(head []string, rows [][]string) {
	m.cells(head)
	m.WriteString(strings.Repeat("|---", len(head)) + "|\n")
	for _, r := range rows {
		m.cells(r)
	}
	m.WriteString("\n")
}

func (m *markdown) cells(list []string) {
	for _, c := range list {
		fmt.Fprintf(m, "| %s ", plain(c))
	}
	m.WriteString("|\n")
}

func (m *markdown) board(lines []gate.Line) {
	rows := make([][]string, 0, len(lines))
	for _, l := range lines {
		rows = append(rows, []string{string(l.State), l.Claim, l.Number})
	}
	m.table([]string{"state", "promise", "measured"}, rows)
}

// against lists what speaks against the lines, which has no place in a table.
func (m *markdown) against(lines []gate.Line) {
	for _, l := range lines {
		if len(l.Against) > 0 {
			m.line("Against “%s”, or silent about it:", plain(l.Claim))
			m.list(l.Against)
		}
	}
}

func (m *markdown) advice(a advice) {
	m.line("### %s (%s): %s", plain(a.Name), plain(a.Code), plain(a.Verdict))
	m.list(a.Why)
	m.line("Whatever the figures are:")
	m.list(a.Caveats)
	if len(a.Rows) == 0 {
		return
	}
	rows := make([][]string, 0, len(a.Rows))
	for _, r := range a.Rows {
		rows = append(rows, []string{r.ID, r.Verdict, strings.Join(r.Figures, "; ")})
	}
	m.table([]string{"scenario", "it is", "baseline → it"}, rows)
}

func (m *markdown) scenario(s scenario) {
	m.line("#### %s", plain(s.ID))
	if s.What != "" {
		m.line("%s", plain(sentence(s.What))+".")
	}
	rows := make([][]string, 0, len(s.Rows))
	for _, r := range s.Rows {
		cells := []string{r.Impl}
		for _, c := range r.Cells {
			cells = append(cells, strings.TrimSpace(c.Value+" "+c.Range))
		}
		rows = append(rows, append(cells, r.Verdict))
	}
	head := append([]string{"implementation"}, s.Columns...)
	m.table(append(head, "beside the baseline"), rows)
}

func (m *markdown) machine(p *Page) {
	m.line("## Machine, evidence and method")
	m.line("### Machine and versions")
	var rows [][]string
	for _, c := range p.samples.Config {
		rows = append(rows, []string{c.Key, c.Value})
	}
	m.table([]string{"key", "value"}, rows)
	m.line("### Evidence")
	e := p.evidence
	if e.Doubt != "" {
		m.line("**Doubt: %s.**", plain(e.Doubt))
	}
	if len(e.Stages) > 0 {
		rows = nil
		for _, s := range e.Stages {
			rows = append(rows, []string{s.Name, strings.Join(append([]string{s.Covered}, s.Details...), "; ")})
		}
		m.table([]string{"stage", "covered"}, rows)
	}
	if len(e.Subjects) > 0 {
		rows = nil
		for _, s := range e.Subjects {
			rows = append(rows, append([]string{s.Name}, s.Verdicts...))
		}
		m.table(append([]string{"subject"}, e.Names...), rows)
	}
	if len(e.Found) > 0 {
		m.line("New violations:")
		m.list(e.Found)
	}
	if len(e.Known) > 0 {
		m.line("Known violations, met again:")
		m.list(e.Known)
	}
	m.line("### How it was measured")
	m.list(method)
	m.line("### Once more")
	rows = nil
	for _, r := range repeat {
		rows = append(rows, []string{r.Command, r.Does})
	}
	m.table([]string{"command", "what it does"}, rows)
}

// special are the characters that mean something in Markdown, or in the HTML within it.
var special = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "|", `\|`, "#", `\#`, "~", `\~`,
	"<", "&lt;", ">", "&gt;", "&", "&amp;",
)

// plain writes a text such that Markdown shows it as it is.
func plain(s string) string { return special.Replace(printable(s)) }
