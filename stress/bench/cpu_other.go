//go:build !unix

package bench

import "time"

// processorTime is not known here; the unit is left out.
func processorTime() time.Duration { return 0 }
