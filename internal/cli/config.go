package cli

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"
)

func (p *program) configCommand() *cobra.Command {
	return group("config", "Check or show the configuration", p.configCheckCommand(), p.configShowCommand())
}

func (p *program) configCheckCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "check",
		Short: "Report every mistake in the configuration, with its line",
		Args:  noArguments,
		RunE: func(*cobra.Command, []string) error {
			cfg, err := p.load()
			if err != nil {
				return err
			}
			for _, warning := range cfg.Warnings.In(p.locale()) {
				if _, err := fmt.Fprintln(p.Out, "warning: "+warning); err != nil {
					return err
				}
			}
			name := p.source().File
			if name == "" {
				name = "built-in defaults and environment"
			}
			_, err = fmt.Fprintln(p.Out, name+": ok")
			return err
		},
	}
}

func (p *program) configShowCommand() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "show",
		Short: "Show what holds after defaults, file and environment; secrets are masked",
		Args:  noArguments,
		RunE:  func(*cobra.Command, []string) error { return p.showConfig(format) },
	}
	cmd.Flags().StringVar(&format, "format", "yaml", "yaml or json")
	return cmd
}

func (p *program) showConfig(format string) error {
	if format != "yaml" && format != "json" {
		return usageError{fmt.Errorf("--format %s is neither yaml nor json", format)}
	}
	cfg, err := p.load()
	if err != nil {
		return err
	}
	out, err := cfg.YAML()
	if err != nil {
		return err
	}
	if format == "json" {
		if out, err = yamlToJSON(out); err != nil {
			return err
		}
	}
	_, err = p.Out.Write(out)
	return err
}

func yamlToJSON(in []byte) ([]byte, error) {
	var values map[string]any
	if err := yaml.Unmarshal(in, &values); err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	out, err := json.MarshalIndent(values, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write configuration: %w", err)
	}
	return append(out, '\n'), nil
}
