package rt

import "unsafe"

// header is what the runtime keeps at the beginning of a channel. Nothing else tells
// whether a channel is closed without receiving from it. TestChannelHeader and init hold
// it against the Go version at hand.
type header struct {
	count  uint
	room   uint
	buf    unsafe.Pointer
	size   uint16
	closed uint32
	_      [4]uintptr // its timer and type, and places in buf
	recvq  [2]uintptr // who waits outside of a run
	sendq  [2]uintptr
}

func init() {
	ch := make(chan int, 3)
	h := (*header)(chanPtr(ch))
	ch <- 1
	open := h.count == 1 && h.room == 3 && h.closed == 0
	close(ch)
	if !open || h.closed == 0 {
		panic("batchlab: rt does not know the channels of this Go version")
	}
}

//go:norace
func chanPtr[C any](ch C) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&ch)) }

// sendable reports whether g, which waits to send or is about to, can: if the channel is
// closed, or if there is room or a receiver and nobody came earlier.
//
//go:norace
func sendable(g *G, ch unsafe.Pointer) bool {
	if ch == nil {
		return false
	}
	h := (*header)(ch)
	switch {
	case h.closed != 0:
		return true
	case h.room == 0:
		return partner(g, ch, true) != nil
	}
	return h.count < h.room && first(g, ch, true)
}

// receivable is sendable for receiving.
//
//go:norace
func receivable(g *G, ch unsafe.Pointer) bool {
	if ch == nil {
		return false
	}
	h := (*header)(ch)
	switch {
	case h.count > 0:
		return first(g, ch, false)
	case h.closed != 0:
		return true
	case h.room == 0:
		return partner(g, ch, false) != nil
	}
	return false
}

// barren reports, in no time, that there is nothing to receive from a channel. If it does
// not, receivable knows.
//
//go:norace
func barren(ch unsafe.Pointer) bool {
	h := (*header)(ch)
	return h == nil || h.count == 0 && h.closed == 0 && (h.room > 0 || s.senders == 0)
}

// first reports whether nobody has waited longer than g to do the same on a channel. Who
// comes after settle has nobody to wait for.
//
//go:norace
func first(g *G, ch unsafe.Pointer, send bool) bool {
	if g.state == running {
		return true
	}
	for i := range s.nlive {
		if o := s.live[i]; o != g && o.queued < g.queued && wants(o, ch, send) >= 0 {
			return false
		}
	}
	return true
}

// partner returns the goroutine that has waited longest to receive on an unbuffered
// channel that g wants to send on, or the other way round.
//
//go:norace
func partner(g *G, ch unsafe.Pointer, send bool) *G {
	var best *G
	for i := range s.nlive {
		o := s.live[i]
		if o != g && wants(o, ch, !send) >= 0 && (best == nil || o.queued < best.queued) {
			best = o
		}
	}
	return best
}

// wants reports whether a goroutine is parked to send on a channel, or to receive, and
// nobody has served it yet: the index of the case in a select, else 0; or -1.
//
//go:norace
func wants(o *G, ch unsafe.Pointer, send bool) int {
	switch {
	case o.granted:
	case send && o.state == toSend && o.ptr == ch, !send && o.state == toReceive && o.ptr == ch:
		return 0
	case o.state == inSelect:
		for i := range o.ncases {
			if c := &o.cases[i]; c.ch == ch && c.send == send {
				return i
			}
		}
	}
	return -1
}
