package sqlstore

import (
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/itglue-revio/itglue-revio/integration/store"
)

type passwordRow struct {
	bun.BaseModel `bun:"table:passwords,alias:pw"`

	Instance     string        `bun:"instance,pk"`
	ID           string        `bun:"id,pk"`
	Organization string        `bun:"organization"`
	Asset        string        `bun:"asset"`
	Linkage      store.Linkage `bun:"linkage"`
	Name         string        `bun:"name"`
	Username     string        `bun:"username"`
	Category     string        `bun:"category"`
	URL          string        `bun:"url"`
	Changed      moment        `bun:"changed"`
	Updated      moment        `bun:"updated"`
	Run          string        `bun:"run"`
	SortKey      string        `bun:"sort_key"`
	Search       string        `bun:"search"`
}

func newPasswordRow(instance string, p store.Password) passwordRow {
	return passwordRow{Instance: instance, ID: p.ID, Organization: p.Organization, Asset: p.Asset, Linkage: p.Linkage,
		Name: p.Name, Username: p.Username, Category: p.Category, URL: p.URL, Changed: moment(p.Changed), Updated: moment(p.Updated),
		Run: p.Run, SortKey: fold(p.Name), Search: fold(p.Name, p.Username)}
}

func (r passwordRow) password() store.Password {
	return store.Password{ID: r.ID, Organization: r.Organization, Asset: r.Asset, Linkage: r.Linkage,
		Name: r.Name, Username: r.Username, Category: r.Category, URL: r.URL,
		Changed: time.Time(r.Changed), Updated: time.Time(r.Updated), Run: r.Run}
}

// SavePasswords implements [store.Passwords].
func (t *tx) SavePasswords(ctx context.Context, instance string, organizations []string, passwords []store.Password, complete bool) (added, removed int, err error) {
	rows := make([]passwordRow, len(passwords))
	for i, p := range passwords {
		rows[i] = newPasswordRow(instance, p)
	}
	rows = last(rows, func(r passwordRow) string { return r.ID })
	given := map[string]bool{}
	for part := range slices.Chunk(rows, batch) {
		ids := make([]string, len(part))
		for i, r := range part {
			ids[i], given[r.ID] = r.ID, true
		}
		known, err := t.db.NewSelect().Model((*passwordRow)(nil)).Where("instance = ? AND id IN (?)", instance, bun.List(ids)).Count(ctx)
		if err != nil {
			return 0, 0, t.fault(err)
		}
		added += len(part) - int(known)
		if _, err := t.db.NewInsert().Model(&part).On("CONFLICT (instance, id) DO UPDATE").Exec(ctx); err != nil {
			return 0, 0, t.fault(err)
		}
	}
	if complete {
		removed, err = t.forgetPasswords(ctx, instance, organizations, given)
	}
	return added, removed, err
}

// forgetPasswords forgets the organizations' entries that are not given.
func (t *tx) forgetPasswords(ctx context.Context, instance string, organizations []string, given map[string]bool) (int, error) {
	var ids []string
	err := t.db.NewSelect().Model((*passwordRow)(nil)).Column("id").
		Where("instance = ? AND organization IN (?)", instance, bun.List(organizations)).Scan(ctx, &ids)
	if err != nil {
		return 0, t.fault(err)
	}
	ids = slices.DeleteFunc(ids, func(id string) bool { return given[id] })
	for part := range slices.Chunk(ids, batch) {
		_, err := t.db.NewDelete().Model((*passwordRow)(nil)).Where("instance = ? AND id IN (?)", instance, bun.List(part)).Exec(ctx)
		if err != nil {
			return 0, t.fault(err)
		}
	}
	return len(ids), nil
}

// ListPasswords implements [store.Passwords].
func (t *tx) ListPasswords(ctx context.Context, instance string, q store.PasswordQuery) ([]store.Password, string, error) {
	var rows []passwordRow
	s, err := paged(t.db.NewSelect().Model(&rows), q.After, q.Limit, "sort_key", "id")
	if err != nil {
		return nil, "", err
	}
	s = s.Where("instance = ?", instance).ApplyQueryBuilder(func(b bun.QueryBuilder) bun.QueryBuilder {
		b = among(among(b, "organization", q.Organizations), "asset", q.Assets)
		if q.Accepted {
			b = b.Where(`EXISTS (SELECT 1 FROM links AS l WHERE l.instance = ? AND l.id = organization AND l.state = 'accepted')`, instance)
		}
		return like(is(b, "linkage", q.Linkage), "search", q.Search)
	})
	if err := s.Scan(ctx); err != nil {
		return nil, "", t.fault(err)
	}
	rows, next := cut(rows, q.Limit, func(r passwordRow) []string { return []string{r.SortKey, r.ID} })
	passwords := make([]store.Password, len(rows))
	for i, r := range rows {
		passwords[i] = r.password()
	}
	return passwords, next, nil
}

// Password implements [store.Passwords].
func (t *tx) Password(ctx context.Context, instance, id string) (store.Password, error) {
	var row passwordRow
	if err := t.db.NewSelect().Model(&row).Where("instance = ? AND id = ?", instance, id).Scan(ctx); err != nil {
		return store.Password{}, t.found(err, "there is no password %s on the list (see `passwords list`)", id)
	}
	return row.password(), nil
}
