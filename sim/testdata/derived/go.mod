module example.com/derived

go 1.26.0

require (
	batchlab v0.0.0
	github.com/benbjohnson/clock v1.3.5
)

require (
	github.com/anishathalye/porcupine v1.3.1 // indirect
)

replace batchlab => ../../..
