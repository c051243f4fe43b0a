package weave

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
)

// TestOrder asks for the woven test binary of a package.
type TestOrder struct {
	Package string   // under test
	Flags   []string // of the go command
	LDFlags string   // likewise
	Before  string   // a file that no source may be newer than; "": that does not matter
	Cache   string   // the folder for what is woven
	Out     string   // the file to build
}

// Tested is what a test binary has woven.
type Tested struct {
	Packages []string
	Points   int
}

// clockPath is woven quietly where it is needed.
const clockPath = "github.com/benbjohnson/clock"

// BuildTest weaves a package, its tests and what they need, and builds the test binary.
func BuildTest(ctx context.Context, o TestOrder) (Tested, error) {
	opts := Options{Tests: true, Quiet: []string{clockPath}}
	b, err := Prepare(ctx, o.Cache, opts, o.Package)
	if err != nil {
		return Tested{}, err
	}
	args := append([]string{"test", "-c", "-vet=off", "-o", o.Out}, b.Flags()...)
	args = append(args, o.Flags...)
	args = append(args, "-ldflags", strings.TrimSpace(o.LDFlags+" -X "+rtPath+".Woven="+filepath.Base(b.Dir)), o.Package)
	cmd := exec.CommandContext(ctx, "go", args...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return Tested{}, fmt.Errorf("the woven test binary cannot be built: %w\n%s", err, out)
	}
	t := Tested{Packages: []string{}}
	for _, p := range b.Packages {
		t.Packages = append(t.Packages, p.Path)
		t.Points += p.Points
	}
	return t, nil
}
