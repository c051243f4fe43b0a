// Package strangers names packages of others that are woven to see whether their own
// tests still pass. They are no dependencies of batchlab.
package strangers

import (
	_ "github.com/eapache/go-resiliency/batcher"
	_ "github.com/eapache/go-resiliency/breaker"
	_ "github.com/eapache/go-resiliency/deadline"
	_ "github.com/eapache/go-resiliency/retrier"
	_ "github.com/eapache/go-resiliency/semaphore"
	_ "github.com/jellydator/ttlcache/v3"
	_ "go.uber.org/ratelimit"
	_ "golang.org/x/sync/errgroup"
	_ "golang.org/x/sync/semaphore"
	_ "golang.org/x/sync/singleflight"
	_ "google.golang.org/api/support/bundler"

	_ "batchlab/sim/weave/rt"
)
