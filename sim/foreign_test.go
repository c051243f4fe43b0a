package sim_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The example of a foreign module is run as its owner would run it. What is right
// passes, and what is wrong on purpose is caught and kept as a seed.
func TestForeignModule(t *testing.T) {
	for _, c := range []struct {
		test, want string
		fails      bool
	}{
		{"TestBuffer", "ok", false},
		{"TestForgetfulBuffer", "violation B7-close-drains in batcher/forgetful", true},
	} {
		t.Run(c.test, func(t *testing.T) {
			cmd := exec.CommandContext(t.Context(), "go", "test", "-count=1", "-run", "^"+c.test+"$", "./...")
			cmd.Dir = filepath.Join("testdata", "foreign")
			out, err := cmd.CombinedOutput()
			if (err != nil) != c.fails || !strings.Contains(string(out), c.want) {
				t.Errorf("error %v, output lacks %q:\n%s", err, c.want, out)
			}
		})
	}
}
