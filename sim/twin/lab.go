package twin

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// labPath is the module that this package is in.
const labPath = "batchlab"

const weaverName = "weaver"

// labModule is where the source of the weaver is.
type labModule struct {
	dir     string
	version string // of the weaver: a hash of its source and of the Go version
}

// weaverFolders are what the weaver is made of.
var weaverFolders = []string{"sim/cmd/twin", "sim/weave", "sim/weave/rt"}

// findLab finds the lab's source. It is where this file was compiled, unless that is spelled
// otherwise (-trimpath) or is a part only (vendor); or in the folder that replaces the module;
// or where the go command says, which is asked last, for it takes its time.
func findLab() (*labModule, error) {
	_, file, _, _ := runtime.Caller(0)
	if l, err := labIn(filepath.Dir(filepath.Dir(filepath.Dir(file)))); err == nil {
		return l, nil
	}
	if given := settings().lab; filepath.IsAbs(given) {
		if l, err := labIn(given); err == nil {
			return l, nil
		}
	} else if given != "" {
		for dir := here; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
			if l, err := labIn(filepath.Join(dir, given)); err == nil {
				return l, nil
			}
		}
	}
	cmd := exec.Command("go", "list", "-mod=readonly", "-m", "-f", "{{.Dir}}", labPath)
	cmd.Dir = here
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("the source of module %s, with which the weaver is built, is not found: %s: %w\n%s",
			labPath, cmd, err, &errOut)
	}
	return labIn(strings.TrimSpace(out.String()))
}

// labIn is the lab's module in a folder.
func labIn(dir string) (*labModule, error) {
	if !filepath.IsAbs(dir) {
		return nil, fmt.Errorf("the source of module %s is not there: go mod download %[1]s gets it", labPath)
	}
	l := &labModule{dir: dir}
	return l, l.hash()
}

// hash gives the weaver its version, if all of its source is there.
func (l *labModule) hash() error {
	h := sha256.New()
	fmt.Fprintln(h, runtime.Version())
	for _, folder := range weaverFolders {
		files, err := filepath.Glob(filepath.Join(l.dir, folder, "*.go"))
		if err != nil {
			return err
		}
		n := 0
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			text, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			n++
			fmt.Fprintf(h, "%s %d\n%s", filepath.Base(name), len(text), text)
		}
		if n == 0 {
			return fmt.Errorf("%s is empty", filepath.Join(l.dir, folder))
		}
	}
	l.version = fmt.Sprintf("%x", h.Sum(nil)[:8])
	return nil
}

// buildWeaver builds the weaver in the lab's own module, whose requirements are not the user's.
func (l *labModule) buildWeaver(dir string) error {
	cmd := exec.Command("go", "build", "-buildvcs=false", "-o", filepath.Join(dir, weaverName), "./sim/cmd/twin")
	cmd.Dir = l.dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=readonly", "GOOS="+runtime.GOOS, "GOARCH="+runtime.GOARCH)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("the weaver cannot be built: %s in %s: %w\n%s", cmd, l.dir, err, &out)
	}
	return nil
}
