package access

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPasswordNeedsLengthAndNoPartOfItIsTriedFirst(t *testing.T) {
	t.Parallel()
	for password, fits := range map[string]bool{
		"violet kettle orbiting 7 lamps":   true,
		"zmfqowtrkvbxplj":                  true,
		"ZMFQOWTRKVBXPLJ":                  true,
		"849201746352918":                  true, // digits alone, but no run
		"äöüßéñçøåœæþðłž":                  true,
		"日本語のとても長い合い言葉です":                  true,
		"               |":                 true, // blanks are characters as any other
		"~{<;:+&|^?>_}=/":                  true,
		"!!!!!!!!!!!!!!!!!!!!":             false,
		"summer dragon monkey football":    true, // many words
		strings.Repeat("long enough ", 20): true,
		"fourteen chars":                   false,
		"":                                 false,
		"aaaaaaaaaaaaaaaaaaa":              false,
		"123456789012345678":               false,
		"abcdefghijklmnopqrstuvwxyz":       false,
		"passwordpassword":                 false,
		"P@ssw0rd!P@ssw0rd!":               false,
		"Password12345678!":                false,
		"qwertyuiopasdfghjkl":              false,
		"1q2w3e4r5t6y1q2w3e4r5t6y":         false,
		"Welcome2024Welcome2024":           false,
		"summer-summer-summer-2025":        false,
		"itglue-revio-itglue-revio":        false,
		"anastasia.anastasia":              false,
		"MarlowMarlow2025!":                false,
		strings.Repeat("x7", 129):          false,
		"violet kettle orbiting \xff\xfe":  false,
	} {
		err := fitPassword(password, "anastasia@acme.example", "Anastasia Marlow")
		require.Equal(t, fits, err == nil, "%q: %v", password, err)
		if err != nil && password != "" {
			require.NotContains(t, err.Error(), password)
		}
	}
}

func TestLongPasswordOfOneWordIsRefusedInLittleWork(t *testing.T) {
	t.Parallel()
	require.True(t, made([]rune(strings.Repeat("password", 32)), common))
	require.False(t, made([]rune(strings.Repeat("aaab1221", 31)+"zq"), common))
}

func TestHashIsCheckedAndSaysWhenItIsStale(t *testing.T) {
	t.Parallel()
	h := newHasher(Hash{MemoryKiB: 64, Passes: 1, AtOnce: 1})
	hash, err := h.make(t.Context(), "violet kettle")
	require.NoError(t, err)
	require.Regexp(t, `^\$argon2id\$v=19\$m=64,t=1,p=1\$[\w+/]{22}\$[\w+/]{43}$`, hash)
	again, err := h.make(t.Context(), "violet kettle")
	require.NoError(t, err)
	require.NotEqual(t, hash, again, "each has its salt")
	costly := newHasher(Hash{MemoryKiB: 128, Passes: 1, AtOnce: 1})
	for _, row := range []struct {
		h         *hasher
		password  string
		ok, stale bool
	}{{h, "violet kettle", true, false}, {h, "violet kettl", false, false}, {costly, "violet kettle", true, true}} {
		ok, stale, err := row.h.check(t.Context(), hash, row.password)
		require.NoError(t, err)
		require.Equal(t, []bool{row.ok, row.stale}, []bool{ok, stale})
	}
	ok, _, err := h.check(t.Context(), "", "")
	require.NoError(t, err)
	require.False(t, ok, "no password is nobody's")
	for _, broken := range []string{"x", "$argon2id$v=19$m=64,t=1,p=1$$", "$argon2i$v=19$m=64,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA", "$argon2id$v=19$m=4294967295,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA"} {
		_, _, err := h.check(t.Context(), broken, "violet kettle")
		require.Error(t, err, broken)
	}
	require.Equal(t, Hash{MemoryKiB: 65536, Passes: 3, AtOnce: 2}, newHasher(Hash{}).cost)
}

func TestHashesAreComputedAFewAtATime(t *testing.T) {
	t.Parallel()
	h := newHasher(Hash{MemoryKiB: 64, Passes: 1, AtOnce: 2})
	require.NoError(t, h.wait(t.Context()))
	require.NoError(t, h.wait(t.Context()))
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := h.make(gone, "violet kettle")
	require.ErrorIs(t, err, context.Canceled, "there is no room for a third")
	_, _, err = h.check(gone, "", "violet kettle")
	require.ErrorIs(t, err, context.Canceled)
	h.done()
	_, err = h.make(t.Context(), "violet kettle")
	require.NoError(t, err)
	require.Len(t, h.slots, 1, "the room is given back")
}
