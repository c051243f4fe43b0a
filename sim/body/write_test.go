package body

import (
	"strings"
	"testing"

	"batchlab/sim/program"
)

// TestScreen: of a race, a deadlock and a failure a person sees the same, whoever has explored.
func TestScreen(t *testing.T) {
	for _, c := range []struct {
		find Find
		want string
	}{
		{Find{Law: Races, Text: "a data race", Detail: lines(`WARNING: DATA RACE
Write at 0x00c1 by goroutine 7:
  x.batchlab_TestX.func1()
      /x/x_test.go:3 +0x1
Previous read at 0x00c1 by goroutine 8:
  x.batchlab_TestX.func2()
      /x/x_test.go:4 +0x1
`)}, `
the race:
    | write                   | earlier read            |
    |-------------------------|-------------------------|
    | TestX.func1 x_test.go:3 | TestX.func2 x_test.go:4 |
`},
		{Find{Law: Deadlock, Text: "test waits", Detail: []string{"test waits", "a waits"}, Waiting: "| who |\n",
			Table: "| a |\n", Preempts: 1, Schedule: make([]program.Decision, 2)}, `
who waits:
    | who |

one preemption, one other choice that is not the default:
    | a |
`},
		{Find{Law: Fails, Text: "the test fails: x_test.go:3: no", Detail: []string{"x_test.go:3: no"}}, ""},
		{Find{Law: Fails, Text: "the test fails", Unsteady: true, Detail: strings.Split(strings.Repeat("no ", mostDetail+2), " ")},
			"\n" + strings.Repeat("    no\n", mostDetail) + "    … 3 lines more\n" +
				"    the same schedule does not show it again: it depends on more than that\n"},
	} {
		if got := c.find.Screen(); got != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", c.find.Law, got, c.want)
		}
	}
}
