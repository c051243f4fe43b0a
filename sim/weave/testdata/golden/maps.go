package golden

import (
	"fmt"
	"maps"
	"slices"
)

type point struct {
	x, y int
	name string
}

func rangesOfMaps(m map[string]int, ps map[point][]int, any map[any]int, ptrs map[*int]bool) {
	for k, v := range m {
		fmt.Println(k, v)
	}
	for k := range m {
		delete(m, k)
	}
	for _, v := range ps {
		fmt.Println(v)
	}
	for range m {
	}
	var k string
	for k = range m {
		fmt.Println(k)
	}
	var xs [2]int
	for _, xs[0] = range m {
	}
	for k, xs[len(k)] = range m {
		continue
	}
	for p := range ps {
		for k := range m {
			fmt.Println(p, k)
		}
	}
	for k := range any {
		fmt.Println(k)
	}
	for k := range ptrs {
		fmt.Println(k)
	}
	for k := range maps.Keys(m) {
		fmt.Println(k)
	}
	for _, k := range slices.Sorted(maps.Keys(m)) {
		fmt.Println(k)
	}
}

func genericMaps[M ~map[K]V, K ~int | ~string, V any, O comparable](m M, o map[O]V) {
	for k, v := range m {
		fmt.Println(k, v)
	}
	for k := range o {
		fmt.Println(k)
	}
}

func genericChannels[C ~chan T, T any, R ~chan T | ~<-chan T](c C, r R, v T) {
	c <- v
	<-c
	for v := range c {
		fmt.Println(v)
	}
	for range r {
	}
	select {
	case c <- v:
	case v, ok := <-c:
		fmt.Println(v, ok)
	case <-r:
	}
	close(c)
}
