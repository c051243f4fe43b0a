package rt

import (
	"reflect"
	"unsafe"
)

// Channels of types that are known by reflection only.

// Receive receives from a channel, and reports whether it was sent.
func Receive(site string, ch reflect.Value) (reflect.Value, bool) {
	if active {
		ch = receiveReflected(site, ch)
	}
	return ch.Recv()
}

// receiveReflected is From: it returns the channel from which to receive without a wait.
//
//go:norace
func receiveReflected(site string, v reflect.Value) reflect.Value {
	meets(v.UnsafePointer())
	point(site, "receive")
	g, ch := s.cur, v.UnsafePointer()
	settle(g, ch)
	visit(ch, opChannelUsed)
	if !receivable(g, ch) {
		g.state, g.ptr = toReceive, ch
		raceRelease(unsafe.Pointer(&g.edge[1]))
		wait(g, site, "receive")
		if g.given {
			g.given = false
			return reflect.ValueOf(g.tmp).Elem()
		}
	}
	if h := (*header)(ch); h.room > 0 || h.count > 0 || h.closed != 0 {
		return v
	}
	o := partner(g, ch, false)
	tmp := newBuffer(v.Type().Elem())
	if o.state == inSelect { // see meet
		raceRelease(unsafe.Pointer(&o.edge[1]))
		o.tmp = tmp.Interface()
		serve(o, ch, true)
		g.state, g.ptr = toReceive, tmp.Elem().UnsafePointer()
		wait(g, site, "receive")
		return tmp.Elem()
	}
	raceAcquire(unsafe.Pointer(&o.edge[0]))
	tmp.Elem().Send(reflect.NewAt(v.Type().Elem(), o.slot).Elem())
	raceRelease(unsafe.Pointer(&o.edge[1]))
	serve(o, ch, true)
	return tmp.Elem()
}

// newBuffer is a pointer to a channel with room for one.
func newBuffer(of reflect.Type) reflect.Value {
	t := reflect.ChanOf(reflect.BothDir, of)
	p := reflect.New(t)
	p.Elem().Set(reflect.MakeChan(t, 1))
	return p
}

// SendValue sends on a channel.
func SendValue(site string, ch, v reflect.Value) {
	if !active || sendReflected(site, ch, v) {
		ch.Send(v)
	}
}

// sendReflected waits until the channel takes a value, and reports whether it is still to be sent.
//
//go:norace
func sendReflected(site string, c, v reflect.Value) bool {
	meets(c.UnsafePointer())
	point(site, "send")
	g, ch := s.cur, c.UnsafePointer()
	settle(g, ch)
	visit(ch, opChannelUsed)
	if !sendable(g, ch) {
		box := reflect.New(v.Type())
		box.Elem().Set(v)
		g.state, g.ptr, g.slot, g.sends = toSend, ch, box.UnsafePointer(), true
		raceRelease(unsafe.Pointer(&g.edge[0]))
		wait(g, site, "send")
		g.slot = nil
		if g.given {
			g.given = false
			raceAcquire(unsafe.Pointer(&g.edge[1]))
			return false
		}
	}
	if h := (*header)(ch); h.room > 0 || h.closed != 0 {
		return true
	}
	o := partner(g, ch, true)
	raceAcquire(unsafe.Pointer(&o.edge[1]))
	serve(o, ch, false)
	tmp := newBuffer(c.Type().Elem())
	o.tmp = tmp.Interface()
	tmp.Elem().Send(v)
	return false
}

// CloseValue closes a channel.
func CloseValue(site string, ch reflect.Value) {
	if active {
		pointClose(site, ch.UnsafePointer())
	}
	ch.Close()
}

//go:norace
func pointClose(site string, ch unsafe.Pointer) {
	meets(ch)
	point(site, "close")
	settle(s.cur, ch)
	visit(ch, opChannelUsed)
}
