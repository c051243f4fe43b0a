package mutants

import (
	"testing"

	"batchlab/impls/spec"
)

// Faults whose programs do not run on the bench: two wait for a mutex, where no bubble
// settles, and the other is the absence of a crash.
var offBench = map[string]bool{"handler-under-mutex": true, "held-drops-queue": true, "panic-recovered": true}

func control(t *testing.T, kind spec.Kind) spec.Subject {
	t.Helper()
	for _, s := range Controls() {
		if s.Kind == kind {
			return s
		}
	}
	t.Fatalf("no control of kind %s", kind)
	return spec.Subject{}
}

// TestShown runs each sequential mutant's program: it and the control must differ,
// each time, and must each repeat themselves.
func TestShown(t *testing.T) {
	for _, m := range All() {
		if m.Reach != Sequential || offBench[m.Name] {
			continue
		}
		t.Run(m.Name, func(t *testing.T) {
			want := trace(t, control(t, m.Subject.Kind), m.Shown)
			got := trace(t, m.Subject, m.Shown)
			if got == want {
				t.Fatalf("%s\nis the control's history too:\n%s", m.Shown, got)
			}
			for range 5 {
				if again := trace(t, control(t, m.Subject.Kind), m.Shown); again != want {
					t.Fatalf("the control does not repeat itself:\n%s\n\n%s", want, again)
				}
				if again := trace(t, m.Subject, m.Shown); again == want { // not != got: some faults are a race of their own
					t.Fatalf("the mutant is not always seen:\n%s", again)
				}
			}
		})
	}
}

// TestInterleavingIsControlOtherwise runs every program against the mutants that
// need two goroutines: one step at a time, they are the control.
func TestInterleavingIsControlOtherwise(t *testing.T) {
	for _, m := range All() {
		if m.Reach != Interleaving {
			continue
		}
		t.Run(m.Name, func(t *testing.T) {
			for _, other := range All() {
				if other.Subject.Kind != m.Subject.Kind || other.Reach != Sequential || offBench[other.Name] {
					continue
				}
				want := trace(t, control(t, m.Subject.Kind), other.Shown)
				if got := trace(t, m.Subject, other.Shown); got != want {
					t.Errorf("%s\nwant:\n%s\ngot:\n%s", other.Shown, want, got)
				}
			}
		})
	}
}
