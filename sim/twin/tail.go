package twin

import (
	"bytes"
	"os"
	"sync"
)

// tail keeps the end of what a twin prints, and passes all of it on if that is asked for.
type tail struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (t *tail) Write(p []byte) (int, error) {
	const most = 1 << 20
	t.mu.Lock()
	defer t.mu.Unlock()
	if *verbose {
		os.Stderr.Write(p)
	}
	if t.buf.Len() > 2*most {
		t.buf.Next(t.buf.Len() - most)
	}
	return t.buf.Write(p)
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.buf.String()
}
