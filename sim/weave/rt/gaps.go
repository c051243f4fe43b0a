package rt

// maxGaps is how many places of a run are told where it came upon something uncontrolled.
const maxGaps = 32

// Gap passes on what is about to be used and is not controlled: a run that comes here
// tells so in its result.
func Gap[T any](what string, v T) T {
	if active {
		note(what)
	}
	return v
}

// note keeps what a run came upon, once.
//
//go:norace
func note(what string) {
	if what != "" && what[0] == '~' { // a quiet site
		what = what[1:]
	}
	for i := range s.ngaps {
		if s.gaps[i] == what {
			return
		}
	}
	if s.ngaps < maxGaps {
		s.gaps[s.ngaps] = what
		s.ngaps++
	}
}
