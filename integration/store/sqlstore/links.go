package sqlstore

import (
	"context"
	"errors"

	"github.com/uptrace/bun"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

type linkRow struct {
	bun.BaseModel `bun:"table:links,alias:l"`

	Instance string               `bun:"instance,pk"`
	ID       string               `bun:"id,pk"`
	Customer string               `bun:"customer"`
	State    store.LinkState      `bun:"state"`
	SortKey  string               `bun:"sort_key"`
	Search   string               `bun:"search"`
	Version  int64                `bun:"version"`
	Body     document[store.Link] `bun:"body"`
}

func newLinkRow(instance string, l store.Link) linkRow {
	l.Decided, l.Discovered, l.Seen = kept(l.Decided), kept(l.Discovered), kept(l.Seen)
	r := linkRow{Instance: instance, ID: l.ID, State: l.State, Version: l.Version,
		SortKey: fold(l.Organization.Name), Search: fold(l.Organization.Name), Body: document[store.Link]{l}}
	if l.Customer != nil {
		r.Customer, r.Search = l.Customer.ID, fold(l.Organization.Name, l.Customer.Name)
	}
	return r
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
	s, err := paged(t.db.NewSelect().Model(&rows), q.After, q.Limit, "sort_key", "id")
	if err != nil {
		return nil, "", err
	}
	s = s.Where("instance = ?", instance).ApplyQueryBuilder(func(b bun.QueryBuilder) bun.QueryBuilder {
		return like(among(among(b, "state", q.States), "id", q.IDs), "search", q.Search)
	})
	if err := s.Scan(ctx); err != nil {
		return nil, "", t.fault(err)
	}
	rows, next := cut(rows, q.Limit, func(r linkRow) []string { return []string{r.SortKey, r.ID} })
	links := make([]store.Link, len(rows))
	for i, r := range rows {
		links[i] = r.Body.V
	}
	return links, next, nil
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
