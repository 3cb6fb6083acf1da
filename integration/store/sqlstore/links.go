package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

type linkRow struct {
	bun.BaseModel `bun:"table:links,alias:l"`

	Instance   string               `bun:"instance,pk"`
	ID         string               `bun:"id,pk"`
	Customer   string               `bun:"customer"`
	State      store.LinkState      `bun:"state"`
	SortKey    string               `bun:"sort_key"`
	Search     string               `bun:"search"`
	Version    int64                `bun:"version"`
	Parent     string               `bun:"parent"`
	Band       string               `bun:"band"`
	Attention  int64                `bun:"attention"`
	ScoreKey   string               `bun:"score_key"`
	DecidedKey string               `bun:"decided_key"`
	Body       document[store.Link] `bun:"body"`
}

func newLinkRow(instance string, l store.Link) linkRow {
	l.Decided, l.Discovered, l.Seen = kept(l.Decided), kept(l.Discovered), kept(l.Seen)
	if l.Before != nil {
		before := *l.Before
		before.Decided, before.Discovered = kept(before.Decided), kept(before.Discovered)
		l.Before = &before
	}
	r := linkRow{Instance: instance, ID: l.ID, State: l.State, Version: l.Version, Parent: l.Organization.Parent, Band: l.Band,
		ScoreKey: fmt.Sprintf("%.6f", max(0, 1-l.Score)), DecidedKey: fmt.Sprintf("%015d", latest-max(0, moment(l.Decided).millis())),
		SortKey: fold(l.Organization.Name), Search: fold(l.Organization.Name), Body: document[store.Link]{l}}
	if l.Attention != "" {
		r.Attention = 1
	}
	if l.Customer != nil {
		r.Customer, r.Search = l.Customer.ID, fold(l.Organization.Name, l.Customer.Name)
	}
	return r
}

// keyLinks gives the links of a database from before 00004 what they are sorted
// and narrowed by, which SQL alone cannot read from their bodies. A link that has
// it has a score_key.
func (s *Store) keyLinks(ctx context.Context) error {
	var rows []linkRow
	if err := s.writer.NewSelect().Model(&rows).Column("instance", "id", "body").Where("score_key = ''").Scan(ctx); err != nil {
		return s.fault(err)
	}
	if len(rows) == 0 {
		return nil
	}
	return s.run(ctx, s.writer, &sql.TxOptions{}, func(t *tx) error {
		for _, r := range rows {
			row := newLinkRow(r.Instance, r.Body.V)
			_, err := t.db.NewUpdate().Model(&row).Column("parent", "band", "attention", "score_key", "decided_key").WherePK().Where("score_key = ''").Exec(ctx)
			if err != nil {
				return t.fault(err)
			}
		}
		return nil
	})
}

// latest is later than any time that is kept, in epoch milliseconds.
const latest = 999_999_999_999_999

// linkOrders are the columns that links are sorted by.
var linkOrders = map[store.LinkSort]string{"": "sort_key", store.LinksByName: "sort_key", store.LinksByScore: "score_key", store.LinksByDecided: "decided_key"}

func (r linkRow) key(column string) string {
	switch column {
	case "score_key":
		return r.ScoreKey
	case "decided_key":
		return r.DecidedKey
	}
	return r.SortKey
}

// Link implements [store.Links].
func (t *tx) Link(ctx context.Context, instance, id string) (store.Link, error) {
	var row linkRow
	if err := t.db.NewSelect().Model(&row).Where("instance = ? AND id = ?", instance, id).Scan(ctx); err != nil {
		return store.Link{}, t.found(err, "there is no link of the organization %s (see `links list`)", id)
	}
	return row.Body.V, nil
}

// LinkOf implements [store.Links].
func (t *tx) LinkOf(ctx context.Context, instance, customer string) (store.Link, error) {
	var row linkRow
	err := t.db.NewSelect().Model(&row).
		Where("instance = ? AND customer = ? AND state = 'accepted' AND customer <> ''", instance, customer).Scan(ctx)
	if err != nil {
		return store.Link{}, t.found(err, "no organization is linked to the customer %s", customer)
	}
	return row.Body.V, nil
}

