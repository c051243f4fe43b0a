package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/spf13/cobra"

	"batchlab/sim/kind"
	"batchlab/sim/lab"
	"batchlab/sim/weave"
	"batchlab/sim/weave/mutate"
)

func weaveCommand() *cobra.Command {
	var quiet []string
	cmd := &cobra.Command{
		Use:   "weave PACKAGE...",
		Short: "Show what would be woven, as a diff, and what cannot be",
		Long: `Show how each scheduling point of the packages would be made to ask the scheduler, as a
diff, and on standard error what cannot be woven, with file and line. Nothing is written.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			list, err := weave.Load(cmd.Context(), weave.Options{Dir: ".", Quiet: quiet}, args...)
			if err != nil {
				return err
			}
			for _, p := range list {
				fmt.Fprint(cmd.OutOrStdout(), p.Diff())
				fmt.Fprintf(cmd.ErrOrStderr(), "%s: %d scheduling points, %d places that cannot be woven\n", p.Path, p.Points,
					len(p.Gaps))
				for _, g := range p.Gaps {
					fmt.Fprintf(cmd.ErrOrStderr(), "not woven: %s\n", g)
				}
			}
			return nil
		},
	}
	cmd.Flags().StringSliceVar(&quiet, "quiet", nil,
		"import paths whose operations are no points at which a schedule may switch")
	return cmd
}

// clockPackage is woven as well, quietly: what the clock does inside is no point at which
// a schedule may switch, a call of it is.
const clockPackage = "github.com/benbjohnson/clock"

// wovenPackages are those of this module whose schedule is controlled.
var wovenPackages = []string{"./impls/batcher", "./impls/mutants", clockPackage}

// wovenBuild is how this command is built so that the scheduler controls its subjects.
type wovenBuild struct {
	race    bool
	mutants []mutate.Mutant // with these, made from the source
}

// prepare weaves what is to be woven of the module at root, unless that is there already.
func (b wovenBuild) prepare(ctx context.Context, root string) (build weave.Build, err error) {
	opts, patterns := weave.Options{Dir: root, Quiet: []string{clockPackage}}, wovenPackages
	if len(b.mutants) > 0 {
		if opts.Extra, err = mutate.Packages(root, b.mutants); err != nil {
			return build, err
		}
		patterns = append(patterns[:len(patterns):len(patterns)], "./impls/mutated/...")
	}
	return weave.Prepare(ctx, filepath.Join(root, ".batchlab", "woven"), opts, patterns...)
}

// binary builds the command with its subjects woven, and returns where it is. The go
// command knows what has changed since, but takes half a second to say that it is nothing: it is asked once.
func (b wovenBuild) binary(ctx context.Context) (string, error) {
	build := func() (string, error) { return b.build(ctx) }
	if len(b.mutants) > 0 {
		return build()
	}
	built := wovenBinaries[b.race]
	built.Lock()
	defer built.Unlock()
	var err error
	if built.exe == "" {
		built.exe, err = firstBuild(b.race, build)
	}
	return built.exe, err
}

// wovenBinaries are those that this process has built, by whether they have the race detector.
var wovenBinaries = map[bool]*struct {
	sync.Mutex
	exe string
}{false: {}, true: {}}

// firstBuild is a process's first; the tests, which have many processes, build once for them all.
var firstBuild = func(_ bool, build func() (string, error)) (string, error) { return build() }

func (b wovenBuild) build(ctx context.Context) (string, error) {
	root, err := moduleRoot(ctx)
	if err != nil {
		return "", err
	}
	build, err := b.prepare(ctx, root)
	if err != nil {
		return "", err
	}
	name, args := "batchlab-woven", []string{}
	if b.race {
		name, args = name+"-race", append(args, "-race")
	}
	if len(b.mutants) > 0 { // to compile so many packages well takes longer than it takes to hunt in them
		name, args = name+"-mutated", append(args, "-gcflags=batchlab/impls/mutated/...=-N -l")
	}
	out := filepath.Join(root, ".batchlab", "bin", name)
	cmd := build.Go(ctx, "build", append(args, "-o", out, "./sim/cmd/batchlab")...)
	cmd.Dir = root
	if text, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the woven command: %w: %s", err, text)
	}
	return out, nil
}

// newWovenLab returns a lab whose workers are the given woven binary.
func newWovenLab(t *testing.T, binary string, subjects []kind.Subject) *lab.Lab {
	runner := newLab(t, subjects)
	runner.Spawn = wovenWorkers(binary, strings.Contains(filepath.Base(binary), "-race"))
	return runner
}

// buildWoven builds the woven binary, once, when a program stops a bubble and is run again there.
var buildWoven = sync.OnceValues(func() (func() *exec.Cmd, error) {
	binary, err := wovenBuild{}.binary(context.Background())
	return wovenWorkers(binary, false), err
})

// wovenWorkers returns how a worker is started that is the given woven binary, which may have the race detector.
func wovenWorkers(binary string, race bool) func() *exec.Cmd {
	return func() *exec.Cmd {
		cmd := worker(context.Background(), binary, "worker", "lab")
		cmd.Env = append(cmd.Env, raceOptions())
		return onOneCore(cmd, race, "GOGC=800")
	}
}

// raceOptions has the race detector report all races, and go on.
func raceOptions() string {
	return "GORACE=halt_on_error=0 atexit_sleep_ms=0 suppress_equal_stacks=0 suppress_equal_addresses=0 " +
		os.Getenv("GORACE")
}
