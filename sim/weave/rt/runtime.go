package rt

import (
	"reflect"
	"runtime"
	"unsafe"
)

// RuntimeSetFinalizer is runtime.SetFinalizer, and does nothing: when it would be called is the garbage
// collector's to say, on a goroutine that no scheduler knows. What waits for it is not judged.
func RuntimeSetFinalizer(_, _ any) {
	if active {
		note("runtime.SetFinalizer: what the garbage collector does")
	}
}

// RuntimeAddCleanup is runtime.AddCleanup, and does nothing.
func RuntimeAddCleanup[T, S any](*T, func(S), S) runtime.Cleanup {
	if active {
		note("runtime.AddCleanup: what the garbage collector does")
	}
	return runtime.Cleanup{}
}

// Packages link to these functions of the runtime by their names, and woven ones to those here: the
// runtime draws and hashes otherwise in each process.

// LinkedRand is runtime.rand.
//
//go:norace
func LinkedRand() uint64 { return draw() }

// LinkedRand32 is runtime.fastrand.
//
//go:norace
func LinkedRand32() uint32 { return uint32(draw() >> 32) }

// LinkedRandN is runtime.fastrandn: a number below n.
//
//go:norace
func LinkedRandN(n uint32) uint32 { return uint32(uint64(LinkedRand32()) * uint64(n) >> 32) }

// LinkedMemhash is runtime.memhash.
//
//go:norace
func LinkedMemhash(p unsafe.Pointer, seed, n uintptr) uintptr {
	return uintptr(scramble(hashBytes(linkedSeed(seed), unsafe.Slice((*byte)(p), n))))
}

// LinkedStrhash is runtime.strhash.
//
//go:norace
func LinkedStrhash(p unsafe.Pointer, seed uintptr) uintptr {
	return uintptr(scramble(hashText(linkedSeed(seed), *(*string)(p))))
}

// LinkedTypehash is runtime.typehash.
//
//go:norace
func LinkedTypehash(typ uintptr, p unsafe.Pointer, seed uintptr) uintptr {
	var v any
	*(*uintptr)(unsafe.Pointer(&v)) = typ
	return uintptr(hashValue(linkedSeed(seed), reflect.NewAt(reflect.TypeOf(v), p).Elem()))
}

//go:norace
func linkedSeed(seed uintptr) uint64 { return hashWord(basis, uint64(seed)) }
