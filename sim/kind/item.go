package kind

import "fmt"

// Item names what a lane hands over: the lane, and which of the lane's items it is. The
// zero Item is nothing handed over.
//
//	a3     the third item of lane a
//	a3:k7  the same where items have keys
//	a3'    handed over by the callback that was given a3 first
type Item struct {
	Lane    byte
	N       int32
	Derived bool
	Keyed   bool
	Key     int32
}

// Stranger is the lane of an item that nobody handed over.
const Stranger = '?'

// Span is how an event names a run of items: by its first and, if another, its last.
func Span(first, last Item) []Item {
	if first == last {
		return []Item{first}
	}
	return []Item{first, last}
}

func (id Item) String() string {
	if id == (Item{}) {
		return "nil"
	}
	s := fmt.Sprintf("%c%d", id.Lane, id.N)
	if id.Derived {
		s += "'"
	}
	if id.Keyed {
		s += fmt.Sprintf(":k%d", id.Key)
	}
	return s
}

// Source is who an event happens to: a lane, or a callback. Callbacks that run one after
// another are one source, for their order is part of the behaviour. Of those that run
// beside each other each is its own, named by the first item that it was given: the order
// of events in two of them at one instant is nobody's promise.
type Source struct {
	Lane byte // 'a' to 'z', LabLane, or HandlerLane
	Head Item // with HandlerLane; without any item, N is how many there were
}

// HandlerLane is the lane of a Source that is a callback.
const HandlerLane = '~'

// HandlerSource is the source of the events in a callback that was given some items, and
// that runs beside others or not.
func HandlerSource(items []Item, beside bool) Source {
	s := Source{Lane: HandlerLane}
	if !beside {
		return s
	}
	for _, id := range items {
		if id != (Item{}) {
			s.Head = id
			return s
		}
	}
	s.Head.N = int32(len(items))
	return s
}

// Anonymous reports whether several callbacks can be this source at once: those that were
// given nothing are not to be told apart.
func (s Source) Anonymous() bool { return s.Head.Lane == 0 && s.Head.N > 0 }

func (s Source) String() string {
	switch s.Lane {
	case HandlerLane:
		return "handler"
	case LabLane:
		return "lab"
	}
	return string(rune(s.Lane))
}

// Compare orders sources: lanes by letter, then the lab, then callbacks.
func (s Source) Compare(o Source) int {
	if s.Lane != o.Lane {
		return int(s.Lane) - int(o.Lane)
	}
	a, b := s.Head, o.Head
	switch {
	case a.Lane != b.Lane:
		return int(a.Lane) - int(b.Lane)
	case a.N != b.N:
		return int(a.N - b.N)
	case a.Derived != b.Derived && b.Derived:
		return -1
	case a.Derived != b.Derived:
		return 1
	}
	return int(a.Key - b.Key)
}
