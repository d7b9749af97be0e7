package cli

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"rathaus/internal/licenses"
)

func (p *program) licensesCommand() *cobra.Command {
	var full, asJSON bool
	var format string
	cmd := &cobra.Command{
		Use:   "licenses [NAME]",
		Short: "List the open-source software inside, with its licences",
		Long: "Lists the open-source software inside this program.\nWith NAME, or with --full, the texts of the licences follow.\n" +
			"With --format cyclonedx it is a software bill of materials (CycloneDX 1.6, JSON).",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usageError{fmt.Errorf("%s takes at most one NAME", cmd.CommandPath())}
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			all, err := licenses.All()
			if err != nil {
				return err
			}
			if len(args) == 1 {
				if all = named(all, args[0]); len(all) == 0 {
					return usageError{fmt.Errorf("nothing inside is called %q", args[0])}
				}
			}
			switch {
			case format == "cyclonedx":
				return p.writeJSON(licenses.NewBill(ThisBuild().Version, all))
			case asJSON || format == "json":
				return p.writeJSON(all)
			case format != "" && format != "table":
				return usageError{fmt.Errorf("--format is table, json or cyclonedx, not %q", format)}
			}
			if full || len(args) == 1 {
				return p.writeLicenseTexts(all)
			}
			return p.writeLicenseTable(all)
		},
	}
	cmd.Flags().BoolVar(&full, "full", false, "with the texts of the licences")
	cmd.Flags().StringVar(&format, "format", "", "table, json or cyclonedx (default table)")
	cmd.Flags().BoolVar(&asJSON, "json", false, "as JSON, with the texts")
	return cmd
}

func named(all []licenses.Package, name string) []licenses.Package {
	var found []licenses.Package
	for _, one := range all {
		if strings.Contains(one.Name, name) {
			found = append(found, one)
		}
	}
	return found
}

func (p *program) writeLicenseTable(all []licenses.Package) error {
	table := tabwriter.NewWriter(p.Out, 0, 4, 2, ' ', 0)
	lines := []string{"NAME\tVERSION\tLICENCE\tKIND"}
	for _, one := range all {
		lines = append(lines, strings.Join([]string{one.Name, one.Version, one.License, one.Kind}, "\t"))
	}
	if _, err := fmt.Fprintln(table, strings.Join(lines, "\n")); err != nil {
		return err
	}
	return table.Flush()
}

func (p *program) writeLicenseTexts(all []licenses.Package) error {
	for _, one := range all {
		heading := fmt.Sprintf("%s %s (%s)", one.Name, one.Version, one.License)
		if _, err := fmt.Fprintf(p.Out, "%s\n%s\n\n%s\n\n", heading, strings.Repeat("=", len(heading)), one.Text); err != nil {
			return err
		}
	}
	return nil
}
