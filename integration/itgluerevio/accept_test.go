package itgluerevio_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/integration/itgluerevio"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

func TestDryRunOfManyLinksCountsAllAndShowsTheFirst(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	require.NoError(t, s.Store.Write(t.Context(), store.Fence{}, func(tx store.Tx) error {
		in, err := tx.Instance(t.Context(), instanceName)
		require.NoError(t, err)
		for i := range 150 {
			name := fmt.Sprintf("Office %03d", i)
			_, err := tx.SaveLink(t.Context(), in.ID, store.Link{ID: fmt.Sprint("many", i), Organization: store.Party{Name: name}, Customer: &store.Party{ID: fmt.Sprint("c", i), Name: name}, State: store.Pending, Band: "exact", Score: 0.99})
			if err != nil {
				return err
			}
		}
		return nil
	}))
	var out itgluerevio.Decided
	s.must("links.accept", object{"minScore": 0.95, "dryRun": true}, &out)
	require.Equal(t, 150, out.Counts.Links)
	require.Len(t, out.Items, 100)
	s.must("links.accept", object{"minScore": 0.95}, &out)
	require.Len(t, out.Items, 150)
}
