package chat

import (
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rathaus/internal/export"
)

// Requirement row 000-29: what the house notes in a room is said in the person's
// language, each kind of it.
func TestEveryEntryOfTheHouseIsWordedInAnExport(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds(t) {
		if kind == KindText {
			continue
		}
		m := Message{Kind: kind, People: []Person{{Name: "Bert"}}, Data: MessageData{Name: "Bauhof", Role: string(Moderator), Seconds: 7 * 86400}}
		german, english := noteOf(export.WordsIn("de"), m), noteOf(export.WordsIn("en"), m)
		require.NotEqual(t, kind, german, "no German words")
		require.NotEqual(t, german, english, "%s has no words of its own in English", kind)
	}
	require.Equal(t, "hat eingestellt: Neue Nachrichten löschen sich selbst, Frist in Tagen: 7", noteOf(export.WordsIn("de"), Message{Kind: KindExpiry, Data: MessageData{Seconds: 7 * 86400}}))
	require.Equal(t, "decided: new messages delete themselves, time in minutes: 90", noteOf(export.WordsIn("en"), Message{Kind: KindExpiry, Data: MessageData{Seconds: 5400}}))
	require.Empty(t, noteOf(export.WordsIn("de"), Message{Kind: KindText, Text: "Guten Tag"}))
}

// kinds reads the kinds of message from the source, so that a new one can't be
// left out here. Clients know them by the enum of the field: an entry without words
// in the interface does not compile.
func kinds(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "message.go", nil, 0)
	require.NoError(t, err)
	var all []string
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || !strings.HasPrefix(spec.Names[0].Name, "Kind") {
			return true
		}
		literal, ok := spec.Values[0].(*ast.BasicLit)
		require.True(t, ok, spec.Names[0].Name)
		kind, err := strconv.Unquote(literal.Value)
		require.NoError(t, err)
		all = append(all, kind)
		return true
	})
	field, ok := reflect.TypeFor[Message]().FieldByName("Kind")
	require.True(t, ok)
	require.ElementsMatch(t, strings.Split(field.Tag.Get("enum"), ","), all, "the enum of the field and the constants")
	return all
}
