package timeline

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"batchlab/sim/weave/rt"
)

// How much of a source is shown.
const (
	around      = 6    // lines before and behind, of a function that is longer than
	mostOfAFunc = 60   // lines
	mostLines   = 2000 // in all
	mostColumns = 240
)

// sources are the files in which somebody was.
type sources struct {
	read   func(file string) ([]byte, error)
	places map[string]string // the path of the file of each site
	files  map[string]*file
	warned []string

	selects map[string][]selected // see cases
	names   map[string]string     // see whole
	bodies  map[string]string     // see within
}

type file struct {
	lines  []string
	fset   *token.FileSet
	syntax *ast.File   // nil if it cannot be parsed
	info   *types.Info // see typed
	at     []int       // lines at which somebody was
}

func newSources() *sources {
	return &sources{read: os.ReadFile, places: map[string]string{}, files: map[string]*file{},
		selects: map[string][]selected{}, names: map[string]string{}, bodies: map[string]string{}}
}

// add takes in where a site is, and is what it is called here.
func (s *sources) add(p *rt.Place) string {
	_, path := p.Function()
	site := p.Site
	if path != "" {
		site = s.siteOf(path, lineOf(site))
	}
	if s.places[site] == "" {
		s.at(site, path)
		if file, line := p.Test(); file != "" {
			s.also(file, line)
		}
	}
	return site
}

// siteOf is what a line of a file is called: by the end of its path if a line of another file has its name already.
func (s *sources) siteOf(path string, line int) string {
	site := fmt.Sprintf("%s:%d", filepath.Base(path), line)
	if other := s.places[site]; other != "" && other != path {
		return fmt.Sprintf("%s:%d", apart([]string{path, other})[path], line)
	}
	return site
}

func (s *sources) at(site, path string) {
	if s.places[site] = path; path != "" && s.files[path] == nil {
		s.files[path] = s.open(path)
	}
}

// also takes in a line that explains what is done elsewhere, and is the site that it has.
func (s *sources) also(file string, line int) string {
	site := s.siteOf(file, line)
	s.at(site, file)
	s.use(site)
	return site
}

// use takes in a site at which a row is.
func (s *sources) use(site string) {
	path, n := s.places[site], lineOf(site)
	f := s.files[path]
	if f == nil || slices.Contains(f.at, n) {
		return
	}
	if n > 0 && f.syntax != nil && (n > len(f.lines) || strings.TrimSpace(f.lines[n-1]) == "") {
		s.warn(path + " has changed since the test was built: its lines are shown as they are now")
	}
	f.at = append(f.at, n)
}

func (s *sources) open(path string) *file {
	text, err := s.read(path)
	if err != nil {
		s.warn(fmt.Sprintf("the source cannot be shown: %v", err))
		return &file{}
	}
	f := &file{lines: strings.Split(string(text), "\n"), fset: token.NewFileSet()}
	f.syntax, _ = parser.ParseFile(f.fset, path, text, parser.SkipObjectResolution)
	return f
}

func (s *sources) warn(text string) {
	if text = Clean(text); !slices.Contains(s.warned, text) {
		s.warned = append(s.warned, text)
	}
}

// Sites matches sites in a text.
var Sites = regexp.MustCompile(`[^\s/(]+\.go:\d+`)

// mentioned takes in the sites in a text that are in a file in which somebody was.
func (s *sources) mentioned(text string) {
	for _, site := range Sites.FindAllString(text, -1) {
		if s.places[site] == "" {
			var in []string
			for path := range s.files {
				if base, _, _ := strings.Cut(site, ":"); filepath.Base(path) == base {
					in = append(in, path)
				}
			}
			if len(in) == 1 { // else nobody knows which
				s.at(site, in[0])
			}
		}
		s.use(site)
	}
}

func lineOf(site string) int {
	_, text, _ := strings.Cut(site, ":")
	n, _ := strconv.Atoi(text)
	return n
}

// list are the files, as far as somebody was there.
func (s *sources) list() []Source {
	var all []Source
	total := 0
	for _, path := range slices.Sorted(maps.Keys(s.files)) {
		f := s.files[path]
		src, shown := Source{File: Clean(shortPath(path))}, f.shown()
		for i, n := range shown {
			if total++; total > mostLines {
				s.warn("more source was reached than is shown")
				break
			}
			l := Line{N: n, Text: clip(f.lines[n-1]), After: i == 0 && n > 1 || i > 0 && shown[i-1] != n-1}
			if site := s.siteOf(path, n); s.places[site] == path && slices.Contains(f.at, n) {
				l.Site = site
			}
			src.Lines = append(src.Lines, l)
		}
		if len(src.Lines) > 0 {
			all = append(all, src)
		}
	}
	return all
}

// shown are the lines of a file that are shown.
func (f *file) shown() []int {
	show := map[int]bool{}
	for _, n := range f.at {
		from, to := f.function(n)
		if to-from >= mostOfAFunc {
			from, to = max(from, n-around), min(to, n+around)
		}
		for i := max(from, 1); i <= min(to, len(f.lines)); i++ {
			show[i] = true
		}
	}
	return slices.Sorted(maps.Keys(show))
}

// function is from where to where the function goes in which a line is.
func (f *file) function(line int) (from, to int) {
	if f.syntax != nil {
		for _, d := range f.syntax.Decls {
			from, to = f.fset.Position(d.Pos()).Line, f.fset.Position(d.End()).Line
			if from <= line && line <= to {
				return from, to
			}
		}
	}
	return line - around, line + around
}

// within is the innermost function in which a site is, as the file and the line in which it begins; "" if it may be
// another's, as where one begins.
func (s *sources) within(site string) string {
	is, ok := s.bodies[site]
	f, line, from := s.files[s.places[site]], lineOf(site), 0
	if ok || f == nil || f.syntax == nil {
		return is
	}
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.FuncDecl, *ast.FuncLit:
			if at := f.fset.Position(n.Pos()).Line; at <= line && line <= f.fset.Position(n.End()).Line {
				from = at
			}
		}
		return true
	})
	if from > 0 && from != line {
		is = s.places[site] + ":" + itoa(from)
	}
	s.bodies[site] = is
	return is
}

// shortPath is a path without what is this machine's.
func shortPath(path string) string {
	if here, err := os.Getwd(); err == nil {
		if rel, err := filepath.Rel(here, path); err == nil && !strings.HasPrefix(rel, "..") {
			return filepath.ToSlash(rel)
		}
	}
	path = filepath.ToSlash(path)
	if _, after, ok := strings.Cut(path, "/pkg/mod/"); ok {
		return after
	}
	parts := strings.Split(path, "/")
	return strings.Join(parts[max(0, len(parts)-3):], "/")
}

// clip is a line of source that may have any length.
func clip(text string) string {
	if n := utf8.RuneCountInString(text); n > mostColumns {
		return fmt.Sprintf("%s … %d columns more", Clean(string([]rune(text)[:mostColumns])), n-mostColumns)
	}
	return Clean(text)
}

// Clean is a text in which what has no picture, or would change that of others, such as the marks that turn the
// direction of writing, stands as its number.
func Clean(text string) string {
	ok := func(r rune) bool { return r == '\t' || r != utf8.RuneError && unicode.IsPrint(r) }
	if !strings.ContainsFunc(text, func(r rune) bool { return !ok(r) }) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if ok(r) || r == '\n' {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "⟨U+%04X⟩", r)
		}
	}
	return b.String()
}
