package lab_test

import (
	"strings"
	"sync/atomic"
	"testing"

	"batchlab/impls/spec"
	"batchlab/sim/kind"
	"batchlab/sim/lab"
)

// beside is a subject whose original is another.
func beside(s, first kind.Subject) kind.Subject {
	s.Original = &first
	return s
}

// TestBesideTheOriginal: line by line, in a bubble: a difference is found, and a law that
// both break is the specification's.
func TestBesideTheOriginal(t *testing.T) {
	twin := tinyTable(none)
	twin.Name = freeNames[none] // which the worker knows
	late, soon := beside(tinyTable(remembers), tinyTable(none)), beside(tinyTable(hurries), tinyTable(none))
	for _, c := range []struct {
		name, ops string
		s         kind.Subject
		law       kind.LawID
		specified bool
	}{
		{"its like", "a set k1 v1|+9s|a get k1", beside(twin, tinyTable(none)), "", false},
		{"an entry that stays", "+5s|a set k1 v1|+9s|a get k1", late, spec.Expiry, false},
		{"an entry that goes early, and no law says so", "+5s|a set k1 v1|+2s|b get k1", soon, kind.SameHistory, false},
		{"an entry that goes late, and no law says so", "+5s|a set k1 v1|+3s|b get k1", late, kind.SameHistory, false},
		{"both", earlyGet, beside(twin, tinyTable(none)), spec.Lifetime, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, l := range []*lab.Lab{here(t), childLab(t)} {
				h, v, err := l.Try(parse(t, early, c.ops), c.s)
				law := kind.LawID("")
				if v.Violation != nil {
					law = v.Violation.Law
				}
				if err != nil || law != c.law || v.Specified != c.specified {
					t.Errorf("%v, %v, specified %v; want %s in\n%s", err, v.Violation, v.Specified, c.law, h)
				}
			}
		})
	}
}

// besideMoody is a subject whose original does otherwise the second time, and besideItsLike
// one whose fault its original has as well.
func besideMoody() kind.Subject {
	var made atomic.Int64
	moody, late := tinyTable(none), tinyTable(remembers)
	plain := moody.New
	moody.Name = "moody"
	moody.New = func(c kind.Config, env kind.Env) kind.Instance {
		if made.Add(1)%2 == 0 {
			return late.New(c, env)
		}
		return plain(c, env)
	}
	s := beside(tinyTable(remembers), moody)
	s.Name = "beside-moody"
	return s
}

func besideItsLike() kind.Subject {
	s, like := tinyTable(hurries), tinyTable(hurries)
	s.Name, like.Name = "beside-its-like", "its-like"
	return beside(s, like)
}

// TestAMoodyOriginal: one that does otherwise the second time is no reference, which is said
// and is nobody's violation; a campaign ends with it.
func TestAMoodyOriginal(t *testing.T) {
	const want = "kind dedup: the original dedup/moody gave two histories of one program"
	s := besideMoody()
	_, _, err := here(t).Try(parse(t, early, "+5s|a set k1 v1|+3s|b get k1"), s)
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v", err)
	}
	l := childLab(t)
	l.Subjects = []kind.Subject{s}
	_, err = l.Campaign(t.Context(), lab.CampaignOptions{Seed: 1, Programs: 300})
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("a campaign: %v", err)
	}
}

// TestCampaignBesideTheOriginal: what both do is the specification's fault in all programs,
// and each law is told once.
func TestCampaignBesideTheOriginal(t *testing.T) {
	l := childLab(t)
	l.Subjects = []kind.Subject{besideItsLike()}
	c, err := l.Campaign(t.Context(), lab.CampaignOptions{Seed: 1, Programs: 300})
	if err != nil || len(c.Finds) == 0 {
		t.Fatalf("%v, found %v", err, c)
	}
	for _, f := range c.Finds {
		if !f.Specified || !f.Repeats {
			t.Errorf("%v: specified %v, repeats %v, in\n%s", &f.Violation, f.Specified, f.Repeats, f.Program)
		}
	}
}
