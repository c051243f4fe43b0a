module example.com/cases

go 1.26.0

require (
	batchlab v0.0.0
	github.com/alitto/pond/v2 v2.3.1
	github.com/hashicorp/golang-lru/v2 v2.0.6
	github.com/mikestefanello/batcher v0.1.0
	github.com/neilotoole/errgroup v0.1.6
	github.com/puzpuzpuz/xsync v1.0.0
	go.uber.org/ratelimit v0.3.0
	go.uber.org/zap v1.27.0
	golang.org/x/sync v0.24.0
)

require (
	github.com/benbjohnson/clock v1.3.5 // indirect
	go.uber.org/multierr v1.10.0 // indirect
)

replace batchlab => ../../..

// The version to be tried; batchlab asks for a newer one.
replace golang.org/x/sync => golang.org/x/sync v0.0.0-20190911185100-cd5d95a43a6e
