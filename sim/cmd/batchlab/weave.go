package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"batchlab/sim/weave"
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
