package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/mod/modfile"
)

// casesFolder is the module of the cases, from the module's root on.
const casesFolder = "sim/testdata/cases"

func casesCommand() *cobra.Command {
	var pattern string
	var f compareFlags
	cmd := &cobra.Command{
		Use:   "cases",
		Short: "Find known bugs in public components, and nothing in their mended versions",
		Long: `Run the tests of ` + casesFolder + `, one for each public component with a known bug, by go test and
nothing else: first on the version with the bug, which has to be found, then, if there is
one, on the version in which it is mended, where nothing may be found.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := knownStrategies(f.strategies); err != nil {
				return err
			}
			if len(f.strategies) > 0 {
				return compareOnCases(cmd.Context(), pattern, f, cmd.OutOrStdout(), cmd.ErrOrStderr())
			}
			return cases(cmd.Context(), pattern, cmd.OutOrStdout())
		},
	}
	cmd.Flags().StringVar(&pattern, "run", "", "only the tests that match, as go test -run")
	f.register(cmd, 200, "with --strategies: of each program and body, at most",
		"with --strategies: that each is tried with")
	return cmd
}

// cases runs both versions and prints the table.
func cases(ctx context.Context, pattern string, out io.Writer) error {
	root, err := moduleRoot(ctx)
	if err != nil {
		return err
	}
	mended, err := readMended(filepath.Join(root, casesFolder, "fixed.txt"))
	if err != nil {
		return err
	}
	broken, err := runCases(ctx, root, nil, pattern)
	if err != nil {
		return err
	}
	sound, err := runCases(ctx, root, mended, pattern)
	if err != nil {
		return err
	}
	if len(broken) == 0 {
		return fmt.Errorf("no case matches %q", pattern)
	}
	fmt.Fprintln(out, "| case | found by | program | schedule | seconds | mended version |")
	fmt.Fprintln(out, "|---|---|---|---|---|---|")
	wrong := 0
	for _, c := range broken {
		beside := "there is none"
		if has := slices.ContainsFunc(mended, func(m mend) bool { return m.test == c.name }); has {
			i := slices.IndexFunc(sound, func(o caseResult) bool { return o.name == c.name })
			if i < 0 {
				beside = "was not run"
			} else {
				beside = sound[i].silence()
			}
			if i < 0 || !sound[i].passed {
				wrong++
			}
		}
		if c.passed || c.how == "" || len(c.unseen) > 0 {
			wrong++
		}
		fmt.Fprintf(out, "| %s | %s | %s | %s | %.1f | %s |\n", strings.TrimPrefix(c.name, "Test"), c.found(),
			c.program, c.schedule, c.seconds, beside)
	}
	if wrong > 0 {
		fmt.Fprintf(out, "\n%d cases are not as they should be\n", wrong)
		for _, c := range slices.Concat(broken, sound) {
			if c.how == "" && !c.passed {
				fmt.Fprintf(out, "\n%s:\n%s", c.name, c.output)
			}
			for _, site := range c.unseen {
				fmt.Fprintf(out, "\n%s: no page of it shows %s, of which %s/README.md speaks\n", c.name, site, casesFolder)
			}
		}
		return errFound
	}
	return nil
}

// mend is the version in which a case's bug is mended.
type mend struct{ test, module, version string }

func readMended(file string) (list []mend, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	for i, line := range strings.Split(string(text), "\n") {
		f := strings.Fields(line)
		switch {
		case len(f) == 0 || strings.HasPrefix(f[0], "#"):
		case len(f) != 3:
			return nil, fmt.Errorf("%s:%d:1: wants a test, a module and its version", file, i+1)
		default:
			list = append(list, mend{f[0], f[1], f[2]})
		}
	}
	return list, nil
}

// runCases runs the tests in a copy of their module, so that what is found leaves nothing
// behind; of mended versions only those tests that have one.
func runCases(ctx context.Context, root string, mended []mend, pattern string) ([]caseResult, error) {
	dir, err := caseModule(ctx, root, mended)
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	results, err := testCases(ctx, dir, "-run", pattern, ".")
	if mended == nil && err == nil {
		return results, readPages(dir, results)
	}
	results = slices.DeleteFunc(results, func(r caseResult) bool {
		return !slices.ContainsFunc(mended, func(m mend) bool { return m.test == r.name })
	})
	return results, err
}

// caseModule makes a copy of the module, whose test binary is built.
func caseModule(ctx context.Context, root string, mended []mend) (dir string, err error) {
	if dir, err = os.MkdirTemp("", "batchlab-cases-"); err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			os.RemoveAll(dir)
		}
	}()
	if err := copyCases(filepath.Join(root, casesFolder), dir, root, mended); err != nil {
		return "", err
	}
	if mended != nil {
		if text, err := goIn(ctx, dir, "mod", "tidy").CombinedOutput(); err != nil {
			return "", fmt.Errorf("the mended versions: go mod tidy: %s", firstProblem(string(text)))
		}
	}
	// The time of what follows is then that of exploring alone.
	goIn(ctx, dir, "test", "-vet=off", "-count=1", "-run", "^TestRatelimit$", ".").Run()
	return dir, nil
}

// testCases has the tests of the module know nothing of what was found before.
func testCases(ctx context.Context, dir string, args ...string) ([]caseResult, error) {
	os.RemoveAll(filepath.Join(dir, "testdata"))
	cmd := goIn(ctx, dir, append([]string{"test", "-vet=off", "-json", "-v", "-count=1"}, args...)...)
	var errOut strings.Builder
	cmd.Stderr = &errOut
	text, err := cmd.Output()
	results := readResults(text)
	if err != nil && (!hasFailed(err) || len(results) == 0) {
		return nil, fmt.Errorf("go test in %s: %s", casesFolder, firstProblem(errOut.String()+string(text)))
	}
	return results, nil
}

func goIn(ctx context.Context, dir string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	return cmd
}

// copyCases copies the module of the cases, with the given versions.
func copyCases(from, to, root string, mended []mend) error {
	files, err := filepath.Glob(filepath.Join(from, "*"))
	if err != nil {
		return err
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			continue // a folder
		}
		if filepath.Base(f) == "go.mod" {
			if text, err = caseMod(f, text, root, mended); err != nil {
				return err
			}
		}
		if err := os.WriteFile(filepath.Join(to, filepath.Base(f)), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// caseMod is the go.mod of the cases with this module at its root, and other versions.
func caseMod(file string, text []byte, root string, mended []mend) ([]byte, error) {
	mod, err := modfile.Parse(file, text, nil)
	if err != nil {
		return nil, err
	}
	err = mod.AddReplace("batchlab", "", root, "")
	for _, m := range mended {
		replaced := slices.ContainsFunc(mod.Replace, func(r *modfile.Replace) bool { return r.Old.Path == m.module })
		if replaced {
			err = errors.Join(err, mod.AddReplace(m.module, "", m.module, m.version))
		} else {
			err = errors.Join(err, mod.AddRequire(m.module, m.version))
		}
	}
	if err != nil {
		return nil, err
	}
	return mod.Format()
}
