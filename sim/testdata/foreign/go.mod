module example.com/foreign

go 1.26.0

require (
	batchlab v0.0.0
	github.com/benbjohnson/clock v1.3.5
)

replace batchlab => ../../..
