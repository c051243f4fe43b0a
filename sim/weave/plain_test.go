package weave

import (
	"os"
	"strings"
	"testing"
)

// TestPlain: what becomes of plain accesses, where they are asked for, stands next to them, and compiles.
func TestPlain(t *testing.T) {
	ps, err := Load(t.Context(), Options{Plain: true}, "./testdata/plain")
	if err != nil {
		t.Fatal(err)
	}
	f := ps[0].Files[0]
	name := strings.TrimSuffix(f.Name, ".go") + ".woven"
	woven := strings.Replace(string(f.Woven), f.Name, "/plain.go", 1)
	if *update {
		if err := os.WriteFile(name, []byte(woven), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	compareLines(t, "plain.woven", string(read(t, name)), woven)
	compiles(t, ps[0], "./testdata/plain")
}
