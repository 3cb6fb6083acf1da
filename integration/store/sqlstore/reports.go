package sqlstore

import (
	"context"

	"github.com/uptrace/bun"

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
	_, err := t.db.NewInsert().Model(&row).On("CONFLICT (instance, owner) DO UPDATE").Exec(ctx)
	return t.fault(err)
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
