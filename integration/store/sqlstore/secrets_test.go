package sqlstore

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

const canary = "canary-7f3a-do-not-print"

func seal(t *testing.T, s *Store, instance, name, secret string) error {
	t.Helper()
	return s.Write(t.Context(), store.Fence{}, func(tx store.Tx) error { return tx.Seal(t.Context(), instance, name, secret) })
}

func unseal(t *testing.T, s *Store, instance, name string) (secret string, err error) {
	t.Helper()
	err = s.Read(t.Context(), func(tx store.Tx) (err error) {
		secret, err = tx.Unseal(t.Context(), instance, name)
		return err
	})
	return secret, err
}

// sealed is a database with two instances that have two secrets each.
func sealed(t *testing.T, o Options) *Store {
	t.Helper()
	s := open(t, newPath(t), o)
	for _, instance := range []string{"acme", "other"} {
		newInstance(t, s, instance)
		require.NoError(t, seal(t, s, instance, "a", canary+instance+"a"))
		require.NoError(t, seal(t, s, instance, "b", canary+instance+"b"))
	}
	return s
}

func TestNoFileHoldsASecretInPlain(t *testing.T) {
	t.Parallel()
	s := sealed(t, Options{KEKFile: filepath.Join(t.TempDir(), "kek")})
	key, err := os.ReadFile(s.keys.path)
	require.NoError(t, err)
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(key)))
	require.NoError(t, err)
	forbidden := [][]byte{[]byte(canary), []byte(base64.StdEncoding.EncodeToString([]byte(canary))), []byte(hex.EncodeToString([]byte(canary))),
		bytes.TrimSpace(key), raw, []byte(hex.EncodeToString(raw))}
	search := func(wanted int) {
		files, err := filepath.Glob(s.Path() + "*")
		require.NoError(t, err)
		require.Len(t, files, wanted)
		for _, file := range files {
			content, err := os.ReadFile(file)
			require.NoError(t, err)
			for _, secret := range forbidden {
				require.False(t, bytes.Contains(content, secret), file)
			}
		}
	}
	search(4) // with -wal, -shm and .lock
	require.NoError(t, s.Close())
	search(2)
}

func TestASecretOpensInItsPlaceOnly(t *testing.T) {
	t.Parallel()
	for name, statement := range map[string]string{
		"under another name":                     "UPDATE secrets SET sealed = (SELECT sealed FROM secrets WHERE instance = 'acme' AND name = 'b') WHERE instance = 'acme' AND name = 'a'",
		"in another instance":                    "UPDATE secrets SET sealed = (SELECT sealed FROM secrets WHERE instance = 'other' AND name = 'a') WHERE instance = 'acme' AND name = 'a'",
		"altered":                                "UPDATE secrets SET sealed = 'AAAA' || sealed WHERE instance = 'acme' AND name = 'a'",
		"not base64":                             "UPDATE secrets SET sealed = '!' WHERE instance = 'acme' AND name = 'a'",
		"with the keyset of another instance":    "UPDATE keysets SET wrapped = (SELECT wrapped FROM keysets WHERE instance = 'other') WHERE instance = 'acme'",
		"with another instance's secret and key": "UPDATE secrets SET sealed = (SELECT sealed FROM secrets WHERE instance = 'other' AND name = 'a') WHERE name = 'a'; UPDATE keysets SET wrapped = (SELECT wrapped FROM keysets WHERE instance = 'other')",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := sealed(t, Options{})
			tamper(t, s, statement)
			_, err := unseal(t, s, "acme", "a")
			require.ErrorIs(t, err, component.InvalidInput)
			require.ErrorContains(t, err, "does not open")
			require.NotContains(t, err.Error(), canary)
			got, err := unseal(t, s, "other", "b")
			require.NoError(t, err, "the others still open")
			require.Equal(t, canary+"otherb", got)
		})
	}
}

