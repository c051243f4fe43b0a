package bench

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/perf/benchfmt"
)

// Table holds samples, as a file in Go's benchmark format does.
type Table struct {
	Config []Config // the lines "key: value" before the samples
	Rows   []*Row   // in the order in which they were measured first
}

// Config is a line about all samples.
type Config struct{ Key, Value string }

// Row is an implementation in a scenario, with its samples.
type Row struct {
	Name    string // without Go's "-8" for the processors
	Impl    string
	Kind    string // "Batcher", "Map" or "DedupBatcher"
	ID      string // the scenario's, see Scenario.ID
	Samples []Sample
}

// Values are the figures of a unit, one a sample. What the measurement itself and the
// runtime allocate now and then, less than once in a thousand operations, is nothing.
func (r *Row) Values(unit string) []float64 {
	var list []float64
	for _, s := range r.Samples {
		for _, v := range s.Values {
			if v.Unit != unit {
				continue
			}
			if v.Value < 0.001 && (unit == AllocsPerOp || unit == BytesPerOp) {
				v.Value = 0
			}
			list = append(list, v.Value)
		}
	}
	return list
}

// Set gives a key a value.
func (t *Table) Set(key, value string) {
	i := slices.IndexFunc(t.Config, func(c Config) bool { return c.Key == key })
	if i < 0 {
		t.Config = append(t.Config, Config{key, value})
		return
	}
	t.Config[i].Value = value
}

// Get is the value of a key, or "".
func (t *Table) Get(key string) string {
	for _, c := range t.Config {
		if c.Key == key {
			return c.Value
		}
	}
	return ""
}

// Row returns the row of an implementation in a scenario, or nil.
func (t *Table) Row(impl, id string) *Row {
	for _, r := range t.Rows {
		if r.Impl == impl && r.ID == id {
			return r
		}
	}
	return nil
}

// IDs lists the scenarios that there are samples of.
func (t *Table) IDs() []string {
	var ids []string
	for _, r := range t.Rows {
		if !slices.Contains(ids, r.ID) {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

func (t *Table) add(name string, s Sample) {
	r := t.row(name)
	r.Samples = append(r.Samples, s)
}

// row returns the row with a name, which is a new one if need be.
func (t *Table) row(name string) *Row {
	for _, r := range t.Rows {
		if r.Name == name {
			return r
		}
	}
	r := newRow(name)
	t.Rows = append(t.Rows, r)
	return r
}

// newRow takes a name apart.
func newRow(name string) *Row {
	r := &Row{Name: name}
	var id []string
	for part := range strings.SplitSeq(name, "/") {
		if impl, ok := strings.CutPrefix(part, "impl="); ok {
			r.Impl = impl
		} else if len(id) == 0 {
			r.Kind = part
			id = append(id, part)
		} else {
			id = append(id, strings.TrimPrefix(part, "scenario="))
		}
	}
	r.ID = strings.Join(id, "/")
	return r
}

// Write writes the table in Go's benchmark format, which benchstat reads.
func (t *Table) Write(w io.Writer) error {
	out := benchfmt.NewWriter(w)
	var config []benchfmt.Config
	for _, c := range t.Config {
		config = append(config, benchfmt.Config{Key: c.Key, Value: []byte(c.Value), File: true})
	}
	for _, r := range t.Rows {
		for _, s := range r.Samples {
			res := &benchfmt.Result{Config: config, Iters: s.Ops}
			res.Name = benchfmt.Name(r.Name)
			if p := runtime.GOMAXPROCS(0); p > 1 {
				res.Name = benchfmt.Name(fmt.Sprintf("%s-%d", r.Name, p))
			}
			for _, v := range s.Values {
				res.Values = append(res.Values, benchfmt.Value{Value: v.Value, Unit: v.Unit})
			}
			if err := out.Write(res); err != nil {
				return err
			}
		}
	}
	return nil
}

// Read reads what Write wrote. The file's name is for errors.
func Read(in io.Reader, file string) (*Table, error) {
	t := &Table{}
	reader := benchfmt.NewReader(in, file)
	for reader.Scan() {
		res, ok := reader.Result().(*benchfmt.Result)
		if !ok {
			if err, ok := reader.Result().(*benchfmt.SyntaxError); ok {
				return nil, err
			}
			continue
		}
		for _, c := range res.Config {
			if c.File {
				t.Set(c.Key, string(c.Value))
			}
		}
		row := withoutProcessors(res.Name)
		s := Sample{Ops: res.Iters}
		for _, v := range res.Values {
			value := Value{v.Unit, v.Value}
			if v.OrigUnit != "" { // benchfmt makes seconds of nanoseconds
				value = Value{v.OrigUnit, v.OrigValue}
			}
			s.Values = append(s.Values, value)
		}
		t.add(row, s)
	}
	if err := reader.Err(); err != nil {
		return nil, err
	}
	if len(t.Rows) == 0 {
		return nil, errors.New(file + ": no samples in it")
	}
	return t, nil
}

// withoutProcessors is a benchmark's name without what Go appends for the processors.
func withoutProcessors(n benchfmt.Name) string {
	_, parts := n.Parts()
	if len(parts) > 0 && parts[len(parts)-1][0] == '-' {
		n = n[:len(n)-len(parts[len(parts)-1])]
	}
	return string(n)
}
