package sqlstore

import (
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/itglue-revio/itglue-revio/integration/store"
)

// customerRow is a customer as it was listed. The body leaves out when, so that
// two listings that show the same have the same body.
type customerRow struct {
	bun.BaseModel `bun:"table:customers,alias:cu"`

	Instance string                   `bun:"instance,pk"`
	ID       string                   `bun:"id,pk"`
	SortKey  string                   `bun:"sort_key"`
	Seen     moment                   `bun:"seen"`
	Body     document[store.Customer] `bun:"body"`
}

// SaveCustomers implements [store.Customers].
func (t *tx) SaveCustomers(ctx context.Context, instance string, customers []store.Customer, complete bool) error {
	rows := make([]customerRow, len(customers))
	given := map[string]bool{}
	for i, c := range customers {
		rows[i] = customerRow{Instance: instance, ID: c.ID, SortKey: fold(c.Name), Seen: moment(t.made(c.Seen))}
		c.Seen = time.Time{}
		rows[i].Body.V, given[c.ID] = c, true
	}
	rows = last(rows, func(r customerRow) string { return r.ID })
	for part := range slices.Chunk(rows, batch) {
		if _, err := t.db.NewInsert().Model(&part).On("CONFLICT (instance, id) DO UPDATE").Exec(ctx); err != nil {
			return t.fault(err)
		}
	}
	if !complete {
		return nil
	}
	var ids []string
	if err := t.db.NewSelect().Model((*customerRow)(nil)).Column("id").Where("instance = ?", instance).Scan(ctx, &ids); err != nil {
		return t.fault(err)
	}
	ids = slices.DeleteFunc(ids, func(id string) bool { return given[id] })
	for part := range slices.Chunk(ids, batch) {
		if _, err := t.db.NewDelete().Model((*customerRow)(nil)).Where("instance = ? AND id IN (?)", instance, bun.List(part)).Exec(ctx); err != nil {
			return t.fault(err)
		}
	}
	return nil
}

// ListCustomers implements [store.Customers].
func (t *tx) ListCustomers(ctx context.Context, instance string, q store.CustomerQuery) ([]store.Customer, string, error) {
	var rows []customerRow
	s, err := paged(t.db.NewSelect().Model(&rows), q.After, q.Limit, "sort_key", "id")
	if err != nil {
		return nil, "", err
	}
	named := func(state store.LinkState) *bun.SelectQuery {
		return t.db.NewSelect().Model((*linkRow)(nil)).ColumnExpr("1").Where("l.instance = cu.instance AND l.customer = cu.id AND l.state = ?", state)
	}
	if q.Link != "" {
		s = s.Where("EXISTS (?)", named(q.Link))
	}
	if q.Free {
		s = s.Where("NOT EXISTS (?)", named(store.Accepted))
	}
	s = s.Where("instance = ?", instance).ApplyQueryBuilder(func(b bun.QueryBuilder) bun.QueryBuilder {
		return like(among(b, "id", q.IDs), "sort_key", q.Search)
	})
	if err := s.Scan(ctx); err != nil {
		return nil, "", t.fault(err)
	}
	rows, next := cut(rows, q.Limit, func(r customerRow) []string { return []string{r.SortKey, r.ID} })
	customers := make([]store.Customer, len(rows))
	for i, r := range rows {
		customers[i] = r.Body.V
		customers[i].Seen = time.Time(r.Seen)
	}
	return customers, next, nil
}
