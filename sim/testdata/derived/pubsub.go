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
	if h.hasty {
		n := 0
		for _, ch := range h.all() {
			n += send(ch, v)
		}
		return n
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	n := 0
	for id := range h.next {
		if ch, ok := h.subs[id]; ok {
			n += send(ch, v)
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

func send(ch chan int, v int) int {
	select {
	case ch <- v:
		return 1
	default:
		return 0
	}
}
