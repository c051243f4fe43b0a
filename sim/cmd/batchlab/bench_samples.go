package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/klauspost/cpuid/v2"

	"batchlab/stress/bench"
	"batchlab/stress/gate"
)

// machine describes where samples are taken.
func machine() []bench.Config {
	return []bench.Config{
		{Key: "goos", Value: runtime.GOOS}, {Key: "goarch", Value: runtime.GOARCH},
		{Key: "cpu", Value: cpuid.CPU.BrandName}, {Key: "cores", Value: strconv.Itoa(runtime.GOMAXPROCS(0))},
		{Key: "go", Value: runtime.Version()},
	}
}

func sameMachine(earlier *bench.Table, machine []bench.Config) error {
	for _, c := range machine {
		if was := earlier.Get(c.Key); was != c.Value && c.Key != "go" {
			return fmt.Errorf("its samples are of another machine: %s is %q there, %q here", c.Key, was, c.Value)
		}
	}
	return nil
}

func describe(t *bench.Table, o bench.Options, source string, e *gate.Evidence) {
	for _, c := range machine() {
		t.Set(c.Key, c.Value)
	}
	t.Set("date", time.Now().UTC().Format("2006-01-02"))
	t.Set("source", source)
	t.Set("evidence", e.Digest)
	t.Set("samples", strconv.Itoa(o.Samples))
	t.Set("time", o.Time.String())
	t.Set("seed", strconv.FormatUint(o.Seed, 10))
}

func keepIncomplete(file string, t *bench.Table, failed error) error {
	if len(t.Rows) == 0 {
		return fmt.Errorf("no sample was taken: %w", failed)
	}
	t.Set("status", "incomplete: "+oneLine(failed))
	kept := strings.TrimSuffix(file, ".txt") + ".incomplete.txt"
	if err := writeSamples(kept, t); err != nil {
		return errors.Join(failed, err)
	}
	return fmt.Errorf("%w; %s holds what was measured before, and is incomplete", failed, kept)
}

// writeSamples writes a file, whole or not at all.
func writeSamples(file string, t *bench.Table) error {
	var text bytes.Buffer
	if err := t.Write(&text); err != nil {
		return err
	}
	return gate.WriteFile(file, text.Bytes())
}

func readSamples(file string) (*bench.Table, error) {
	in, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return bench.Read(in, file)
}

// compareWith says what differs from an earlier run. A row that got worse is a find.
func compareWith(out io.Writer, file string, earlier, samples *bench.Table) error {
	worse := 0
	fmt.Fprintf(out, "\nbeside %s, of %s, source %.12s:\n", file, earlier.Get("date"), earlier.Get("source"))
	for _, c := range gate.Since(earlier, samples) {
		if c.Verdict == gate.Better || c.Verdict == gate.Worse {
			fmt.Fprintf(out, "  %-8s %s in %s: %s, %s\n", c.Verdict, c.Rival, c.ID, c.Unit, c)
		}
		if c.Verdict == gate.Worse {
			worse++
		}
	}
	if worse > 0 {
		fmt.Fprintf(out, "%d rows are worse than they were\n", worse)
		return errFound
	}
	fmt.Fprintln(out, "no row is significantly worse than it was")
	return nil
}

// writeTops lists the functions on top of each row's profiles.
func writeTops(out io.Writer, dir string, t *bench.Table) error {
	const functions = 5
	for _, r := range t.Rows {
		prefix := bench.ProfilePrefix(dir, r.Name)
		fmt.Fprintf(out, "\n%s\n", r.Name)
		for _, p := range []struct{ suffix, unit, what string }{
			{bench.CPUSuffix, "cpu", "processor time"}, {bench.HeapSuffix, "alloc_space", "bytes allocated"},
		} {
			top, err := bench.Top(prefix+p.suffix, p.unit, functions)
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
