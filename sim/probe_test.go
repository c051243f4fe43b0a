package sim

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"batchlab/impls"
	"batchlab/sim/program"
)

func TestProbe(t *testing.T) {
	bad := 0
	for _, kind := range program.Kinds {
		start := time.Now()
		n := 3000
		for i := range n { func() {
			p := program.Generate(rand.New(rand.NewPCG(1, uint64(i))), kind, 40)
			if err := p.Validate(); err != nil {
				t.Fatalf("%d: %v\n%s", i, err, p)
			}
			q, err := program.Parse("x", []byte(p.String()), program.Names{})
			if err != nil || q.String() != p.String() {
				t.Fatalf("%d: %v\n%s", i, err, p)
			}
			t0 := time.Now()
			defer func() {
				if d := time.Since(t0); d > 300*time.Millisecond {
					fmt.Println("SLOW", kind, i, d);fmt.Println(p)
				}
			}()
			for _, s := range impls.All() {
				if string(s.Kind) != kind {
					continue
				}
				h, err := perform(t, p, s, nil)
				if err != nil {
					t.Fatal(err)
				}
				v, err := check(p, s, h)
				if err != nil {
					fmt.Println(kind, i, err); if s.Name=="baseline" { fmt.Println(p); es:=h.Events; if len(es)>25 {es=es[len(es)-25:]}; fmt.Println(History{Events:es}) }
					continue
				}
				if v.Violation != nil && !v.Specified && bad < 5 {
					bad++
					t.Errorf("%d %v\n%v\n%s\n%s", i, v.Violation, v.Violation.Before, p, h)
				}
			}
		}() }
		fmt.Println(kind, time.Since(start)/time.Duration(n))
	}
}
