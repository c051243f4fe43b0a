package bench

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"slices"
	"time"

	"github.com/google/pprof/profile"
)

// Profile files of a row end in these, after a prefix of its own.
const (
	CPUSuffix  = ".cpu.pprof"
	HeapSuffix = ".heap.pprof"
)

// heapRate is one in how many bytes the heap profile samples: more of them than Go's
// default, for a profiled run is short.
const heapRate = 4096

// profiled runs f, again and again until enough time has passed for a profiler that looks
// a hundred times a second, and writes profiles of processor time and allocations,
// preparations included. The heap profile holds what was allocated in f, not before.
func profiled(prefix string, enough time.Duration, f func() error) error {
	runtime.MemProfileRate = heapRate
	before, err := allocations()
	if err != nil {
		return err
	}
	cpu, err := os.Create(prefix + CPUSuffix)
	if err != nil {
		return err
	}
	if err := pprof.StartCPUProfile(cpu); err != nil {
		return errors.Join(err, cpu.Close())
	}
	failed := f()
	for began := time.Now(); failed == nil && time.Since(began) < enough; {
		failed = f()
	}
	pprof.StopCPUProfile()
	if err := errors.Join(failed, cpu.Close()); err != nil {
		return err
	}
	after, err := allocations()
	if err != nil {
		return err
	}
	before.Scale(-1)
	diff, err := profile.Merge([]*profile.Profile{after, before})
	if err != nil {
		return err
	}
	file, err := os.Create(prefix + HeapSuffix)
	if err != nil {
		return err
	}
	return errors.Join(diff.Write(file), file.Close())
}

func allocations() (*profile.Profile, error) {
	runtime.GC() // the profile is as of the last collection
	var text bytes.Buffer
	if err := pprof.Lookup("allocs").WriteTo(&text, 0); err != nil {
		return nil, err
	}
	return profile.Parse(&text)
}

// Top lists the functions in which a profile's samples were taken, those with most
// first, as "12.3% name". unit is that of the profile's value: "cpu" or "alloc_space".
func Top(file, unit string, n int) ([]string, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	p, err := profile.Parse(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	at := slices.IndexFunc(p.SampleType, func(t *profile.ValueType) bool { return t.Type == unit })
	if at < 0 {
		return nil, fmt.Errorf("%s: no values of type %s", file, unit)
	}
	flat, total := map[string]int64{}, int64(0)
	for _, s := range p.Sample {
		if len(s.Location) == 0 || len(s.Location[0].Line) == 0 {
			continue
		}
		flat[s.Location[0].Line[0].Function.Name] += s.Value[at]
		total += s.Value[at]
	}
	names := slices.SortedFunc(maps.Keys(flat), func(a, b string) int {
		return cmp.Or(cmp.Compare(flat[b], flat[a]), cmp.Compare(a, b))
	})
	var list []string
	for _, name := range names[:min(n, len(names))] {
		if flat[name] > 0 {
			list = append(list, fmt.Sprintf("%5.1f%% %s", 100*float64(flat[name])/float64(total), name))
		}
	}
	return list, nil
}

// WriteTops lists the functions on top of each row's profiles.
func WriteTops(out io.Writer, dir string, t *Table) error {
	const functions = 5
	for _, r := range t.Rows {
		prefix := ProfilePrefix(dir, r.Name)
		fmt.Fprintf(out, "\n%s\n", r.Name)
		for _, p := range []struct{ suffix, unit, what string }{
			{CPUSuffix, "cpu", "processor time"}, {HeapSuffix, "alloc_space", "bytes allocated"},
		} {
			top, err := Top(prefix+p.suffix, p.unit, functions)
			if err != nil {
				return err
			}
			fmt.Fprintf(out, "  %s (%s)\n", p.what, filepath.Base(prefix+p.suffix))
			for _, line := range top {
				fmt.Fprintf(out, "    %s\n", line)
			}
		}
	}
	return nil
}
