package overview_test

import (
	"fmt"
	"strings"

	"batchlab/sim/view/overview"
)

// What comes from outside stays text.
func Example() {
	text, err := overview.HTML(&overview.Page{Lines: []string{"campaign 7 programs, <b>0</b> violations"}})
	fmt.Println(strings.Contains(string(text), "campaign 7 programs, &lt;b&gt;0&lt;/b&gt; violations"), err)
	// Output: true <nil>
}
