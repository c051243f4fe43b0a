package stress_test

import (
	"context"
	"strings"
	"testing"

	"batchlab/impls"
	"batchlab/stress"
)

// Every implementation, briefly. The command does it at length.
func TestImplementations(t *testing.T) {
	s, err := stress.Run(context.Background(), stress.Options{
		Items: 5000, Subjects: impls.All(), Scenarios: stress.ScenarioNames()[1:], Producers: []int{8}, Known: stress.Known(),
	})
	if err != nil {
		t.Fatal(err)
	}
	if s.Broken() {
		var table strings.Builder
		if err := s.WriteTable(&table); err != nil {
			t.Fatal(err)
		}
		t.Errorf("a law is broken:\n%s", table.String())
	}
}

// Known laws are those of implementations that there are.
func TestKnownNamesImplementations(t *testing.T) {
	names := map[string]bool{}
	for _, s := range impls.All() {
		names[string(s.Kind)+"/"+s.Name] = true
	}
	for name := range stress.Known() {
		if !names[name] {
			t.Errorf("%s is no implementation", name)
		}
	}
}
