package lab

import (
	"reflect"
	"sync"
	"testing"

	"batchlab/sim/derive"
	"batchlab/sim/kind"
	"batchlab/sim/weave/rt"
)

// shelf hands out what it has put away only after others can take that down.
type shelf struct {
	mu    sync.Mutex
	has   bool
	hasty bool // it looks without the lock
}

type book struct{ mu sync.Mutex }

func (s *shelf) Put() *book {
	rt.MutexLock("lock", &s.mu)
	s.has = true
	rt.MutexUnlock("unlock", &s.mu)
	b := &book{}
	b.Read()
	return b
}

// looks is norace: what it shows is no race.
//
//go:norace
func (s *shelf) looks() bool { return s.has }

func (s *shelf) Drop() bool {
	had := s.looks()
	rt.MutexLock("lock", &s.mu)
	defer rt.MutexUnlock("unlock", &s.mu)
	if !s.hasty {
		had = s.has
	}
	s.has = false
	return had
}

func (b *book) Read() {
	rt.MutexLock("read", &b.mu)
	rt.MutexUnlock("read", &b.mu)
}

// TestHandedLate: an operation on what another lane's call is about to answer is no call if it comes too early, and so
// no difference; what is wrong beside it is found.
func TestHandedLate(t *testing.T) {
	d, err := derive.New(reflect.TypeFor[*shelf](), derive.Options{})
	if err != nil {
		t.Fatal(err)
	}
	const program = "batchlab: 1\nsubject: lab.shelf\nconfig: epoch=0s\n\na Put\n& b Drop\n& c Drop\n& b book.Read a1\n"
	for _, hasty := range []bool{false, true} {
		s := d.Subject("shelf", func(*derive.Env) reflect.Value { return reflect.ValueOf(&shelf{hasty: hasty}) })
		e, err := (&Lab{}).Explore(t.Context(), fifoProgram(t, s.Kind, program), s, Search{Strategy: "dfs2", Schedules: 10_000})
		if err != nil {
			t.Fatal(err)
		}
		if f := e.Find(kind.SameHistory); (f != nil) != hasty || !e.Complete || e.Schedules < 20 {
			t.Errorf("hasty %v: %d schedules, all of them %v, found %+v", hasty, e.Schedules, e.Complete, f)
		}
	}
}
