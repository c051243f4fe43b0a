package derive

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

// Shapes has methods of every shape that can be called.
type Shapes struct{}

// Point is handed over.
type Point struct {
	X, Y int
	Name string
	When time.Duration
}

// Level is an int of its own.
type Level int8

// Box is generic.
type Box[T any] struct{ V T }

func (*Shapes) Again() int                                     { return 0 }
func (*Shapes) Plain()                                         {}
func (*Shapes) Ints(int, int8, uint16, Level) (int, bool)      { return 0, true }
func (*Shapes) Texts(string, float64, bool) string             { return "" }
func (*Shapes) Times(time.Duration, time.Time) time.Time       { return time.Time{} }
func (*Shapes) Structs(Point, *Point, *int, [2]int)            {}
func (*Shapes) Lists([]Point, map[string]Level, []byte) []byte { return nil }
func (*Shapes) Any(any, Box[Point]) any                        { return nil }
func (*Shapes) Variadic(int, ...string) int                    { return 0 }
func (*Shapes) Context(context.Context, error) error           { return nil }
func (*Shapes) Call(func(int, ...string) (Point, error)) error { return nil }
func (*Shapes) Ask(func() bool, func()) bool                   { return true }
func (*Shapes) Len() int                                       { return 0 }
func (*Shapes) Subscribe() (<-chan Point, func(), error)       { return nil, nil, nil }
func (*Shapes) Send() chan<- int                               { return nil }
func (*Shapes) Borrow(context.Context) (*Lease, error)         { return nil, nil }
func (*Shapes) Close() error                                   { return nil }

// Lease is lent.
type Lease struct{ _ int }

func (*Lease) Value(string, Point) int { return 0 }
func (*Lease) Release() error          { return nil }

// NewShapes makes some.
func NewShapes(*Env) *Shapes { return &Shapes{} }

// TestCodeIsGo: whatever programs are drawn, they are printed as tests that go vet has nothing against.
func TestCodeIsGo(t *testing.T) {
	if testing.Short() {
		t.Skip("calls go vet")
	}
	d, err := New(reflect.TypeFor[*Shapes](), Options{Original: true})
	if err != nil {
		t.Fatal(err)
	}
	dir, here := t.TempDir(), "."
	if here, err = os.Getwd(); err != nil {
		t.Fatal(err)
	}
	overlay := map[string]map[string]string{"Replace": {}}
	source, all := d.Programs(6), ""
	for n := range 150 {
		p := source.Next()
		if p == nil {
			break
		}
		c := d.Code("batchlab/sim/derive", "derive", "component := NewShapes(nil)", p.Ops)
		c.Name = fmt.Sprintf("TestShapes%d", n)
		text, err := c.Source()
		if err != nil {
			t.Fatalf("%v: of\n%s", err, p)
		}
		all += string(text)
		file := filepath.Join(dir, fmt.Sprint(n))
		if err := os.WriteFile(file, text, 0o666); err != nil {
			t.Fatal(err)
		}
		overlay["Replace"][filepath.Join(here, fmt.Sprintf("shapes_%d_test.go", n))] = file
	}
	text, err := json.Marshal(overlay)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(file, text, 0o666); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), "go", "vet", "-overlay", file, ".").CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	for _, want := range []string{"cancel()", "release()", "<-a1", "within(time.Second)", "map[string]Level{", "&Point{", "results(component.Ints(",
		"component.Again()\n", "<-gate", `panic("as the program says")`, "err1", "...)", "Box[Point]{", "start", "a1.Release()", "a1.Value("} {
		if !strings.Contains(all, want) {
			t.Errorf("no program has %s", want)
		}
	}
}
