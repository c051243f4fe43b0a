package dedup

import (
	"batchlab/impls/spec"
	"batchlab/sim/kind"
)

type instance struct{ m spec.Map }

// Subject is a row of the registry as the lab takes it.
func Subject(s spec.Subject) kind.Subject {
	return kind.Subject{
		Name: s.Name, Kind: Kind, Clockless: s.Clockless, LawsOnly: s.LawsOnly, Waives: s.Waives,
		New: func(c kind.Config, env kind.Env) kind.Instance { return instance{s.NewMap(spec.MapOf(c), env.Clock())} },
	}
}

// Do makes a call.
func (i instance) Do(_ *kind.Lane, o kind.Op, e *kind.Event) {
	key := int(o.Args[spec.ArgKey])
	switch o.Verb {
	case spec.Get:
		v, ok := i.m.Get(key)
		if answer(e, ok); ok {
			e.Val = int32(v)
		}
	case spec.Set:
		answer(e, i.m.Set(key, int(o.Args[spec.ArgValue])))
	case spec.Delete:
		answer(e, i.m.Delete(key))
	case spec.Count:
		e.Val = int32(i.m.Count())
	case spec.Close:
		i.m.Close()
	}
}

func answer(e *kind.Event, yes bool) {
	if e.Outcome = kind.No; yes {
		e.Outcome = kind.Yes
	}
}
