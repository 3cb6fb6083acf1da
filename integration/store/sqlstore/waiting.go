package sqlstore

import (
	"context"
	"time"

	"github.com/itglue-revio/itglue-revio/integration/store"
)

// WaitRun implements [store.Runs].
func (t *tx) WaitRun(ctx context.Context, r store.Run) (store.Run, error) {
	var rows []runRow
	err := t.db.NewSelect().Model(&rows).Where("instance = ? AND state = ?", r.Instance, store.Waiting).
		Where("flow = ? AND input = ?", r.Flow, string(r.Input)).OrderExpr("created, id").Limit(1).Scan(ctx)
	if err != nil {
		return store.Run{}, t.fault(err)
	}
	if len(rows) > 0 {
		return rows[0].run(), nil
	}
	if r.ID == "" {
		if r.ID, err = newID(); err != nil {
			return store.Run{}, err
		}
	}
	row := newRunRow(r)
	row.State, row.Until, row.Created = store.Waiting, moment{}, moment(t.made(r.Created))
	if _, err := t.db.NewInsert().Model(&row).Exec(ctx); err != nil {
		return store.Run{}, t.fault(err)
	}
	return t.Run(ctx, r.Instance, r.ID)
}

// NextRun implements [store.Runs].
func (t *tx) NextRun(ctx context.Context, instance string, until time.Time) (store.Run, error) {
	first := t.db.NewSelect().Model((*runRow)(nil)).Column("id").
		Where("instance = ? AND state = ?", instance, store.Waiting).OrderExpr("created, id").Limit(1)
	var rows []runRow
	err := t.db.NewUpdate().Model((*runRow)(nil)).
		Set("state = ?", store.Queued).Set("until = ?", moment(until)).Set("sequence = sequence + 1").
		Where("id = (?)", first).Returning("*").Scan(ctx, &rows)
	if err != nil {
		return store.Run{}, t.fault(err)
	}
	if len(rows) == 0 {
		return store.Run{}, t.none("no run of the instance %s waits", instance)
	}
	return rows[0].run(), nil
}

// WaitingInstances implements [store.Runs].
func (t *tx) WaitingInstances(ctx context.Context) ([]string, error) {
	var ids []string
	err := t.db.NewSelect().Model((*runRow)(nil)).Distinct().Column("instance").Where("state = ?", store.Waiting).OrderExpr("instance").Scan(ctx, &ids)
	return ids, t.fault(err)
}
