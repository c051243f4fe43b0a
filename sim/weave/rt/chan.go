package rt

import "unsafe"

// mostRoom is how large a buffer is looked at: nobody fills a larger one for a try.
const mostRoom = 128

// settle lets goroutines go on that wait at a buffered channel for something that is there by
// now. Package runtime serves them on the spot, before another comes to the channel; here they
// serve themselves, so the one that comes has to let them.
//
//go:norace
func settle(g *G, ch unsafe.Pointer) {
	for letGo(g, ch) {
	}
}

// letGo gives the turn to one of them, and reports whether there was one.
//
//go:norace
func letGo(g *G, ch unsafe.Pointer) bool {
	if ch == nil {
		return false
	}
	h := (*header)(ch)
	if h.room > s.res.Room && h.room <= mostRoom {
		s.res.Room = h.room
	}
	if h.room == 0 || h.count == 0 && s.senders == 0 {
		return false
	}
	var (
		best *G
		at   int // the case, if it waits in a select
	)
	for i := range s.nlive {
		o := s.live[i]
		if o == g || best != nil && best.queued < o.queued {
			continue
		}
		c := -1
		if h.count > 0 {
			c = wants(o, ch, false)
		}
		if c < 0 && h.count < h.room && h.closed == 0 {
			c = wants(o, ch, true)
		}
		if c >= 0 {
			best, at = o, c+1
		}
	}
	if best == nil {
		return false
	}
	best.commit = at
	count(g)
	visit(ch, opChannelUsed)
	record.carry(best)
	turn(g, best)
	return true
}

// Sender sends on a channel.
type Sender[T any] struct {
	ch   chan<- T
	site string
}

// To is the left side of ch <- v, which is To(site, ch).Send(v).
func To[T any](site string, ch chan<- T) Sender[T] { return Sender[T]{ch, site} }

// Send sends.
func (r Sender[T]) Send(v T) {
	if active && !r.send(v) {
		return
	}
	r.ch <- v
}

// send waits until the channel takes a value, and reports whether it is still to be sent.
//
//go:norace
func (r Sender[T]) send(v T) bool {
	meets(chanPtr(r.ch))
	point(r.site, "send")
	g, ch := s.cur, chanPtr(r.ch)
	settle(g, ch)
	visit(ch, opChannelUsed)
	s.got = s.points
	if !sendable(g, ch) && parkToSend(g, ch, r.site, v) {
		return false
	}
	if h := (*header)(ch); h.room > 0 || h.closed != 0 {
		return true
	}
	o := partner(g, ch, true)
	raceAcquire(unsafe.Pointer(&o.edge[1]))
	serve(o, ch, false)
	*inTransit[T](o) <- v
	return false
}

// parkToSend waits, and reports whether somebody has taken the value.
//
//go:norace
func parkToSend[T any](g *G, ch unsafe.Pointer, site string, v T) bool {
	g.state, g.ptr, g.slot, g.sends = toSend, ch, unsafe.Pointer(&v), true
	raceRelease(unsafe.Pointer(&g.edge[0]))
	wait(g, site, "send")
	g.slot = nil
	if !g.given {
		return false
	}
	g.given = false
	raceAcquire(unsafe.Pointer(&g.edge[1]))
	return true
}

// serve tells a parked goroutine that what it wants has been done.
//
//go:norace
func serve(o *G, ch unsafe.Pointer, send bool) {
	if i := wants(o, ch, send); o.state == inSelect {
		o.sees(opChannelSeen)
		o.chosen = i
	}
	o.grant()
	o.given = true
}

// inTransit returns the channel in which a value on its way to a goroutine lies.
//
//go:norace
func inTransit[T any](g *G) *chan T {
	if ch, ok := g.tmp.(*chan T); ok && len(*ch) == 0 {
		return ch
	}
	ch := make(chan T, 1)
	g.tmp = &ch
	return &ch
}

// From is the operand of <-ch, which is <-From(site, ch): it returns when the receive
// will not block.
func From[T any](site string, ch <-chan T) <-chan T {
	if !active {
		return ch
	}
	return from(site, ch)
}

//go:norace
func from[T any](site string, c <-chan T) <-chan T {
	meets(chanPtr(c))
	point(site, "receive")
	g, ch := s.cur, chanPtr(c)
	settle(g, ch)
	visit(ch, opChannelUsed)
	s.got = s.points
	if !receivable(g, ch) {
		g.state, g.ptr = toReceive, ch
		raceRelease(unsafe.Pointer(&g.edge[1]))
		wait(g, site, "receive")
		if g.given {
			g.given = false
			return *g.tmp.(*chan T)
		}
	}
	if h := (*header)(ch); h.room > 0 || h.count > 0 || h.closed != 0 {
		return c
	}
	return meet[T](g, ch, site)
}

// meet takes the value of the goroutine that has waited longest to send it.
//
//go:norace
func meet[T any](g *G, ch unsafe.Pointer, site string) <-chan T {
	o := partner(g, ch, false)
	if o.state == inSelect {
		// It puts its value into the channel as soon as it has its turn.
		raceRelease(unsafe.Pointer(&o.edge[1]))
		tmp := make(chan T, 1)
		o.tmp = &tmp
		serve(o, ch, true)
		g.state, g.ptr = toReceive, chanPtr(tmp)
		wait(g, site, "receive")
		return tmp
	}
	raceAcquire(unsafe.Pointer(&o.edge[0]))
	tmp := inTransit[T](g)
	*tmp <- *(*T)(o.slot)
	raceRelease(unsafe.Pointer(&o.edge[1]))
	serve(o, ch, true)
	return *tmp
}

// Close is close(ch).
//
//go:norace
func Close[T any](site string, ch chan<- T) {
	if active {
		pointClose(site, chanPtr(ch))
	}
	close(ch)
}

// Values goes through what comes over a channel.
type Values[T any] struct {
	ch   <-chan T
	site string
}

// Over is the operand of a range over a channel.
func Over[T any](site string, ch <-chan T) (*Values[T], T) {
	var none T
	return &Values[T]{ch, site}, none
}

// Next receives the next value into v, which may be nil, and reports whether there was one.
func (r *Values[T]) Next(v *T) bool {
	got, ok := <-From(r.site, r.ch)
	if ok && v != nil {
		*v = got
	}
	return ok
}
