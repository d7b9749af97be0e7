package chat_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"image"
	"image/png"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rathaus/chat"
	"rathaus/internal/access"
)

func TestReactions(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ctx := context.Background()
		ada, ben := k.person("Ada"), k.person("Ben")
		room := k.room(ada, chat.Private, "Bauhof", ben)
		m := k.send(ada, room.ID, "Fertig")
		react := func(p access.Principal, emoji string, on bool) (chat.Message, error) {
			return k.chat.React(ctx, p, room.ID, m.ID, emoji, on)
		}
		tab := k.tab(ben)
		require.Nil(t, tab.join(room.ID))

		_, err := react(ada, "👍", true)
		require.NoError(t, err)
		got, err := react(ben, "👍", true)
		require.NoError(t, err)
		require.Equal(t, []chat.Reaction{{Emoji: "👍", People: got.Reactions[0].People}}, got.Reactions)
		require.Equal(t, []string{"Ada", "Ben"}, []string{got.Reactions[0].People[0].Name, got.Reactions[0].People[1].Name})
		again, err := react(ben, "👍", true)
		require.NoError(t, err)
		require.Equal(t, got.Rev, again.Rev, "twice does no harm")
		tab.event("changed", func(raw json.RawMessage) bool { return strings.Contains(string(raw), `"name":"Ben"`) })
		got, err = react(ada, "👍", false)
		require.NoError(t, err)
		require.Len(t, got.Reactions[0].People, 1)
		got, err = react(ben, "👍", false)
		require.NoError(t, err)
		require.Empty(t, got.Reactions)

		for _, emoji := range []string{"❤️", "👩🏽‍🚒", "🇩🇪", "1️⃣", "☑️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "©️"} {
			_, err := react(ada, emoji, true)
			require.NoError(t, err, emoji)
		}
		for _, bad := range []string{"x", "👍👍", "<b>", "\u200D", "👍\u200D", ":nirgends:", "🇩", "1", "{\"$ne\":1}", "' OR 1=1 --", strings.Repeat("👍", 20)} {
			_, err := react(ada, bad, true)
			require.Equal(t, "chat.emoji_unknown", code(err), "CVE class 25: %q is no emoji", bad)
		}
		for n := range 30 {
			if _, err = react(ada, string(rune(0x1F400+n)), true); err != nil {
				break
			}
		}
		require.Equal(t, "chat.too_many_reactions", code(err))
		_, err = k.chat.Delete(ctx, ada, room.ID, m.ID)
		require.NoError(t, err)
		require.Empty(t, k.message(ada, room.ID, m.Seq).Reactions)
		_, err = react(ben, "👍", true)
		require.Equal(t, "chat.message_not_found", code(err))
	})
}

func onePixel(tb testing.TB, side int) []byte {
	tb.Helper()
	var b bytes.Buffer
	require.NoError(tb, png.Encode(&b, image.NewRGBA(image.Rect(0, 0, side, side))))
	return b.Bytes()
}

func TestTownEmoji(t *testing.T) {
	each(t, func(t *testing.T, k *rig) {
		ctx := context.Background()
		admin, ada := k.somebody("Chef", access.RoleAdmin), k.person("Ada")
		_, err := k.chat.AddEmoji(ctx, ada, chat.NewEmoji{Code: "wappen", Picture: onePixel(t, 8)})
		require.Equal(t, "not_allowed", code(err))
		for name, in := range map[string]chat.NewEmoji{
			"a page":        {Code: "seite", Picture: []byte("<html><script>alert(1)</script>")},
			"a drawing":     {Code: "svg", Picture: []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>`)},
			"nothing":       {Code: "leer"},
			"half a image":  {Code: "halb", Picture: onePixel(t, 64)[:40]},
			"a huge canvas": {Code: "bombe", Picture: onePixel(t, 600)},
		} {
			_, err = k.chat.AddEmoji(ctx, admin, in)
			require.Equal(t, "chat.emoji_picture_invalid", code(err), "CVE classes 16 and 17: %s", name)
		}
		_, err = k.chat.AddEmoji(ctx, admin, chat.NewEmoji{Code: "a b", Picture: onePixel(t, 8)})
		require.Equal(t, "chat.emoji_code_invalid", code(err))

		var made chat.Emoji
		body := map[string]any{"code": ":Wappen:", "picture": base64.StdEncoding.EncodeToString(onePixel(t, 32))}
		require.Nil(t, k.call(admin, "POST", "/emoji", body, &made))
		require.Equal(t, "wappen", made.Code)
		require.Equal(t, "Conflict chat.emoji_code_taken", func() string { f := k.call(admin, "POST", "/emoji", body, nil); return f.RequestID + " " + f.Code }())

		r, err := http.NewRequestWithContext(ctx, http.MethodGet, k.server.URL+"/api/v1/chat/emoji/"+made.ID+"/picture", nil)
		require.NoError(t, err)
		r.Header.Set("X-Session", ada.SessionID)
		res, err := k.server.Client().Do(r)
		require.NoError(t, err)
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		require.Equal(t, onePixel(t, 32), b)
		require.Equal(t, "image/png", res.Header.Get("Content-Type"))
		require.Equal(t, "nosniff", res.Header.Get("X-Content-Type-Options"))
		require.Contains(t, res.Header.Get("Content-Security-Policy"), "sandbox", "CVE class 17: nothing in it can run")

		room := k.room(ada, chat.Private, "Bauhof")
		m := k.send(ada, room.ID, "Schön :wappen:")
		got, err := k.chat.React(ctx, ada, room.ID, m.ID, ":wappen:", true)
		require.NoError(t, err)
		require.Equal(t, ":wappen:", got.Reactions[0].Emoji)
		require.Nil(t, k.call(admin, "DELETE", "/emoji/"+made.ID, nil, nil))
		list, err := k.chat.Emoji(ctx)
		require.NoError(t, err)
		require.Empty(t, list.Items)
		_, err = k.chat.React(ctx, ada, room.ID, m.ID, ":wappen:", false)
		require.NoError(t, err, "what was set can be taken back")
	})
}
