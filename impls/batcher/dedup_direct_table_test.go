package batcher

import (
	"testing"
	"time"

	"github.com/benbjohnson/clock"
)

// TestTablesGrowInLargeSteps: while a map becomes 16 times as large its tables are made
// anew four times each, or once more, and have at most three slots for an entry.
func TestTablesGrowInLargeSteps(t *testing.T) {
	m := NewTimePartitionedMapDirect[int, int](time.Second, 61, WithClock(clock.NewMock()))
	defer m.Close()
	const small, large = 4 * manyEntries, 64 * manyEntries
	tables := make([]*table[int, int], shardCount)
	anew := 0
	for key := range shardCount * large / 4 {
		m.Set(key, key)
		if key < shardCount*small/4 {
			continue
		}
		for i := range m.shards {
			s := &m.shards[i]
			if s.own == tables[i] {
				continue
			}
			if tables[i] != nil {
				anew++
			}
			tables[i] = s.own
			if slots := len(s.own.groups) * groupSize; slots > 3*int(s.live)+groupSize {
				t.Errorf("shard %d has %d slots for %d entries", i, slots, s.live)
			}
		}
	}
	if anew > 5*shardCount {
		t.Errorf("tables were made anew %d times, want at most %d", anew, 5*shardCount)
	}
}
