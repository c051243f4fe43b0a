package model_test

import (
	"testing"

	"batchlab/impls/spec/batcher"
)

// TestClosePictures: Close drains, waits, and turns away.
func TestClosePictures(t *testing.T) {
	checkDrawings(t, batcher.Kind, []drawing{
		{"the open batch and then the queue, in order, by size", small, `
handler takes 3ms
a put x2
  +0s a put a1..a2 -> ok
  +0s handler [a1 a2] begins
a put x4
  +0s a put a3..a6 -> ok
a put
  +0s a put a7 -> ok
b close
  +0s b close -> waits
+3ms
  +3ms handler [a1 a2] ends
  +3ms handler [a3 a4] begins
+3ms
  +6ms handler [a3 a4] ends
  +6ms handler [a5 a6] begins
+3ms
  +9ms handler [a5 a6] ends
  +9ms handler [a7] begins
+3ms
  +12ms b close -> ok
  +12ms handler [a7] ends
`},
		{"close waits for handlers in the background", apart, `
handler takes 30ms
a put x2
  +0s a put a1..a2 -> ok
  +0s handler [a1 a2] begins
a put
  +0s a put a3 -> ok
b close
  +0s b close -> waits
  +0s handler [a3] begins
+29ms
+1ms
  +30ms b close -> ok
  +30ms handler [a1 a2] ends
  +30ms handler [a3] ends
`},
		{"again, and by several at once", apart, `
handler blocks
a put
  +0s a put a1 -> ok
b close
  +0s b close -> waits
  +0s handler [a1] begins
c close
  +0s c close -> waits
release
  +0s b close -> ok
  +0s c close -> ok
  +0s handler [a1] ends
d close
  +0s d close -> ok
`},
		{"after close: put panics, trigger returns", small, `
a close
  +0s a close -> ok
a put
  +0s a put a1 -> panics: closed
b put nil
  +0s b put nil -> panics: closed
b put x3
  +0s b put b1 -> panics: closed
a trigger
  +0s a trigger -> ok
`},
		{"a trigger that waits returns at once", one, `
handler blocks
a put
  +0s a put a1 -> ok
  +0s handler [a1] begins
b trigger
  +0s b trigger -> waits
c close
  +0s b trigger -> ok
  +0s c close -> waits
release
  +0s c close -> ok
  +0s handler [a1] ends
`},
		{"a put that waits is delivered or panics", one, `
handler blocks
a put x66
  +0s a put a1..a66 -> waits
  +0s handler [a1] begins
b close
  either
  +0s b close -> waits
  or
  +0s a put a1..a66 -> panics: closed
  +0s b close -> waits
release
  either
  +0s a put a1..a66 -> ok
  +0s handler [a1] ends
  +0s handler [a2] begins
  or
  +0s handler [a1] ends
  +0s handler [a2] begins
`},
		{"of two puts that wait, any may be turned away", one, `
handler blocks
a put x65
  +0s a put a1..a65 -> ok
  +0s handler [a1] begins
b put
  +0s b put b1 -> waits
c put
  +0s c put c1 -> waits
d close
  either
  +0s d close -> waits
  or
  +0s b put b1 -> panics: closed
  +0s c put c1 -> panics: closed
  +0s d close -> waits
  or
  +0s c put c1 -> panics: closed
  +0s d close -> waits
  or
  +0s b put b1 -> panics: closed
  +0s d close -> waits
release
  either
  +0s b put b1 -> ok
  +0s handler [a1] ends
  +0s handler [a2] begins
  or
  +0s handler [a1] ends
  +0s handler [a2] begins
  or
  +0s c put c1 -> ok
  +0s handler [a1] ends
  +0s handler [a2] begins
`},
		{"a handler that puts after close panics, or is in time", small, `
handler puts
a put
  +0s a put a1 -> ok
b close
  either
  +0s b close -> ok
  +0s handler [a1] begins
  +0s handler put a1' -> ok
  +0s handler [a1] ends
  +0s handler [a1'] begins
  +0s handler [a1'] ends
  or
  +0s b close -> ok
  +0s handler [a1] begins
  +0s handler put a1' -> panics: closed
  +0s handler [a1] ends
`},
	})
}
