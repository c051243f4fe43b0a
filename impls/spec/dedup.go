package spec

import "time"

// Map is the contract of KindDedup, the time-partitioned deduplication map.
//
// Set stores a value unless its key is present, and tells whether it did. Delete
// tells whether there was something to remove. Count is the number of entries,
// those about to expire included. Close ends expiry; the map stays usable.
type Map interface {
	Get(key int) (value int, ok bool)
	Set(key, value int) bool
	Delete(key int) bool
	Count() int
	Close()
}

// MapConfig configures a map.
type MapConfig struct {
	Bucket  time.Duration // the length of a bucket, at least 2ns
	Buckets int           // how many buckets an entry lives, at least 1
}

// MinRefresh is the shortest period at which a map refreshes its cached bucket ID.
const MinRefresh = 100 * time.Millisecond

// Refresh is the period at which the cached bucket ID is brought up to date.
func (c MapConfig) Refresh() time.Duration { return max(c.Bucket/10, MinRefresh) }

// Cleanup is the period at which expired buckets are removed.
func (c MapConfig) Cleanup() time.Duration { return c.Bucket / 2 }

// Window is how long an entry lives at most, before cleanup: Bucket*Buckets.
func (c MapConfig) Window() time.Duration { return c.Bucket * time.Duration(c.Buckets) }
