package access

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// An embed token lets a page in another site show one customer and press Sync,
// for a few minutes. The other site's server asks for one with its API token and
// hands it to the page; nobody signs in.
const (
	embedWithin = 10 * time.Minute // the longest life of one
	embedType   = "itglue-revio-embed+jwt"
	embedSecret = "embed.ed25519" // the sealed seed of the key that signs them
)

type embedKey struct{ private ed25519.PrivateKey }

// embedClaims are what an embed token says beside the registered claims.
type embedClaims struct {
	jwt.Claims
	Instance string `json:"instance"`
	Customer string `json:"customer"`
}

// embedAudience is who an embed token is for: this server.
func (g *Gate) embedAudience() string { return g.site.URL + "/embed" }

// signingKey gives the key that signs embed tokens, made at its first use.
func (g *Gate) signingKey(ctx context.Context, mayMake bool) (*embedKey, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.embedKey != nil {
		return g.embedKey, nil
	}
	seed := ""
	unseal := func(tx store.Tx) (err error) {
		seed, err = tx.Unseal(ctx, "", embedSecret)
		return err
	}
	err := g.o.Store.Read(ctx, unseal)
	if errors.Is(err, store.ErrNotFound) && mayMake {
		err = g.o.Store.Write(ctx, store.Fence{}, func(tx store.Tx) error {
			if err := unseal(tx); !errors.Is(err, store.ErrNotFound) {
				return err // another process made it a moment ago
			}
			seed = base64.StdEncoding.EncodeToString(random(ed25519.SeedSize))
			return tx.Seal(ctx, "", embedSecret, seed)
		})
	}
	if err != nil {
		return nil, err
	}
	raw, err := base64.StdEncoding.DecodeString(seed)
	if err != nil || len(raw) != ed25519.SeedSize {
		return nil, component.Errorf(component.Internal, "the key that signs embed tokens is not one")
	}
	g.embedKey = &embedKey{private: ed25519.NewKeyFromSeed(raw)}
	return g.embedKey, nil
}

// signEmbed makes an embed token of a user for one customer of an instance.
func (g *Gate) signEmbed(ctx context.Context, user, instance, customer string, within time.Duration) (token string, expires time.Time, err error) {
	key, err := g.signingKey(ctx, true)
	if err != nil {
		return "", expires, err
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.EdDSA, Key: key.private}, (&jose.SignerOptions{}).WithType(embedType))
	if err != nil {
		return "", expires, err
	}
	now := g.now()
	expires = now.Add(min(within, embedWithin)).Truncate(time.Second)
	claims := embedClaims{Instance: instance, Customer: customer, Claims: jwt.Claims{
		Issuer: g.site.URL, Audience: jwt.Audience{g.embedAudience()}, Subject: user, ID: base64.RawURLEncoding.EncodeToString(random(12)),
		IssuedAt: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(expires),
	}}
	token, err = jwt.Signed(signer).Claims(claims).Serialize()
	return token, expires, err
}

// embedSubject says what an embed token may: see and work on one instance, by
// the calls that the site names, for its customer.
func (g *Gate) embedSubject(ctx context.Context, value string) (Subject, error) {
	parsed, err := jwt.ParseSigned(value, []jose.SignatureAlgorithm{jose.EdDSA})
	if err != nil || len(parsed.Headers) != 1 || parsed.Headers[0].ExtraHeaders[jose.HeaderType] != embedType {
		return Subject{}, notSignedIn(nil)
	}
	key, err := g.signingKey(ctx, false)
	if errors.Is(err, store.ErrNotFound) {
		return Subject{}, notSignedIn(nil)
	}
	if err != nil {
		return Subject{}, err
	}
	var claims embedClaims
	now := g.now()
	if parsed.Claims(key.private.Public(), &claims) != nil ||
		claims.ValidateWithLeeway(jwt.Expected{Issuer: g.site.URL, AnyAudience: jwt.Audience{g.embedAudience()}, Time: now}, 0) != nil ||
		claims.Expiry == nil || claims.IssuedAt == nil || claims.Expiry.Time().Sub(claims.IssuedAt.Time()) > embedWithin+time.Second ||
		claims.Instance == "" || claims.Customer == "" {
		return Subject{}, notSignedIn(nil)
	}
	u, err := g.user(ctx, claims.Subject)
	if errors.Is(err, store.ErrNotFound) || err == nil && !u.Removed.IsZero() {
		return Subject{}, notSignedIn(nil)
	}
	if err != nil {
		return Subject{}, err
	}
	s := g.subjectOf(u)
	s.Actor, s.Token = "embed of "+s.Actor, true
	s.limit = &limit{instance: claims.Instance, accesses: []component.Access{component.View, component.Operate}, bound: map[string]binding{}}
	for action, member := range g.site.Embed {
		s.limit.bound[action] = binding{member: member, value: claims.Customer}
	}
	return s, nil
}
