package sim

import (
	"fmt"
	"go/ast"
	"go/scanner"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"batchlab/impls"
	"batchlab/sim/kind"
)

// general are words of kinds that are words of Go, of its standard library or of the lab as
// well: there they say nothing of a kind.
var general = map[string]string{
	"delete":  "of maps, and of slices",
	"release": "of what the race detector takes for a lock",
	"handler": "the source of an event that is a callback's, as every history spells it",
	"timeout": "of a context",
}

// words are those by which one would know a kind: its name, and what its tables call
// operations, settings and laws, if that is long enough to stand for nothing else.
func words(k *kind.Kind) []string {
	const long = 6
	list := strings.Split(k.Name, "-")
	var names []string
	for _, o := range k.Ops {
		names = append(names, o.Name)
	}
	for _, s := range k.Settings {
		names = append(names, s.Name)
	}
	for _, l := range k.Laws {
		names = append(names, string(l.ID))
		if _, name, _ := strings.Cut(string(l.ID), "-"); strings.Contains(name, "-") { // two words are nobody else's
			names = append(names, name)
		}
	}
	for _, name := range names {
		if _, ok := general[name]; !ok && len(name) >= long {
			list = append(list, name)
		}
	}
	return list
}

// ofKinds matches a word of some kind, however an identifier writes it.
func ofKinds(kinds []*kind.Kind) *regexp.Regexp {
	all := map[string]bool{}
	for _, k := range kinds {
		for _, w := range words(k) {
			all[strings.ReplaceAll(regexp.QuoteMeta(w), "-", "[- ]?")] = true
		}
	}
	return regexp.MustCompile("(?i)" + strings.Join(slices.Sorted(maps.Keys(all)), "|"))
}

// found are the words of kinds in the source of a Go file, each with its line.
func found(name string, src []byte, of *regexp.Regexp) []string {
	var list []string
	fset := token.NewFileSet()
	file := fset.AddFile(name, -1, len(src))
	var s scanner.Scanner
	s.Init(file, src, nil, scanner.ScanComments)
	for {
		pos, tok, text := s.Scan()
		if tok == token.EOF {
			return list
		}
		for _, at := range of.FindAllStringIndex(text, -1) {
			list = append(list, fset.Position(pos+token.Pos(at[0])).String()+": "+text[at[0]:at[1]])
		}
	}
}

// TestWordsFound shows it a file that names kinds in a comment, an identifier and a string,
// and one that only sounds like it.
func TestWordsFound(t *testing.T) {
	of := ofKinds(impls.Kinds())
	bad := "package x\n\n// as a Batcher does\nvar oldBuckets = \"trigger B4-timer-phase\" // one winner\n"
	want := "x.go:3:9: Batcher x.go:4:8: Bucket x.go:4:19: trigger x.go:4:27: B4-timer-phase x.go:4:46: one winner"
	if got := strings.Join(found("x.go", []byte(bad), of), " "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	good := "package x\n\n// Batches of maps: a handler counts what was put, and a set of keys.\nvar size = \"close the queue\"\n"
	if got := found("x.go", []byte(good), of); len(got) > 0 {
		t.Errorf("found %q where no kind is named", got)
	}
}

// TestNoKindIsNamed: the lab knows kinds by their tables only. So no word of one stands in
// it, in its code, its texts or its comments; the command aside, which has the registry, and
// sim/weave/mutate, which makes mutants of the case study's own source and says of some of
// its functions why they cannot be told from the original, and sim/cluster, a module of its own that
// uses the words of its server.
func TestNoKindIsNamed(t *testing.T) {
	of, files := ofKinds(impls.Kinds()), 0
	sources(t, func(folder, name string, _ *ast.File, _ *token.FileSet) {
		within := folder == "sim" || strings.HasPrefix(folder, "sim/") && !strings.HasPrefix(folder, "sim/cmd") &&
			folder != "sim/weave/mutate" && folder != "sim/cluster"
		if !within || strings.HasSuffix(name, "_test.go") {
			return
		}
		src, err := os.ReadFile(filepath.Join("..", folder, name))
		if err != nil {
			t.Fatal(err)
		}
		files++
		for _, f := range found(folder+"/"+name, src, of) {
			t.Error(f)
		}
	})
	if files < 50 {
		t.Errorf("only %d files were read", files)
	}
}

// plain are words that make a reader smile or stop where there is an ordinary one, which is
// said behind them.
var plain = regexp.MustCompile(`(?i)\b(prey|quarry|innocents?|how-manieth|in the place of)\b`)

// wide are folders with lines as long as they were when they were woven and mutated: schedules
// in seeds and the names of mutants hold line numbers.
var wide = map[string]bool{"impls/batcher": true}

const columns = 120

// unreadable is what is wrong with the lines of a file.
func unreadable(src string, isTest, wide bool) []string {
	var list []string
	for i, line := range strings.Split(src, "\n") {
		if n := utf8.RuneCountInString(line); n > columns && !isTest && !wide {
			list = append(list, fmt.Sprintf("%d: %d columns, at most %d", i+1, n, columns))
		}
		if w := plain.FindString(line); w != "" {
			list = append(list, fmt.Sprintf("%d: %q", i+1, w))
		}
	}
	return list
}

// TestUnreadableFound shows it lines that are too long, words, and neither.
func TestUnreadableFound(t *testing.T) {
	long := strings.Repeat("é", columns+1)
	for _, c := range []struct {
		src, want    string
		isTest, wide bool
	}{
		{"a\n" + long, "2: 121 columns, at most 120", false, false},
		{long, "", true, false},
		{long, "", false, true},
		{long[2:], "", false, false},
		{"the How-" + "manieth", `1: "How-` + `manieth"`, false, false},
		{"surveying innocence", "", false, false},
	} {
		if got := strings.Join(unreadable(c.src, c.isTest, c.wide), " "); got != c.want {
			t.Errorf("%.20q: got %s, want %s", c.src, got, c.want)
		}
	}
}

// TestReadable: lines have an end, and words are those that everybody has.
func TestReadable(t *testing.T) {
	sources(t, func(folder, name string, _ *ast.File, _ *token.FileSet) {
		if folder == "sim" && name == "words_test.go" {
			return
		}
		src, err := os.ReadFile(filepath.Join("..", folder, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, what := range unreadable(string(src), strings.HasSuffix(name, "_test.go"), wide[folder]) {
			t.Errorf("%s/%s:%s", folder, name, what)
		}
	})
}
