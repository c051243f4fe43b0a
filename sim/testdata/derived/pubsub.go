package derived

import "sync"

// Hub hands what is published to all who have subscribed. A hasty one closes a channel beside those
// who are sending on it.
type Hub struct {
	mu    sync.Mutex
	subs  map[int]chan int
	next  int
	hasty bool
}

// NewHub makes a hub without subscribers.
func NewHub(hasty bool) *Hub { return &Hub{subs: map[int]chan int{}, hasty: hasty} }

// Subscribe returns where what is published arrives, and how that ends.
func (h *Hub) Subscribe() (<-chan int, func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	id, ch := h.next, make(chan int, 2)
	h.next++
	h.subs[id] = ch
	return ch, func() {
		h.mu.Lock()
		_, ok := h.subs[id]
		delete(h.subs, id)
		if ok && !h.hasty {
			close(ch)
		}
		h.mu.Unlock()
		if ok && h.hasty {
			close(ch)
		}
	}
}

// Publish sends to all who have room, and says to how many.
func (h *Hub) Publish(v int) int {
	n := 0
	for _, ch := range h.all() {
		if h.send(ch, v) {
			n++
		}
	}
	return n
}

func (h *Hub) all() (list []chan int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for id := range h.next {
		if ch, ok := h.subs[id]; ok {
			list = append(list, ch)
		}
	}
	return list
}

func (h *Hub) send(ch chan int, v int) bool {
	if !h.hasty {
		h.mu.Lock()
		defer h.mu.Unlock()
		open := false
		for _, c := range h.subs {
			open = open || c == ch
		}
		if !open {
			return false
		}
	}
	select {
	case ch <- v:
		return true
	default:
		return false
	}
}
