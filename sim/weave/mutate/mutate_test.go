package mutate

import (
	"sync"
	"testing"
)

const batcherDir = root + "/impls/batcher"

var made = sync.OnceValues(func() ([]Mutant, error) { return All(batcherDir) })

// mutants are those of impls/batcher, made once.
func mutants(t *testing.T) []Mutant {
	t.Helper()
	all, err := made()
	if err != nil {
		t.Fatal(err)
	}
	return all
}
