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

func newBounded(*sim.Env) *Bounded      { return NewBounded(false) }
func newHastyBounded(*sim.Env) *Bounded { return NewBounded(true) }
func newPermits(*sim.Env) *Permits      { return NewPermits() }
func newBarrier(*sim.Env) *Barrier      { return NewBarrier() }
func newMeeting(*sim.Env) *Meeting      { return NewMeeting() }

func TestBounded(t *testing.T)      { sim.Linearizable(t, newBounded) }
func TestHastyBounded(t *testing.T) { sim.Linearizable(t, newHastyBounded) }
func TestPermits(t *testing.T)      { sim.Linearizable(t, newPermits) }
func TestBarrier(t *testing.T)      { sim.Linearizable(t, newBarrier) }
func TestMeeting(t *testing.T)      { sim.Linearizable(t, newMeeting) }

func newHub(*sim.Env) *Hub      { return NewHub(false) }
func newHastyHub(*sim.Env) *Hub { return NewHub(true) }

func TestHub(t *testing.T)      { sim.Linearizable(t, newHub) }
func TestHastyHub(t *testing.T) { sim.Linearizable(t, newHastyHub) }

func newClocked(e *sim.Env) *Clocked      { return &Clocked{clk: e.Clock()} }
func newHastyClocked(e *sim.Env) *Clocked { return &Clocked{clk: e.Clock(), hasty: true} }

func newFlight(*sim.Env) *Flight      { return &Flight{} }
func newHastyFlight(*sim.Env) *Flight { return &Flight{hasty: true} }
func newKitchen(*sim.Env) Kitchen     { return Kitchen{make(chan int, 1)} }

func TestFlight(t *testing.T)      { sim.Linearizable(t, newFlight) }
func TestHastyFlight(t *testing.T) { sim.Linearizable(t, newHastyFlight) }
func TestKitchen(t *testing.T)     { sim.Linearizable(t, newKitchen) }

func newExpiring(*sim.Env) *Expiring { return &Expiring{} }
func newLate(*sim.Env) *Expiring     { return &Expiring{late: 1} }

func TestExpiring(t *testing.T) { sim.Equivalent(t, newExpiring, newExpiring) }
func TestLate(t *testing.T)     { sim.Equivalent(t, newExpiring, newLate) }

func newMailbox(*sim.Env) Mailbox { return Mailbox{make(chan int, 6)} }
func newRoomy(*sim.Env) Mailbox   { return Mailbox{make(chan int, 7)} }

func TestMailbox(t *testing.T) { sim.Equivalent(t, newMailbox, newMailbox) }
func TestRoomy(t *testing.T)   { sim.Equivalent(t, newMailbox, newRoomy) }

func TestClocked(t *testing.T)      { sim.Linearizable(t, newClocked) }
func TestHastyClocked(t *testing.T) { sim.Equivalent(t, newClocked, newHastyClocked) }

func newLimiter(*sim.Env) *Limiter      { return &Limiter{} }
func newHastyLimiter(*sim.Env) *Limiter { return &Limiter{hasty: true} }

func TestLimiter(t *testing.T)      { sim.Linearizable(t, newLimiter) }
func TestHastyLimiter(t *testing.T) { sim.Equivalent(t, newLimiter, newHastyLimiter) }

func newConns(*sim.Env) *Conns      { return &Conns{} }
func newLooseConns(*sim.Env) *Conns { return &Conns{loose: true} }

func TestConns(t *testing.T)      { sim.Linearizable(t, newConns) }
func TestLooseConns(t *testing.T) { sim.Linearizable(t, newLooseConns) }

func newDesk(*sim.Env) *Desk      { return NewDesk(false) }
func newHastyDesk(*sim.Env) *Desk { return NewDesk(true) }

func TestDesk(t *testing.T)      { sim.Linearizable(t, newDesk) }
func TestHastyDesk(t *testing.T) { sim.Linearizable(t, newHastyDesk, sim.Without("Key.Number")) }

func newBoard(*sim.Env) *Board { return &Board{} }

func TestBoard(t *testing.T) { sim.Linearizable(t, newBoard, sim.Arg("Write", 1, "f:panics", "f")) }

func newTicking(*sim.Env) *Ticking      { return NewTicking(false) }
func newHastyTicking(*sim.Env) *Ticking { return NewTicking(true) }

func TestTicking(t *testing.T)      { sim.Linearizable(t, newTicking) }
func TestHastyTicking(t *testing.T) { sim.Linearizable(t, newHastyTicking) }

func newCrew(*sim.Env) *Crew   { return &Crew{} }
func newTaker(*sim.Env) *Taker { return &Taker{} }

func TestCrew(t *testing.T)  { sim.Linearizable(t, newCrew) }
func TestTaker(t *testing.T) { sim.Linearizable(t, newTaker, sim.Lanes(2), sim.Calls(2)) }

func newLender(*sim.Env) *Lender      { return &Lender{} }
func newHastyLender(*sim.Env) *Lender { return &Lender{hasty: true} }

func TestLender(t *testing.T) {
	sim.Linearizable(t, newLender, sim.Arg("With", 1, "f", "f=err1", "f:wait"))
}
func TestHastyLender(t *testing.T) { sim.Linearizable(t, newHastyLender) }

func newStarter(*sim.Env) *Starter { return &Starter{} }

func TestStarter(t *testing.T) { sim.Linearizable(t, newStarter) }

func newLocks(*sim.Env) *Locks      { return &Locks{of: map[string]*named{}} }
func newHastyLocks(*sim.Env) *Locks { return &Locks{of: map[string]*named{}, hasty: true} }
func newLimited(*sim.Env) *Limited  { return &Limited{room: make(chan struct{}, 1)} }

func TestLocks(t *testing.T)      { sim.Linearizable(t, newLocks) }
func TestHastyLocks(t *testing.T) { sim.Linearizable(t, newHastyLocks) }
func TestLimited(t *testing.T)    { sim.Linearizable(t, newLimited) }

func newDoor(*sim.Env) *Door      { return &Door{shut: make(chan struct{})} }
func newHastyDoor(*sim.Env) *Door { return &Door{shut: make(chan struct{}), hasty: true} }

func TestDoor(t *testing.T)      { sim.Linearizable(t, newDoor) }
func TestHastyDoor(t *testing.T) { sim.Linearizable(t, newHastyDoor) }

func newSlot(*sim.Env) *Slot   { return &Slot{} }
func newFlags(*sim.Env) *Flags { return &Flags{} }

func TestSlot(t *testing.T)  { sim.Linearizable(t, newSlot) } // who waits spins, and that is no fault
func TestFlags(t *testing.T) { sim.Linearizable(t, newFlags) }
