package config

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// YAML is the configuration as it holds, in the form of a configuration file.
// Secrets are masked; what came from a file is named by the file.
func (c *Config) YAML() ([]byte, error) {
	node, err := nodeOf(reflect.ValueOf(*c))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(node); err != nil {
		return nil, fmt.Errorf("write configuration: %w", err)
	}
	if err := encoder.Close(); err != nil {
		return nil, fmt.Errorf("write configuration: %w", err)
	}
	return out.Bytes(), nil
}

func nodeOf(v reflect.Value) (*yaml.Node, error) {
	switch {
	case v.Type() == reflect.TypeFor[time.Duration]():
		return &yaml.Node{Kind: yaml.ScalarNode, Value: formatDuration(time.Duration(v.Int()))}, nil
	case v.Kind() == reflect.Struct:
		return sectionNode(v)
	case v.Kind() == reflect.Slice && v.Len() == 0:
		return &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}, nil
	case v.Kind() == reflect.Slice:
		list := &yaml.Node{Kind: yaml.SequenceNode}
		for _, item := range v.Seq2() {
			node, err := nodeOf(item)
			if err != nil {
				return nil, err
			}
			list.Content = append(list.Content, node)
		}
		return list, nil
	default:
		var node yaml.Node
		if err := node.Encode(v.Interface()); err != nil {
			return nil, fmt.Errorf("write value: %w", err)
		}
		return &node, nil
	}
}

func sectionNode(v reflect.Value) (*yaml.Node, error) {
	node := &yaml.Node{Kind: yaml.MappingNode}
	for f, value := range v.Fields() {
		key := f.Tag.Get("yaml")
		if key == "-" || hasFile(v, f.Name) {
			continue
		}
		child, err := nodeOf(value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
		node.Content = append(node.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: key}, child)
	}
	return node, nil
}

// hasFile tells whether the value of a field was read from the file beside it.
func hasFile(v reflect.Value, field string) bool {
	if strings.HasSuffix(field, "File") {
		return false
	}
	file := v.FieldByName(field + "File")
	return file.IsValid() && file.String() != ""
}