func TestAnotherKeyOpensNothingOldAndSealsAnew(t *testing.T) {
	t.Parallel()
	s := sealed(t, Options{})
	old, err := os.ReadFile(s.keys.path)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(s.keys.path, []byte(base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{7}, 32))), 0o600))
	_, err = unseal(t, s, "acme", "a")
	require.ErrorIs(t, err, component.InvalidInput)
	require.ErrorContains(t, err, "was sealed with another key")
	require.NoError(t, seal(t, s, "acme", "a", "entered again"))
	got, err := unseal(t, s, "acme", "a")
	require.NoError(t, err)
	require.Equal(t, "entered again", got)
	require.NoError(t, os.WriteFile(s.keys.path, old, 0o600))
	got, err = unseal(t, s, "acme", "b")
	require.NoError(t, err, "the old key is back")
	require.Equal(t, canary+"acmeb", got)
	_, err = unseal(t, s, "acme", "a")
	require.ErrorContains(t, err, "was sealed with another key")
}

func TestAMissingKeyIsNotReplacedBehindSecrets(t *testing.T) {
	t.Parallel()
	s := sealed(t, Options{})
	require.NoError(t, os.Remove(s.keys.path))
	for _, err := range []error{seal(t, s, "acme", "a", "x"), second(unseal(t, s, "acme", "a"))} {
		require.ErrorIs(t, err, component.InvalidInput)
		require.ErrorContains(t, err, s.keys.path)
		require.ErrorContains(t, err, "apart from the backups")
	}
	require.NoFileExists(t, s.keys.path)
	newInstance(t, s, "the rest works")
}

func second[A, B any](_ A, b B) B { return b }

func TestAKeyFileThatHoldsNoKeyIsRefused(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{"empty": "", "not base64": "!!", "too short": "c2hvcnQ=", "too long": base64.StdEncoding.EncodeToString(make([]byte, 33))} {
		path := filepath.Join(t.TempDir(), "kek")
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		s := open(t, newPath(t), Options{KEKFile: path})
		newInstance(t, s, "acme")
		err := seal(t, s, "acme", "a", canary)
		require.ErrorIs(t, err, component.InvalidInput, name)
		require.ErrorContains(t, err, "does not hold 32 bytes in base64", name)
	}
}

func TestTheKeyIsMadeOnceByWhoeverNeedsItFirst(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	var lock sync.Mutex
	var made []string
	o := Options{KEKFile: filepath.Join(t.TempDir(), "keys", "kek"), OnKeyMade: func(path string) {
		lock.Lock()
		defer lock.Unlock()
		made = append(made, path)
	}}
	stores := []*Store{open(t, path, o), open(t, path, o), open(t, newPath(t), o), open(t, newPath(t), o)}
	require.NoFileExists(t, o.KEKFile, "nothing was sealed yet")
	var wait sync.WaitGroup
	for i, s := range stores {
		instance := newInstance(t, s, "acme"+string(rune('0'+i)))
		wait.Go(func() {
			if err := seal(t, s, instance, "a", canary); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	require.Equal(t, []string{o.KEKFile}, made)
	for i, s := range stores {
		got, err := unseal(t, s, "acme"+string(rune('0'+i)), "a")
		require.NoError(t, err)
		require.Equal(t, canary, got)
	}
	left, err := os.ReadDir(filepath.Dir(o.KEKFile))
	require.NoError(t, err)
	require.Len(t, left, 1, "no half key is left behind")
}

func TestAKeyThatIsThereIsNeverReplaced(t *testing.T) {
	t.Parallel()
	k := keyFile{path: filepath.Join(t.TempDir(), "kek")}
	made, err := k.make()
	require.NoError(t, err)
	require.True(t, made)
	first, err := k.read()
	require.NoError(t, err)
	made, err = k.make() // by another process that saw no file a moment ago
	require.NoError(t, err)
	require.False(t, made)
	second, err := k.read()
	require.NoError(t, err)
	require.Equal(t, first.id, second.id)
}
