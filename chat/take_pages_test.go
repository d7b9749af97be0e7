package chat

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rathaus/internal/export"
)

// Requirement row 000-29: what the house notes in a room is said in the person's
// language, each kind of it.
func TestEveryEntryOfTheHouseIsWordedInAnExport(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{
		KindCall, KindCreated, KindJoined, KindAdded, KindLeft, KindRemoved, KindRenamed, KindRole, KindArchived, KindReopened, KindExpiry,
	} {
		m := Message{Kind: kind, People: []Person{{Name: "Bert"}}, Data: MessageData{Name: "Bauhof", Role: string(Moderator), Seconds: 7 * 86400}}
		german, english := noteOf(export.WordsIn("de"), m), noteOf(export.WordsIn("en"), m)
		require.NotEqual(t, kind, german, "no German words")
		require.NotEqual(t, german, english, "%s has no words of its own in English", kind)
	}
	require.Equal(t, "hat eingestellt: Neue Nachrichten löschen sich selbst, Frist in Tagen: 7", noteOf(export.WordsIn("de"), Message{Kind: KindExpiry, Data: MessageData{Seconds: 7 * 86400}}))
	require.Equal(t, "decided: new messages delete themselves, time in minutes: 90", noteOf(export.WordsIn("en"), Message{Kind: KindExpiry, Data: MessageData{Seconds: 5400}}))
	require.Empty(t, noteOf(export.WordsIn("de"), Message{Kind: KindText, Text: "Guten Tag"}))
}
