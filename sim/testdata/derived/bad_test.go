package derived

import (
	"io"
	"testing"
	"unsafe"

	"batchlab/sim"
)

// Each of these cannot be judged, and says so in a line that names the thing and the mend.

func TestNoMethods(t *testing.T) { sim.Linearizable(t, func(*sim.Env) *struct{} { return nil }) }

func newNil(*sim.Env) *Locked { return nil }

func TestNil(t *testing.T) { sim.Linearizable(t, newNil) }

func newPanics(*sim.Env) *Locked { panic("no licence") }

func TestPanics(t *testing.T) { sim.Linearizable(t, newPanics) }

func newBlocks(*sim.Env) *Locked {
	ch := make(chan *Locked)
	return <-ch
}

func TestBlocks(t *testing.T) { sim.Linearizable(t, newBlocks) }

var common = &Locked{}

func newCommon(*sim.Env) *Locked { return common }

func TestCommon(t *testing.T) { sim.Linearizable(t, newCommon) }

type chance struct{ *Locked }

// Where is another number in each process and for each component.
func (c chance) Where() uintptr { return uintptr(unsafe.Pointer(c.Locked)) }

func newChance(*sim.Env) chance { return chance{&Locked{}} }

func TestChance(t *testing.T) { sim.Linearizable(t, newChance) }

type copier struct{ Locked }

func (c *copier) Copy(from io.Reader) error { return nil }

func newCopier(*sim.Env) *copier { return &copier{} }

func TestUnmade(t *testing.T)  { sim.Linearizable(t, newCopier) }
func TestUnknown(t *testing.T) { sim.Linearizable(t, newCopier, sim.Without("Coppy")) }
func TestBadArg(t *testing.T)  { sim.Linearizable(t, newCopier, sim.Arg("Copy", 1, 7)) }
func TestBadSee(t *testing.T) {
	sim.Linearizable(t, newLocked, sim.See("Pop", func(v int) int { return v }))
}
func TestBadEnd(t *testing.T) {
	sim.Linearizable(t, newLocked, sim.End(func(*Free) {}))
}
func TestBadLanes(t *testing.T)  { sim.Linearizable(t, newLocked, sim.Lanes(0)) }
func TestNothing(t *testing.T)   { sim.Linearizable[Queue](t, nil) }
func TestNoValues(t *testing.T)  { sim.Linearizable(t, newLocked, sim.Values[int]()) }
func TestNoSuchLaw(t *testing.T) { sim.Linearizable(t, newLocked, sim.Waives("G9-none")) }

// Moody is another one now and then: it answers otherwise, or does more.
type Moody struct {
	Locked
	answers, does bool
}

// Size is always none.
func (m *Moody) Size() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.answers {
		return 7
	}
	return 0
}

// Touch does nothing.
func (m *Moody) Touch() {
	if m.does {
		m.Empty()
	}
}

var made int

func newMoody(*sim.Env) *Moody {
	made++
	return &Moody{answers: made > 500 && made%97 == 0}
}

func newRestless(*sim.Env) *Moody {
	made++
	return &Moody{does: made > 500 && made%7 == 0}
}

func TestMoody(t *testing.T)    { sim.Linearizable(t, newMoody, sim.Without("Touch")) }
func TestRestless(t *testing.T) { sim.Linearizable(t, newRestless, sim.Without("Size")) }

// bang crashes whoever pushes.
type bang struct{ *Locked }

func (bang) Push(int) { go func() { panic("bang") }() }

func newBang(*sim.Env) Queue { return bang{&Locked{}} }

func TestOriginalPanics(t *testing.T) { sim.Equivalent(t, newBang, newLocked) }

func newNilLater(*sim.Env) *Locked {
	if made++; made > 500 {
		return nil
	}
	return &Locked{}
}

func TestNilLater(t *testing.T) { sim.Linearizable(t, newNilLater) }

// never is a method that does not return.
type never struct{ *Locked }

func (never) Listen() { select {} }

func newNever(*sim.Env) never { return never{&Locked{}} }

func TestNeverReturns(t *testing.T) { sim.Linearizable(t, newNever) }
