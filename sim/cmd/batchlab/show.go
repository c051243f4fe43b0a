package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"batchlab/sim/body"
	"batchlab/sim/code"
)

func showCommand(t *testing.T) *cobra.Command {
	race := false
	cmd := &cobra.Command{
		Use:   "show FILE",
		Short: "Show a find: who called what, who was let in where, who waits",
		Long: `Show what a seed file is about, as the test that found it printed it. That test is run once more, on
this file. A seed of a kind of this repository is replayed.

Status 0: it is shown. 2: it is not seen any more, or the file is not one.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			f, err := readFind(args[0])
			if err != nil {
				return err
			}
			if f.own != nil {
				err := replay(cmd, newLab(t, everything()), args, nil)
				if errors.Is(err, errFound) {
					return nil
				}
				return err
			}
			f.race = f.race || race
			return f.show(cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	cmd.Flags().BoolVar(&race, "race", false, "run the test under the race detector")
	return cmd
}

// show prints what the test says of the file.
func (f *findFile) show(ctx context.Context, out, errOut io.Writer) error {
	if f.body != nil {
		t, err := code.FindBody(f.dir, f.test)
		if err != nil {
			return fmt.Errorf("%s: %w", f.file, err)
		}
		if !t.Explores() {
			return f.showTest(ctx, out, errOut)
		}
	}
	said, err := f.run(ctx)
	if err != nil {
		return err
	}
	text := reportIn(said)
	if text == "" {
		return fmt.Errorf("%s: %s", f.file, problem(said))
	}
	fmt.Fprintf(out, "%s\n\n%s", f.test, text)
	return nil
}

// showTest shows a find of batchlab test.
func (f *findFile) showTest(ctx context.Context, out, errOut io.Writer) error {
	if err := os.Chdir(f.dir); err != nil {
		return err
	}
	o := testOptions{race: f.race, order: body.Order{Seed: 1, Silence: 20 * time.Second}}
	o.order.Replay = filepath.Join(f.dir, f.file)
	o.order.Run = "^" + strings.ReplaceAll(f.test, "/", "$/^") + "$"
	err := runTests(ctx, o, []string{"."}, out, errOut)
	if errors.Is(err, errFound) {
		return nil
	}
	if err == nil {
		err = fmt.Errorf("%s: it is not seen any more", f.file)
	}
	return err
}

// reportIn is the report of a find in what go test prints, without its margin.
func reportIn(said string) string {
	lines := strings.Split(said, "\n")
	for i, line := range lines {
		place, text, ok := strings.Cut(line, ": batchlab: ")
		if !ok {
			continue
		}
		margin := place[:len(place)-len(strings.TrimLeft(place, " "))] + "    "
		text += "\n"
		for _, more := range lines[i+1:] {
			if !strings.HasPrefix(more, margin) && strings.TrimSpace(more) != "" {
				break
			}
			text += strings.TrimRight(strings.TrimPrefix(more, margin), " ") + "\n"
		}
		if strings.Contains(text, "\nfound before:\n") {
			return strings.TrimRight(text, "\n") + "\n"
		}
	}
	return ""
}
