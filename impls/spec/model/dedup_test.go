package model_test

import (
	"testing"

	"batchlab/impls/spec/dedup"
)

// TestMapPictures: the sentences of the baseline's description, drawn.
func TestMapPictures(t *testing.T) {
	const (
		three = "bucket=1s buckets=3 epoch=27h46m40s" // 100000s: far from bucket zero
		first = "bucket=1s buckets=3"
	)
	checkDrawings(t, dedup.Kind, []drawing{
		{"the first set wins", three, `
a set k1 v1
  +0s a set k1 v1 -> true
b set k1 v2
  +0s b set k1 v2 -> false
b get k1
  +0s b get k1 -> v1
a get k2
  +0s a get k2 -> none
a count
  +0s a count -> 1
`},
		{"delete", three, `
a delete k1
  +0s a delete k1 -> false
a set k1 v1
  +0s a set k1 v1 -> true
b delete k1
  +0s b delete k1 -> true
b delete k1
  +0s b delete k1 -> false
a get k1
  +0s a get k1 -> none
a count
  +0s a count -> 0
a set k1 v2
  +0s a set k1 v2 -> true
a get k1
  +0s a get k1 -> v2
`},
		{"the cached id is refreshed every tenth of a bucket", "bucket=10s buckets=1 epoch=27h46m40.5s", `
+9.7s
a set k1 v1
  +9.7s a set k1 v1 -> true
+299.999999ms
a get k1
  +9.999999999s a get k1 -> v1
+1ns
a get k1
  +10s a get k1 -> none
b set k2 v2
  +10s b set k2 v2 -> true
+9.999999999s
b get k2
  +19.999999999s b get k2 -> v2
+1ns
b get k2
  +20s b get k2 -> none
`},
		{"an entry is gone at the first cleanup after its window", three, `
+999ms
a set k1 v1
  +999ms a set k1 v1 -> true
+2.000999999s
a get k1
  +2.999999999s a get k1 -> v1
+1ns
a get k1
  +3s a get k1 -> none
`},
		{"bucket zero of 1970 leaves half a bucket early, for ids are truncated", first, `
a set k1 v1
  +0s a set k1 v1 -> true
+2.499999999s
a get k1
  +2.499999999s a get k1 -> v1
+1ns
a get k1
  +2.5s a get k1 -> none
`},
		{"cleanup comes every half bucket", three, `
a set k1 v1
  +0s a set k1 v1 -> true
+2.999999999s
a get k1
  +2.999999999s a get k1 -> v1
a count
  +2.999999999s a count -> 1
+1ns
a get k1
  +3s a get k1 -> none
a count
  +3s a count -> 0
`},
		{"a bucket under 100ms is as stale as its refresh", "bucket=10ms buckets=3 epoch=27h46m40s", `
+99ms
a set k1 v1
  +99ms a set k1 v1 -> true
+1ms
a get k1
  +100ms a get k1 -> none
a set k1 v2
  +100ms a set k1 v2 -> true
+29.999999ms
a get k1
  +129.999999ms a get k1 -> v2
+1ns
a get k1
  +130ms a get k1 -> none
`},
		{"a range is a call for each of its names, one after another", three, `
a set k2 v7
  +0s a set k2 v7 -> true
a set k1..k3 v1
  +0s a set k1 v1 -> true
  +0s a set k2 v1 -> false
  +0s a set k3 v1 -> true
b get k2..k4
  +0s b get k2 -> v7
  +0s b get k3 -> v1
  +0s b get k4 -> none
b delete k3..k4
  +0s b delete k3 -> true
  +0s b delete k4 -> false
`},
		{"a jump over hours", three, `
a set k1 v1
  +0s a set k1 v1 -> true
+3h
a count
  +3h0m0s a count -> 0
a set k2 v2
  +3h0m0s a set k2 v2 -> true
a get k2
  +3h0m0s a get k2 -> v2
`},
		{"closed, nothing expires any more", three, `
a set k1 v1
  +0s a set k1 v1 -> true
a close
  +0s a close -> ok
+1h
a get k1
  +1h0m0s a get k1 -> v1
b set k2 v2
  +1h0m0s b set k2 v2 -> true
a set k1 v3
  +1h0m0s a set k1 v3 -> false
b delete k1
  +1h0m0s b delete k1 -> true
a count
  +1h0m0s a count -> 1
b close
  +1h0m0s b close -> ok
`},
		{"an odd epoch moves the boundaries, not the ticks", "bucket=1s buckets=1 epoch=27h46m40.3s", `
+600ms
a set k1 v1
  +600ms a set k1 v1 -> true
+399.999999ms
a get k1
  +999.999999ms a get k1 -> v1
+1ns
a get k1
  +1s a get k1 -> none
`},
		{"before 1970: ids are negative", "bucket=1s buckets=2 epoch=-10s", `
a set k1 v1
  +0s a set k1 v1 -> true
+1.499999999s
a get k1
  +1.499999999s a get k1 -> v1
+1ns
a get k1
  +1.5s a get k1 -> none
`},
		{"around 1970: bucket zero is two long", "bucket=1s buckets=1 epoch=-1500ms", `
a set k1 v1
  +0s a set k1 v1 -> true
+600ms
b set k2 v2
  +600ms b set k2 v2 -> true
+399.999999ms
a get k1
  +999.999999ms a get k1 -> v1
+1ns
a get k1
  +1s a get k1 -> none
+999.999999ms
b get k2
  +1.999999999s b get k2 -> v2
+1ns
b get k2
  +2s b get k2 -> none
+400ms
c set k3 v3
  +2.4s c set k3 v3 -> true
+99.999999ms
c get k3
  +2.499999999s c get k3 -> v3
+1ns
c get k3
  +2.5s c get k3 -> none
`},
	})
}
