package rt

import "unsafe"

// Case is a case of a select.
type Case struct {
	ch   unsafe.Pointer
	send bool
}

// maxCases is how many cases a select can have, and what else there is to choose from.
const maxCases = 64

// Choice is the case that a select takes, from 1; 0 if that is left to the select, and -1
// for the default.
type Choice int

// OnRecv is a case that receives.
func OnRecv[T any](ch <-chan T) Case { return Case{ch: chanPtr(ch)} }

// OnSend is a case that sends.
func OnSend[T any](ch chan<- T) Case { return Case{ch: chanPtr(ch), send: true} }

// Select chooses a case. The select statement that follows finds, through Recv and Send,
// that only this case can be taken.
func Select(site string, hasDefault bool, cases ...Case) Choice {
	if !active {
		return 0
	}
	return choose(site, hasDefault, cases)
}

//go:norace
func choose(site string, hasDefault bool, cases []Case) Choice {
	if record.on {
		for i := range cases {
			meets(cases[i].ch)
		}
	}
	point(site, "select")
	g, sends := s.cur, false
	if len(cases) > maxCases {
		panic("batchlab: rt knows no select of more than 64 cases")
	}
	for i, c := range cases { // copy would be seen by the race detector
		g.cases[i] = Case{c.ch, c.send}
		sends = sends || c.send
	}
	g.ncases, g.commit, g.site = len(cases), 0, site
	for i := 0; i < len(cases); i++ {
		if letGo(g, cases[i].ch) {
			i = -1 // what they did may concern the cases before
		}
	}
	if !anyReady(g) {
		if hasDefault {
			spell("select: default")
			g.sees(opChannelSeen)
			return -1
		}
		g.sees(opChannelUsed)
		g.state, g.sends = inSelect, sends
		raceRelease(unsafe.Pointer(&g.edge[1]))
		wait(g, site, "select")
		if g.given {
			if s.traced != nil {
				g.visitCase(g.chosen, opChannelUsed)
			}
			return Choice(g.chosen + 1)
		}
		if g.commit > 0 {
			g.sees(opChannelSeen)
			g.visitCase(g.commit-1, opChannelUsed)
			return Choice(g.commit)
		}
	}
	n, i := 0, 0
	for at := range g.ncases {
		if caseReady(g, at) {
			s.alts[n], i = at, at
			n++
		}
	}
	g.sees(opChannelSeen)
	if n > 1 {
		i = value(g, site, "select", n)
	}
	g.visitCase(i, opChannelUsed)
	return Choice(i + 1)
}

// sees writes down what a select does to all its channels.
//
//go:norace
func (g *G) sees(o operation) {
	for i := 0; record.on && i < g.ncases; i++ {
		g.visitCase(i, o)
	}
}

//go:norace
func (g *G) visitCase(i int, o operation) {
	s.seen.nth = i + 1
	visit(g.cases[i].ch, o)
	s.seen.nth = 0
}

//go:norace
func caseReady(g *G, i int) bool {
	if c := &g.cases[i]; c.send {
		return sendable(g, c.ch)
	} else {
		return !barren(c.ch) && receivable(g, c.ch)
	}
}

// Recv is the operand of the i-th case of a select, if it receives.
func Recv[T any](c Choice, i int, ch <-chan T) <-chan T {
	switch {
	case c == 0:
		return ch
	case int(c) != i+1:
		return nil
	}
	return chosenRecv(ch)
}

//go:norace
func chosenRecv[T any](c <-chan T) <-chan T {
	g, ch := s.cur, chanPtr(c)
	if g.given {
		g.given = false
		return *g.tmp.(*chan T)
	}
	if h := (*header)(ch); h.room > 0 || h.count > 0 || h.closed != 0 {
		return c
	}
	return meet[T](g, ch, g.site)
}

// Send is the operand of the i-th case of a select, if it sends.
func Send[T any](c Choice, i int, ch chan<- T) chan<- T {
	switch {
	case c == 0:
		return ch
	case int(c) != i+1:
		return nil
	}
	return chosenSend(ch)
}

//go:norace
func chosenSend[T any](c chan<- T) chan<- T {
	g, ch := s.cur, chanPtr(c)
	if g.given { // whoever came to receive waits for the value in this channel
		g.given = false
		raceAcquire(unsafe.Pointer(&g.edge[1]))
		ch := *g.tmp.(*chan T)
		visit(chanPtr(ch), opChannelUsed)
		return ch
	}
	if h := (*header)(ch); h.room > 0 || h.closed != 0 {
		return c
	}
	o := partner(g, ch, true)
	raceAcquire(unsafe.Pointer(&o.edge[1]))
	serve(o, ch, false)
	return *inTransit[T](o)
}
