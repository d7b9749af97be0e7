package export_test

import (
	"reflect"
	"testing"

	"rathaus/internal/export"
)

// A word that stands in one language only would be an empty place in the other.
func TestEveryWordStandsInEveryLanguage(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"de", "en"} {
		empty(t, lang, reflect.ValueOf(export.WordsIn(lang)))
	}
	german, english := export.WordsIn("de"), export.WordsIn("en")
	if german.Mine == english.Mine || german.Names.Profile == english.Names.Profile {
		t.Error("both languages say the same")
	}
}

func empty(t *testing.T, lang string, words reflect.Value) {
	t.Helper()
	for i := range words.NumField() {
		switch name, word := words.Type().Field(i).Name, words.Field(i); {
		case word.Kind() == reflect.Struct:
			empty(t, lang, word)
		case word.String() == "":
			t.Errorf("%s has no word for %s", lang, name)
		}
	}
}
