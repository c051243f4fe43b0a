module example.com/strangers

go 1.26.0

require (
	batchlab v0.0.0
	github.com/eapache/go-resiliency v1.7.0
	github.com/jellydator/ttlcache/v3 v3.4.1
	go.uber.org/ratelimit v0.3.1
	golang.org/x/sync v0.24.0
	google.golang.org/api v0.311.0
)

require github.com/benbjohnson/clock v1.3.5 // indirect

replace batchlab => ../../../..
