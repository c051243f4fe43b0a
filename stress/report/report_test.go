package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"batchlab/stress/bench"
	"batchlab/stress/gate"
)

// small reads the file of few samples.
func small(t testing.TB) *bench.Table {
	t.Helper()
	in, err := os.Open("testdata/small.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	table, err := bench.Read(in, in.Name())
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// without leaves out rows.
func without(t *bench.Table, leave func(*bench.Row) bool) *bench.Table {
	t.Rows = slices.DeleteFunc(t.Rows, leave)
	return t
}

// wellFormed parses a page as XML, which is stricter than HTML.
func wellFormed(t *testing.T, page string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(page))
	d.Entity = map[string]string{}
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			at := d.InputOffset()
			t.Fatalf("not well-formed: %v, at %q", err, page[max(0, at-200):at])
		}
	}
}

var (
	tags  = regexp.MustCompile(`<[^>]*>`)
	loads = regexp.MustCompile(`(?i)\b(?:src|srcset|data|action|poster|href)\s*=\s*"([^"]*)"|` +
		`url\(|@import|<script|<link|<iframe|<object|<embed|<img|<image`)
)

// standsAlone fails if a page would load anything. To one page it may link: that of the lab, which lies beside it, is
// loaded only when somebody follows it, and has the seeds and their timelines, of which here are only numbers.
func standsAlone(t *testing.T, page string) {
	t.Helper()
	for _, m := range loads.FindAllStringSubmatch(page, -1) {
		if !strings.HasPrefix(m[1], "#") && m[0] != `href="lab.html"` {
			t.Errorf("the page refers to %q", m[0])
		}
	}
}

// TestBeside: both forms link to the lab's page once if that is beside them, and else not at all.
func TestBeside(t *testing.T) {
	table := small(t)
	p := New(table, evidence(), gate.Judge(table, evidence()))
	for links := range 2 {
		var h, m bytes.Buffer
		if err := errors.Join(p.HTML(&h), p.Markdown(&m)); err != nil {
			t.Fatal(err)
		}
		wellFormed(t, h.String())
		standsAlone(t, h.String())
		if n := strings.Count(h.String(), `href="lab.html"`); n != links || strings.Count(m.String(), "](lab.html)") != links {
			t.Errorf("%d links, want %d", n, links)
		}
		p.Beside()
	}
}

// TestPageSaysAll: whatever the input, both forms are whole, alone, and have every line.
func TestPageSaysAll(t *testing.T) {
	otherSource := evidence()
	otherSource.Source = "xyz"
	otherGo := evidence()
	otherGo.Go = "go1.25"
	half := evidence()
	delete(half.Records[1].Subjects, "batcher/optimized")
	incomplete := small(t)
	incomplete.Set("status", "incomplete: interrupted")
	for _, c := range []struct {
		name  string
		table *bench.Table
		e     *gate.Evidence
		want  []string
	}{
		{"every scenario", synthetic(t), evidence(), []string{
			"samples are complete: 262 rows of 47", "Maps with 60 buckets", "a peer, compared", "G2-progress in batcher/baseline",
		}},
		{"small", small(t), evidence(), []string{
			"Improvement: 38.3% faster, 100% fewer allocations", "Regression: 24.4% more processor time", "Processor of nobody",
		}},
		{"incomplete", incomplete, evidence(), []string{"samples are not complete", "Incomplete: interrupted"}},
		{"no evidence", small(t), nil, []string{"no evidence that these are still the same component"}},
		{"evidence of another source", small(t), otherSource, []string{"the evidence is of another source"}},
		{"evidence of another Go", small(t), otherGo, []string{"the evidence is of another version of Go"}},
		{"evidence without a subject", small(t), half, []string{"but batcher/optimized was not part of campaign."}},
		{"evidence with gaps", small(t), &gate.Evidence{Source: "abc", Go: "go1.26.8"},
			[]string{"no replay, no campaign"}},
		{"only the baseline", without(small(t), func(r *bench.Row) bool { return r.Impl != "baseline" }),
			evidence(), []string{"It was not measured."}},
		{"no baseline", without(small(t), func(r *bench.Row) bool { return r.Impl == "baseline" }), evidence(),
			[]string{"not measured"}},
		{"nothing at all", &bench.Table{}, nil, []string{"0 rows of 0 scenarios", "It is not said whether"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			page, text := written(t, c.table, c.e)
			wellFormed(t, page)
			standsAlone(t, page)
			words := html.UnescapeString(tags.ReplaceAllString(page, ""))
			for _, w := range c.want {
				if !strings.Contains(words, w) {
					t.Errorf("the page does not say %q", w)
				}
				if !strings.Contains(text, plain(w)) && !strings.HasPrefix(w, "Maps with") {
					t.Errorf("the Markdown does not say %q", w)
				}
			}
			for _, l := range gate.Judge(c.table, c.e).Lines {
				for _, s := range append([]string{l.Claim, l.Number}, l.Against...) {
					if !strings.Contains(words, s) || !strings.Contains(text, plain(s)) {
						t.Errorf("a form lacks %q", s)
					}
				}
			}
			for _, s := range []string{"proved", "http://", "https://", "ZgotmplZ", "NaN", "Inf"} {
				if strings.Contains(page, s) || strings.Contains(text, s) {
					t.Errorf("a form has %q", s)
				}
			}
		})
	}
}

