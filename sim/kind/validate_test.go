package kind

import (
	"slices"
	"strings"
	"testing"
)

// TestValidate: what can be wrong with the tables of a kind, each said in one line that
// names the kind and what to do.
func TestValidate(t *testing.T) {
	for _, c := range []struct {
		want   string // "" if valid
		change func(k *Kind)
	}{
		{"", func(*Kind) {}},
		{`kind "": its name is to be a word`, func(k *Kind) { k.Name = "" }},
		{`kind "a box": its name is to be a word without spaces`, func(k *Kind) { k.Name = "a box" }},
		{`kind "box": its first operation is to be kind.Time`, func(k *Kind) { k.Ops = nil }},
		{`kind "box": its first operation is to be kind.Time`, func(k *Kind) { k.Ops = k.Ops[1:] }},
		{`kind "box": it has 104 operations, 2 notices and 3 settings, at most 64, 64 and 4 fit`, func(k *Kind) { k.Ops = append(k.Ops, make([]Operation, 100)...) }},
		{`kind "box": it has 4 operations, 65 notices`, func(k *Kind) { k.Notices = make([]Notice, 65) }},
		{`kind "box": it has 4 operations, 2 notices and 8 settings`, func(k *Kind) { k.Settings = append(k.Settings, make([]Setting, 5)...) }},
		{`kind "box": it needs End: what is called so that nothing may be left, or func(`, func(k *Kind) { k.End = nil }},

		{`kind "box": two operations are called "give": give one of them another name`, func(k *Kind) { k.Ops[tell].Name = "give" }},
		{`kind "box": operation "" needs a name that is a word`, func(k *Kind) { k.Ops[tell].Name = "" }},
		{`kind "box": operation "give up" needs a name that is a word`, func(k *Kind) { k.Ops[give].Name = "give up" }},
		{`kind "box": operation "+more" needs a name that is a word, and does not begin with + or &`, func(k *Kind) { k.Ops[give].Name = "+more" }},
		{`kind "box": operation "t" is called like a lane: give it a longer name`, func(k *Kind) { k.Ops[tell].Name = "t" }},
		{"", func(k *Kind) { k.Ops[give].Name = "g" }}, // a lane stands before it
		{`kind "box": operation "give" has 6 arguments, at most 4 fit`, func(k *Kind) { k.Ops[give].Params = append(k.Ops[give].Params, make([]Param, 5)...) }},
		{`kind "box": operation "swap" spells ranges of "key", which needs a Named argument and a later Count of them`,
			func(k *Kind) { k.Ops[swap].Params[0].More = 1 }},
		{`kind "box": operation "swap" spells ranges of "value"`, func(k *Kind) { k.Ops[swap].Params[1].More = 1 }},
		{`kind "box": operation "swap" spells ranges of "value"`, func(k *Kind) { k.Ops[swap].Params[1].More = 3 }},
		{`kind "box": operation "tell" chooses "what" among no words`, func(k *Kind) { k.Ops[tell].Params[0].Words = nil }},
		{`kind "box": operation "give" has an argument "count" without a range: give it Min and Max`, func(k *Kind) { k.Ops[give].Params[0].Max = 0 }},
		{`kind "box": operation "swap" has an argument "value" without a letter`, func(k *Kind) { k.Ops[swap].Params[1].Letter = 0 }},

		{`kind "box": two settings are called "room": give one of them another name`, func(k *Kind) { k.Settings[1].Name = "room" }},
		{`kind "box": two settings are called "epoch"`, func(k *Kind) { k.Settings[1].Name = "epoch" }}, // every kind has one
		{`kind "box": setting "" needs a name that is a word`, func(k *Kind) { k.Settings[1].Name = "" }},
		{`kind "box": setting "room" is a name: a setting is a Count, a Choice or a Duration`, func(k *Kind) { k.Settings[0].Form = Named }},
		{`kind "box": setting "mode" chooses among no words`, func(k *Kind) { k.Settings[2].Words = nil }},
		{`kind "box": setting "room" has no range: give it Min and Max`, func(k *Kind) { k.Settings[0].Min, k.Settings[0].Max = 0, 0 }},
		{`kind "box": setting "pace" has nothing to be drawn from: give it Draws or Draw`, func(k *Kind) { k.Settings[1].Draws = nil }},
		{`kind "box": setting "room" lists 10, which is beyond its range of 1 to 9`, func(k *Kind) { k.Settings[0].Simplest = []int64{1, 10} }},
		{`kind "box": setting "room" lists 0, which is beyond its range of 1 to 9`, func(k *Kind) { k.Settings[0].Small = []int64{0} }},

		{`kind "box": two laws are called "X1-full": give one of them another name`, func(k *Kind) { k.Laws = append(k.Laws, k.Laws[0]) }},
		{`kind "box": two laws are called "G1-leak": give one of them another name`, func(k *Kind) { k.Laws[0].ID = Leak }},
		{`kind "box": law "X1-full" needs an id that is a word, and a text`, func(k *Kind) { k.Laws[0].Text = "" }},
		{`kind "box": law "X 1" needs an id that is a word, and a text`, func(k *Kind) { k.Laws[0].ID = "X 1" }},
		{"", func(k *Kind) { k.Atomic = SameHistory }},
		{`kind "box": Atomic is "X2-none", a law that it does not have: add it to Laws`, func(k *Kind) { k.Atomic = "X2-none" }},
		{`kind "box": a notice needs a text`, func(k *Kind) { k.Notices[0].Text = "" }},
		{`kind "box": notice "burns" breaks "X2-none", a law that it does not have: add it to Laws`, func(k *Kind) { k.Notices[1].Law = "X2-none" }},
	} {
		k := tiny()
		c.change(k)
		err := k.Validate()
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.HasPrefix(err.Error(), c.want)) {
			t.Errorf("got  %v\nwant %s", err, c.want)
		}
		if err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("more than a line: %v", err)
		}
	}
}

