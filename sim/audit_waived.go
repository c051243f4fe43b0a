package sim

import "batchlab/sim/subject"

// relearn takes from an event that breaks a waived law what is to be known of the map after
// it: what was seen is so.
func (a *entryAudit) relearn(e subject.Event) {
	known := a.entries[e.Key]
	here := &entry{until: e.At, goneBy: never, any: true} // it may go at any time
	if known != nil && !known.deleted {
		here.value, here.any = known.value, known.any
	}
	switch {
	case e.Verb == subject.Count:
	case e.Verb == subject.Delete, e.Verb == subject.Get && e.Outcome == subject.No:
		a.entries[e.Key] = &entry{deleted: true}
	case e.Verb == subject.Get:
		here.value, here.any = e.Value, false
		a.entries[e.Key] = here
	case e.Outcome == subject.Yes: // there are two winners, and nobody knows whose value is there
		here.any = true
		a.entries[e.Key] = here
	default:
		a.entries[e.Key] = here
	}
}

// unwaived is a history without what the lab saw that the subject need not promise: no
// model does that, and none has to explain it.
func unwaived(s subject.Subject, h History) History {
	kept := History{Subject: h.Subject}
	for _, e := range h.Events {
		if law := sightLaw(e.Verb); law == "" || !s.Waived(law) {
			kept.Events = append(kept.Events, e)
		}
	}
	if len(kept.Events) == len(h.Events) {
		return h
	}
	return kept
}

// sightLaw is the law that an event breaks by being there: the lab sees it, whatever else
// happens. It is "" of all others.
func sightLaw(v subject.Verb) subject.Law {
	switch v {
	case subject.Leaked:
		return subject.Leak
	case subject.Race:
		return subject.NoRace
	case subject.Changed:
		return subject.SliceLease
	}
	return ""
}
