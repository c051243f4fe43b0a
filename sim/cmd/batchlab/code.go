package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"batchlab/sim/body"
	"batchlab/sim/code"
	"batchlab/sim/kind"
	"batchlab/sim/program"
	"batchlab/sim/twin"
)

func codeCommand() *cobra.Command {
	race := false
	cmd := &cobra.Command{
		Use:   "code FILE",
		Short: "Print a find as a plain Go test, for somebody who does not have batchlab",
		Long: `Print a seed file as a Go test: the component by its constructor, the calls, a goroutine for each
lane, and comments that say where the schedule switches, what was seen and what was expected.

A file in testdata/sim of a package is printed by the test that found it, which is run for that.
One of sim.Explore, and of batchlab test, is the function itself, with comments.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			f, err := readFind(args[0])
			if err != nil {
				return err
			}
			f.race = f.race || race
			text, err := f.code(cmd.Context())
			if err == nil {
				_, err = cmd.OutOrStdout().Write(text)
			}
			return err
		},
	}
	cmd.Flags().BoolVar(&race, "race", false, "run the test that found it under the race detector")
	return cmd
}

// findFile is the file of a find, and where its test is.
type findFile struct {
	file string
	body *body.Kept       // of sim.Explore or batchlab test, or else
	own  *program.Program // of a kind of this repository, or else of one that was made from a type
	test string           // that found it
	dir  string           // of its package
	race bool             // it is a race
}

// foundBy is the comment of a seed that a test kept.
var foundBy = regexp.MustCompile(`(?m)^#\s*Found by (\S+): (.*)$`)

// readFind reads the file of a find. What is wrong with it is said with line and column.
func readFind(file string) (*findFile, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	f := &findFile{file: file}
	switch key, line := firstKey(text); key {
	case "body":
		if f.body, err = body.Read(file); err != nil {
			return nil, err
		}
		f.test, f.race = f.body.Name, f.body.Law == body.Races
	case "batchlab":
		names := newLab(nil, everything()).Names()
		p, err := program.Parse(file, text, names)
		var wrong *program.SyntaxError
		switch {
		case err == nil:
			f.own = p
			return f, nil
		case !errors.As(err, &wrong) || !wrong.Foreign:
			return nil, err
		}
		m := foundBy.FindSubmatch(text)
		if m == nil {
			return nil, fmt.Errorf("%w; of a kind made from a type a line %q names the test", err, "# Found by TestX: why")
		}
		race, _ := (&kind.Kind{}).Law(kind.NoRace)
		f.test, f.race = string(m[1]), strings.Contains(string(m[2]), race.Text)
	default:
		return nil, fmt.Errorf("%s:%d:1: %q begins no seed file, want batchlab: or body: there", file, line, key)
	}
	return f, f.place()
}

// firstKey is the key of the first line that is no comment, and which line that is.
func firstKey(text []byte) (key string, line int) {
	for i, l := range bytes.Split(text, []byte("\n")) {
		if l = bytes.TrimSpace(l); len(l) > 0 && l[0] != '#' {
			before, _, _ := bytes.Cut(l[:min(len(l), 40)], []byte(":"))
			return string(before), i + 1
		}
	}
	return "", 1
}

// place finds the folder of the package: the file is in its testdata/sim.
func (f *findFile) place() error {
	full, err := filepath.Abs(f.file)
	if err != nil {
		return err
	}
	dir, ok := strings.CutSuffix(filepath.Dir(full), filepath.Join(string(filepath.Separator), "testdata", "sim"))
	if !ok {
		return fmt.Errorf("%s: a find of %s is to be in testdata/sim of the package of that test", f.file, f.test)
	}
	f.dir, f.file = dir, filepath.Join("testdata", "sim", filepath.Base(full))
	return nil
}

// code is the find as a Go test.
func (f *findFile) code(ctx context.Context) ([]byte, error) {
	switch {
	case f.own != nil:
		return code.OfSeed(f.file, f.own)
	case f.body != nil:
		return f.bodyCode()
	}
	out, err := os.CreateTemp("", "batchlab-code-")
	if err != nil {
		return nil, err
	}
	defer os.Remove(out.Name())
	defer out.Close()
	said, err := f.run(ctx, "-sim.code="+out.Name())
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(out)
	if err == nil && len(text) == 0 {
		err = errors.New(problem(said))
	}
	return text, err
}

func (f *findFile) bodyCode() ([]byte, error) {
	t, err := code.FindBody(f.dir, f.test)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.file, err)
	}
	return t.Source(f.file, f.body.Comment, f.body.Schedule)
}

// run runs the test that found it on the file, and returns what that prints. That the test fails is no
// error.
func (f *findFile) run(ctx context.Context, more ...string) (string, error) {
	args := []string{"test", "-count=1", "-v", "-vet=off"}
	if f.race {
		args = append(args, "-race")
	}
	args = append(args, "-run", twin.Pattern(f.test), ".", "-sim.replay="+filepath.ToSlash(f.file))
	cmd := exec.CommandContext(ctx, "go", append(args, more...)...)
	cmd.Dir = f.dir
	out, err := cmd.CombinedOutput()
	if err != nil && !hasFailed(err) {
		return "", err
	}
	return string(out), nil
}

// problem is why a run said nothing of the find.
func problem(said string) string {
	for line := range strings.Lines(said) {
		if _, text, ok := strings.Cut(line, "batchlab: "); ok && !strings.HasPrefix(text, "woven: ") {
			return strings.TrimSpace(text)
		}
	}
	if strings.Contains(said, "no tests to run") {
		return "the test that found it is not there any more"
	}
	return firstProblem(said)
}
