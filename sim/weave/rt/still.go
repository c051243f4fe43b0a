package rt

import "unsafe"

// still is what has to stay as it is for the goroutine that has the turn to remain the only
// one that can go on: channels in which there is nothing, and flags that are not set. Most
// points are passed while all others wait for a tick or an operation, and this is faster to
// look at than they are. What else they wait for is not watched: see watch.
type still struct {
	on       bool
	channels [16]*header
	flags    [16]*bool
	nc, nf   int
}

// holds reports whether all is as it was.
//
//go:norace
func (w *still) holds() bool {
	if !w.on {
		return false
	}
	for i := range w.nc {
		if h := w.channels[i]; h.count != 0 || h.closed != 0 {
			return false
		}
	}
	for i := range w.nf {
		if *w.flags[i] {
			return false
		}
	}
	return true
}

// watch begins to watch what all others wait for, who cannot go on, unless one of them waits
// for something else. It ends when the turn passes, somebody is served or a goroutine starts.
//
//go:norace
func (w *still) watch(g *G) {
	w.nc, w.nf = 0, 0
	for i := range s.nlive {
		if o := s.live[i]; o != g && !w.add(o) {
			return
		}
	}
	w.on = true
}

//go:norace
func (w *still) add(o *G) bool {
	if o.logger != nil {
		return false
	}
	switch o.state {
	case idle:
		return true
	case forFlag:
		if w.nf == len(w.flags) {
			return false
		}
		w.flags[w.nf] = (*bool)(o.ptr)
		w.nf++
		return true
	case toReceive:
		return w.addChannel(o.ptr)
	case inSelect:
		for i := range o.ncases {
			if c := &o.cases[i]; c.send || !w.addChannel(c.ch) {
				return false
			}
		}
		return true
	}
	return false
}

//go:norace
func (w *still) addChannel(ch unsafe.Pointer) bool {
	if ch == nil {
		return true
	}
	if w.nc == len(w.channels) {
		return false
	}
	w.channels[w.nc] = (*header)(ch)
	w.nc++
	return true
}
