package sqlstore

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

type userRow struct {
	bun.BaseModel `bun:"table:users,alias:u"`

	ID      string               `bun:"id,pk"`
	NameKey string               `bun:"name_key"`
	Issuer  string               `bun:"issuer"`
	Sub     string               `bun:"sub"`
	Removed moment               `bun:"removed"`
	Version int64                `bun:"version"`
	Body    document[store.User] `bun:"body"`
}

// User implements [store.Users].
func (t *tx) User(ctx context.Context, idOrName string) (store.User, error) {
	var row userRow
	err := t.db.NewSelect().Model(&row).Where("id = ? OR name_key = ?", idOrName, fold(plain(idOrName))).
		OrderExpr("CASE WHEN id = ? THEN 0 ELSE 1 END", idOrName).Limit(1).Scan(ctx)
	if err != nil {
		return store.User{}, t.found(err, "there is no user %s", idOrName)
	}
	return row.Body.V, nil
}

// UserOf implements [store.Users].
func (t *tx) UserOf(ctx context.Context, issuer, sub string) (store.User, error) {
	var row userRow
	if err := t.db.NewSelect().Model(&row).Where("issuer = ? AND sub = ? AND issuer <> ''", issuer, sub).Scan(ctx); err != nil {
		return store.User{}, t.found(err, "nobody has signed in as %s of %s", sub, issuer)
	}
	return row.Body.V, nil
}

// ListUsers implements [store.Users].
func (t *tx) ListUsers(ctx context.Context, after string, limit int) ([]store.User, string, error) {
	var rows []userRow
	q, err := paged(t.db.NewSelect().Model(&rows), after, limit, "name_key", "id")
	if err != nil {
		return nil, "", err
	}
	if err := q.Where("removed = 0").Scan(ctx); err != nil {
		return nil, "", t.fault(err)
	}
	rows, next := cut(rows, limit, func(r userRow) []string { return []string{r.NameKey, r.ID} })
	users := make([]store.User, len(rows))
	for i, r := range rows {
		users[i] = r.Body.V
	}
	return users, next, nil
}

// SaveUser implements [store.Users].
func (t *tx) SaveUser(ctx context.Context, u store.User) (store.User, error) {
	if u.ID == "" {
		id, err := newID()
		if err != nil {
			return store.User{}, err
		}
		u.ID = id
	}
	if err := t.unused(ctx, u); err != nil {
		return store.User{}, err
	}
	read := u.Version
	u.Version++
	u.Name = plain(u.Name)
	u.Created, u.SignedIn, u.Removed = t.made(u.Created), kept(u.SignedIn), kept(u.Removed)
	row := userRow{ID: u.ID, NameKey: fold(u.Name), Issuer: u.Issuer, Sub: u.Sub, Removed: moment(u.Removed), Version: u.Version, Body: document[store.User]{u}}
	write := t.db.NewUpdate().Model(&row).Where("id = ? AND version = ?", u.ID, read).Exec
	if read == 0 {
		write = t.db.NewInsert().Model(&row).On("CONFLICT (id) DO NOTHING").Exec
	}
	n, err := t.affected(write(ctx))
	if err != nil {
		return store.User{}, err
	}
	if n == 0 {
		if _, err := t.User(ctx, u.ID); err != nil {
			return store.User{}, err
		}
		return store.User{}, changed("the user %s", u.Name)
	}
	return u, nil
}

// unused fails when the name, or the person at the identity provider, is
// another user's.
func (t *tx) unused(ctx context.Context, u store.User) error {
	taken, err := t.db.NewSelect().Model((*userRow)(nil)).
		Where("id <> ? AND (name_key = ? OR (issuer = ? AND sub = ? AND issuer <> ''))", u.ID, fold(plain(u.Name)), u.Issuer, u.Sub).Exists(ctx)
	if err != nil || !taken {
		return t.fault(err)
	}
	return component.Errorf(component.Conflict, "there is, or was, another user named %s", u.Name).Then("Choose another name.")
}
