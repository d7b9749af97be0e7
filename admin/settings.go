package admin

import "context"

// Settings is the configuration as it holds.
type Settings struct {
	YAML     string   `json:"yaml" doc:"In the form of the configuration file, secrets masked"`
	Version  string   `json:"version"`
	Database string   `json:"database" doc:"sqlite or postgres"`
	Warnings []string `json:"warnings" nullable:"false"`
}

type settingsOut struct{ Body Settings }

func (a *Admin) readSettings(context.Context, *struct{}) (*settingsOut, error) {
	text, err := a.cfg.YAML()
	if err != nil {
		return nil, err
	}
	s := Settings{YAML: string(text), Version: a.version, Database: a.db.Dialect(), Warnings: []string{}}
	for _, w := range a.cfg.Warnings {
		s.Warnings = append(s.Warnings, w.In(a.cfg.Town.Locale))
	}
	return &settingsOut{Body: s}, nil
}
