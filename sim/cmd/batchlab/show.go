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
	"batchlab/sim/view/page"
	"batchlab/sim/view/timeline"
)

func showCommand(t *testing.T) *cobra.Command {
	var s showFlags
	cmd := &cobra.Command{
		Use:   "show FILE",
		Short: "Show a find: who called what, who was let in where, who waits",
		Long: `Show what a seed file is about, as the test that found it printed it. That test is run once more, on
this file. A seed of a kind of this repository is replayed.

The last line is the path of a page that shows the same, and more, to be opened in a browser: what each
goroutine did and waited for, with the source. With --out or --perfetto it is all that is printed.

Status 0: it is shown. 2: it is not seen any more, or the file is not one.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			f, err := readFind(args[0])
			if err != nil {
				return err
			}
			f.race = f.race || s.race
			text := cmd.OutOrStdout()
			if s.out != "" || s.perfetto {
				text = io.Discard
			}
			picture, err := s.show(cmd, t, f, args, text)
			if err != nil {
				return err
			}
			return s.draw(args[0], picture, cmd.OutOrStdout())
		},
	}
	fl := cmd.Flags()
	fl.BoolVar(&s.race, "race", false, "run the test under the race detector")
	fl.StringVar(&s.out, "out", "", "where the page goes; default: below "+page.Folder)
	fl.BoolVar(&s.perfetto, "perfetto", false, "write a trace for ui.perfetto.dev instead of the page")
	onFlag(cmd, &s.on)
	return cmd
}

// show prints what there is to read of a find, and returns what there is to draw.
func (s *showFlags) show(cmd *cobra.Command, t *testing.T, f *findFile, args []string, text io.Writer) (
	*timeline.Timeline, error) {
	ctx := cmd.Context()
	if f.own != nil {
		if text != io.Discard {
			if err := replay(cmd, newLab(t, everything()), args, s.on); err != nil && !errors.Is(err, errFound) {
				return nil, err
			}
		}
		return s.ofThisRepository(ctx, f)
	}
	if f.body != nil {
		b, err := code.FindBody(f.dir, f.test)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.file, err)
		}
		if !b.Explores() {
			return f.showTest(ctx, text, cmd.ErrOrStderr())
		}
	}
	out, err := os.CreateTemp("", "batchlab-timeline-")
	if err != nil {
		return nil, err
	}
	defer os.Remove(out.Name())
	defer out.Close()
	said, err := f.run(ctx, "-sim.timeline="+out.Name())
	if err != nil {
		return nil, err
	}
	report := reportIn(said)
	if report == "" {
		return nil, fmt.Errorf("%s: %s", f.file, strings.TrimPrefix(problem(said), filepath.ToSlash(f.file)+": "))
	}
	fmt.Fprintf(text, "%s\n\n%s\n", f.test, report)
	written, err := io.ReadAll(out)
	if err != nil {
		return nil, err
	}
	return readTimeline(written, f.file)
}

// showTest shows a find of batchlab test.
func (f *findFile) showTest(ctx context.Context, out, errOut io.Writer) (*timeline.Timeline, error) {
	here, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	if err := os.Chdir(f.dir); err != nil {
		return nil, err
	}
	defer os.Chdir(here)
	o := testOptions{race: f.race, order: body.Order{Seed: 1, Silence: 20 * time.Second}}
	o.order.Replay = filepath.Join(f.dir, f.file)
	o.order.Run = "^" + strings.ReplaceAll(f.test, "/", "$/^") + "$"
	var picture *timeline.Timeline
	o.found = func(b *body.Find) {
		picture = b.Timeline
	}
	switch err := runTests(ctx, o, []string{"."}, out, errOut); {
	case err == nil || errors.Is(err, errFound) && picture == nil:
		return nil, fmt.Errorf("%s: it is not seen any more", f.file)
	case !errors.Is(err, errFound):
		return nil, err
	}
	picture.File = filepath.ToSlash(f.file)
	picture.Command = "batchlab show " + picture.File
	return picture, nil
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
