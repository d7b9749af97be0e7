package cli

import (
	"errors"

	"github.com/spf13/cobra"
)

// openAPICommand prints the document from which the web application's client is generated.
func (p *program) openAPICommand() *cobra.Command {
	return &cobra.Command{
		Use:    "openapi",
		Short:  "Print the OpenAPI document",
		Hidden: true,
		Args:   noArguments,
		RunE: func(*cobra.Command, []string) error {
			if p.deps.OpenAPI == nil {
				return errors.New("this build has no API")
			}
			document, err := p.deps.OpenAPI()
			if err != nil {
				return err
			}
			_, err = p.Out.Write(append(document, '\n'))
			return err
		},
	}
}
