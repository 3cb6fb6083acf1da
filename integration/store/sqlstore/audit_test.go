package sqlstore

import (
	"crypto/sha256"
	"encoding/hex"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/integration/store"
)

func verify(t *testing.T, s *Store) (bad int64, count int) {
	t.Helper()
	require.NoError(t, s.Read(t.Context(), func(tx store.Tx) (err error) {
		bad, count, err = tx.VerifyAudit(t.Context())
		return err
	}))
	return bad, count
}

// logged is a database with five audit entries.
func logged(t *testing.T) *Store {
	t.Helper()
	s := open(t, newPath(t), Options{})
	write(t, s, func(tx store.Tx) error {
		for _, subject := range []string{"1", "2", "3", "4", "5"} {
			e := store.Entry{At: time.UnixMilli(1700000000000), Instance: "acme", Actor: "os:ann", Action: "links.accept", Subject: subject, Detail: map[string]string{"customer": "<7>"}}
			if _, err := tx.Record(t.Context(), e); err != nil {
				return err
			}
		}
		return nil
	})
	bad, count := verify(t, s)
	require.Zero(t, bad)
	require.Equal(t, 5, count)
	return s
}

func TestTheAuditLogShowsThatItWasAlteredAndWhere(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		statements []string
		bad        int64
	}{
		"a subject is changed":           {[]string{"UPDATE audit SET subject = 'x' WHERE seq = 3"}, 3},
		"an actor is changed":            {[]string{"UPDATE audit SET actor = 'os:bob' WHERE seq = 1"}, 1},
		"an action is changed":           {[]string{"UPDATE audit SET action = 'links.reject' WHERE seq = 2"}, 2},
		"an instance is changed":         {[]string{"UPDATE audit SET instance = 'other' WHERE seq = 2"}, 2},
		"a time is changed":              {[]string{"UPDATE audit SET happened = happened + 1 WHERE seq = 4"}, 4},
		"a detail is changed":            {[]string{`UPDATE audit SET detail = '{"customer":"8"}' WHERE seq = 5`}, 5},
		"a detail is made unreadable":    {[]string{"UPDATE audit SET detail = 'x' WHERE seq = 5"}, 5},
		"a hash is changed":              {[]string{"UPDATE audit SET hash = 'x' WHERE seq = 2"}, 2},
		"a previous hash is changed":     {[]string{"UPDATE audit SET prev = '' WHERE seq = 2"}, 2},
		"the first one is dropped":       {[]string{"DELETE FROM audit WHERE seq = 1"}, 1},
		"one is dropped":                 {[]string{"DELETE FROM audit WHERE seq = 3"}, 3},
		"one is dropped, and renumbered": {[]string{"DELETE FROM audit WHERE seq = 3", "UPDATE audit SET seq = seq - 1 WHERE seq > 3"}, 3},
		"two change places":              {[]string{"UPDATE audit SET seq = -1 WHERE seq = 2", "UPDATE audit SET seq = 2 WHERE seq = 4", "UPDATE audit SET seq = 4 WHERE seq = -1"}, 2},
		"the tail is cut off":            {[]string{"DELETE FROM audit WHERE seq > 3"}, 4},
		"all are dropped":                {[]string{"DELETE FROM audit"}, 1},
		"one is copied to the end":       {[]string{"INSERT INTO audit SELECT 6, happened, instance, actor, action, subject, detail, hash, hash FROM audit WHERE seq = 5"}, 6},
		"the head is dropped":            {[]string{"DELETE FROM audit_head"}, 6},
		"the head is set back":           {[]string{"UPDATE audit_head SET seq = 4"}, 6},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := logged(t)
			tamper(t, s, c.statements...)
			bad, _ := verify(t, s)
			require.Equal(t, c.bad, bad)
		})
	}
}

func TestAnEntryIsNotRecordedWithoutTheHeadOfTheLog(t *testing.T) {
	t.Parallel()
	s := logged(t)
	tamper(t, s, "DELETE FROM audit_head")
	err := s.Write(t.Context(), store.Fence{}, func(tx store.Tx) error {
		_, err := tx.Record(t.Context(), store.Entry{Action: "x"})
		return err
	})
	require.ErrorContains(t, err, "audit log has lost its head")
}

// The text is written out here, so that whoever checks an export by other means
// can rely on it.
func TestTheHashOfAnEntryIsWhatTheDocumentationSays(t *testing.T) {
	t.Parallel()
	s := logged(t)
	var entries []store.Entry
	require.NoError(t, s.Read(t.Context(), func(tx store.Tx) (err error) {
		entries, err = tx.ListAudit(t.Context(), "", 0, 2)
		return err
	}))
	first := `{"action":"links.accept","actor":"os:ann","at":"2023-11-14T22:13:20Z","detail":{"customer":"<7>"},"instance":"acme","prev":"","seq":1,"subject":"1"}`
	sum := sha256.Sum256([]byte(first))
	require.Equal(t, hex.EncodeToString(sum[:]), entries[0].Hash)
	second := entries[0].Hash + `{"action":"links.accept","actor":"os:ann","at":"2023-11-14T22:13:20Z","detail":{"customer":"<7>"},"instance":"acme","prev":"` + entries[0].Hash + `","seq":2,"subject":"2"}`
	sum = sha256.Sum256([]byte(second))
	require.Equal(t, hex.EncodeToString(sum[:]), entries[1].Hash)
}

func TestAnEntryThatWasForgedWithItsHashBreaksTheNextOne(t *testing.T) {
	t.Parallel()
	for forged, bad := range map[int64]int64{1: 2, 3: 4, 5: 6} {
		s := logged(t)
		var found []store.Entry
		require.NoError(t, s.Read(t.Context(), func(tx store.Tx) (err error) {
			found, err = tx.ListAudit(t.Context(), "", forged-1, 1)
			return err
		}))
		found[0].Subject = "forged"
		hash, err := digest(found[0])
		require.NoError(t, err)
		_, err = s.writer.DB.ExecContext(t.Context(), "UPDATE audit SET subject = 'forged', hash = ? WHERE seq = ?", hash, forged)
		require.NoError(t, err)
		got, _ := verify(t, s)
		require.Equal(t, bad, got)
	}
}

func TestEntriesOfTheHostAndOfManyAtOnceAreOneChain(t *testing.T) {
	t.Parallel()
	s := logged(t)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for range 5 {
				err := s.Write(t.Context(), store.Fence{}, func(tx store.Tx) error {
					_, err := tx.Record(t.Context(), store.Entry{At: time.UnixMilli(1700000000000), Instance: []string{"", "acme"}[i%2], Actor: "user:ana", Action: "sign-in", Subject: "user ana"})
					return err
				})
				assert.NoError(t, err)
			}
		})
	}
	all.Wait()
	bad, count := verify(t, s)
	require.Zero(t, bad)
	require.Equal(t, 45, count)
	tamper(t, s, "UPDATE audit SET actor = 'user:ben' WHERE seq = (SELECT max(seq) FROM audit WHERE instance = '')")
	bad, _ = verify(t, s)
	require.NotZero(t, bad, "an entry that is no instance's is in the chain, too")
}
