package twin

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
)

// binary is a twin that was built.
type binary struct {
	exe string
	built
}

// built is the weaver's answer: see cmd/twin.
type built struct {
	Packages []string // that are woven
	Points   int
}

func (b built) summary() string {
	s := "s"
	if len(b.Packages) == 1 {
		s = ""
	}
	return fmt.Sprintf("woven: %d package%s, %d points", len(b.Packages), s, b.Points)
}

// theTwin is the twin of this binary. The cache has it, or it is built.
var theTwin = sync.OnceValues(func() (*binary, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	content, err := hashOf(exe)
	if err != nil {
		return nil, err
	}
	l, err := findLab()
	if err != nil {
		return nil, err
	}
	cache, err := openCache()
	if err != nil {
		return nil, err
	}
	dir, err := cache.entry("twins", content+"-"+l.version, func(dir string) error { return build(l, cache, exe, dir) })
	if err != nil {
		return nil, err
	}
	b := &binary{exe: filepath.Join(dir, twinName)}
	text, err := os.ReadFile(filepath.Join(dir, builtName))
	if err != nil {
		return nil, err
	}
	return b, json.Unmarshal(text, &b.built)
})

const twinName, builtName = "twin.test", "built.json"

// build weaves and builds the twin into a folder.
func build(l *labModule, cache *cache, exe, dir string) error {
	if _, err := exec.LookPath("go"); err != nil {
		return fmt.Errorf("the go command, which builds the woven twin of this test binary, is not found: %w", err)
	}
	weaver, err := cache.entry("weavers", l.version, l.buildWeaver)
	if err != nil {
		return err
	}
	s := settings()
	args := []string{"-package", s.pkg, "-ldflags", s.ldflags, "-before", exe, "-cache", cache.dir,
		"-out", filepath.Join(dir, twinName), "--"}
	cmd := exec.Command(filepath.Join(weaver, weaverName), append(args, s.flags...)...)
	cmd.Dir = here
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	if err := cmd.Run(); err != nil {
		return errors.New(cmp.Or(strings.TrimSpace(errOut.String()), "the weaver: "+err.Error()))
	}
	cache.forget("modules", 4*most) // where the weaver leaves its copies of modules
	return os.WriteFile(filepath.Join(dir, builtName), out.Bytes(), 0o644)
}
