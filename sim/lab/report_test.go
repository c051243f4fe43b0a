package lab

import (
	"strings"
	"testing"

	"batchlab/impls/spec"
	"batchlab/sim/history"
	"batchlab/sim/oracle"
	"batchlab/sim/program"
)

// verdict of a subject; an empty law is none.
func verdict(name string, law spec.Law, specified bool, branched int) oracle.Verdict {
	v := oracle.Verdict{Subject: "dedup/" + name, Specified: specified, Branched: branched}
	if law != "" {
		v.Violation = &oracle.Violation{Law: law, Subject: v.Subject, Step: 2, Want: "x", Got: "y"}
	}
	return v
}

// TestBroken: expectations of a seed and what was seen, and what is said if they
// do not agree.
func TestBroken(t *testing.T) {
	expect := func(law spec.Law, names ...string) []program.Expect {
		return []program.Expect{{Law: string(law), Subjects: names}}
	}
	p := parse(t, "a set k1 v1|b get k1")
	right := told(t, p, "+0s a set k1 v1 -> true #1\n+0s b get k1 -> v1 #2\n")
	wrong := told(t, p, "+0s a set k1 v1 -> true #1\n+0s b get k1 -> none #2\n")
	short := told(t, p, "+0s a set k1 v1 -> true #1\n")
	type (
		these = []oracle.Verdict
		seen  = []history.History
	)
	const early = spec.Lifetime
	pass, fails, also := verdict("one", "", false, 0), verdict("one", early, false, 0), verdict("two", "", false, 0)
	const differ = `dedup/x and dedup/x differ at step 2: "+0s          b get k1 -> v1` +
		`                                     #2", `
	const none = `"+0s          b get k1 -> none                                   #2"`
	for _, c := range []struct {
		name         string
		expect       []program.Expect
		shows        []string
		verdicts     []oracle.Verdict
		histories    []history.History
		unrepeatable []string
		want         string // lines joined by '|'
	}{
		{"passes", nil, []string{"a set", "b get k1 -> v1"}, these{pass}, seen{right}, nil, ""},
		{"fails", nil, nil, these{fails}, seen{wrong}, nil, "dedup/one: expected to pass, breaks D1-lifetime"},
		{"fails as expected", expect(early, "one"), nil, these{fails}, seen{wrong}, nil, ""},
		{"passes unexpectedly", expect(early, "one"), nil, these{pass}, seen{right}, nil,
			"dedup/one: expected to break D1-lifetime, passes: a known violation that stops failing has to be looked at"},
		{"breaks another law", expect(early, "one"), nil, these{verdict("one", "D6-value", false, 0)}, seen{wrong}, nil,
			"dedup/one: expected to break D1-lifetime, breaks D6-value"},
		{"another subject fails", expect(early, "two"), nil, these{fails, verdict("two", early, false, 0)},
			seen{wrong, wrong}, nil, "dedup/one: expected to pass, breaks D1-lifetime"},
		{"a fault of the specification is everybody's", expect(early, "two"), nil,
			these{verdict("one", early, true, 0)}, seen{wrong}, nil, ""},
		{"does not show", nil, []string{"b get k1 -> v1", "a set"}, these{pass}, seen{right}, nil,
			`dedup/one: the history does not show "a set"`},
		{"differs", nil, nil, these{pass, also}, seen{right, wrong}, nil, differ + none},
		{"differs where the model had a choice", nil, nil, these{verdict("one", "", false, 2), also},
			seen{right, wrong}, nil, ""},
		{"differs before the model had a choice", nil, nil,
			these{verdict("one", "", false, 3), verdict("two", "", false, 3)}, seen{right, wrong}, nil, differ + none},
		{"ends early", nil, nil, these{pass, also}, seen{right, short}, nil, differ + `"nothing"`},
		{"does not repeat", nil, nil, these{pass}, seen{right}, []string{"dedup/one"},
			"dedup/one: a second run gave another history: nondeterminism"},
	} {
		t.Run(c.name, func(t *testing.T) {
			q := *p
			q.Expect, q.Shows = c.expect, c.shows
			r := &Report{Program: &q, Verdicts: c.verdicts, Histories: c.histories, Unrepeatable: c.unrepeatable}
			if got := strings.Join(r.Broken(), "|"); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// TestWorst: a fault that is the subject's own matters more than one that the
// specification has.
func TestWorst(t *testing.T) {
	none, own := verdict("none", "", false, 0), verdict("own", "D6-value", false, 0)
	specified := verdict("specified", "D1-lifetime", true, 0)
	for _, c := range []struct {
		list []oracle.Verdict
		want string
	}{
		{nil, ""},
		{[]oracle.Verdict{none}, ""},
		{[]oracle.Verdict{none, own}, "dedup/own"},
		{[]oracle.Verdict{specified, none, own}, "dedup/own"},
		{[]oracle.Verdict{own, specified}, "dedup/own"},
		{[]oracle.Verdict{none, specified}, "dedup/specified"},
	} {
		got := ""
		if w := (&Report{Verdicts: c.list}).Worst(); w != nil {
			got = w.Subject
		}
		if got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

// TestDigest: the digest of a report is that of the program, the verdicts and what
// has to be the same; notes, comments and what the model leaves open are no part.
func TestDigest(t *testing.T) {
	base := func() *Report {
		p := parse(t, "a set k1 v1|b get k1")
		h := told(t, p, "+0s a set k1 v1 -> true #1\n+0s b get k1 -> v1 #2\n")
		return &Report{Program: p, Verdicts: []oracle.Verdict{verdict("one", "", false, 0)}, Histories: []history.History{h}}
	}
	want := base().Digest()
	for _, c := range []struct {
		name   string
		change func(*Report)
		same   bool
	}{
		{"nothing", func(*Report) {}, true},
		{"a comment", func(r *Report) { r.Program.Comment = []string{"x"} }, true},
		{"a note", func(r *Report) { r.Histories[0].Events[0].Note = "x" }, true},
		{"a line", func(r *Report) { r.Histories[0].Events[1].Val = 7 }, false},
		{"an operation", func(r *Report) { r.Program.Ops = r.Program.Ops[:1] }, false},
		{"a violation", func(r *Report) { r.Verdicts[0] = verdict("one", "D6-value", false, 0) }, false},
		{"a subject", func(r *Report) { r.Verdicts[0].Subject = "dedup/two" }, false},
	} {
		r := base()
		c.change(r)
		if got := r.Digest(); (got == want) != c.same {
			t.Errorf("%s: digest %s, was %s", c.name, got, want)
		}
	}
	a, b := base(), base()
	for _, r := range []*Report{a, b} {
		r.Verdicts[0].Branched = 2
	}
	b.Histories[0].Events[1].Val = 7
	if a.Digest() != b.Digest() {
		t.Error("what came after a choice of the model is part of the digest")
	}
}
