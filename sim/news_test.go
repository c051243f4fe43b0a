package sim

import (
	"strings"
	"testing"

	"batchlab/sim/program"
	"batchlab/sim/subject"
)

// TestNews: what a seed expects is no news, nor is another name of its cause; what the lab
// sees for itself is, and so is everything where nothing is expected.
func TestNews(t *testing.T) {
	const (
		winner = subject.OneWinner
		value  = subject.Value
		leak   = subject.Leak
	)
	for _, c := range []struct {
		finds, expects []subject.Law
		specified      bool // the first find is the specification's as well
		news           string
		broken         string // in what Broken says of a search that is whole
	}{
		{nil, nil, false, "", ""},
		{[]subject.Law{winner, leak}, nil, false, "D2-one-winner G1-leak", "x: expected to pass, breaks D2-one-winner in schedule 1|x: expected to pass, breaks G1-leak in schedule 2"},
		{[]subject.Law{winner}, []subject.Law{winner}, false, "", ""},
		{[]subject.Law{leak}, []subject.Law{leak}, false, "", ""},
		{[]subject.Law{value, winner}, []subject.Law{winner}, false, "", ""},
		{[]subject.Law{winner, value, leak}, []subject.Law{winner}, false, "G1-leak", "x: expected to pass, breaks G1-leak in schedule 3"},
		{[]subject.Law{value}, []subject.Law{winner}, false, "D6-value", "x: expected to break D2-one-winner, breaks D6-value"},
		{[]subject.Law{value, leak}, []subject.Law{winner}, false, "D6-value G1-leak", "x: expected to break D2-one-winner, breaks D6-value|x: expected to pass, breaks G1-leak in schedule 2"},
		{nil, []subject.Law{winner}, false, "", "x: expected to break D2-one-winner, covered"},
		{[]subject.Law{winner, value}, nil, true, "D2-one-winner D6-value", "breaks D2-one-winner in schedule 1|x: expected to pass, breaks D6-value"},
	} {
		p, e := &program.Program{}, &Exploration{Subject: "dedup/x", Complete: true, Covered: "covered"}
		for i, law := range c.finds {
			e.Finds = append(e.Finds, Sighting{Violation: &Violation{Law: law}, Specified: c.specified && i == 0, At: i + 1})
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
	// A fault of the specification that a program expects of somebody is everybody's.
	p := &program.Program{Expect: []program.Expect{{Law: string(winner), Subjects: []string{"other"}}}}
	e := &Exploration{Subject: "dedup/x", Finds: []Sighting{{Violation: &Violation{Law: winner}, Specified: true, At: 1}}}
	e.Sighting = e.Finds[0]
	if news := e.News(p); len(news) > 0 {
		t.Errorf("%v is everybody's", news)
	}
}

// TestExplorationsSay: of each law the first find stands for all programs, and the sum says
// who judged and what nobody could.
func TestExplorationsSay(t *testing.T) {
	var x explorations
	first, second := &program.Program{}, &program.Program{}
	sight := func(law subject.Law, specified bool) Sighting {
		return Sighting{Violation: &Violation{Law: law}, Specified: specified}
	}
	x.add(first, &Exploration{Schedules: 10, Unjudged: 1, Judged: "judged by A"})
	if want := "no violation in 10 schedules of 1 programs (random, PCT d=2, PCT d=3 and URW in turn); judged by A; 1 traces could not be judged"; x.String() != want {
		t.Errorf("%q, want %q", x.String(), want)
	}
	x.add(first, &Exploration{Schedules: 5, Judged: "judged by A", Finds: []Sighting{sight(subject.Leak, false), sight(subject.Value, true)}})
	x.add(second, &Exploration{Schedules: 5, Judged: "judged by B", Beyond: 3, Finds: []Sighting{sight(subject.OneWinner, false), sight(subject.Leak, false)}})
	if want := "2 laws broken in 20 schedules of 3 programs; judged by A; judged by B; 1 traces could not be judged; 3 traces are beyond what was searched of the reference"; x.String() != want {
		t.Errorf("%q, want %q", x.String(), want)
	}
	if len(x.finds) != 2 || x.finds[0].program != first || x.finds[1].Violation.Law != subject.OneWinner || x.judged != 19 {
		t.Errorf("%+v", x)
	}
}
