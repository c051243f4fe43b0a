package fleet

import (
	"strings"
	"sync"
)

// Said keeps the beginning of what a process writes on standard error.
type Said struct {
	mu  sync.Mutex
	buf strings.Builder
}

func (s *Said) Write(p []byte) (int, error) {
	const most = 1 << 16
	s.mu.Lock()
	defer s.mu.Unlock()
	s.buf.Write(p[:min(len(p), most-s.buf.Len())])
	return len(p), nil
}

func (s *Said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.String()
}

// Death is the line that says of what a Go process died, or "".
func (s *Said) Death() string {
	for line := range strings.Lines(s.String()) {
		if strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ") {
			return strings.TrimSuffix(line, "\n")
		}
	}
	return ""
}
