package cli

import (
	"fmt"
	"net/http"

	"github.com/spf13/cobra"
)

// healthCommand is for containers, in which there is no other program that could ask.
func (p *program) healthCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "health",
		Short:  "End with 0 if the server on this machine is ready",
		Hidden: true,
		Args:   noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := p.load()
			if err != nil {
				return err
			}
			answer, err := askLocally(cmd.Context(), cfg, "/readyz")
			if err != nil {
				return err
			}
			if answer.status != http.StatusOK {
				return fmt.Errorf("the server is not ready: it answered %d", answer.status)
			}
			return nil
		},
	}
}
