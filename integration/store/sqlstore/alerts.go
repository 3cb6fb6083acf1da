package sqlstore

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

type alertRow struct {
	bun.BaseModel `bun:"table:alerts,alias:al"`

	Instance string                `bun:"instance,pk"`
	ID       string                `bun:"id,pk"`
	Since    moment                `bun:"since"`
	Body     document[store.Alert] `bun:"body"`
}

// ListAlerts implements [store.Alerts].
func (t *tx) ListAlerts(ctx context.Context, instance string) ([]store.Alert, error) {
	var rows []alertRow
	err := t.db.NewSelect().Model(&rows).Where("instance = ?", instance).OrderExpr("since DESC, id").Scan(ctx)
	if err != nil {
		return nil, t.fault(err)
	}
	alerts := make([]store.Alert, len(rows))
	for i, r := range rows {
		alerts[i] = r.Body.V
	}
	return alerts, nil
}

// SaveAlert implements [store.Alerts].
func (t *tx) SaveAlert(ctx context.Context, instance string, a store.Alert) error {
	if a.Key == "" {
		return component.Errorf(component.Internal, "an alert without a key could not be told to be over")
	}
	a.Since, a.Ended, a.Told, a.Over, a.Next = t.made(a.Since), kept(a.Ended), kept(a.Told), kept(a.Over), kept(a.Next)
	row := alertRow{Instance: instance, ID: a.Key, Since: moment(a.Since), Body: document[store.Alert]{a}}
	_, err := t.db.NewInsert().Model(&row).On("CONFLICT (instance, id) DO UPDATE").Exec(ctx)
	return t.fault(err)
}

// ForgetAlert implements [store.Alerts].
func (t *tx) ForgetAlert(ctx context.Context, instance, key string) error {
	_, err := t.db.NewDelete().Model((*alertRow)(nil)).Where("instance = ? AND id = ?", instance, key).Exec(ctx)
	return t.fault(err)
}
