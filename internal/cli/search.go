package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"rathaus/internal/doctext"
)

// searchCommand looks after the index of words.
func (p *program) searchCommand() *cobra.Command {
	parent := &cobra.Command{Use: "search", Short: "The index of words", Args: noArguments}
	parent.AddCommand(&cobra.Command{
		Use:   "rebuild",
		Short: "Build the index of words anew, also while the portal runs",
		Args:  noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if p.deps.RebuildSearch == nil {
				return errors.New("this build has no search")
			}
			cfg, err := p.load()
			if err != nil {
				return err
			}
			if err := p.deps.RebuildSearch(cmd.Context(), cfg); err != nil {
				return err
			}
			_, err = fmt.Fprintln(p.Out, "The index is built anew: by the running portal within seconds, otherwise at its next start.")
			return err
		},
	})
	return parent
}

// readTextCommand is the other process that reads documents, see internal/doctext.
func (p *program) readTextCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "read-text FORMAT",
		Hidden: true,
		Args:   cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			return doctext.Main(args[0], p.In, p.Out)
		},
	}
}
