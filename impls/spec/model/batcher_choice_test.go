package model_test

import (
	"testing"

	"batchlab/impls/spec/batcher"
	"batchlab/impls/spec/dedupbatcher"
)

// TestChoices: the worker that finds an item and a trigger takes either, and these
// are all that can happen.
func TestChoices(t *testing.T) {
	checkDrawings(t, batcher.Kind, []drawing{
		{"an item and a trigger", "size=3 timeout=10ms mode=foreground", `
handler takes 5ms
a put x3
  +0s a put a1..a3 -> ok
  +0s handler [a1 a2 a3] begins
b put
  +0s b put b1 -> ok
c trigger
  +0s c trigger -> waits
+5ms
  either
  +5ms c trigger -> ok
  +5ms handler [a1 a2 a3] ends
  +5ms handler [b1] begins
  or
  +5ms c trigger -> ok
  +5ms handler [a1 a2 a3] ends
`},
		{"two items and a trigger", "size=5 timeout=10ms mode=foreground", `
handler takes 5ms
a put x5
  +0s a put a1..a5 -> ok
  +0s handler [a1 a2 a3 a4 a5] begins
b put x2
  +0s b put b1..b2 -> ok
c trigger
  +0s c trigger -> waits
+5ms
  either
  +5ms c trigger -> ok
  +5ms handler [a1 a2 a3 a4 a5] ends
  +5ms handler [b1 b2] begins
  or
  +5ms c trigger -> ok
  +5ms handler [a1 a2 a3 a4 a5] ends
  +5ms handler [b1] begins
  or
  +5ms c trigger -> ok
  +5ms handler [a1 a2 a3 a4 a5] ends
+5ms
  either
  +10ms handler [b1 b2] ends
  or
  +10ms handler [b1] ends
  or
`},
	})
}

// TestDedupBatcherPictures: the window of a deduplicating batcher.
func TestDedupBatcherPictures(t *testing.T) {
	checkDrawings(t, dedupbatcher.Kind, []drawing{
		{"a duplicate is dropped", small, `
a put k1
  +0s a put a1:k1 -> ok
b put k1
  +0s b put b1:k1 -> ok
a put k2
  +0s a put a2:k2 -> ok
  +0s handler [a1:k1 a2:k2] begins
  +0s handler [a1:k1 a2:k2] ends
b put k2 x3
  +0s b put b2:k2..b4:k2 -> ok
`},
		{"nil is ignored", small, `
a put nil
  +0s a put nil -> ok
a put nil x3
  +0s a put nil -> ok
+10ms
`},
		{"the window is 61 buckets, and an item late in its bucket leaves with it", one + " epoch=2026-01-01T00:00:00Z", `
+999ms
a put k1
  +999ms a put a1:k1 -> ok
  +999ms handler [a1:k1] begins
  +999ms handler [a1:k1] ends
+1m
b put k1
  +1m0.999s b put b1:k1 -> ok
+1ms
c put k1
  +1m1s c put c1:k1 -> ok
  +1m1s handler [c1:k1] begins
  +1m1s handler [c1:k1] ends
`},
		{"an item put early in its bucket stays for all of it", one + " epoch=2026-01-01T00:00:00Z", `
+100ms
a put k1
  +100ms a put a1:k1 -> ok
  +100ms handler [a1:k1] begins
  +100ms handler [a1:k1] ends
+1m0.899999999s
b put k1
  +1m0.999999999s b put b1:k1 -> ok
+1ns
c put k1
  +1m1s c put c1:k1 -> ok
  +1m1s handler [c1:k1] begins
  +1m1s handler [c1:k1] ends
`},
		{"the offspring of a handler is an item of its own", one, `
handler puts
a put k1
  +0s a put a1:k1 -> ok
  +0s handler [a1:k1] begins
  +0s handler put a1':k501 -> ok
  +0s handler [a1:k1] ends
  +0s handler [a1':k501] begins
  +0s handler [a1':k501] ends
a put k501
  +0s a put a2:k501 -> ok
`},
		{"after close", one, `
a put k1
  +0s a put a1:k1 -> ok
  +0s handler [a1:k1] begins
  +0s handler [a1:k1] ends
a close
  +0s a close -> ok
b put k1
  +0s b put b1:k1 -> panics: closed
b put k2
  +0s b put b2:k2 -> panics: closed
b put nil
  +0s b put nil -> ok
`},
		{"a duplicate does not block on the full queue", one, `
handler blocks
a put k1
  +0s a put a1:k1 -> ok
  +0s handler [a1:k1] begins
a put k2 x2
  +0s a put a2:k2..a3:k2 -> ok
b put k1
  +0s b put b1:k1 -> ok
`},
	})
}
