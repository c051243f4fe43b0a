package model_test

import (
	"testing"

	"batchlab/impls/spec/batcher"
)

const (
	small = "size=2 timeout=10ms mode=foreground"
	one   = "size=1 timeout=10ms mode=foreground"
	apart = "size=2 timeout=10ms mode=background"
)

// TestBatcherPictures: the sentences of the baseline's description, drawn.
func TestBatcherPictures(t *testing.T) {
	checkDrawings(t, batcher.Kind, []drawing{
		{"a full batch is flushed", small, `
a put
  +0s a put a1 -> ok
b put x2
  +0s b put b1..b2 -> ok
  +0s handler [a1 b1] begins
  +0s handler [a1 b1] ends
+9ms
`},
		{"the timer starts with the cycle and not with the item", small, `
+7ms
a put
  +7ms a put a1 -> ok
+2ms
+1ms
  +10ms handler [a1] begins
  +10ms handler [a1] ends
+20ms
`},
		{"a full batch restarts the phase", small, `
+7ms
a put x2
  +7ms a put a1..a2 -> ok
  +7ms handler [a1 a2] begins
  +7ms handler [a1 a2] ends
a put
  +7ms a put a3 -> ok
+9ms
+1ms
  +17ms handler [a3] begins
  +17ms handler [a3] ends
`},
		{"an expiry with nothing in the batch restarts the phase", small, `
+10ms
a put
  +10ms a put a1 -> ok
+9ms
+1ms
  +20ms handler [a1] begins
  +20ms handler [a1] ends
`},
		{"a trigger restarts the phase, with an item and without", small, `
+4ms
a trigger
  +4ms a trigger -> ok
a put
  +4ms a put a1 -> ok
+9ms
+1ms
  +14ms handler [a1] begins
  +14ms handler [a1] ends
+5ms
a put
  +19ms a put a2 -> ok
a trigger
  +19ms a trigger -> ok
  +19ms handler [a2] begins
  +19ms handler [a2] ends
a put
  +19ms a put a3 -> ok
+9ms
+1ms
  +29ms handler [a3] begins
  +29ms handler [a3] ends
`},
		{"in the foreground the next cycle begins when the handler has returned", small, `
handler takes 7ms
a put x2
  +0s a put a1..a2 -> ok
  +0s handler [a1 a2] begins
a put
  +0s a put a3 -> ok
+7ms
  +7ms handler [a1 a2] ends
+9ms
+1ms
  +17ms handler [a3] begins
+7ms
  +24ms handler [a3] ends
`},
		{"the worker takes nothing while its handler works", small, `
handler takes 7ms
a put x2
  +0s a put a1..a2 -> ok
  +0s handler [a1 a2] begins
a put x5
  +0s a put a3..a7 -> ok
+7ms
  +7ms handler [a1 a2] ends
  +7ms handler [a3 a4] begins
+7ms
  +14ms handler [a3 a4] ends
  +14ms handler [a5 a6] begins
+50ms
  +21ms handler [a5 a6] ends
  +31ms handler [a7] begins
  +38ms handler [a7] ends
`},
		{"a trigger waits while the handler works", small, `
handler takes 7ms
a put x2
  +0s a put a1..a2 -> ok
  +0s handler [a1 a2] begins
b trigger
  +0s b trigger -> waits
b trigger
  +0s b trigger -> skipped: the lane is busy
+7ms
  +7ms b trigger -> ok
  +7ms handler [a1 a2] ends
`},
		{"in the background handlers overlap", apart, `
handler takes 7ms
a put x2
  +0s a put a1..a2 -> ok
  +0s handler [a1 a2] begins
+1ms
b put x2
  +1ms b put b1..b2 -> ok
  +1ms handler [b1 b2] begins
+6ms
  +7ms handler [a1 a2] ends
+1ms
  +8ms handler [b1 b2] ends
`},
		{"the cycle goes on in the background", apart, `
handler blocks
a put
  +0s a put a1 -> ok
+10ms
  +10ms handler [a1] begins
a put
  +10ms a put a2 -> ok
+10ms
  +20ms handler [a2] begins
release
  +20ms handler [a1] ends
  +20ms handler [a2] ends
`},
		{"put blocks while 64*size items wait, and only then", one, `
handler blocks
a put
  +0s a put a1 -> ok
  +0s handler [a1] begins
a put x64
  +0s a put a2..a65 -> ok
b put
  +0s b put b1 -> waits
c put
  +0s c put c1 -> waits
release
  +0s b put b1 -> ok
  +0s handler [a1] ends
  +0s handler [a2] begins
release
  +0s c put c1 -> ok
  +0s handler [a2] ends
  +0s handler [a3] begins
`},
		{"a burst that is too long for the queue waits", one, `
handler blocks
a put x66
  +0s a put a1..a66 -> waits
  +0s handler [a1] begins
release
  +0s a put a1..a66 -> ok
  +0s handler [a1] ends
  +0s handler [a2] begins
`},
		{"a lane that waits makes no other call", one, `
handler blocks
a put x66
  +0s a put a1..a66 -> waits
  +0s handler [a1] begins
a trigger
  +0s a trigger -> skipped: the lane is busy
a close
  +0s a close -> skipped: the lane is busy
`},
		{"blocked handlers return when released, and only those", apart, `
handler takes 5ms
a put x2
  +0s a put a1..a2 -> ok
  +0s handler [a1 a2] begins
handler blocks
b put x2
  +0s b put b1..b2 -> ok
  +0s handler [b1 b2] begins
release
  +0s handler [b1 b2] ends
+5ms
  +5ms handler [a1 a2] ends
`},
		{"nil is an item", small, `
a put nil
  +0s a put nil -> ok
b put nil x3
  +0s b put nil -> ok
  +0s handler [nil nil] begins
  +0s handler [nil nil] ends
  +0s handler [nil nil] begins
  +0s handler [nil nil] ends
+10ms
`},
		{"a handler that puts", small, `
handler puts
a put x2
  +0s a put a1..a2 -> ok
  +0s handler [a1 a2] begins
  +0s handler put a1' -> ok
  +0s handler [a1 a2] ends
+10ms
  +10ms handler [a1'] begins
  +10ms handler [a1'] ends
`},
		{"a handler that panics ends the program", small, `
handler panics
a put x2
  +0s a put a1..a2 -> ok
  +0s handler [] panics, the program crashes
`},
		{"items go out in the order of their puts, lanes mixed", "size=4 timeout=10ms mode=foreground", `
b put
  +0s b put b1 -> ok
a put
  +0s a put a1 -> ok
c put
  +0s c put c1 -> ok
b put
  +0s b put b2 -> ok
  +0s handler [b1 a1 c1 b2] begins
  +0s handler [b1 a1 c1 b2] ends
`},
	})
}
