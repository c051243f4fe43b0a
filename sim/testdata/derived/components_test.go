package derived

import (
	"testing"

	"batchlab/sim"
)

func newCache(*sim.Env) *Cache    { return NewCache(false) }
func newCareless(*sim.Env) *Cache { return NewCache(true) }

func TestCache(t *testing.T)    { sim.Linearizable(t, newCache) }
func TestCareless(t *testing.T) { sim.Linearizable(t, newCareless) }

func newPool(*sim.Env) *Pool      { return NewPool(false) }
func newHastyPool(*sim.Env) *Pool { return NewPool(true) }

func TestPool(t *testing.T)      { sim.Linearizable(t, newPool) }
func TestHastyPool(t *testing.T) { sim.Linearizable(t, newHastyPool) }
func TestPools(t *testing.T)     { sim.Equivalent(t, newPool, newHastyPool) }

func newSemaphore(*sim.Env) *Semaphore { return &Semaphore{} }
func newForgetful(*sim.Env) *Semaphore { return &Semaphore{forgetful: true} }

func TestSemaphore(t *testing.T) { sim.Linearizable(t, newSemaphore) }
func TestForgetful(t *testing.T) { sim.Linearizable(t, newForgetful) }

func newHub(*sim.Env) *Hub      { return NewHub(false) }
func newHastyHub(*sim.Env) *Hub { return NewHub(true) }

func TestHub(t *testing.T)      { sim.Linearizable(t, newHub) }
func TestHastyHub(t *testing.T) { sim.Linearizable(t, newHastyHub) }

func newClocked(e *sim.Env) *Clocked      { return &Clocked{clk: e.Clock()} }
func newHastyClocked(e *sim.Env) *Clocked { return &Clocked{clk: e.Clock(), hasty: true} }

func TestClocked(t *testing.T)      { sim.Linearizable(t, newClocked) }
func TestHastyClocked(t *testing.T) { sim.Equivalent(t, newClocked, newHastyClocked) }
