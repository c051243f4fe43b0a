package golden

import (
	"crypto/rand"
	"hash/maphash"
	mathrand "math/rand"
	"reflect"
	"sync"
	_ "unsafe" // gap: package unsafe: what it reaches is not seen

	"golang.org/x/tools/go/packages" // gap: package golang.org/x/tools/go/packages, which is not woven, and has locks or goroutines
)

// The next line has a gap, and no room for a comment. // gap below: go:linkname linked

//go:linkname linked
func linked() {}

//go:linkname drawn runtime.fastrand
func drawn() uint32

type hidden interface{ RLock() }

func gapped(ch chan int) {
	_ = mathrand.Int()               //
	_ = mathrand.New(nil).Int()      //
	_, _ = rand.Read(nil)            //
	var h maphash.Hash               //
	h.SetSeed(maphash.MakeSeed())    //
	reflect.ValueOf(ch).Recv()       // gap: reflect.Value.Recv: channels and maps through package reflect // gap: a channel is given to reflect.ValueOf, which is not woven
	_ = sync.OnceValue[int]          // gap: sync.OnceValue as a value, whose type has no name here
	_, _ = packages.Load(nil)        //
	_ = reflect.TypeOf(&sync.Once{}) // gap: a sync.Once is given to reflect.TypeOf, which is not woven
}
