package judge

import (
	"batchlab/impls/spec"
	"batchlab/sim/kind"
)

// A subject need not keep a law that it waives. Whoever judges goes on after a breach of
// such a law, for what comes after may break another.

// relearn takes from an event that breaks a waived law what is to be known of the map after
// it: what was seen is so.
func (a *entryAudit) relearn(e kind.Event) {
	known := a.entries[e.Arg]
	here := &entry{until: e.At, goneBy: kind.Never, any: true} // it may go at any time
	if known != nil && !known.deleted {
		here.value, here.any = known.value, known.any
	}
	switch {
	case e.Verb == spec.Count:
	case e.Verb == spec.Delete, e.Verb == spec.Get && e.Outcome == kind.No:
		a.entries[e.Arg] = &entry{deleted: true}
	case e.Verb == spec.Get:
		here.value, here.any = e.Val, false
		a.entries[e.Arg] = here
	case e.Outcome == kind.Yes: // there are two winners, and nobody knows whose value is there
		here.any = true
		a.entries[e.Arg] = here
	default:
		a.entries[e.Arg] = here
	}
}
