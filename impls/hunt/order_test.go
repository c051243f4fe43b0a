package hunt

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
)

// TestOrder: first comes what kills mutants like this one, what has failed to gives way, and no program is forgotten.
func TestOrder(t *testing.T) {
	list := []kill{
		{"map", "a.go:10-drop-lock", map[string]int{"near": 1}},
		{"map", "a.go:90-undefer", map[string]int{"far": 2, "often": 4}},
		{"map", "by-hand", map[string]int{"often": 2}},
		{"queue", "a.go:10-drop-lock", map[string]int{"other-kind": 1}},
	}
	programs := []litmus{{"unknown", 1}, {"often", 1}, {"far", 1}, {"near", 1}, {"other-kind", 1}}
	for _, c := range []struct {
		name string
		want []int
	}{
		{"a.go:12-split-section", []int{3, 1}}, // the nearest line, which is then out of the question
		{"a.go:94-drop-stop", []int{2, 2}},     // which is not sure after one schedule
		{"b.go:12-undefer", []int{2, 2}},       // the same operator
		{"a.go:10-drop-lock", []int{1, 2}},     // its own kill is not known
	} {
		got := order(list, "map", c.name, programs)
		if len(got) != chosen || !slices.Equal(got[:2], c.want) {
			t.Errorf("%s: %v, want %v first", c.name, got, c.want)
		}
		for i := range programs {
			if !slices.Contains(got, i) {
				t.Errorf("%s: never %s", c.name, programs[i].name)
			}
		}
	}
	if got := order(list, "set", "a.go:10-drop-lock", programs); got != nil {
		t.Errorf("%v, of a kind of which nothing is known", got)
	}
}

// TestCost: what takes long comes later, though it kills as surely.
func TestCost(t *testing.T) {
	list := []kill{{"map", "a.go:10-drop-lock", map[string]int{"long": 1, "short": 1}}}
	programs := []litmus{newLitmus("a/long.seed", "a set k1..k740 v1\n& b count\n"), newLitmus("short.seed", "a set k1..k9 v1\n")}
	if want := []litmus{{"long", 15}, {"short", 1}}; !slices.Equal(programs, want) {
		t.Errorf("%v, want %v", programs, want)
	}
	if got := order(list, "map", "a.go:12-undefer", programs); got[0] != 1 || !slices.Contains(got, 0) {
		t.Errorf("%v, want the short one first, and both", got)
	}
}

// TestKills: what is kept can be read, is of litmus programs that there are, and is what would be written.
func TestKills(t *testing.T) {
	if len(kills) < 100 || writeKills(kills) != keptKills {
		t.Errorf("%d mutants, and written it is other text", len(kills))
	}
	for _, k := range kills {
		for name, n := range k.after {
			if _, err := os.Stat(filepath.Join("../../corpora/litmus", name+".seed")); err != nil || n < 1 {
				t.Errorf("%s %s: %s:%d %v", k.kind, k.name, name, n, err)
			}
		}
	}
	if again := readKills(writeKills(kills[:2])); !reflect.DeepEqual(again, kills[:2]) {
		t.Errorf("%v, want %v", again, kills[:2])
	}
}
