package weave

import (
	"go/importer"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"
)

// withoutPoints are what of packages sync, time and context is no scheduling point.
var withoutPoints = map[string][]string{
	"sync":        {},
	"sync/atomic": {},
	"time": {"Date", "FixedZone", "LoadLocation", "LoadLocationFromTZData", "Parse", "ParseDuration", "ParseInLocation", "Unix", "UnixMicro", "UnixMilli",
		"Duration.*", "Location.*", "Month.*", "ParseError.*", "Time.*", "Weekday.*"},
	"context": {"Background", "TODO", "Cause", "WithValue", "WithoutCancel", "WithCancel", "WithCancelCause", "Context.*"},
}

// TestTable: a Go version that brings a function to these packages must not bring a point
// that is passed over in silence.
func TestTable(t *testing.T) {
	for path, without := range withoutPoints {
		p, err := importer.ForCompiler(token.NewFileSet(), "source", nil).Import(path)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, fn := range functionsOf(p) {
			_, name := qualified(fn)
			of, _, _ := strings.Cut(name, ".")
			if slices.Contains(without, name) || slices.Contains(without, of+".*") {
				continue
			}
			n++
			if operationOf(fn, nil).form == plain {
				t.Errorf("%s.%s is not woven", path, name)
			}
		}
		if n < 5 {
			t.Errorf("%s has %d points", path, n)
		}
	}
}

// functionsOf are a package's exported functions and methods.
func functionsOf(p *types.Package) (fns []*types.Func) {
	for _, name := range p.Scope().Names() {
		switch o := p.Scope().Lookup(name).(type) {
		case *types.Func:
			if o.Exported() {
				fns = append(fns, o)
			}
		case *types.TypeName:
			if !o.Exported() {
				continue
			}
			t := o.Type()
			if !types.IsInterface(t) {
				t = types.NewPointer(t)
			}
			for s := range types.NewMethodSet(t).Methods() {
				if fn := s.Obj().(*types.Func); fn.Exported() {
					fns = append(fns, fn)
				}
			}
		}
	}
	return fns
}
