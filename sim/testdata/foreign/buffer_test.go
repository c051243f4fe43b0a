package foreign_test

import (
	"testing"

	"github.com/benbjohnson/clock"

	"batchlab/impls/spec"
	batchers "batchlab/impls/spec/batcher"
	"batchlab/sim"
	"batchlab/sim/kind"

	"example.com/foreign"
)

// adapter puts a Buffer behind the contract of a batcher.
type adapter struct{ *foreign.Buffer[*spec.Item] }

func (a adapter) Put(item *spec.Item) { a.Add(item) }
func (a adapter) Trigger()            { a.Flush() }
func (a adapter) Close()              { a.Shut() }

// buffer is the subject. It takes no clock, so it runs on the time of a bubble; it
// is not meant to be batchlab's baseline, so the laws judge it and not the model.
func buffer(name string, fault func(*foreign.Buffer[*spec.Item])) kind.Subject {
	return batchers.Subject(batchers.Kind, spec.Subject{
		Name: name, Kind: spec.KindBatcher, Clockless: true, LawsOnly: true,
		NewBatcher: func(c spec.BatcherConfig, _ clock.Clock, fn func([]*spec.Item)) spec.Batcher {
			b := foreign.NewBuffer(c.Size, c.Timeout, fn)
			fault(b)
			return adapter{b}
		},
	})
}

func TestBuffer(t *testing.T) {
	sim.Test(t, buffer("buffer", func(*foreign.Buffer[*spec.Item]) {}), sim.TestOptions{Programs: 300})
}

func TestForgetfulBuffer(t *testing.T) {
	sim.Test(t, buffer("forgetful", foreign.Forgetful), sim.TestOptions{Programs: 300, Corpora: t.TempDir()})
}
