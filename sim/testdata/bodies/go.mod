module example.com/bodies

go 1.26.0

require batchlab v0.0.0

require github.com/benbjohnson/clock v1.3.5 // indirect

replace batchlab => ../../..
