package access

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// Token is an API token as it is listed: never its value.
type Token struct {
	ID       string     `json:"id"`
	Name     string     `json:"name"`
	Hint     string     `json:"hint" jsonschema_description:"The last four characters of its value."`
	Owner    string     `json:"owner"`
	Instance string     `json:"instance" jsonschema_description:"The only instance it is for, by name; * for all that its owner may see."`
	Accesses []string   `json:"accesses"`
	Created  time.Time  `json:"created"`
	Expires  time.Time  `json:"expires"`
	Used     *time.Time `json:"used,omitempty"`
	Revoked  *time.Time `json:"revoked,omitempty"`
}

func listedToken(ctx context.Context, tx store.Tx, t store.Token) (Token, error) {
	out := Token{ID: t.ID, Name: t.Name, Hint: t.Hint, Instance: t.Instance, Accesses: t.Accesses, Created: t.Created, Expires: t.Expires,
		Used: component.Instant(t.Used), Revoked: component.Instant(t.Revoked)}
	owner, err := tx.User(ctx, t.User)
	if err != nil {
		return out, err
	}
	out.Owner = owner.Name
	if t.Instance != Everywhere {
		in, err := tx.Instance(ctx, t.Instance)
		if err != nil {
			return out, err
		}
		out.Instance = in.Name
	}
	return out, nil
}

// TokensInput narrows the list of tokens.
type TokensInput struct {
	User     string `json:"user,omitempty" jsonschema_description:"Whose; left out: one's own. Others are for those who administer."`
	Everyone bool   `json:"everyone,omitempty" jsonschema_description:"Everybody's, for those who administer."`
}

// TokenList lists tokens.
type TokenList struct {
	Items []Token `json:"items"`
}

func (g *Gate) listTokens() component.Callable {
	return component.Func(onHost("tokens.list", "List API tokens with their limits and when they were last used: one's own, or everybody's for those who administer.", component.Reads, component.View),
		func(ctx context.Context, _ *component.Session, in TokensInput) (TokenList, error) {
			out := TokenList{Items: []Token{}}
			err := g.o.Store.Read(ctx, func(tx store.Tx) error {
				user := ""
				if !in.Everyone || !mayAdminister(ctx) {
					owner, err := whose(ctx, tx, in.User)
					if err != nil {
						return err
					}
					user = owner.ID
				}
				tokens, err := tx.ListTokens(ctx, user)
				if err != nil {
					return err
				}
				for _, t := range tokens {
					item, err := listedToken(ctx, tx, t)
					if err != nil {
						return err
					}
					out.Items = append(out.Items, item)
				}
				return nil
			})
			return out, err
		})
}

// CreateTokenInput describes a new token.
type CreateTokenInput struct {
	Name     string   `json:"name" jsonschema:"minLength=1,maxLength=100" jsonschema_description:"What it is for."`
	User     string   `json:"user,omitempty" jsonschema_description:"The service account it acts for; left out: oneself. Others are for those who administer."`
	Instance string   `json:"instance" jsonschema:"minLength=1" jsonschema_description:"The only instance it is for, by name or id; * for all that its owner may see."`
	Accesses []string `json:"accesses" jsonschema:"minItems=1,uniqueItems=true" jsonschema_description:"The only rights it has, of its owner's: view, operate, configure, administer. Never reveal: that needs a person."`
	Days     int      `json:"days,omitempty" jsonschema:"minimum=0,maximum=366" jsonschema_description:"How long it works; 0: 90 days."`
}

// CreatedToken is a new token with its value, which is shown this once.
type CreatedToken struct {
	Token Token  `json:"token"`
	Value string `json:"value" jsonschema_description:"Keep it as you would a password: it is shown this once and stored nowhere."`
}

func (g *Gate) createToken() component.Callable {
	return component.Func(sensitive(ownAccount("tokens.create", "Make an API token; its value is shown once.")),
		func(ctx context.Context, s *component.Session, in CreateTokenInput) (out CreatedToken, err error) {
			value := newTokenValue()
			err = g.act(ctx, s, "tokens.create", func(tx store.Tx, now time.Time) (string, map[string]string, error) {
				t, owner, err := newToken(ctx, tx, in, value, now)
				if err != nil {
					return "", nil, err
				}
				out.Value = value
				out.Token, err = listedToken(ctx, tx, t)
				return "token " + t.ID, map[string]string{"name": t.Name, "user": owner.Name, "instance": t.Instance, "accesses": strings.Join(t.Accesses, ", "), "expires": t.Expires.Format(time.RFC3339)}, err
			})
			return out, err
		})
}

// newToken checks and stores a token. One for somebody else is for a service
// account: nobody acts in another person's name.
func newToken(ctx context.Context, tx store.Tx, in CreateTokenInput, value string, now time.Time) (t store.Token, owner store.User, err error) {
	for i, a := range in.Accesses {
		if !slices.Contains([]component.Access{component.View, component.Operate, component.Configure, component.Administer}, component.Access(a)) {
			return t, owner, &component.Error{Code: component.InvalidInput, Message: "the token cannot have that right:", Problems: []component.Problem{
				{Pointer: "/accesses/" + string(rune('0'+i%10)), Message: "must be one of view, operate, configure, administer"}}}
		}
	}
	if owner, err = whose(ctx, tx, in.User); err != nil {
		return t, owner, err
	}
	if s, ok := From(ctx); (!ok || owner.ID != s.ID) && !owner.Service {
		return t, owner, component.Errorf(component.InvalidInput, "%s is a person, who makes tokens in their own name", owner.Name).Then("Make one for a service account.")
	}
	if !owner.Removed.IsZero() {
		return t, owner, component.Errorf(component.InvalidInput, "the account %s was removed", owner.Name)
	}
	instance := in.Instance
	if instance != Everywhere {
		found, err := tx.Instance(ctx, instance)
		if err != nil {
			return t, owner, err
		}
		if s, ok := From(ctx); ok && !s.Sees(found.ID) {
			return t, owner, NoInstance(instance)
		}
		instance = found.ID
	}
	if in.Days == 0 {
		in.Days = 90
	}
	t, err = tx.SaveToken(ctx, store.Token{Digest: digest(value), Hint: value[len(value)-4:], User: owner.ID, Name: in.Name, Instance: instance,
		Accesses: in.Accesses, Created: now, Expires: now.AddDate(0, 0, min(in.Days, mostTokenDays))})
	return t, owner, err
}

// TokenInput names a token.
type TokenInput struct {
	ID string `json:"id" jsonschema:"minLength=1" jsonschema_description:"The token, from tokens list."`
}

func (g *Gate) revokeToken() component.Callable {
	return component.Func(ownAccount("tokens.revoke", "Revoke an API token at once: one's own, or anybody's for those who administer."),
		func(ctx context.Context, s *component.Session, in TokenInput) (out Token, err error) {
			err = g.act(ctx, s, "tokens.revoke", func(tx store.Tx, now time.Time) (string, map[string]string, error) {
				t, err := tx.Token(ctx, in.ID)
				if err != nil {
					return "", nil, err
				}
				if by, ok := From(ctx); ok && t.User != by.ID && !mayAdminister(ctx) {
					return "", nil, component.Errorf(component.NotFound, "there is no token %s (see `tokens list`)", in.ID)
				}
				if t.Revoked.IsZero() {
					t.Revoked = now
				}
				if t, err = tx.SaveToken(ctx, t); err == nil {
					out, err = listedToken(ctx, tx, t)
				}
				return "token " + t.ID, map[string]string{"name": t.Name}, err
			})
			return out, err
		})
}
