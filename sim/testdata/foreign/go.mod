module example.com/foreign

go 1.26.0

require (
	batchlab v0.0.0
	github.com/benbjohnson/clock v1.3.5
	github.com/eapache/go-resiliency v1.5.0
)

require github.com/anishathalye/porcupine v1.3.1 // indirect

replace batchlab => ../../..
