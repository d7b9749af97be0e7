package config

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/go-viper/mapstructure/v2"
	"github.com/spf13/viper"
)

// keyDelimiter separates the parts of a key inside viper. Its usual dot would split keys that are host names.
const keyDelimiter = "::"

// Source is where a configuration comes from.
type Source struct {
	File string   // path of the YAML file; empty: no file
	Env  []string // in the form of os.Environ
}

// Load reads, checks and completes the configuration. Its error is Problems
// with every mistake in the file, in the environment and between values.
func Load(src Source) (*Config, error) {
	r := newReader(schema())
	var tree map[string]any
	if src.File != "" {
		tree = r.file(src.File)
	}
	values := r.environment(src.Env, tree)
	cfg, err := merge(r.root, tree, values)
	if err != nil {
		return nil, err
	}
	c := checker{cfg: cfg, reader: r}
	c.files(reflect.ValueOf(cfg).Elem(), "")
	c.all()
	if len(r.problems) > 0 {
		r.problems.sort()
		return nil, r.problems
	}
	c.warnings.sort()
	cfg.Warnings = c.warnings
	return cfg, nil
}

// merge lays defaults, file and environment over each other.
func merge(root shape, tree, values map[string]any) (*Config, error) {
	v := viper.NewWithOptions(viper.KeyDelimiter(keyDelimiter))
	setDefaults(v, root, nil)
	if err := v.MergeConfigMap(tree); err != nil {
		return nil, fmt.Errorf("merge configuration file: %w", err)
	}
	for path, value := range values {
		v.Set(path, value)
	}
	var cfg Config
	byYAMLName := func(c *mapstructure.DecoderConfig) { c.TagName = "yaml" }
	if err := v.UnmarshalExact(&cfg, byYAMLName); err != nil {
		return nil, fmt.Errorf("decode configuration: %w", err)
	}
	return &cfg, nil
}

func setDefaults(v *viper.Viper, s shape, path []string) {
	for _, f := range s.fields {
		at := append(path[:len(path):len(path)], f.name)
		switch f.kind {
		case section:
			setDefaults(v, f, at)
		case items:
			// A list has no default entries; what an entry leaves out is filled when it is read.
		default:
			v.SetDefault(strings.Join(at, keyDelimiter), f.fallback)
		}
	}
}
