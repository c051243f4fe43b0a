package batcher

import (
	"slices"

	"batchlab/impls/spec"
	"batchlab/sim/kind"
)

// Tame changes what is not tame in a program of a batcher:
//
//   - Handlers that panic return instead: a panic ends the process.
//   - In the foreground, handlers that put return instead if the items of the
//     program could fill the queue: a handler that waits for room in the queue that
//     only it empties waits for ever, in every batcher. In the background, a put
//     under such handlers has few items: more handlers at one instant would put in
//     more orders than the model follows.
func Tame(c kind.Config, ops []kind.Op) []kind.Op {
	ops = slices.Clone(ops)
	size, background := c.Values[spec.SetSize], c.Values[spec.SetMode] == 1
	mode, items := spec.Returns, int64(0)
	for i := range ops {
		switch o := &ops[i]; o.Verb {
		case spec.Handler:
			if o.Args[spec.ArgMode] == spec.Panics {
				o.Args[spec.ArgMode] = spec.Returns
			}
			mode = o.Args[spec.ArgMode]
		case spec.Put:
			if mode == spec.Puts && background {
				o.Args[spec.ArgN] = min(o.Args[spec.ArgN], min(size, 4)+1)
			}
			items += o.Args[spec.ArgN]
		}
	}
	if background || items <= RoomForPuts(c) {
		return ops
	}
	for i := range ops {
		if ops[i].Verb == spec.Handler && ops[i].Args[spec.ArgMode] == spec.Puts {
			ops[i].Args[spec.ArgMode] = spec.Returns
		}
	}
	return ops
}

// RoomForPuts is how many items lanes may put if handlers in the foreground put
// too: the items of both fit into the queue at once.
func RoomForPuts(c kind.Config) int64 { return 32 * c.Values[spec.SetSize] }
