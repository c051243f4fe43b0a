package lab

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"batchlab/impls/spec"
	"batchlab/impls/spec/batcher"
	"batchlab/impls/spec/dedup"
	"batchlab/sim/kind"
	"batchlab/sim/program"
)

// files lists what is in a directory, hidden files too.
func files(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return strings.Join(names, " ")
}

func TestSaveSeed(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "on", "demand")
	p := parse(t, "a set k1 v1|b get k1")
	p.Comment = []string{"Why."}
	file, err := SaveSeed(dir, spec.OneWinner, p)
	if err != nil {
		t.Fatal(err)
	}
	if ok, _ := filepath.Match("D2-one-winner_????????.seed", filepath.Base(file)); !ok || files(t, dir) != filepath.Base(file) {
		t.Errorf("saved as %s, among %s", file, files(t, dir))
	}
	q, err := ReadSeed(file, program.Names{Kinds: []*kind.Kind{dedup.Kind}})
	if err != nil || q.String() != p.String() {
		t.Errorf("read again: %v, %v", q, err)
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	t.Run("again", func(t *testing.T) { // the name is of the program, not of what is said about it
		p.Comment = []string{"Said otherwise."}
		again, err := SaveSeed(dir, spec.OneWinner, p)
		if err != nil || again != file || files(t, dir) != filepath.Base(file) {
			t.Errorf("saved as %s, %v, among %s", again, err, files(t, dir))
		}
	})
	t.Run("another program", func(t *testing.T) {
		other, err := SaveSeed(dir, spec.OneWinner, parse(t, "a count"))
		if err != nil || other == file {
			t.Errorf("saved as %s, %v", other, err)
		}
	})
}

// TestSaveSeedFails: an error, and nothing left or damaged.
func TestSaveSeedFails(t *testing.T) {
	p := parse(t, "a count")
	t.Run("no directory can be there", func(t *testing.T) {
		dir := t.TempDir()
		file := filepath.Join(dir, "file")
		if err := os.WriteFile(file, []byte("kept"), 0o644); err != nil {
			t.Fatal(err)
		}
		if name, err := SaveSeed(filepath.Join(file, "found"), spec.Value, p); err == nil {
			t.Errorf("saved as %s", name)
		}
		if text, err := os.ReadFile(file); err != nil || string(text) != "kept" || files(t, dir) != "file" {
			t.Errorf("%q, %v, among %s", text, err, files(t, dir))
		}
	})
	t.Run("the name is taken by a directory", func(t *testing.T) {
		dir := t.TempDir()
		name, err := SaveSeed(dir, spec.Value, p)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(os.Remove(name), os.Mkdir(name, 0o755)); err != nil {
			t.Fatal(err)
		}
		if _, err := SaveSeed(dir, spec.Value, p); err == nil {
			t.Error("saved over a directory")
		}
		if got := files(t, dir); got != filepath.Base(name) {
			t.Errorf("left behind: %s", got)
		}
	})
	t.Run("no file can be made there", func(t *testing.T) {
		if _, err := os.Stat("/proc/self"); err != nil {
			return
		}
		if name, err := SaveSeed("/proc/self", spec.Value, p); err == nil {
			t.Errorf("saved as %s", name)
		}
	})
}

func TestReadSeed(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return file
	}
	const header = "batchlab: 1\nsubject: dedup\nconfig: bucket=1s buckets=1\n"
	for _, c := range []struct {
		name, file, want string
		syntax           bool
	}{
		{"missing", filepath.Join(dir, "missing.seed"), "no such file", false},
		{"a directory", dir, "is a directory", false},
		{"empty", write("empty.seed", ""), `empty.seed:1:1: no "batchlab:" line`, true},
		{"oversized", write("big.seed", strings.Repeat("#", program.MaxFileSize+1)), "big.seed:1:1: the file has 1048577 bytes", true},
		{"much too big", write("huge.seed", strings.Repeat("#", 4*program.MaxFileSize)), "a seed file has at most 1048576", true},
		{"unknown law", write("law.seed", header+"expect: violation D9 in x\n"),
			`law "D9" is unknown, want one of D2-one-winner`, true},
		{"unknown subject", write("who.seed", header+"expect: violation D2-one-winner in y\n"),
			`implementation "y" of dedup is unknown, want one of x`, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			lab := &Lab{Subjects: []kind.Subject{{Name: "x", Kind: dedup.Kind}, {Name: "y", Kind: batcher.Kind}}}
			p, err := ReadSeed(c.file, lab.Names())
			var se *program.SyntaxError
			if err == nil || !strings.Contains(err.Error(), c.want) || errors.As(err, &se) != c.syntax {
				t.Errorf("got %v, %v; want %s", p, err, c.want)
			}
		})
	}
}

func TestSeedFiles(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"b.seed", "a/z.seed", "a/deep/y.seed", "README.md", "a/.new-1", "c.seed.txt"} {
		file := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, nil, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	got, err := SeedFiles(dir)
	if want := dir + "/a/deep/y.seed " + dir + "/a/z.seed " + dir + "/b.seed"; err != nil || strings.Join(got, " ") != want {
		t.Errorf("got %v, %v\nwant %s", got, err, want)
	}
	if got, err := SeedFiles(filepath.Join(dir, "README.md")); err != nil || len(got) != 1 {
		t.Errorf("a file by name: %v, %v", got, err)
	}
	if got, err := SeedFiles(t.TempDir()); err != nil || len(got) != 0 {
		t.Errorf("an empty directory: %v, %v", got, err)
	}
	if _, err := SeedFiles(filepath.Join(dir, "missing")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("nothing there: %v", err)
	}
}
