package bench

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"time"

	"github.com/klauspost/cpuid/v2"
)

// machine describes where samples are taken.
func machine() []Config {
	return []Config{
		{Key: "goos", Value: runtime.GOOS}, {Key: "goarch", Value: runtime.GOARCH},
		{Key: "cpu", Value: cpuid.CPU.BrandName}, {Key: "cores", Value: strconv.Itoa(runtime.GOMAXPROCS(0))},
		{Key: "go", Value: runtime.Version()},
	}
}

// OfThisMachine returns an error if samples were taken on another one.
func (t *Table) OfThisMachine() error {
	for _, c := range machine() {
		if was := t.Get(c.Key); was != c.Value && c.Key != "go" {
			return fmt.Errorf("its samples are of another machine: %s is %q there, %q here", c.Key, was, c.Value)
		}
	}
	return nil
}

// Describe says in a table where, when and how its samples are taken.
func (t *Table) Describe(o Options) {
	for _, c := range machine() {
		t.Set(c.Key, c.Value)
	}
	t.Set("date", time.Now().UTC().Format("2006-01-02"))
	t.Set("samples", strconv.Itoa(o.Samples))
	t.Set("time", o.Time.String())
	t.Set("seed", strconv.FormatUint(o.Seed, 10))
}

// ReadFile reads the samples in a file.
func ReadFile(file string) (*Table, error) {
	in, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return Read(in, file)
}
