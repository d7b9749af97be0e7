package config

// Source is where a configuration comes from.
type Source struct {
	File string   // path of the YAML file; empty: no file
	Env  []string // in the form of os.Environ
}
