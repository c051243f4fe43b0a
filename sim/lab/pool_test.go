package lab_test

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"batchlab/impls/spec"
	"batchlab/sim/kind"
	"batchlab/sim/lab"
)

// shuffled is a queue that does units one after another, and answers those who asked meanwhile in any order.
type shuffled struct {
	lab.Queue
	draw  *rand.Rand
	asked atomic.Int32

	mu     sync.Mutex
	behind []chan struct{}
	did    int
}

func (q *shuffled) Width() int { return 4 }

func (q *shuffled) Do(ctx context.Context, u lab.Unit) (lab.Result, error) {
	q.asked.Add(1)
	q.mu.Lock()
	r, err := q.Queue.Do(ctx, u)
	q.did++
	mine := make(chan struct{})
	if q.behind = append(q.behind, mine); len(q.behind) == int(q.asked.Load()) {
		q.draw.Shuffle(len(q.behind), func(i, j int) { q.behind[i], q.behind[j] = q.behind[j], q.behind[i] })
		for _, c := range q.behind {
			close(c)
		}
		q.asked.Add(-int32(len(q.behind)))
		q.behind = nil
	}
	q.mu.Unlock()
	<-mine
	return r, err
}

// TestACampaignIsTheSame however many workers there are, and in whatever order they are done: what it counted, and
// what it found, to the byte. So is one that stops at its first find, which is not done by then at all.
func TestACampaignIsTheSame(t *testing.T) {
	subjects := []kind.Subject{tinyTable(none), tinyTable(hurries), tiny(none)}
	run := func(queue lab.Queue, o lab.CampaignOptions) string {
		l := childLab(t)
		l.Subjects, l.Queue = subjects, queue
		c, err := l.Campaign(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(c)
		if err != nil || len(c.Finds) == 0 {
			t.Fatalf("%v, found %v", err, c.Finds)
		}
		return string(text)
	}
	pool := func(width int) *lab.Pool {
		p := lab.NewPool(width, func(string) *lab.Lab { l := childLab(t); l.Subjects = subjects; return l })
		t.Cleanup(p.Close)
		return p
	}
	one, three := pool(1), pool(3)
	for _, o := range []lab.CampaignOptions{
		{Seed: 5, Programs: 400, Ops: 10}, {Seed: 5, Programs: 800, Ops: 10, First: true},
	} {
		want := run(one, o)
		mixed := &shuffled{Queue: one, draw: rand.New(rand.NewPCG(1, 1))}
		if got := run(mixed, o); got != want {
			t.Errorf("shuffled, got\n%s\nwant\n%s", got, want)
		}
		if all := 2 * o.Programs / 100; o.First == (mixed.did == all) {
			t.Errorf("%d units of %d were done, and it stops at the first find: %v", mixed.did, all, o.First)
		}
		if got := run(three, o); got != want {
			t.Errorf("by three, got\n%s\nwant\n%s", got, want)
		}
	}
}

// counted is a queue that does nothing and says that it did.
type counted struct{ units atomic.Int32 }

func (q *counted) Width() int { return 4 }

func (q *counted) Do(_ context.Context, u lab.Unit) (lab.Result, error) {
	q.units.Add(1)
	return lab.Result{Part: &lab.Part{Tally: &lab.Tally{Programs: u.Campaign.To - u.Campaign.From}}}, nil
}

// TestUnitsOfALongCampaign are long, and are the whole of it.
func TestUnitsOfALongCampaign(t *testing.T) {
	for _, c := range []struct{ programs, units int }{{1, 1}, {250, 3}, {99_950, 1000}, {100_250, 101}} {
		q := &counted{}
		l := &lab.Lab{Subjects: []kind.Subject{tiny(none)}, Queue: q}
		got, err := l.Campaign(t.Context(), lab.CampaignOptions{Programs: c.programs})
		if err != nil || int(q.units.Load()) != c.units || got.Tally[tiny(none).Kind.Name].Programs != c.programs {
			t.Errorf("%d programs: %d units, %+v, %v", c.programs, q.units.Load(), got, err)
		}
	}
}

// TestAUnitTwice: whoever does a unit, and whatever he did before, what comes of it is the same text.
func TestAUnitTwice(t *testing.T) {
	s := tinyTable(hurries)
	p := lab.ProgramOf(5, s.Kind, 1, 10)
	units := []lab.Unit{
		{Subjects: []string{s.Title()}, Campaign: &lab.Stretch{Seed: 5, From: 100, To: 200, Ops: 10, Repeat: 16}},
		{Subjects: []string{s.Title()}, Shrink: &lab.Like{Law: spec.Lifetime}, Program: p.String()},
	}
	texts := make([]string, len(units))
	for range 2 {
		l := childLab(t)
		for _, i := range []int{0, 1, 0} {
			r, err := l.Do(t.Context(), units[i])
			if err != nil {
				t.Fatal(err)
			}
			text, err := r.Text()
			if texts[i] == "" {
				texts[i] = string(text)
			}
			if err != nil || string(text) != texts[i] {
				t.Errorf("%v: %v, got\n%s\nand before\n%s", units[i], err, text, texts[i])
			}
		}
	}
	if _, err := childLab(t).Do(t.Context(), lab.Unit{Subjects: []string{"dedup/nobody"}, Campaign: units[0].Campaign}); err == nil {
		t.Error("a unit of nobody is done")
	}
}

// refusing is a queue that gives one unit up.
type refusing struct{ lab.Queue }

func (q refusing) Do(ctx context.Context, u lab.Unit) (lab.Result, error) {
	if u.Campaign.From == 100 {
		return lab.Result{}, &lab.GivenUp{Unit: u.String(), Why: "nobody survives it"}
	}
	return q.Queue.Do(ctx, u)
}

// TestAUnitThatIsGivenUp is said with its seed, and loses no other.
func TestAUnitThatIsGivenUp(t *testing.T) {
	l := childLab(t)
	l.Subjects, l.Queue = []kind.Subject{tinyTable(none)}, refusing{childLab(t)}
	c, err := l.Campaign(t.Context(), lab.CampaignOptions{Seed: 5, Programs: 300, Ops: 5})
	if err != nil {
		t.Fatal(err)
	}
	const why = "programs 100 to 199 of campaign seed 5 on dedup/tiny: nobody survives it"
	if sum := c.Tally["dedup"]; sum.Programs != 200 || sum.Undone[why] != 1 || len(sum.Undone) != 1 {
		t.Errorf("%+v", sum)
	}
}