// ListLinks implements [store.Links].
func (t *tx) ListLinks(ctx context.Context, instance string, q store.LinkQuery) ([]store.Link, string, error) {
	var rows []linkRow
	order := linkOrders[q.Sort]
	if order == "" {
		return nil, "", component.Errorf(component.InvalidInput, "links cannot be sorted by %q", q.Sort)
	}
	s := t.db.NewSelect().Model(&rows)
	whole := q.Limit <= 0 && q.After == ""
	if !whole {
		var err error
		if s, err = paged(s, q.After, q.Limit, order, "id"); err != nil {
			return nil, "", err
		}
	}
	if err := s.ApplyQueryBuilder(narrowLinks(instance, q)).Scan(ctx); err != nil {
		return nil, "", t.fault(err)
	}
	if whole { // sorted here, so that the database looks up a few by what narrows them
		slices.SortFunc(rows, func(a, b linkRow) int {
			return cmp.Or(cmp.Compare(a.key(order), b.key(order)), cmp.Compare(a.ID, b.ID))
		})
	}
	rows, next := cut(rows, q.Limit, func(r linkRow) []string { return []string{r.key(order), r.ID} })
	links := make([]store.Link, len(rows))
	for i, r := range rows {
		links[i] = r.Body.V
	}
	return links, next, nil
}

func narrowLinks(instance string, q store.LinkQuery) func(bun.QueryBuilder) bun.QueryBuilder {
	return func(b bun.QueryBuilder) bun.QueryBuilder {
		b = b.Where("instance = ?", instance)
		if q.Attention {
			b = b.Where("attention = 1")
		}
		b = among(among(among(b, "state", q.States), "id", q.IDs), "customer", q.Customers)
		return like(among(among(b, "band", q.Bands), "parent", q.Parents), "search", q.Search)
	}
}

// CountLinks implements [store.Links].
func (t *tx) CountLinks(ctx context.Context, instance string) (n store.LinkCounts, err error) {
	var rows []struct {
		State     store.LinkState `bun:"state"`
		Links     int             `bun:"links"`
		Attention int             `bun:"attention"`
		Named     int             `bun:"named"`
	}
	err = t.db.NewSelect().Model((*linkRow)(nil)).Column("state").ColumnExpr("COUNT(*) AS links").ColumnExpr("SUM(attention) AS attention").
		ColumnExpr("SUM(CASE WHEN customer <> '' THEN 1 ELSE 0 END) AS named").
		Where("instance = ?", instance).Group("state").Scan(ctx, &rows)
	for _, r := range rows {
		n.Attention += r.Attention
		switch r.State {
		case store.Pending:
			n.Pending, n.Suggested = r.Links, r.Named
		case store.Accepted:
			n.Accepted = r.Links
		case store.Rejected:
			n.Rejected = r.Links
		}
	}
	return n, t.fault(err)
}

// LinkTree implements [store.Links].
func (t *tx) LinkTree(ctx context.Context, instance string, q store.LinkQuery) ([]store.LinkNode, error) {
	var nodes []store.LinkNode
	err := t.db.NewSelect().Model((*linkRow)(nil)).Column("id", "parent", "state").
		ApplyQueryBuilder(narrowLinks(instance, q)).OrderExpr("sort_key, id").Scan(ctx, &nodes)
	return nodes, t.fault(err)
}

// SaveLink implements [store.Links].
func (t *tx) SaveLink(ctx context.Context, instance string, l store.Link) (store.Link, error) {
	if err := t.unlinked(ctx, instance, l); err != nil {
		return store.Link{}, err
	}
	read := l.Version
	l.Version++
	row := newLinkRow(instance, l)
	write := t.db.NewUpdate().Model(&row).Where("instance = ? AND id = ? AND version = ?", instance, l.ID, read).Exec
	if read == 0 {
		write = t.db.NewInsert().Model(&row).On("CONFLICT (instance, id) DO NOTHING").Exec
	}
	n, err := t.affected(write(ctx))
	if err != nil {
		return store.Link{}, err
	}
	if n == 0 {
		if _, err := t.Link(ctx, instance, l.ID); err != nil {
			return store.Link{}, err
		}
		return store.Link{}, changed("the link of %s", l.Organization.Name)
	}
	return row.Body.V, nil
}

// unlinked fails when a link that is to be accepted names a customer that is
// another organization's.
func (t *tx) unlinked(ctx context.Context, instance string, l store.Link) error {
	if l.State != store.Accepted || l.Customer == nil || l.Customer.ID == "" {
		return nil
	}
	other, err := t.LinkOf(ctx, instance, l.Customer.ID)
	if errors.Is(err, store.ErrNotFound) || err == nil && other.ID == l.ID {
		return nil
	}
	if err != nil {
		return err
	}
	return component.Errorf(component.Conflict, "the customer %s is linked to the organization %s already", l.Customer.Name, other.Organization.Name).
		Then("Reject or reassign that link first, or choose another customer for %s.", l.Organization.Name)
}
