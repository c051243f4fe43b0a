// Package comments, and no newline at the end.
package golden /* here */ // and here

import (
	"runtime"
	"sync"
	"time"
)

func lost(mu *sync.Mutex) {
	mu.Lock()
	time.Sleep(1)
	runtime.Gosched()
} // the end
