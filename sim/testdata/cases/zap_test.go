package cases

import (
	"io"
	"testing"

	"go.uber.org/zap/zapcore"

	"batchlab/sim"
)

// uber-go/zap#1428: Stop holds the lock and waits for a loop that waits for the lock.
func TestZapBufferedWriteSyncer(t *testing.T) {
	sim.Explore(t, func(t *sim.T) {
		w := &zapcore.BufferedWriteSyncer{WS: zapcore.AddSync(io.Discard)}
		w.Write([]byte("a line\n"))
		w.Stop()
	})
}
