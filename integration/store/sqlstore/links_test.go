package sqlstore

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/integration/store"
)

func TestLinksFromBeforeTheirSortKeysAreFoundAndSorted(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	s := reopened(t, path, Options{})
	id := newInstance(t, s, "acme")
	write(t, s, func(tx store.Tx) error {
		for _, l := range []store.Link{
			{ID: "1", Organization: store.Party{Name: "Alder", Parent: "9"}, State: store.Pending, Band: "weak", Score: 0.6},
			{ID: "2", Organization: store.Party{Name: "Birch"}, State: store.Pending, Band: "exact", Score: 0.99, Attention: "it is inactive", Decided: time.Unix(1_700_000_000, 0)},
		} {
			if _, err := tx.SaveLink(t.Context(), id, l); err != nil {
				return err
			}
		}
		return nil
	})
	tamper(t, s, "UPDATE links SET parent = '', band = '', attention = 0, score_key = '', decided_key = ''") // as 00004 leaves them
	require.NoError(t, s.Close())
	s = open(t, path, Options{})
	found := func(q store.LinkQuery) (ids []string) {
		q.Limit = 10
		require.NoError(t, s.Read(t.Context(), func(tx store.Tx) error {
			links, _, err := tx.ListLinks(t.Context(), id, q)
			for _, l := range links {
				ids = append(ids, l.ID)
			}
			return err
		}))
		return ids
	}
	require.Equal(t, []string{"2", "1"}, found(store.LinkQuery{Sort: store.LinksByScore}))
	require.Equal(t, []string{"2", "1"}, found(store.LinkQuery{Sort: store.LinksByDecided}))
	require.Equal(t, []string{"2"}, found(store.LinkQuery{Attention: true}))
	require.Equal(t, []string{"1"}, found(store.LinkQuery{Bands: []string{"weak"}}))
	require.Equal(t, []string{"1"}, found(store.LinkQuery{Parents: []string{"9"}}))
}
