package model

import (
	"testing"
	"time"

	"batchlab/impls/spec"
)

// TestKeysTellStatesApart: the key of a map is the same in whatever order its entries came, and
// another if a key, a value, a bucket or the number of entries is another, zeros included.
func TestKeysTellStatesApart(t *testing.T) {
	type entry struct{ bucket, key, value int }
	keyOf := func(entries ...entry) string {
		m := newMap(spec.MapConfig{Bucket: time.Second, Buckets: 3}, 0)
		for _, e := range entries {
			m.current = int64(e.bucket)
			m.set(int32(e.key), int32(e.value))
		}
		m.current = 0
		return string(m.key(nil))
	}
	seen := map[string][]entry{}
	for _, entries := range [][]entry{
		nil, {{0, 0, 0}}, {{0, 1, 1}}, {{0, 1, 2}}, {{0, 2, 1}}, {{1, 1, 1}}, {{0, -1, 1}}, {{0, 1, -1}},
		{{0, 0, 0}, {0, 1, 1}}, {{0, 1, 1}, {0, 2, 2}}, {{0, 1, 2}, {0, 2, 1}}, {{0, 1, 1}, {1, 2, 2}}, {{1, 1, 1}, {0, 2, 2}},
	} {
		k := keyOf(entries...)
		if other, ok := seen[k]; ok {
			t.Errorf("%v and %v have one key", entries, other)
		}
		seen[k] = entries
		if len(entries) == 2 && keyOf(entries[1], entries[0]) != k {
			t.Errorf("%v: another key in another order", entries)
		}
	}
}
