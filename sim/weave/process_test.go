package weave

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// processes are ways to run a program that must not tell them apart.
var processes = []struct{ race, cores string }{{"", "1"}, {"", "2"}, {"", "2"}, {"-race", "1"}, {"-race", "2"}}

// TestProcesses: what a process draws anew differs from process to process as it is, each
// row of it; under a scheduler it does not, on one core and on two, with the race
// detector and without, and nothing is left of it that no schedule decides.
func TestProcesses(t *testing.T) {
	if testing.Short() {
		t.Skip("builds binaries")
	}
	const dir = "./testdata/process"
	name, err := filepath.Abs(filepath.Join(dir, "scheduled.go"))
	if err != nil {
		t.Fatal(err)
	}
	b, err := Prepare(t.Context(), t.TempDir(), Options{Extra: map[string][]byte{name: []byte(underDice)}}, dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range b.Packages[0].Gaps {
		if !strings.Contains(g.What, "package unsafe") {
			t.Errorf("not woven: %v", g)
		}
	}
	built := map[string]string{"plain": filepath.Join(t.TempDir(), "plain")}
	goRun(t, "", "build", "-o", built["plain"], dir)
	for _, flags := range [][]string{nil, {"-race"}} {
		race := strings.Join(flags, "")
		built[race] = filepath.Join(t.TempDir(), "woven"+race)
		goRun(t, "", append(append(append([]string{"build"}, b.Flags()...), flags...), "-o", built[race], dir)...)
	}
	differs(t, built["plain"])
	var first map[string]string
	for _, p := range processes {
		got := printsOn(t, built[p.race], p.cores)
		if first == nil {
			first = got
		}
		for name, want := range first {
			if got[name] != want {
				t.Errorf("%s, %s on %s cores:\n%s\nand before:\n%s", name, p.race, p.cores, got[name], want)
			}
			if strings.Contains(got[name], "no schedule decides") {
				t.Errorf("%s: %s", name, got[name])
			}
		}
	}
}

// differs reports rows that are the same in each of several processes: of those nothing
// would follow.
func differs(t *testing.T, program string) {
	seen := map[string]map[string]bool{}
	for range 8 {
		for name, text := range printsOn(t, program, "2") {
			if seen[name] == nil {
				seen[name] = map[string]bool{}
			}
			seen[name][text] = true
		}
	}
	if len(seen) < 20 {
		t.Fatalf("%d rows", len(seen))
	}
	for name, texts := range seen {
		if len(texts) == 1 {
			t.Errorf("%s is the same in each process as it is", name)
		}
	}
}

func printsOn(t *testing.T, program, cores string) map[string]string {
	t.Helper()
	t.Setenv("GOMAXPROCS", cores)
	return prints(t, program)
}

// underDice runs each row under a few schedules, as dice fall that are the same each time.
const underDice = `package main

import (
	"fmt"

	"batchlab/sim/weave/rt"
)

type dice struct{ x uint64 }

//go:norace
func (d *dice) roll(n int) int {
	d.x = d.x*6364136223846793005 + 1442695040888963407
	return int(d.x >> 33 % uint64(n))
}

//go:norace
func (d *dice) Next(p *rt.Point) int { return d.roll(len(p.Enabled)) }

//go:norace
func (d *dice) Value(p *rt.Point) int { return d.roll(len(p.Alts)) }

func init() {
	run = func(row func()) {
		for seed := range uint64(3) {
			res := rt.Run(rt.Config{Chooser: &dice{seed}}, row)
			fmt.Println(res.Points, len(res.Log), res.Panic, res.Stack, res.Deadlock, res.Left)
			for _, u := range res.Uncontrolled {
				fmt.Println("no schedule decides", u)
			}
		}
	}
}
`

// TestUncontrolled: a run tells what it came upon that no schedule decides, where it came
// there; one that does not come there is silent.
func TestUncontrolled(t *testing.T) {
	if testing.Short() {
		t.Skip("builds binaries")
	}
	const text = `package main

import (
	"fmt"
	"os"
	"reflect"
	"unsafe"

	"batchlab/sim/weave/rt"
)

type first struct{}

func (first) Next(p *rt.Point) int  { return p.Default }
func (first) Value(p *rt.Point) int { return p.Default }

func fill(m any) {
	v := reflect.ValueOf(m)
	for range 3 {
		v.SetMapIndex(reflect.ValueOf(new(int)), reflect.ValueOf(1))
	}
}

func upon(m map[*int]int, x int) {
	for range 2 {
		_ = os.Getenv("HOME")
		hostname := os.Hostname; hostname()
		_ = reflect.ValueOf(m).MapKeys()
		for range m {
		}
		_ = uintptr(unsafe.Pointer(&x)) >> 4
		_ = fmt.Sprint(map[string]any{"a": &x})
		_ = fmt.Sprintf("%-16p", &x)
	}
}

func sound(m map[*int]int, x int) {
	p := unsafe.Pointer(uintptr(unsafe.Pointer(&x)) + 0)
	for range m {
	}
	_ = fmt.Sprint(map[string]int{}, p) + fmt.Sprintf("%p %5d%% %#v %s", &x, 3, []any{p, "0x12345678"}, "100%p")
	_ = reflect.ValueOf(m).Len()
}

func main() {
	for _, f := range []func(){
		func() { m := map[*int]int{}; fill(m); upon(m, 1) },
		func() { m := map[*int]int{}; m[new(int)], m[nil] = 2, 1; sound(m, 1) },
	} {
		res := rt.Run(rt.Config{Chooser: first{}}, f)
		fmt.Println(res.Panic, res.Uncontrolled)
	}
}
`
	dir := moduleOf(t, map[string]string{"main/upon/main.go": text})
	b, err := Prepare(t.Context(), t.TempDir(), Options{Dir: dir}, "./upon")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "go", append(append([]string{"run"}, b.Flags()...), "./upon")...)
	cmd.Dir, cmd.Env = dir, os.Environ()
	out, err := cmd.CombinedOutput()
	const want = " [main.go:26: os.Getenv: what the machine has main.go:27: os.Hostname: what the machine has " +
		"main.go:28: reflect.Value.MapKeys: channels and maps through package reflect " +
		"main.go:29: a range over a map with keys that hold addresses, put in where it is not woven " +
		"main.go:31: an address as a number " +
		"main.go:32: the text of an address that is in a map, or among very many " +
		"main.go:33: an address that is padded, by as much as its digits leave]\n []\n"
	if err != nil || string(out) != want {
		t.Errorf("%v\n%s\nwant\n%s", err, out, want)
	}
}
