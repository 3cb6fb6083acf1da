package sqlstore

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

type pairRow struct {
	bun.BaseModel `bun:"table:pairs,alias:p"`

	Instance string                   `bun:"instance,pk"`
	Kind     reconcile.Kind           `bun:"kind,pk"`
	Left     string                   `bun:"left_id,pk"`
	Right    string                   `bun:"right_id"`
	Owner    string                   `bun:"owner"`
	Body     document[reconcile.Pair] `bun:"body"`
}

// ListPairs implements [store.Pairs].
func (t *tx) ListPairs(ctx context.Context, instance string, q store.PairQuery) ([]reconcile.Pair, error) {
	var rows []pairRow
	err := t.db.NewSelect().Model(&rows).Where("instance = ?", instance).
		ApplyQueryBuilder(func(b bun.QueryBuilder) bun.QueryBuilder {
			return among(among(among(is(b, "kind", q.Kind), "owner", q.Owners), "left_id", q.Left), "right_id", q.Right)
		}).OrderExpr("kind, left_id").Scan(ctx)
	if err != nil {
		return nil, t.fault(err)
	}
	pairs := make([]reconcile.Pair, len(rows))
	for i, r := range rows {
		pairs[i] = r.Body.V
	}
	return pairs, nil
}

// SavePair implements [store.Pairs].
func (t *tx) SavePair(ctx context.Context, instance string, p reconcile.Pair) error {
	var others []pairRow
	err := t.db.NewSelect().Model(&others).Where("instance = ? AND kind = ? AND right_id = ? AND right_id <> ''", instance, p.Kind, p.Right).
		Where("left_id <> ?", p.Left).Scan(ctx)
	if err != nil {
		return t.fault(err)
	}
	if len(others) > 0 {
		return component.Errorf(component.Conflict, "the Rev.io record %s is the same as the IT Glue record %s already, so it cannot be %s", p.Right, others[0].Left, p.Left).
			Then("Link that one to another record first.")
	}
	row := pairRow{Instance: instance, Kind: p.Kind, Left: p.Left, Right: p.Right, Owner: p.Owner, Body: document[reconcile.Pair]{p}}
	_, err = t.db.NewInsert().Model(&row).On("CONFLICT (instance, kind, left_id) DO UPDATE").Exec(ctx)
	return t.fault(err)
}

// ForgetPair implements [store.Pairs].
func (t *tx) ForgetPair(ctx context.Context, instance string, kind reconcile.Kind, left string) error {
	_, err := t.db.NewDelete().Model((*pairRow)(nil)).Where("instance = ? AND kind = ? AND left_id = ?", instance, kind, left).Exec(ctx)
	return t.fault(err)
}
