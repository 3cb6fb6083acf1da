package sqlstore

import (
	"context"
	"slices"

	"github.com/uptrace/bun"

	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

type reportRow struct {
	bun.BaseModel `bun:"table:reports,alias:rep"`

	Instance string                 `bun:"instance,pk"`
	Owner    string                 `bun:"owner,pk"`
	Body     document[store.Report] `bun:"body"`
}

// SaveReport implements [store.Reports].
func (t *tx) SaveReport(ctx context.Context, instance string, r store.Report) error {
	r.At = t.made(r.At)
	row := reportRow{Instance: instance, Owner: r.Owner, Body: document[store.Report]{r}}
	if _, err := t.db.NewInsert().Model(&row).On("CONFLICT (instance, owner) DO UPDATE").Exec(ctx); err != nil {
		return t.fault(err)
	}
	return t.saveHeld(ctx, instance, r)
}

// heldRow says of a whole record that it is held: what lists of records look
// for. The report has the words.
type heldRow struct {
	bun.BaseModel `bun:"table:held,alias:h"`

	Instance string           `bun:"instance,pk"`
	Side     reconcile.Side   `bun:"side,pk"`
	Record   string           `bun:"record,pk"`
	Code     reconcile.Reason `bun:"code,pk"`
	Owner    string           `bun:"owner,pk"`
}

// saveHeld replaces the held records of an organization.
func (t *tx) saveHeld(ctx context.Context, instance string, r store.Report) error {
	if _, err := t.db.NewDelete().Model((*heldRow)(nil)).Where("instance = ? AND owner = ?", instance, r.Owner).Exec(ctx); err != nil {
		return t.fault(err)
	}
	var rows []heldRow
	for _, h := range r.Held {
		if h.Field == "" && h.Kind == reconcile.Asset {
			rows = append(rows, heldRow{Instance: instance, Side: h.Side, Record: h.Record, Code: h.Code, Owner: r.Owner})
		}
	}
	rows = last(rows, func(h heldRow) string { return string(h.Side) + "\n" + string(h.Code) + "\n" + h.Record })
	for part := range slices.Chunk(rows, batch) {
		if _, err := t.db.NewInsert().Model(&part).Exec(ctx); err != nil {
			return t.fault(err)
		}
	}
	return nil
}

// ListReports implements [store.Reports].
func (t *tx) ListReports(ctx context.Context, instance string, owners []string) ([]store.Report, error) {
	var rows []reportRow
	err := t.db.NewSelect().Model(&rows).Where("instance = ?", instance).
		ApplyQueryBuilder(func(b bun.QueryBuilder) bun.QueryBuilder { return among(b, "owner", owners) }).
		OrderExpr("owner").Scan(ctx)
	if err != nil {
		return nil, t.fault(err)
	}
	reports := make([]store.Report, len(rows))
	for i, r := range rows {
		reports[i] = r.Body.V
	}
	return reports, nil
}
