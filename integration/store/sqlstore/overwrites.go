package sqlstore

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

type overwriteRow struct {
	bun.BaseModel `bun:"table:overwrites,alias:o"`

	Instance string         `bun:"instance,pk"`
	ID       string         `bun:"id,pk"`
	Run      string         `bun:"run"`
	At       moment         `bun:"written"`
	Side     reconcile.Side `bun:"side"`
	Kind     reconcile.Kind `bun:"kind"`
	Record   string         `bun:"record"`
	Field    string         `bun:"field"`
	Was      string         `bun:"old_value"`
	Set      string         `bun:"new_value"`
	Why      string         `bun:"why"`
}

// SaveOverwrite implements [store.Pairs].
func (t *tx) SaveOverwrite(ctx context.Context, instance string, o store.Overwrite) error {
	if o.ID == "" {
		id, err := newID()
		if err != nil {
			return err
		}
		o.ID = id
	}
	row := overwriteRow{Instance: instance, ID: o.ID, Run: o.Run, At: moment(t.made(o.At)), Side: o.Side, Kind: o.Kind,
		Record: o.Record, Field: o.Field, Was: o.Was, Set: o.Set, Why: o.Why}
	_, err := t.db.NewInsert().Model(&row).On("CONFLICT (instance, id) DO UPDATE").Exec(ctx)
	return t.fault(err)
}

// ListOverwrites implements [store.Pairs].
func (t *tx) ListOverwrites(ctx context.Context, instance string, side reconcile.Side, record string) ([]store.Overwrite, error) {
	var rows []overwriteRow
	err := t.db.NewSelect().Model(&rows).Where("instance = ?", instance).
		ApplyQueryBuilder(func(b bun.QueryBuilder) bun.QueryBuilder {
			return is(is(b, "side", side), "record", record)
		}).OrderExpr("written DESC, id DESC").Scan(ctx)
	if err != nil {
		return nil, t.fault(err)
	}
	overwrites := make([]store.Overwrite, len(rows))
	for i, r := range rows {
		overwrites[i] = store.Overwrite{ID: r.ID, Run: r.Run, At: time.Time(r.At), Side: r.Side, Kind: r.Kind,
			Record: r.Record, Field: r.Field, Was: r.Was, Set: r.Set, Why: r.Why}
	}
	return overwrites, nil
}
