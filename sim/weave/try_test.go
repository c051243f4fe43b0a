package weave
import ("testing";"time")
func TestTry(t *testing.T) {
	pats := []string{"golang.org/x/tools/go/packages", "golang.org/x/tools/internal/gocommand", "golang.org/x/tools/internal/gcimporter", "golang.org/x/tools/internal/event/...", "golang.org/x/sync/errgroup",  "github.com/spf13/cobra", "github.com/spf13/pflag","github.com/schollz/progressbar/v3", "github.com/anishathalye/porcupine", "go.uber.org/goleak", "github.com/benbjohnson/clock","golang.org/x/mod/modfile", "./impls/...", "./sim", "./sim/sched", "./sim/model", "./sim/program"}
	t0 := time.Now()
	b, err := Prepare(t.Context(), t.TempDir(), Options{Dir: "../.."}, pats...)
	if err != nil { t.Fatal(err) }
	n := 0
	for _, p := range b.Packages { n += p.Points }
	t.Log(time.Since(t0), len(b.Packages), n)
	goRun(t, "../..", append(append([]string{"build"}, b.Flags()...), pats...)...)
	t.Log(time.Since(t0))
}
