//go:build !race

package stress

import (
	"testing"
	"time"

	"github.com/benbjohnson/clock"

	"batchlab/sim/subject"
)

// A write while the handler runs is a data race by its nature, so this test is
// not built with the race detector, which would stop it before the law does.
func TestLeaseUntilReturn(t *testing.T) {
	s := flaw{}.subject()
	s.Lease = subject.UntilReturn
	plain := s.NewBatcher
	s.NewBatcher = func(cfg subject.BatcherConfig, clk clock.Clock, fn func([]*subject.Item)) subject.Batcher {
		return plain(cfg, clk, func(batch []*subject.Item) {
			go func() { time.Sleep(lingerTime / 4); batch[0] = nil }()
			fn(batch)
			nap()
		})
	}
	wantBroken(t, Options{Items: 100, Subjects: []subject.Subject{s}, Scenarios: []string{"heavy"}, Producers: []int{1}}, string(subject.SliceLease))
}
