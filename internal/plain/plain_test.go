package plain_test

import (
	"encoding/json"
	"strings"
	"testing"

	"rathaus/internal/plain"
)

func TestText(t *testing.T) {
	for s, want := range map[string]bool{"": true, "Grüße": true, "a\x00b": false, "\xff\xfe": false, "\\u0000": true} {
		if plain.Text(s) != want {
			t.Errorf("Text(%q) is %v, want %v", s, !want, want)
		}
	}
}

func TestJSON(t *testing.T) {
	for s, want := range map[string]bool{
		`{"a":"b"}`: true, `{"a":"\u0000"}`: false, `{"a":"\\u0000"}`: true, `{"a":"\\\u0000"}`: false, `{"a\u0000":1}`: false, `"\\\\u0000\u0000"`: false,
	} {
		if plain.JSON([]byte(s)) != want {
			t.Errorf("JSON(%s) is %v, want %v", s, !want, want)
		}
	}
}

func FuzzJSON(f *testing.F) {
	for _, s := range []string{`{"a":"b"}`, `{"a":"\u0000"}`, `{"a":"\\u0000"}`, `{"a":"\\\u0000"}`, `{"a\u0000":1}`, `"\\\\u0000\u0000"`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var v any
		if json.Unmarshal([]byte(s), &v) != nil {
			return
		}
		if holdsNUL(v) && plain.JSON([]byte(s)) {
			t.Errorf("JSON(%q) should be false", s)
		}
	})
}

func holdsNUL(v any) bool {
	switch v := v.(type) {
	case string:
		return strings.Contains(v, "\x00")
	case []any:
		for _, e := range v {
			if holdsNUL(e) {
				return true
			}
		}
	case map[string]any:
		for k, e := range v {
			if holdsNUL(k) || holdsNUL(e) {
				return true
			}
		}
	}
	return false
}
