package impls

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/benbjohnson/clock"

	"batchlab/impls/spec"
)

func TestRows(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range All() {
		if err := s.Validate(); err != nil {
			t.Error(err)
		}
		id := string(s.Kind) + "/" + s.Name
		if seen[id] {
			t.Errorf("two rows are called %s", id)
		}
		seen[id] = true
		if found, err := Find(s.Kind, s.Name); err != nil || found.Name != s.Name || found.Kind != s.Kind {
			t.Errorf("Find does not find %s: %v", id, err)
		}
		t.Run(id, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				if s.Kind == spec.KindDedup {
					useMap(t, s)
				} else {
					useBatcher(t, s)
				}
			})
		})
	}
	for _, kind := range spec.Kinds {
		rows := Of(kind)
		if len(rows) < 2 || rows[0].Name != "baseline" {
			t.Errorf("%s has no baseline that comes first, or no rival: %d rows", kind, len(rows))
		}
	}
}

func useBatcher(t *testing.T, s spec.Subject) {
	var keys []int
	clk := clock.NewMock()
	b := s.NewBatcher(spec.BatcherConfig{Size: 2, Timeout: time.Second}, clk, func(batch []*spec.Item) {
		for _, item := range batch {
			keys = append(keys, item.Key)
		}
	})
	synctest.Wait() // the first cycle begins
	item := &spec.Item{Key: 1}
	b.Put(item)
	b.Put(item)
	b.Put(&spec.Item{Key: 2})
	synctest.Wait()
	b.Trigger()
	clk.Add(time.Second)
	b.Put(&spec.Item{Key: 3})
	b.Close()
	want := 4
	if s.Kind == spec.KindDedupBatcher {
		want = 3
	}
	if len(keys) != want || keys[0] != 1 || keys[want-1] != 3 {
		t.Errorf("delivered %v", keys)
	}
}

func useMap(t *testing.T, s spec.Subject) {
	clk := clock.NewMock()
	m := s.NewMap(spec.MapConfig{Bucket: time.Second, Buckets: 2}, clk)
	defer m.Close()
	if !m.Set(1, 5) || m.Set(1, 6) {
		t.Error("the first Set wins, and only that")
	}
	if v, ok := m.Get(1); v != 5 || !ok || m.Count() != 1 {
		t.Errorf("got %d, %v, count %d", v, ok, m.Count())
	}
	if !m.Delete(1) || m.Delete(1) {
		t.Error("Delete works once")
	}
	m.Set(2, 7)
	if clk.Add(time.Minute); m.Count() != 0 {
		t.Error("nothing expires")
	}
}

func TestFindErrors(t *testing.T) {
	_, err := Find(spec.KindBatcher, "fastest")
	if err == nil || !strings.Contains(err.Error(), `unknown batcher "fastest", want one of baseline, optimized, pooled`) {
		t.Errorf("got %v", err)
	}
	_, err = Find("queue", "baseline")
	if err == nil || !strings.Contains(err.Error(), `unknown kind "queue"`) {
		t.Errorf("got %v", err)
	}
}

// TestLawsAreListed: the page of the case study lists every law as the tables have it, in the
// order in which they are reported, and no other.
func TestLawsAreListed(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	var want strings.Builder
	for _, g := range spec.Guarantees() {
		binds := "all"
		if len(g.Kinds) < len(spec.Kinds) {
			binds = strings.Trim(strings.ReplaceAll(fmt.Sprint(g.Kinds), " ", ", "), "[]")
		}
		fmt.Fprintf(&want, "| `%s` | %s | %s |\n", g.ID, g.Text, binds)
	}
	if !strings.Contains(string(text), "|---|---|---|\n"+want.String()+"\n") {
		t.Errorf("impls/README.md does not list the laws as they are:\n%s", want.String())
	}
}
