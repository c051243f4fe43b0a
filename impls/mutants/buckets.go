package mutants

import "slices"

// The map's buckets. All of these are called with the lock held.

// find returns the index of the bucket that has key, or -1.
func (m *timedMap) find(key int) int {
	for i := len(m.parts) - 1; i >= 0; i-- {
		skip, end := m.overlooks(i)
		if end {
			return -1
		}
		if _, ok := m.parts[i].entries[key]; ok && !skip {
			return i
		}
	}
	return -1
}

// overlooks reports whether a walk from the newest bucket to the oldest leaves out
// bucket i, or ends before it. The control looks everywhere.
func (m *timedMap) overlooks(i int) (skip, end bool) {
	id := m.parts[i].id
	switch m.fault {
	case "zero-id-sentinel":
		return id == 0, false
	case "negative-ids-skipped":
		return id < 0, false
	case "older-bucket-forwarded":
		return id < m.current, false
	case "walk-stops-at-gap":
		return false, i < len(m.parts)-1 && m.parts[i+1].id-id > 1
	case "oldest-wrong-after-delete":
		return false, id < m.from
	}
	return false, false
}

// insert puts a key into the current bucket. No bucket has an ID above the
// current one, so a new bucket comes last.
func (m *timedMap) insert(key, value int) {
	id := m.current
	if m.fault == "id-always-exact" {
		id = m.idNow()
	}
	n := len(m.parts)
	if m.fault == "gap-clears" && n > 0 && id-m.parts[n-1].id >= 2 {
		m.parts, m.count, n = nil, 0, 0
	}
	if n == 0 || m.parts[n-1].id != id {
		m.parts = append(m.parts, part{id, map[int]int{}})
		n++
	}
	m.parts[n-1].entries[key] = value
	if m.fault == "filter-forgets" {
		m.filter[key] = true
	}
}

// remove takes a key out of bucket i, and the bucket with it if that empties it.
func (m *timedMap) remove(i, key int) {
	delete(m.parts[i].entries, key)
	if len(m.parts[i].entries) > 0 {
		return
	}
	m.parts = slices.Delete(m.parts, i, i+1)
	if n := len(m.parts); n > 0 && m.fault == "oldest-wrong-after-delete" {
		m.from = m.parts[n-1].id
	}
}

// renew moves a key from bucket i to the current one.
func (m *timedMap) renew(i, key int) {
	value := m.parts[i].entries[key]
	m.remove(i, key)
	m.insert(key, value)
}

// expireLate is close-keeps-expiring: a closed map goes on expiring, when it is used.
func (m *timedMap) expireLate() {
	if m.closed && m.fault == "close-keeps-expiring" {
		m.mu.Unlock()
		m.cleanup()
		m.mu.Lock()
	}
}
