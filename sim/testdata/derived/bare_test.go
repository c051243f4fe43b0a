package derived

import (
	"testing"

	"batchlab/sim"
)

// Plain reads and writes are points where they may meet.

func newBare(*sim.Env) *Bare     { return &Bare{} }
func newFirst(*sim.Env) *First   { return &First{of: map[string]int{}} }
func newTwins(*sim.Env) *Twins   { return &Twins{} }
func newHalf(*sim.Env) *Twins    { return &Twins{hasty: true} }
func newBenign(*sim.Env) *Benign { return &Benign{} }
func newText(*sim.Env) *Text     { return &Text{} }

func TestBare(t *testing.T)      { sim.Linearizable(t, newBare) }
func TestFirst(t *testing.T)     { sim.Linearizable(t, newFirst) }
func TestTwins(t *testing.T)     { sim.Linearizable(t, newTwins) }
func TestHalf(t *testing.T)      { sim.Equivalent(t, newTwins, newHalf) }
func TestBenign(t *testing.T)    { sim.Linearizable(t, newBenign) }
func TestText(t *testing.T)      { sim.Linearizable(t, newText) }
func TestTextAlone(t *testing.T) { sim.Linearizable(t, newText, sim.Lanes(1)) }

// An error is the one that the package exports, however it comes wrapped.

func newBox(*sim.Env) *Box    { return &Box{} }
func newChatty(*sim.Env) *Box { return &Box{chatty: true} }
func newWrong(*sim.Env) *Box  { return &Box{wrong: true} }

func TestChatty(t *testing.T) { sim.Equivalent(t, newBox, newChatty) }
func TestWrong(t *testing.T)  { sim.Equivalent(t, newBox, newWrong) }
