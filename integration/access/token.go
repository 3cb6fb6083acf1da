package access

import (
	"context"
	"encoding/base64"
	"errors"
	"strings"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

const (
	tokenPrefix    = "irt_"
	tokenUsedEvery = time.Minute // how exactly the last use is kept
	mostTokenDays  = 366
)

// newTokenValue makes the value of an API token: 256 random bits behind a prefix
// that scanners for lost secrets can look for.
func newTokenValue() string { return tokenPrefix + base64.RawURLEncoding.EncodeToString(random(32)) }

// bearer says whose token the header Authorization holds.
func (g *Gate) bearer(ctx context.Context, header string) (Subject, error) {
	scheme, value, _ := strings.Cut(header, " ")
	value = strings.TrimSpace(value)
	if !strings.EqualFold(scheme, "Bearer") || value == "" {
		return Subject{}, notSignedIn(nil)
	}
	if strings.HasPrefix(value, tokenPrefix) {
		return g.tokenSubject(ctx, value)
	}
	return g.embedSubject(ctx, value)
}

// tokenSubject says who an API token acts for: its owner, held to its limit.
func (g *Gate) tokenSubject(ctx context.Context, value string) (Subject, error) {
	var t store.Token
	var u store.User
	err := g.o.Store.Read(ctx, func(tx store.Tx) (err error) {
		if t, err = tx.TokenOf(ctx, digest(value)); err == nil {
			u, err = tx.User(ctx, t.User)
		}
		return err
	})
	now := g.now()
	if errors.Is(err, store.ErrNotFound) || err == nil && (!t.Revoked.IsZero() || !now.Before(t.Expires) || !u.Removed.IsZero()) {
		return Subject{}, notSignedIn(nil)
	}
	if err != nil {
		return Subject{}, err
	}
	if now.Sub(t.Used) >= tokenUsedEvery {
		if err := g.o.Store.Write(ctx, store.Fence{}, func(tx store.Tx) error { return tx.UseToken(ctx, t.ID, now) }); err != nil {
			return Subject{}, err
		}
	}
	s := g.subjectOf(u)
	s.Actor, s.Token, s.limit = "token:"+t.Name+" of "+s.Actor, true, &limit{instance: t.Instance}
	for _, a := range t.Accesses {
		s.limit.accesses = append(s.limit.accesses, component.Access(a))
	}
	return s, nil
}
