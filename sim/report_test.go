package sim

import (
	"slices"
	"strings"
	"testing"

	"batchlab/sim/program"
	"batchlab/sim/subject"
)

// verdict of a subject; an empty law is none.
func verdict(name string, law subject.Law, specified bool, branched int) Verdict {
	v := Verdict{Subject: "dedup/" + name, Specified: specified, Branched: branched}
	if law != "" {
		v.Violation = &Violation{Law: law, Subject: v.Subject, Step: 2, Want: "x", Got: "y"}
	}
	return v
}

// TestBroken: expectations of a seed and what was seen, and what is said if they
// do not agree.
func TestBroken(t *testing.T) {
	expect := func(law subject.Law, names ...string) []program.Expect {
		return []program.Expect{{Law: string(law), Subjects: names}}
	}
	p := parse(t, "map", "a set k1 v1|b get k1")
	right := history(t, p, "+0s a set k1 v1 -> true #1\n+0s b get k1 -> v1 #2\n")
	wrong := history(t, p, "+0s a set k1 v1 -> true #1\n+0s b get k1 -> none #2\n")
	short := history(t, p, "+0s a set k1 v1 -> true #1\n")
	for _, c := range []struct {
		name         string
		expect       []program.Expect
		shows        []string
		verdicts     []Verdict
		histories    []History
		unrepeatable []string
		want         string // lines joined by '|'
	}{
		{"passes", nil, []string{"a set", "b get k1 -> v1"}, []Verdict{verdict("one", "", false, 0)}, []History{right}, nil, ""},
		{"fails", nil, nil, []Verdict{verdict("one", "D1-lifetime", false, 0)}, []History{wrong}, nil, "dedup/one: expected to pass, breaks D1-lifetime"},
		{"fails as expected", expect("D1-lifetime", "one"), nil, []Verdict{verdict("one", "D1-lifetime", false, 0)}, []History{wrong}, nil, ""},
		{"passes unexpectedly", expect("D1-lifetime", "one"), nil, []Verdict{verdict("one", "", false, 0)}, []History{right}, nil, "dedup/one: expected to break D1-lifetime, passes: a known violation that stops failing has to be looked at"},
		{"breaks another law", expect("D1-lifetime", "one"), nil, []Verdict{verdict("one", "D6-value", false, 0)}, []History{wrong}, nil, "dedup/one: expected to break D1-lifetime, breaks D6-value"},
		{"another subject fails", expect("D1-lifetime", "two"), nil, []Verdict{verdict("one", "D1-lifetime", false, 0), verdict("two", "D1-lifetime", false, 0)}, []History{wrong, wrong}, nil, "dedup/one: expected to pass, breaks D1-lifetime"},
		{"a fault of the specification is everybody's", expect("D1-lifetime", "two"), nil, []Verdict{verdict("one", "D1-lifetime", true, 0)}, []History{wrong}, nil, ""},
		{"does not show", nil, []string{"b get k1 -> v1", "a set"}, []Verdict{verdict("one", "", false, 0)}, []History{right}, nil, `dedup/one: the history does not show "a set"`},
		{"differs", nil, nil, []Verdict{verdict("one", "", false, 0), verdict("two", "", false, 0)}, []History{right, wrong}, nil, `dedup/x and dedup/x differ at step 2: "+0s          b get k1 -> v1                                     #2", "+0s          b get k1 -> none                                   #2"`},
		{"differs where the model had a choice", nil, nil, []Verdict{verdict("one", "", false, 2), verdict("two", "", false, 0)}, []History{right, wrong}, nil, ""},
		{"differs before the model had a choice", nil, nil, []Verdict{verdict("one", "", false, 3), verdict("two", "", false, 3)}, []History{right, wrong}, nil, `dedup/x and dedup/x differ at step 2: "+0s          b get k1 -> v1                                     #2", "+0s          b get k1 -> none                                   #2"`},
		{"ends early", nil, nil, []Verdict{verdict("one", "", false, 0), verdict("two", "", false, 0)}, []History{right, short}, nil, `dedup/x and dedup/x differ at step 2: "+0s          b get k1 -> v1                                     #2", "nothing"`},
		{"does not repeat", nil, nil, []Verdict{verdict("one", "", false, 0)}, []History{right}, []string{"dedup/one"}, "dedup/one: a second run gave another history: nondeterminism"},
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
	none, own, specified := verdict("none", "", false, 0), verdict("own", "D6-value", false, 0), verdict("specified", "D1-lifetime", true, 0)
	for _, c := range []struct {
		list []Verdict
		want string
	}{
		{nil, ""},
		{[]Verdict{none}, ""},
		{[]Verdict{none, own}, "dedup/own"},
		{[]Verdict{specified, none, own}, "dedup/own"},
		{[]Verdict{own, specified}, "dedup/own"},
		{[]Verdict{none, specified}, "dedup/specified"},
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
		p := parse(t, "map", "a set k1 v1|b get k1")
		return &Report{Program: p, Verdicts: []Verdict{verdict("one", "", false, 0)}, Histories: []History{history(t, p, "+0s a set k1 v1 -> true #1\n+0s b get k1 -> v1 #2\n")}}
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
		{"a line", func(r *Report) { r.Histories[0].Events[1].Value = 7 }, false},
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
	b.Histories[0].Events[1].Value = 7
	if a.Digest() != b.Digest() {
		t.Error("what came after a choice of the model is part of the digest")
	}
}

// TestAgrees: how far a second run has to be as the first.
func TestAgrees(t *testing.T) {
	p := parse(t, "map", "a set k1 v1|b get k1|b get k1")
	h := history(t, p, "+0s a set k1 v1 -> true #1\n+0s b get k1 -> v1 #2\n+0s b get k1 -> v1 #3\n")
	early := history(t, p, "+0s a set k1 v2 -> true #1\n+0s b get k1 -> v1 #2\n+0s b get k1 -> v1 #3\n")
	late := history(t, p, "+0s a set k1 v1 -> true #1\n+0s b get k1 -> v1 #2\n+0s b get k1 -> none #3\n")
	for _, c := range []struct {
		v           Verdict
		early, late bool
	}{
		{verdict("x", "", false, 0), false, false},
		{verdict("x", "", false, 3), false, true},         // from step 3 on there are several
		{verdict("x", "D6-value", false, 0), false, true}, // at step 2: what comes later is of no interest
		{verdict("x", "D6-value", true, 0), false, false},
		{verdict("x", "D6-value", false, 1), true, true},
	} {
		if !c.v.agrees(h, h) || c.v.agrees(h, early) != c.early || c.v.agrees(h, late) != c.late {
			t.Errorf("%+v: agrees with itself %v, early %v, late %v", c.v, c.v.agrees(h, h), c.v.agrees(h, early), c.v.agrees(h, late))
		}
	}
}

// TestWrite: what a person is shown, whole.
func TestWrite(t *testing.T) {
	p := parse(t, "map", "a set k1 v1|b get k1")
	v := &Violation{Law: subject.Lifetime, Subject: "dedup/x", Step: 2, Want: "b get k1 -> v1", Got: "b get k1 -> none", Before: []string{"a set k1 v1 -> true"}, Detail: "why"}
	var b strings.Builder
	v.Write(&b, p, "make replay SEED=x.seed")
	const want = `violation D1-lifetime in dedup/x, step 2
  an entry stays for all buckets but the last, less one refresh of the cached ID

    a set k1 v1 -> true
  got  b get k1 -> none
  want b get k1 -> v1
  why

The program:

batchlab: 1
subject: dedup
config:  bucket=1s buckets=3 epoch=0s
expect:  pass

a set k1 v1
b get k1

Show it again:

    make replay SEED=x.seed
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
	if got, want := v.Error(), "D1-lifetime in dedup/x at step 2: want b get k1 -> v1, got b get k1 -> none"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestStep: the events of a step, and up to it.
func TestStep(t *testing.T) {
	p := parse(t, "map", "a count|a count|a count")
	h := history(t, p, "+0s a count -> 0 #1\n+0s a count -> 1 #3\n+0s a count -> 2 #3\n")
	for step, want := range []int{0, 1, 0, 2, 0} {
		if got := len(h.Step(step)); got != want {
			t.Errorf("step %d has %d events, want %d", step, got, want)
		}
	}
	if got := len(h.until(2)); got != 1 {
		t.Errorf("until step 2: %d events", got)
	}
	if !slices.Equal([]byte(h.Digest()), []byte(digest(h.Events))) || len(h.Digest()) != 16 {
		t.Errorf("digest %s", h.Digest())
	}
}