// TestSubjectValidate: what can be wrong with a row of a registry.
func TestSubjectValidate(t *testing.T) {
	ok := Subject{Name: "cardboard", Kind: tiny(), New: func(Config, Env) Instance { return nil }}
	for _, c := range []struct {
		want   string
		change func(s *Subject)
	}{
		{"", func(*Subject) {}},
		{"", func(s *Subject) { s.Waives = []LawID{"X1-full", Leak} }},
		{`subject "": its name is to be a word`, func(s *Subject) { s.Name = "" }},
		{`subject "a/b": its name is to be a word without spaces`, func(s *Subject) { s.Name = "a/b" }},
		{`subject cardboard: it has no kind`, func(s *Subject) { s.Kind = nil }},
		{`subject cardboard: kind box needs New`, func(s *Subject) { s.New = nil }},
		{`subject cardboard: kind box has no law "X2-none" to waive`, func(s *Subject) { s.Waives = []LawID{Leak, "X2-none"} }},
		{`kind "": its name is to be a word`, func(s *Subject) { s.Kind = tiny(); s.Kind.Name = "" }},
	} {
		s := ok
		c.change(&s)
		err := s.Validate()
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.HasPrefix(err.Error(), c.want)) {
			t.Errorf("got  %v\nwant %s", err, c.want)
		}
	}
	s := ok
	s.Waives = []LawID{Leak}
	if tr := s.Traits(); tr.Title != "box/cardboard" || !tr.LawsOnly || !tr.Waived(Leak) || tr.Waived(Progress) {
		t.Errorf("the traits of a subject without a model are %+v", tr)
	}
	s.Kind.Model = func(*Run) Followed { return Followed{} }
	if s.Traits().LawsOnly {
		t.Error("a kind with a model is judged by laws only")
	}
}

// TestLaws: a kind has its own laws and those of everything, and no other.
func TestLaws(t *testing.T) {
	k := tiny()
	if all := k.AllLaws(); all[0].ID != "X1-full" || len(all) != 1+len(Universal) {
		t.Errorf("the laws are %v", all)
	}
	if l, ok := k.Law("X1-full"); !ok || l.Text != "a box is never full" {
		t.Errorf("got %+v, %v", l, ok)
	}
	if l, ok := k.Law("B0-nothing"); ok || l.Text != "B0-nothing" {
		t.Errorf("a law that nobody has: %+v, %v", l, ok)
	}
	for _, l := range Universal {
		if got, ok := k.Law(l.ID); !ok || got != l || l.Text == "" {
			t.Errorf("%s: %+v, %v", l.ID, got, ok)
		}
	}
}

