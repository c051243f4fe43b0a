//go:build !race

package stress

import (
	"testing"
	"time"

	"github.com/benbjohnson/clock"

	"batchlab/impls/spec"
)

// A write while the handler runs is a data race by its nature, so this test is
// not built with the race detector, which would stop it before the law does.
func TestLeaseUntilReturn(t *testing.T) {
	s := flaw{}.subject()
	s.Lease = spec.UntilReturn
	plain := s.NewBatcher
	s.NewBatcher = func(cfg spec.BatcherConfig, clk clock.Clock, fn func([]*spec.Item)) spec.Batcher {
		return plain(cfg, clk, func(batch []*spec.Item) {
			go func() { time.Sleep(lingerTime / 4); batch[0] = nil }()
			fn(batch)
			time.Sleep(10 * lingerTime)
		})
	}
	wantBroken(t, Options{Items: 100, Subjects: []spec.Subject{s}, Scenarios: []string{"heavy"}, Producers: []int{1}}, string(spec.SliceLease))
}