func TestSameInputGivesTheSameBytes(t *testing.T) {
	page, text := written(t, synthetic(t), evidence())
	for range 3 {
		again, text2 := written(t, synthetic(t), evidence())
		if again != page || text2 != text {
			t.Fatal("the second page differs from the first")
		}
	}
}

// TestNamesAreText: no name, key or value ends up as anything but text.
func TestNamesAreText(t *testing.T) {
	const bad = `</svg><script>alert(1)</script><b&"'|*_[x](y)#000000`
	table := small(t)
	table.Set("cpu", bad)
	table.Set("status", "incomplete: "+bad)
	for _, r := range slices.Clone(table.Rows) {
		evil := *r
		evil.Impl, evil.ID = bad, strings.Replace(r.ID, "light", bad, 1)
		table.Rows = append(table.Rows, &evil)
		base := *r
		base.Impl, base.ID = "baseline", evil.ID
		if r.ID != evil.ID {
			table.Rows = append(table.Rows, &base)
		}
	}
	control := *table.Rows[0]
	control.Impl = "a\x00\x01\x1bb\xff"
	table.Rows = append(table.Rows, &control)
	e := evidence()
	e.Records[0].Known, e.Records[0].Subjects, e.Records[0].Strategies = []string{bad}, map[string]string{bad: bad}, []string{bad}
	page, text := written(t, table, e)
	wellFormed(t, page)
	standsAlone(t, page)
	if !strings.Contains(html.UnescapeString(tags.ReplaceAllString(page, "")), bad) {
		t.Error("the page does not show the name")
	}
	if strings.Contains(text, "<script") || regexp.MustCompile(`[^\\]\]\(`).MatchString(text) {
		t.Error("the Markdown has markup of the name's")
	}
	for _, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(line, "|") && !strings.HasSuffix(line, "|") {
			t.Errorf("a row of a table is broken: %q", line)
		}
	}
}

// TestZeroHasNoPlaceOnALogarithmicAxis: it is left out, and nothing panics.
func TestZeroHasNoPlaceOnALogarithmicAxis(t *testing.T) {
	for _, zero := range [][]string{{"baseline"}, {"optimized"}, {"baseline", "optimized", "direct"}} {
		for _, v := range []string{"0", "-1", "NaN", "+Inf"} {
			t.Run(fmt.Sprint(zero, v), func(t *testing.T) {
				table := small(t)
				for _, r := range table.Rows {
					for _, s := range r.Samples {
						for i := range s.Values {
							if slices.Contains(zero, r.Impl) && s.Values[i].Unit != bench.P90 {
								if _, err := fmt.Sscan(v, &s.Values[i].Value); err != nil {
									t.Fatal(err)
								}
							}
						}
					}
				}
				charts(table, implsOf(table), newPaint(implsOf(table)))
				if v == "0" {
					page, _ := written(t, table, evidence())
					wellFormed(t, page)
				}
			})
		}
	}
}

func TestScoreboard(t *testing.T) {
	f := &gate.Findings{Lines: []gate.Line{
		{Of: "peers", Claim: "6 times as fast as *anybody*", State: gate.NotShown, Number: "not measured"},
		{Of: "plan", Claim: "Put | Get take 25% less", State: gate.Met, Number: "3 of 3; -42.8%"},
		{Of: "plan", Claim: "no regression", State: gate.NotMet, Number: "1 of 2; from +3.0% to -9.0%",
			Against: []string{"some row"}},
	}}
	want, err := os.ReadFile("testdata/scoreboard.md")
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if err := Scoreboard(&got, f); err != nil || got.String() != string(want) {
		t.Errorf("error %v, got\n%s\nwant\n%s", err, &got, want)
	}
}