// TestSights: what breaks a law by happening, and which law a component breaks that is not
// as if one call came after another.
func TestSights(t *testing.T) {
	k := tiny()
	for v, want := range map[Verb]LawID{give: "", FirstNotice: "", FirstNotice + 1: "X1-full", FirstNotice + 2: "",
		Leaked: Leak, Race: NoRace, Hung: "", Crash: ""} {
		if got := k.Sight(v); got != want {
			t.Errorf("%d breaks %q, want %q", v, got, want)
		}
	}
	if got := k.Sights(); !slices.Equal(got, []LawID{Leak, NoRace, "X1-full"}) {
		t.Errorf("the lab sees %v", got)
	}
	if k.Atomicity() != SameHistory {
		t.Errorf("by default a component is atomic by %s", k.Atomicity())
	}
	if k.Atomic = "X1-full"; k.Atomicity() != "X1-full" {
		t.Errorf("it is atomic by %s", k.Atomicity())
	}
}

// TestKey: the name that an operation is about.
func TestKey(t *testing.T) {
	k := tiny()
	for _, c := range []struct {
		o    Op
		key  int64
		ok   bool
		with Op
	}{
		{Op{Verb: swap, Args: Args{7, 9}}, 7, true, Op{Verb: swap, Args: Args{3, 9}}},
		{Op{Verb: swap, Args: Args{NilArg}}, 0, false, Op{Verb: swap, Args: Args{NilArg}}},
		{Op{Verb: give, Args: Args{2}}, 0, false, Op{Verb: give, Args: Args{2}}},
		{Move(5), 0, false, Move(5)},
	} {
		if key, ok := k.Key(c.o); key != c.key || ok != c.ok || k.WithKey(c.o, 3) != c.with {
			t.Errorf("%+v is about %d, %v, and becomes %+v", c.o, key, ok, k.WithKey(c.o, 3))
		}
	}
}

// TestGroups: the marked operations belong to the one before them.
func TestGroups(t *testing.T) {
	ops := []Op{{Verb: give}, {Verb: give, And: true}, Move(3), {Verb: swap}, {Verb: tell, And: true}, {Verb: tell, And: true}}
	var sizes []int
	for _, g := range Groups(ops) {
		sizes = append(sizes, len(g))
	}
	if !slices.Equal(sizes, []int{2, 1, 3}) || !Together(ops) || Together(ops[2:4]) || Groups(nil) != nil {
		t.Errorf("the groups have %v operations", sizes)
	}
	want := []Part{{ops[:2], 1, 2, 0, 0}, {ops[2:3], 3, 3, 0, 3}, {ops[3:], 4, 6, 3, 3}}
	for i, p := range Parts(ops) {
		if p.Step != want[i].Step || p.Last != want[i].Last || p.From != want[i].From || p.To != want[i].To || len(p.Ops) != len(want[i].Ops) {
			t.Errorf("part %d is %+v, want %+v", i, p, want[i])
		}
	}
}

// TestRange: an operation on a range is as many calls as it has names.
func TestRange(t *testing.T) {
	k, o := tiny(), Op{Verb: swap, Lane: 'a', Args: Args{5, 7, 3}}
	if n := k.Range(o); n != 4 {
		t.Errorf("%d calls, want 4", n)
	}
	if got, want := k.Nth(o, 3), (Op{Verb: swap, Lane: 'a', Args: Args{8, 7}}); got != want {
		t.Errorf("the last is %+v, want %+v", got, want)
	}
	if o := (Op{Verb: give, Lane: 'a', Args: Args{9}}); k.Range(o) != 1 || k.Nth(o, 0) != o {
		t.Error("what has no range is not one call")
	}
}
