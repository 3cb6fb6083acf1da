package sqlstore

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

type planRow struct {
	bun.BaseModel `bun:"table:plans,alias:p"`

	Instance    string `bun:"instance,pk"`
	ID          string `bun:"id,pk"`
	Created     moment `bun:"created"`
	By          string `bun:"made_by"`
	Fingerprint string `bun:"fingerprint"`
	Document    string `bun:"document"`
	Applied     moment `bun:"applied"`
}

func (r planRow) plan() store.SavedPlan {
	return store.SavedPlan{ID: r.ID, Created: time.Time(r.Created), By: r.By, Fingerprint: r.Fingerprint,
		Document: raw(r.Document), Applied: time.Time(r.Applied)}
}

// SavePlan implements [store.Reports].
func (t *tx) SavePlan(ctx context.Context, instance string, p store.SavedPlan) error {
	if p.ID == "" {
		return component.Errorf(component.Internal, "a plan without an id could not be applied")
	}
	row := planRow{Instance: instance, ID: p.ID, Created: moment(t.made(p.Created)), By: p.By, Fingerprint: p.Fingerprint,
		Document: string(p.Document), Applied: moment(p.Applied)}
	_, err := t.db.NewInsert().Model(&row).On("CONFLICT (instance, id) DO UPDATE").Exec(ctx)
	return t.fault(err)
}

// Plan implements [store.Reports].
func (t *tx) Plan(ctx context.Context, instance, id string) (store.SavedPlan, error) {
	var row planRow
	if err := t.db.NewSelect().Model(&row).Where("instance = ? AND id = ?", instance, id).Scan(ctx); err != nil {
		return store.SavedPlan{}, t.found(err, "there is no plan %s (see `plan list`)", id)
	}
	return row.plan(), nil
}

// ListPlans implements [store.Reports].
func (t *tx) ListPlans(ctx context.Context, instance string) ([]store.SavedPlan, error) {
	var rows []planRow
	err := t.db.NewSelect().Model(&rows).ExcludeColumn("document").Where("instance = ?", instance).
		OrderExpr("created DESC, id DESC").Scan(ctx)
	if err != nil {
		return nil, t.fault(err)
	}
	plans := make([]store.SavedPlan, len(rows))
	for i, r := range rows {
		plans[i] = r.plan()
	}
	return plans, nil
}
