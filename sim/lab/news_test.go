package lab

import (
	"strings"
	"testing"

	"batchlab/impls/spec"
	"batchlab/impls/spec/dedup"
	"batchlab/sim/oracle"
	"batchlab/sim/program"
)

// TestNews: what a seed expects is no news, nor is another name of its cause; what the lab
// sees for itself is, and so is everything where nothing is expected.
func TestNews(t *testing.T) {
	const (
		winner = spec.OneWinner
		value  = spec.Value
		leak   = spec.Leak
	)
	for _, c := range []struct {
		finds, expects []spec.Law
		specified      bool // the first find is the specification's as well
		news           string
		broken         string // in what Broken says of a search that is whole
	}{
		{nil, nil, false, "", ""},
		{[]spec.Law{winner, leak}, nil, false, "D2-one-winner G1-leak",
			"x: expected to pass, breaks D2-one-winner in schedule 1|x: expected to pass, breaks G1-leak in schedule 2"},
		{[]spec.Law{winner}, []spec.Law{winner}, false, "", ""},
		{[]spec.Law{leak}, []spec.Law{leak}, false, "", ""},
		{[]spec.Law{value, winner}, []spec.Law{winner}, false, "", ""},
		{[]spec.Law{winner, value, leak}, []spec.Law{winner}, false, "G1-leak", "x: expected to pass, breaks G1-leak in schedule 3"},
		{[]spec.Law{value}, []spec.Law{winner}, false, "D6-value", "x: expected to break D2-one-winner, breaks D6-value"},
		{[]spec.Law{value, leak}, []spec.Law{winner}, false, "D6-value G1-leak",
			"x: expected to break D2-one-winner, breaks D6-value|x: expected to pass, breaks G1-leak in schedule 2"},
		{nil, []spec.Law{winner}, false, "", "x: expected to break D2-one-winner, covered"},
		{[]spec.Law{winner, value}, nil, true, "D2-one-winner D6-value", "breaks D2-one-winner in schedule 1|x: expected to pass, breaks D6-value"},
	} {
		p, e := &program.Program{Kind: dedup.Kind}, &Exploration{Subject: "dedup/x", Complete: true, Covered: "covered"}
		for i, law := range c.finds {
			e.Finds = append(e.Finds, Sighting{Violation: &oracle.Violation{Law: law}, Specified: c.specified && i == 0, At: i + 1})
			e.Sighting = e.Finds[0]
		}
		for _, law := range c.expects {
			p.Expect = append(p.Expect, program.Expect{Law: string(law), Subjects: []string{"x"}})
		}
		news := lawsOf(&Exploration{Finds: e.News(p)})
		st := &Study{Program: p, Explorations: []*Exploration{e}, Fresh: [][]Outcome{nil}}
		broken := strings.ReplaceAll(strings.Join(st.Broken(), "|"), "dedup/", "")
		if news != c.news || c.broken == "" && broken != "" || !strings.Contains(broken, c.broken) {
			t.Errorf("finds %v, expects %v: news %q, want %q; broken %q, want %q", c.finds, c.expects, news, c.news, broken, c.broken)
		}
	}
	// Of a search that was not whole nobody knows whether what is expected would have come.
	few := &Exploration{Subject: "dedup/x", Finds: []Sighting{{Violation: &oracle.Violation{Law: value}, At: 1},
		{Violation: &oracle.Violation{Law: leak}, At: 2}}}
	few.Sighting = few.Finds[0]
	expects := &program.Program{Kind: dedup.Kind, Expect: []program.Expect{{Law: string(winner), Subjects: []string{"x"}}}}
	if news := lawsOf(&Exploration{Finds: few.News(expects)}); news != "G1-leak" {
		t.Errorf("of a few schedules the news are %q, want the leak", news)
	}
	// A fault of the specification that a program expects of somebody is everybody's.
	p := &program.Program{Kind: dedup.Kind, Expect: []program.Expect{{Law: string(winner), Subjects: []string{"other"}}}}
	e := &Exploration{Subject: "dedup/x", Finds: []Sighting{{Violation: &oracle.Violation{Law: winner}, Specified: true, At: 1}}}
	e.Sighting = e.Finds[0]
	if news := e.News(p); len(news) > 0 {
		t.Errorf("%v is everybody's", news)
	}
}
