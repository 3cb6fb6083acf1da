package sqlstore

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

type conflictRow struct {
	bun.BaseModel `bun:"table:conflicts,alias:c"`

	Instance string                       `bun:"instance,pk"`
	ID       string                       `bun:"id,pk"`
	Owner    string                       `bun:"owner"`
	Field    string                       `bun:"field"`
	Settled  moment                       `bun:"settled"`
	SortKey  string                       `bun:"sort_key"`
	Body     document[store.OpenConflict] `bun:"body"`
}

// Conflict implements [store.Reports].
func (t *tx) Conflict(ctx context.Context, instance, id string) (store.OpenConflict, error) {
	var row conflictRow
	if err := t.db.NewSelect().Model(&row).Where("instance = ? AND id = ?", instance, id).Scan(ctx); err != nil {
		return store.OpenConflict{}, t.found(err, "there is no conflict %s (see `conflicts list`)", id)
	}
	return row.Body.V, nil
}

// ListConflicts implements [store.Reports].
func (t *tx) ListConflicts(ctx context.Context, instance string, q store.ConflictQuery) ([]store.OpenConflict, string, error) {
	var rows []conflictRow
	s, err := paged(t.db.NewSelect().Model(&rows), q.After, q.Limit, "sort_key", "id")
	if err != nil {
		return nil, "", err
	}
	if q.Open {
		s = s.Where("settled = 0")
	}
	s = s.Where("instance = ?", instance).ApplyQueryBuilder(func(b bun.QueryBuilder) bun.QueryBuilder {
		return is(among(b, "owner", q.Owners), "field", q.Field)
	})
	if err := s.Scan(ctx); err != nil {
		return nil, "", t.fault(err)
	}
	rows, next := cut(rows, q.Limit, func(r conflictRow) []string { return []string{r.SortKey, r.ID} })
	conflicts := make([]store.OpenConflict, len(rows))
	for i, r := range rows {
		conflicts[i] = r.Body.V
	}
	return conflicts, next, nil
}

// CountConflicts implements [store.Reports].
func (t *tx) CountConflicts(ctx context.Context, instance string) (map[string]int, error) {
	var rows []struct {
		Field string `bun:"field"`
		Open  int    `bun:"open"`
	}
	err := t.db.NewSelect().Model((*conflictRow)(nil)).Column("field").ColumnExpr("COUNT(*) AS open").
		Where("instance = ?", instance).Where("settled = 0").Group("field").Scan(ctx, &rows)
	counts := map[string]int{}
	for _, r := range rows {
		counts[r.Field] = r.Open
	}
	return counts, t.fault(err)
}

// SaveConflict implements [store.Reports].
func (t *tx) SaveConflict(ctx context.Context, instance string, c store.OpenConflict) error {
	if c.ID == "" {
		return component.Errorf(component.Internal, "a conflict without an id could not be settled")
	}
	c.Since, c.Settled = t.made(c.Since), kept(c.Settled)
	row := conflictRow{Instance: instance, ID: c.ID, Owner: c.Owner, Field: c.Field, Settled: moment(c.Settled),
		SortKey: fold(c.Record), Body: document[store.OpenConflict]{c}}
	_, err := t.db.NewInsert().Model(&row).On("CONFLICT (instance, id) DO UPDATE").Exec(ctx)
	return t.fault(err)
}
