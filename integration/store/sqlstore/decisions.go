package sqlstore

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

type decisionRow struct {
	bun.BaseModel `bun:"table:decisions,alias:d"`

	Instance string         `bun:"instance,pk"`
	Side     reconcile.Side `bun:"side,pk"`
	Record   string         `bun:"record,pk"`
	Verb     string         `bun:"verb"`
	By       string         `bun:"decided_by"`
	At       moment         `bun:"decided"`
}

// ListDecisions implements [store.Pairs].
func (t *tx) ListDecisions(ctx context.Context, instance string, side reconcile.Side, records []string) ([]store.Decision, error) {
	var rows []decisionRow
	err := t.db.NewSelect().Model(&rows).Where("instance = ?", instance).
		ApplyQueryBuilder(func(b bun.QueryBuilder) bun.QueryBuilder {
			return among(is(b, "side", side), "record", records)
		}).OrderExpr("side, record").Scan(ctx)
	if err != nil {
		return nil, t.fault(err)
	}
	decisions := make([]store.Decision, len(rows))
	for i, r := range rows {
		decisions[i] = store.Decision{Side: r.Side, Record: r.Record, Verb: r.Verb, By: r.By, At: time.Time(r.At)}
	}
	return decisions, nil
}

// SaveDecision implements [store.Pairs].
func (t *tx) SaveDecision(ctx context.Context, instance string, d store.Decision) error {
	row := decisionRow{Instance: instance, Side: d.Side, Record: d.Record, Verb: d.Verb, By: d.By, At: moment(t.made(d.At))}
	_, err := t.db.NewInsert().Model(&row).On("CONFLICT (instance, side, record) DO UPDATE").Exec(ctx)
	return t.fault(err)
}

// ForgetDecision implements [store.Pairs].
func (t *tx) ForgetDecision(ctx context.Context, instance string, side reconcile.Side, record string) error {
	_, err := t.db.NewDelete().Model((*decisionRow)(nil)).Where("instance = ? AND side = ? AND record = ?", instance, side, record).Exec(ctx)
	return t.fault(err)
}
