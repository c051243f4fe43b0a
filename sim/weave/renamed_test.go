package weave

import (
	"go/types"
	"maps"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

// ofTheProgram is what of these packages gives the same in each process, given the same.
var ofTheProgram = map[string][]string{
	"math/rand":    {"New", "NewSource", "NewZipf", "Rand.*", "Source.*", "Source64.*", "Zipf.*"},
	"math/rand/v2": {"New", "NewPCG", "NewChaCha8", "NewZipf", "Rand.*", "Source.*", "Zipf.*", "PCG.*", "ChaCha8.*"},
	"crypto/rand":  {"Int"}, // of the numbers that it is given
	"hash/maphash": {"Hash.*", "ComparableHasher.*"},
	"maps":         {"Clone", "Collect", "Copy", "Equal", "Insert"},
	"weak":         {"Pointer.*"}, // of what is kept
	"runtime/debug": {
		"ReadBuildInfo", "ParseBuildInfo", "BuildInfo.*", "FreeOSMemory", "SetCrashOutput", "SetGCPercent",
		"SetMaxStack", "SetMaxThreads", "SetMemoryLimit", "SetPanicOnFault", "SetTraceback", "WriteHeapDump",
	},
	"fmt": {
		"Sscan", "Sscanf", "Sscanln", "Scan", "Scanf", "Scanln", "Fscan", "Fscanf", "Fscanln", "FormatString",
		"Formatter.*", "GoStringer.*", "ScanState.*", "Scanner.*", "State.*", "Stringer.*",
	},
}

// TestRenames: a Go version that brings a function to these packages must not bring one that
// differs from process to process in silence; and what rt has in place of a function has
// its signature.
func TestRenames(t *testing.T) {
	paths := append(slices.Sorted(maps.Keys(ofTheProgram)), "runtime", "os", rtPath)
	cfg := &packages.Config{Context: t.Context(), Mode: packages.NeedName | packages.NeedTypes | packages.NeedImports |
		packages.NeedDeps | packages.NeedSyntax | packages.NeedTypesInfo}
	loaded, err := packages.Load(cfg, paths...)
	if err != nil {
		t.Fatal(err)
	}
	byPath := map[string]*types.Package{}
	for _, p := range loaded {
		byPath[p.PkgPath] = p.Types
	}
	for path, theirs := range ofTheProgram {
		for _, fn := range functionsOf(byPath[path]) {
			_, name := qualified(fn)
			of, _, _ := strings.Cut(name, ".")
			known := slices.Contains(theirs, name) || slices.Contains(theirs, of+".*")
			if !known && renames[path+"."+name] == "" && whyUncontrolled(fn) == "" && operationOf(fn, nil).form == plain {
				t.Errorf("%s.%s is neither woven nor named", path, name)
			}
		}
	}
	n := 0
	for theirs, ours := range renames {
		dot := strings.LastIndex(theirs, ".")
		was, is := byPath[theirs[:dot]].Scope().Lookup(theirs[dot+1:]), lookup(byPath[rtPath], ours)
		if was == nil || is == nil {
			t.Errorf("%s: %v, rt.%s: %v", theirs, was, ours, is)
			continue
		}
		if sig, ok := was.Type().(*types.Signature); ok && sig.TypeParams().Len() == 0 {
			if n++; !types.Identical(sig, is.Type()) {
				t.Errorf("%v, rt: %v", was, is)
			}
		}
	}
	if n < 50 {
		t.Errorf("%d signatures compared", n)
	}
}

// lookup is a package's object of a name, or a method of its variable.
func lookup(p *types.Package, name string) types.Object {
	of, method, ok := strings.Cut(name, ".")
	o := p.Scope().Lookup(of)
	if ok && o != nil {
		o, _, _ = types.LookupFieldOrMethod(o.Type(), true, p, method)
	}
	return o
}
