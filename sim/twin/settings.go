package twin

import (
	"runtime/debug"
	"slices"
	"strings"
	"sync"
)

// setting says how this binary was built.
type setting struct {
	pkg     string   // the package under test; "." if it was named by its files
	flags   []string // of the go command, but for -ldflags
	ldflags string
	race    bool
	lab     string // what go.mod or go.work puts in place of the lab's module: a folder, as it is spelled there
}

// buildFlags are those which make another binary of the same sources. With coverage the twin
// is built without: see cover.go.
var buildFlags = []string{"-race", "-msan", "-asan", "-tags", "-gcflags", "-asmflags", "-trimpath", "-compiler"}

var settings = sync.OnceValue(func() (s setting) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return s
	}
	s.pkg = strings.TrimSuffix(info.Path, ".test")
	if s.pkg == "command-line-arguments" {
		s.pkg = "."
	}
	for _, d := range info.Deps {
		if d.Path == labPath && d.Replace != nil {
			s.lab = d.Replace.Path
		}
	}
	for _, b := range info.Settings {
		switch {
		case b.Key == "-ldflags":
			s.ldflags = b.Value
		case slices.Contains(buildFlags, b.Key):
			s.flags = append(s.flags, b.Key+"="+b.Value)
		}
		s.race = s.race || b.Key == "-race" && b.Value == "true"
	}
	return s
})
