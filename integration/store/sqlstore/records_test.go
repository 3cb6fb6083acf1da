package sqlstore

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/integration/store"
)

// TestListsOfAssetsLookUpEachRowByItsKey reads how the database goes about the
// lists and counts of assets: for each record it must not go through the links,
// pairs or records of an instance, of which there are ten thousands.
func TestListsOfAssetsLookUpEachRowByItsKey(t *testing.T) {
	t.Parallel()
	s := reopened(t, newPath(t), Options{})
	byKey := regexp.MustCompile(`^SEARCH \w+ (EXISTS )?USING .*\(.*(\bid|\bowner|\bcustomer|left_id|right_id|record)=\?`)
	for _, state := range []store.AssetState{"", store.HeldAsset, store.LinkedAsset, store.OnlyRightAsset, store.WaitingAsset} {
		query := s.reader.NewSelect().Model((*recordRow)(nil)).ApplyQueryBuilder(narrow("acme", store.RecordQuery{Accepted: true, Once: true, State: state})).
			OrderExpr("sort_key, side, id").Limit(51).String()
		rows, err := s.reader.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+query)
		require.NoError(t, err)
		lookups := 0
		for rows.Next() {
			var id, parent, unused int
			var step string
			require.NoError(t, rows.Scan(&id, &parent, &unused, &step))
			if regexp.MustCompile(`^(SEARCH|SCAN) (l|pa|first)\b`).MatchString(step) {
				lookups++
				require.Regexp(t, byKey, step, state)
			}
		}
		require.NoError(t, rows.Err())
		require.NoError(t, rows.Close())
		require.GreaterOrEqual(t, lookups, 4, state)
	}
}
