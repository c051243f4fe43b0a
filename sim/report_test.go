package sim

import (
	"testing"

	"batchlab/sim/kind"
	"batchlab/sim/oracle"
)

// TestReason: a verdict always says why it is what it is.
func TestReason(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{"+0s a Pop -> 1, and no order of the calls leads to that", "no order of the calls leads to that"},
		{"a call that does not see what was done before it began", "a call that does not see what was done before it began"},
	} {
		v := &oracle.Violation{Law: kind.SameHistory, Got: c.got}
		if got := v.Reason(); got != "what was seen is none of what may be: "+c.want {
			t.Error(got)
		}
	}
}
