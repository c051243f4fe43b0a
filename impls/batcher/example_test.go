package batcher_test

import (
	"fmt"
	"time"

	"batchlab/impls/batcher"
)

func Example() {
	show := func(batch []*string) {
		for i, item := range batch {
			fmt.Printf("%d:%s ", i+1, *item)
		}
		fmt.Println("flushed")
	}
	b := batcher.NewWithDeduplicationOptimized(3, time.Hour, show, false)
	for _, item := range []string{"to", "be", "or", "not", "to", "be"} {
		b.Put(&item)
	}
	b.Close()
	// Output:
	// 1:to 2:be 3:or flushed
	// 1:not flushed
}
