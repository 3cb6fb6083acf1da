package sqlstore

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

type intentRow struct {
	bun.BaseModel `bun:"table:intents,alias:n"`

	Instance string                 `bun:"instance,pk"`
	ID       string                 `bun:"id,pk"`
	Op       string                 `bun:"op"`
	Created  moment                 `bun:"created"`
	Body     document[store.Intent] `bun:"body"`
}

// ListIntents implements [store.Intents].
func (t *tx) ListIntents(ctx context.Context, instance string) ([]store.Intent, error) {
	var rows []intentRow
	err := t.db.NewSelect().Model(&rows).Where("instance = ?", instance).OrderExpr("created, id").Scan(ctx)
	if err != nil {
		return nil, t.fault(err)
	}
	intents := make([]store.Intent, len(rows))
	for i, r := range rows {
		intents[i] = r.Body.V
	}
	return intents, nil
}

// SaveIntent implements [store.Intents].
func (t *tx) SaveIntent(ctx context.Context, instance string, in store.Intent) error {
	if in.ID == "" || in.Op.ID == "" {
		return component.Errorf(component.Internal, "an intent without its id, or its op's, could not be settled")
	}
	taken, err := t.db.NewSelect().Model((*intentRow)(nil)).Where("instance = ? AND op = ? AND id <> ?", instance, in.Op.ID, in.ID).Exists(ctx)
	if err != nil {
		return t.fault(err)
	}
	if taken {
		return component.Errorf(component.Conflict, "the create of %s is written down already and not settled", in.Op.Name).
			Then("It is settled at the start of the next cycle.")
	}
	in.Created, in.Sent = t.made(in.Created), kept(in.Sent)
	row := intentRow{Instance: instance, ID: in.ID, Op: in.Op.ID, Created: moment(in.Created), Body: document[store.Intent]{in}}
	_, err = t.db.NewInsert().Model(&row).On("CONFLICT (instance, id) DO UPDATE").Exec(ctx)
	return t.fault(err)
}

// SettleIntent implements [store.Intents].
func (t *tx) SettleIntent(ctx context.Context, instance, id string) error {
	_, err := t.db.NewDelete().Model((*intentRow)(nil)).Where("instance = ? AND id = ?", instance, id).Exec(ctx)
	return t.fault(err)
}
