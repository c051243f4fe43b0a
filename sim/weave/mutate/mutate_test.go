package mutate

import (
	"bytes"
	"crypto/sha256"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

const batcherDir = root + "/impls/batcher"

var made = sync.OnceValues(func() ([]Mutant, error) { return All(batcherDir) })

// mutants are those of impls/batcher, made once.
func mutants(t *testing.T) []Mutant {
	t.Helper()
	all, err := made()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

var (
	goodName = regexp.MustCompile(`^[a-z0-9-]+\.go:[0-9]+-[a-z0-9-]+$`)
	goodID   = regexp.MustCompile(`^m[0-9]{2,}$`)
)

func TestMutants(t *testing.T) {
	all := mutants(t)
	if len(all) < 35 {
		t.Errorf("%d mutants, want at least 35", len(all))
	}
	originals := originals(t)
	taken, texts := map[string]bool{}, map[string]string{}
	for _, m := range all {
		if !goodName.MatchString(m.Name) || !goodID.MatchString(m.ID) || taken[m.Name] || taken[m.ID] {
			t.Errorf("%s %s: want a name and an id of their own, in lower case", m.ID, m.Name)
		}
		taken[m.Name], taken[m.ID] = true, true
		if m.What == "" || strings.HasSuffix(m.What, ".") || strings.Contains(m.What, "\n") {
			t.Errorf("%s: want one sentence without a full stop: %q", m.Name, m.What)
		}
		if len(m.Affects) == 0 && m.Note == "" || len(m.Affects) > 0 != (len(m.Kinds) > 0) {
			t.Errorf("%s affects %v of %v, note %q", m.Name, m.Affects, m.Kinds, m.Note)
		}
		if len(m.Sources) != len(originals) {
			t.Errorf("%s has %d files, want %d", m.Name, len(m.Sources), len(originals))
		}
		for name, text := range originals {
			if same := bytes.Equal(text, m.Sources[name]); same == (name == m.File) {
				t.Errorf("%s: %s is the original: %v", m.Name, name, same)
			}
		}
		mutated := string(m.Sources[m.File])
		if other := texts[mutated]; other != "" {
			t.Errorf("%s is the same as %s", m.Name, other)
		}
		texts[mutated] = m.Name
		if before := strings.Count(string(originals[m.File]), "\n"); strings.Count(mutated, "\n") < before {
			t.Errorf("%s: lines are lost, so that those below have other numbers", m.Name)
		}
	}
}

// originals are the files of impls/batcher without tests.
func originals(t *testing.T) map[string][]byte {
	t.Helper()
	files, err := registryFiles(batcherDir)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestDeterminism: All and Packages make the same each time, and whatever is made, the real files
// are as they were.
func TestDeterminism(t *testing.T) {
	if testing.Short() {
		t.Skip("makes all mutants once more")
	}
	before := originalDigests(t)
	again, err := All(batcherDir)
	if err != nil {
		t.Fatal(err)
	}
	if all := mutants(t); !reflect.DeepEqual(all, again) {
		t.Error("All twice is not the same")
	}
	first, err := Packages(root, again)
	if err != nil {
		t.Fatal(err)
	}
	if second, err := Packages(root, again); err != nil || !reflect.DeepEqual(first, second) {
		t.Errorf("Packages twice is not the same: %v", err)
	}
	if after := originalDigests(t); !reflect.DeepEqual(before, after) {
		t.Error("files were changed")
	}
}

func originalDigests(t *testing.T) map[string][32]byte {
	t.Helper()
	list := map[string][32]byte{}
	for _, pattern := range []string{"impls/*.go", "impls/batcher/*.go", "impls/mutated/*"} {
		names, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil || names == nil {
			t.Fatal(pattern, err)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			list[name] = sha256.Sum256(text)
		}
	}
	return list
}

// TestOperatorsFit: each operator finds a place, and each file has one.
func TestOperatorsFit(t *testing.T) {
	found := map[string]int{}
	files := map[string]int{}
	for _, m := range mutants(t) {
		found[m.Operator]++
		files[m.File]++
	}
	for _, op := range operators {
		if found[op.name] == 0 {
			t.Errorf("%s makes no mutants", op.name)
		}
	}
	for _, f := range []string{
		"batcher.go", "batcher_deduplication.go", "batcher_optimized.go", "dedup_optimized.go", "direct.go", "direct_worker.go",
		"dedup_direct.go", "dedup_direct_shard.go",
	} {
		if files[f] == 0 {
			t.Errorf("no mutants in %s", f)
		}
	}
	t.Log(found, files)
}

func TestAffects(t *testing.T) {
	for _, c := range []struct{ operator, function, want string }{
		{"swap-send", "Batcher.Put", "batcher/baseline dedup-batcher/baseline"},
		{"swap-send", "Batcher.PutOptimized", "batcher/optimized batcher/pooled dedup-batcher/optimized"},
		{"late-add", "Batcher.flush",
			"batcher/baseline batcher/optimized dedup-batcher/baseline dedup-batcher/optimized"},
		{"pool-early", "BatcherWithPool.lend", "batcher/pooled"},
		{"drop-lock", "TimePartitionedMap.Get", "dedup/baseline dedup-batcher/baseline"},
		{"drop-lock", "TimePartitionedMap.Delete", "dedup/baseline dedup/optimized"},
		{"drop-recheck", "TimePartitionedMap.setAbsent", "dedup/optimized dedup-batcher/optimized"},
		{"drop-lock", "TimePartitionedMap.setLocked", ""},
		{"plain-field", "Batcher",
			"batcher/baseline batcher/optimized batcher/pooled dedup-batcher/baseline dedup-batcher/optimized"},
	} {
		i := slices.IndexFunc(mutants(t), func(m Mutant) bool { return m.Operator == c.operator && m.Func == c.function })
		if i < 0 {
			t.Errorf("no %s in %s", c.operator, c.function)
			continue
		}
		if got := strings.Join(mutants(t)[i].Affects, " "); got != c.want {
			t.Errorf("%s in %s affects %q, want %q", c.operator, c.function, got, c.want)
		}
	}
}

// TestNotes: no note is left without its mutant, and no call that is said never to be
// taken has gone.
func TestNotes(t *testing.T) {
	for _, n := range notes {
		if !slices.ContainsFunc(mutants(t), func(m Mutant) bool { return m.Note == n.why && m.Func == n.function }) {
			t.Errorf("%s in %s (%s): there is no such mutant", n.operator, n.function, n.part)
		}
	}
	s, _, err := load(batcherDir)
	if err != nil {
		t.Fatal(err)
	}
	for caller, callees := range neverTaken {
		for _, callee := range callees {
			text := string(s.text["dedup_optimized.go"])
			if !strings.Contains(text, ") "+caller+"(") || !strings.Contains(text, "m."+callee+"(") {
				t.Errorf("%s does not call %s any more", caller, callee)
			}
		}
	}
}

// TestOperatorBug: an operator whose mutant does not compile is an error, not a gap.
func TestOperatorBug(t *testing.T) {
	saved := operators
	defer func() { operators = saved }()
	operators = []operator{{"break-it", func(s *source) {
		s.change(s.files[0].Decls[0], []edit{s.insert(s.files[0].FileEnd, "\nfunc f() { undefined() }\n")}, "it is broken")
	}}}
	_, err := snippet(t, "var x int\n").mutants(nil)
	if err == nil || !strings.Contains(err.Error(), "p.go:2-break-it does not compile") || !strings.Contains(err.Error(), "undefined") {
		t.Errorf("got %v", err)
	}
	operators = []operator{{"do-nothing", func(s *source) {
		s.change(s.files[0].Decls[0], nil, "nothing")
	}}}
	if _, err := snippet(t, "var x int\n").mutants(nil); err == nil {
		t.Error("a mutant that is the original is no error")
	}
}

func TestErrors(t *testing.T) {
	if _, err := All(t.TempDir()); err == nil {
		t.Error("a folder without a package is no error")
	}
	if _, err := Packages(t.TempDir(), nil); err == nil || !strings.Contains(err.Error(), "go.mod") {
		t.Errorf("a folder without a module: %v", err)
	}
}
