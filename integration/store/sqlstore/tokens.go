package sqlstore

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

type tokenRow struct {
	bun.BaseModel `bun:"table:tokens,alias:tok"`

	ID      string                `bun:"id,pk"`
	Digest  string                `bun:"digest"`
	User    string                `bun:"user_id"`
	Created moment                `bun:"created"`
	Used    moment                `bun:"used"`
	Body    document[store.Token] `bun:"body"`
}

func (r tokenRow) token() store.Token {
	t := r.Body.V
	t.Used = time.Time(r.Used)
	return t
}

// Token implements [store.Tokens].
func (t *tx) Token(ctx context.Context, id string) (store.Token, error) {
	var row tokenRow
	if err := t.db.NewSelect().Model(&row).Where("id = ?", id).Scan(ctx); err != nil {
		return store.Token{}, t.found(err, "there is no token %s (see `tokens list`)", id)
	}
	return row.token(), nil
}

// TokenOf implements [store.Tokens].
func (t *tx) TokenOf(ctx context.Context, digest string) (store.Token, error) {
	var row tokenRow
	if err := t.db.NewSelect().Model(&row).Where("digest = ?", digest).Scan(ctx); err != nil {
		return store.Token{}, t.found(err, "there is no such token")
	}
	return row.token(), nil
}

// ListTokens implements [store.Tokens].
func (t *tx) ListTokens(ctx context.Context, user string) ([]store.Token, error) {
	var rows []tokenRow
	err := t.db.NewSelect().Model(&rows).
		ApplyQueryBuilder(func(b bun.QueryBuilder) bun.QueryBuilder { return is(b, "user_id", user) }).
		OrderExpr("created DESC, id DESC").Scan(ctx)
	if err != nil {
		return nil, t.fault(err)
	}
	tokens := make([]store.Token, len(rows))
	for i, r := range rows {
		tokens[i] = r.token()
	}
	return tokens, nil
}

// SaveToken implements [store.Tokens].
func (t *tx) SaveToken(ctx context.Context, k store.Token) (store.Token, error) {
	if k.Digest == "" {
		return store.Token{}, component.Errorf(component.Internal, "a token without a digest could not be found")
	}
	if k.ID == "" {
		id, err := newID()
		if err != nil {
			return store.Token{}, err
		}
		k.ID = id
	}
	k.Created, k.Expires, k.Used, k.Revoked = t.made(k.Created), kept(k.Expires), kept(k.Used), kept(k.Revoked)
	row := tokenRow{ID: k.ID, Digest: k.Digest, User: k.User, Created: moment(k.Created), Used: moment(k.Used), Body: document[store.Token]{k}}
	_, err := t.db.NewInsert().Model(&row).On("CONFLICT (id) DO UPDATE").Exec(ctx)
	return k, t.fault(err)
}

// UseToken implements [store.Tokens].
func (t *tx) UseToken(ctx context.Context, id string, at time.Time) error {
	_, err := t.db.NewUpdate().Model((*tokenRow)(nil)).Set("used = ?", moment(at)).Where("id = ?", id).Exec(ctx)
	return t.fault(err)
}
