package derive

import (
	"reflect"
	"strings"
	"sync"
	"testing"
)

// shard has a lock that everybody can reach, and a method which that has, too.
type shard[K comparable] struct {
	sync.RWMutex
	*shard[K]
	m map[K]int
}

func (s *shard[K]) Get(k K) int     { s.RWMutex.RLock(); defer s.RUnlock(); return s.m[k] }
func (s *shard[K]) TryLock() bool   { return false }
func (s *shard[K]) Next() *shard[K] { return s.shard }

type inner struct{ sync.WaitGroup }

type outer struct{ inner }

func (*outer) Run() {}

type group struct{ *sync.WaitGroup }

func (group) Wait() {}

type bare struct{ sync.Mutex }

// TestCallable: what package sync promotes is no operation, and what is written in its place is one.
func TestCallable(t *testing.T) {
	for _, c := range []struct {
		of   any
		want string
	}{
		{&shard[string]{}, "Get Next TryLock"},
		{&outer{}, "Run"},
		{group{}, "Wait"},
		{&group{}, "Wait"},
		{&bare{}, ""},
		{new(sync.Map), strings.Join(methodNames(reflect.TypeFor[*sync.Map]()), " ")},
	} {
		var list []string
		typ := reflect.TypeOf(c.of)
		for _, i := range callable(typ) {
			list = append(list, typ.Method(i).Name)
		}
		if got := strings.Join(list, " "); got != c.want {
			t.Errorf("%s: %s, want %s", typ, got, c.want)
		}
	}
	_, err := New(reflect.TypeFor[*bare](), Options{})
	if err == nil || !strings.Contains(err.Error(), "those of what it embeds of package sync, which is not woven") {
		t.Error(err)
	}
}
