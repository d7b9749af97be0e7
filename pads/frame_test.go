package pads

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// vectors are shared with the browser's tests: both sides must agree byte by byte.
type vectors struct {
	Pad                  string `json:"pad"`
	EditSeed             string `json:"edit_seed"`
	ViewSeed             string `json:"view_seed"`
	ContentKey           string `json:"content_key"`
	FrameID              string `json:"frame_id"`
	Payload              string `json:"payload"`
	Covers               int64  `json:"covers"`
	PublicKey            string `json:"public_key"`
	ConfidentialUpdate   string `json:"confidential_update"`
	OrganisationUpdate   string `json:"organisation_update"`
	OrganisationSnapshot string `json:"organisation_snapshot"`
}

func readVectors(t testing.TB) vectors {
	t.Helper()
	raw, err := os.ReadFile("testdata/frames.json")
	require.NoError(t, err)
	var v vectors
	require.NoError(t, json.Unmarshal(raw, &v))
	return v
}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	require.NoError(t, err)
	return b
}

func TestFrame_vectors_of_the_browser_are_understood(t *testing.T) {
	v := readVectors(t)
	f, err := ParseFrame(unhex(t, v.ConfidentialUpdate))
	require.NoError(t, err)
	require.Equal(t, Confidential, f.Class)
	require.Equal(t, KindUpdate, f.Kind)
	require.EqualValues(t, 1, f.Epoch)
	require.Equal(t, v.FrameID, f.IDText())
	require.True(t, f.SignedBy(unhex(t, v.PublicKey), uuid.MustParse(v.Pad)))

	f, err = ParseFrame(unhex(t, v.OrganisationSnapshot))
	require.NoError(t, err)
	require.Equal(t, Organisation, f.Class)
	require.Equal(t, KindSnapshot, f.Kind)
	require.Equal(t, v.Covers, f.Covers)
	require.Equal(t, v.Payload, string(f.Bytes()[headerLength:]))
}

// The derivation and the sealing are worked out here a second time with other code than the
// browser's, so that a vector cannot merely repeat a mistake.
func TestFrame_keys_and_sealing_follow_the_description(t *testing.T) {
	v := readVectors(t)
	seed := unhex(t, v.EditSeed)
	view := derive(t, seed, nil, "rathaus/pad/v1/view")
	require.Equal(t, v.ViewSeed, hex.EncodeToString(view))
	key := ed25519.NewKeyFromSeed(derive(t, seed, nil, "rathaus/pad/v1/write"))
	public := key.Public().(ed25519.PublicKey)
	require.Equal(t, v.PublicKey, hex.EncodeToString(public))
	pad := uuid.MustParse(v.Pad)
	info := append(binary.BigEndian.AppendUint32([]byte("rathaus/pad/v1/content"), 1), public...)
	content := derive(t, view, pad[:], string(info))
	require.Equal(t, v.ContentKey, hex.EncodeToString(content))

	raw := unhex(t, v.ConfidentialUpdate)
	body := raw[headerLength : len(raw)-ed25519.SignatureSize]
	associated := append(append([]byte("rathaus/pad/v1/seal\x00"), pad[:]...), raw[:headerLength]...)
	block, err := aes.NewCipher(content)
	require.NoError(t, err)
	gcm, err := cipher.NewGCM(block)
	require.NoError(t, err)
	plain, err := gcm.Open(nil, body[:12], body[12:], associated)
	require.NoError(t, err)
	require.Equal(t, v.Payload, string(plain))
}

func derive(t *testing.T, secret, salt []byte, info string) []byte {
	t.Helper()
	out, err := hkdf.Key(sha256.New, secret, salt, info, 32)
	require.NoError(t, err)
	return out
}

func TestFrame_any_altered_byte_breaks_the_signature(t *testing.T) {
	v := readVectors(t)
	good, key := unhex(t, v.ConfidentialUpdate), ed25519.PublicKey(unhex(t, v.PublicKey))
	for at := range good {
		bad := bytes.Clone(good)
		bad[at] ^= 1
		if f, err := ParseFrame(bad); err == nil {
			require.False(t, f.SignedBy(key, uuid.MustParse(v.Pad)), "byte %d", at)
		}
	}
}

func TestFrame_signature_belongs_to_one_pad_and_one_key(t *testing.T) {
	v := readVectors(t)
	f, err := ParseFrame(unhex(t, v.ConfidentialUpdate))
	require.NoError(t, err)
	require.False(t, f.SignedBy(unhex(t, v.PublicKey), uuid.New()))
	other, _, err := ed25519.GenerateKey(nil)
	require.NoError(t, err)
	require.False(t, f.SignedBy(other, uuid.MustParse(v.Pad)))
	require.False(t, f.SignedBy(nil, uuid.MustParse(v.Pad)))
}

func TestFrame_malformed_frames_are_refused(t *testing.T) {
	v := readVectors(t)
	good := unhex(t, v.ConfidentialUpdate)
	with := func(at int, value byte) []byte {
		b := bytes.Clone(good)
		b[at] = value
		return b
	}
	for name, raw := range map[string][]byte{
		"empty":                       nil,
		"cut in the header":           good[:31],
		"cut in the signature":        good[:headerLength+sealOverhead+10],
		"other version":               with(0, 2),
		"unknown class":               with(1, 3),
		"kind that stays on a device": with(2, 5),
		"kind zero":                   with(2, 0),
		"reserved byte":               with(3, 1),
		"update that covers":          with(31, 1),
	} {
		_, err := ParseFrame(raw)
		require.ErrorIs(t, err, ErrFrame, name)
	}
}

func FuzzParseFrame(f *testing.F) {
	v := readVectors(f)
	for _, s := range []string{v.ConfidentialUpdate, v.OrganisationUpdate, v.OrganisationSnapshot} {
		f.Add(unhex(f, s))
	}
	key := ed25519.PublicKey(unhex(f, v.PublicKey))
	f.Fuzz(func(t *testing.T, raw []byte) {
		frame, err := ParseFrame(raw)
		if err != nil {
			require.ErrorIs(t, err, ErrFrame)
			return
		}
		require.GreaterOrEqual(t, frame.Covers, int64(0))
		require.Equal(t, raw, frame.Bytes())
		frame.SignedBy(key, uuid.MustParse(v.Pad))
	})
}
