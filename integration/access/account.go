package access

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// personalNote is what whoever configures with an account of their own is told:
// the note that the integration's help article begins with.
const personalNote = "You are signed in with a personal account. Make a dedicated service account for this integration, so that audit logs show the service account that runs it and not the person who installed it."

// Account is one's own account.
type Account struct {
	User              User   `json:"user"`
	NeedsSecondFactor bool   `json:"needsSecondFactor" jsonschema_description:"A role of this account asks for a second factor."`
	RecoveryCodesLeft int    `json:"recoveryCodesLeft"`
	Personal          bool   `json:"personal" jsonschema_description:"Whether it is a person's, not a service account's."`
	Note              string `json:"note,omitempty" jsonschema_description:"What to tell who configures an instance with it."`
}

func (g *Gate) showAccount() component.Callable {
	return component.Func(onHost("account.show", "Show one's own account: its roles, its second factor, and whether it is a personal one.", component.Reads, component.View),
		func(ctx context.Context, _ *component.Session, _ component.NoInput) (out Account, err error) {
			err = g.o.Store.Read(ctx, func(tx store.Tx) error {
				u, err := whose(ctx, tx, "")
				if err != nil {
					return err
				}
				out = Account{NeedsSecondFactor: needsSecondFactor(u), RecoveryCodesLeft: len(u.Recovery), Personal: !u.Service}
				if out.Personal {
					out.Note = personalNote
				}
				out.User, err = listed(ctx, tx, u)
				return err
			})
			return out, err
		})
}

// ChangePasswordInput proves the present password and names the new one.
type ChangePasswordInput struct {
	Current  component.Secret `json:"current"`
	Password component.Secret `json:"password" jsonschema:"minLength=15,maxLength=256" jsonschema_description:"At least 15 characters, of any kind."`
}

// Changed says that it was done.
type Changed struct {
	SessionsEnded int `json:"sessionsEnded" jsonschema_description:"How many other sessions were ended."`
}

func (g *Gate) changePassword() component.Callable {
	return component.Func(ownAccount("account.change-password", "Change one's own password; other sessions end."),
		func(ctx context.Context, s *component.Session, in ChangePasswordInput) (out Changed, err error) {
			by, err := person(ctx)
			if err != nil {
				return out, err
			}
			u, err := g.user(ctx, by.ID)
			if err != nil {
				return out, err
			}
			if err := g.holds(ctx, u, in.Current.Reveal()); err != nil {
				return out, err
			}
			if err := fitPassword(in.Password.Reveal(), u.Name, u.Display); err != nil {
				return out, err
			}
			hash, err := g.hash.make(ctx, in.Password.Reveal())
			if err != nil {
				return out, err
			}
			err = g.act(ctx, s, "account.change-password", func(tx store.Tx, now time.Time) (string, map[string]string, error) {
				u.Password = hash
				if _, err := tx.SaveUser(ctx, u); err != nil {
					return "", nil, err
				}
				out.SessionsEnded, err = endSessions(ctx, tx, u.ID, by.session, now)
				return "user " + u.Name, nil, err
			})
			if err != nil {
				return out, err
			}
			return out, g.renew(ctx)
		})
}

// holds fails unless a password is the user's, under the brakes.
func (g *Gate) holds(ctx context.Context, u store.User, password string) error {
	a := attempt{account: u.Name, known: true}
	if v := visitOf(ctx); v != nil {
		a.address = network(v.address)
	}
	if wait := g.brakes.try(a, g.now()); wait > 0 {
		return slowDown(wait)
	}
	ok, _, err := g.hash.check(ctx, u.Password, password)
	if err != nil {
		return err
	}
	if !ok {
		return &component.Error{Code: component.InvalidInput, Message: "the password was not changed:", Problems: []component.Problem{{Pointer: "/current", Message: "is not your password"}}}
	}
	g.brakes.right(a)
	return nil
}

// BegunSecondFactor is what an authenticator app needs. It is shown once.
type BegunSecondFactor struct {
	Secret  string `json:"secret" jsonschema_description:"To type into the app."`
	Address string `json:"address" jsonschema_description:"The same as an otpauth address, to show as a QR code."`
}

func (g *Gate) beginSecondFactor() component.Callable {
	return component.Func(sensitive(ownAccount("account.begin-second-factor", "Begin to set up an authenticator app; the present one counts until the new one is confirmed.")),
		func(ctx context.Context, s *component.Session, _ component.NoInput) (out BegunSecondFactor, err error) {
			by, err := person(ctx)
			if err != nil {
				return out, err
			}
			if out.Secret, out.Address, err = newSecondFactor(by.Name, g.siteHost()); err != nil {
				return out, err
			}
			err = g.act(ctx, s, "account.begin-second-factor", func(tx store.Tx, _ time.Time) (string, map[string]string, error) {
				u, err := tx.User(ctx, by.ID)
				if err == nil && u.Issuer != "" {
					err = component.Errorf(component.InvalidInput, "your second factor is your identity provider's")
				}
				if err == nil {
					err = tx.Seal(ctx, "", begunFactorOf(by.ID), out.Secret)
				}
				return "user " + by.Name, nil, err
			})
			return out, err
		})
}

// ConfirmSecondFactorInput is the first code of the new app.
type ConfirmSecondFactorInput struct {
	Code component.Secret `json:"code" jsonschema:"minLength=6,maxLength=20"`
}

// RecoveryCodes are for when the app is lost; each works once.
type RecoveryCodes struct {
	Codes []string `json:"codes" jsonschema_description:"Keep them apart from the password: they are shown this once."`
}

func (g *Gate) confirmSecondFactor() component.Callable {
	return component.Func(sensitive(ownAccount("account.confirm-second-factor", "Confirm an authenticator app with its first code; the answer holds new recovery codes.")),
		func(ctx context.Context, s *component.Session, in ConfirmSecondFactorInput) (out RecoveryCodes, err error) {
			by, err := person(ctx)
			if err != nil {
				return out, err
			}
			a := attempt{account: by.Name, known: true}
			if wait := g.brakes.try(a, g.now()); wait > 0 {
				return out, slowDown(wait)
			}
			codes, digests := newRecoveryCodes()
			err = g.act(ctx, s, "account.confirm-second-factor", func(tx store.Tx, now time.Time) (string, map[string]string, error) {
				err := confirm(ctx, tx, by.ID, in.Code.Reveal(), digests, now)
				if err == nil {
					_, err = endSessions(ctx, tx, by.ID, by.session, now)
				}
				return "user " + by.Name, nil, err
			})
			if err != nil {
				return out, err
			}
			g.brakes.right(a)
			return RecoveryCodes{Codes: codes}, g.renew(ctx)
		})
}

// confirm makes the secret that was begun the user's second factor.
func confirm(ctx context.Context, tx store.Tx, user, code string, recovery []string, now time.Time) error {
	u, err := tx.User(ctx, user)
	if err != nil {
		return err
	}
	secret, err := tx.Unseal(ctx, "", begunFactorOf(user))
	if errors.Is(err, store.ErrNotFound) {
		return component.Errorf(component.InvalidInput, "no authenticator app was begun to be set up").Then("Begin with account.begin-second-factor.")
	}
	if err != nil {
		return err
	}
	step := stepOf(secret, code, now)
	if step == 0 {
		return &component.Error{Code: component.InvalidInput, Message: "the app was not set up:", Problems: []component.Problem{{Pointer: "/code", Message: "is not the code that the app shows now; check the clock of the device"}}}
	}
	if err := tx.Seal(ctx, "", secondFactorOf(user), secret); err != nil {
		return err
	}
	if err := tx.Seal(ctx, "", begunFactorOf(user), ""); err != nil {
		return err
	}
	u.SecondFactor, u.CodeStep, u.Recovery = true, step, recovery
	_, err = tx.SaveUser(ctx, u)
	return err
}

// MakeServiceInput names a service account.
type MakeServiceInput struct {
	Name string `json:"name,omitempty" jsonschema:"maxLength=200" jsonschema_description:"Left out: itglue-sync@ and the instance's name."`
}

// ServiceAccount is a service account that an instance's runs can act as.
type ServiceAccount struct {
	User  User   `json:"user"`
	RunAs string `json:"runAs" jsonschema_description:"What to put into the instance's runAs."`
	Made  bool   `json:"made" jsonschema_description:"False when it was there already."`
}

func (g *Gate) makeService() component.Callable {
	return component.Func(component.Spec{Name: "account.make-service", Summary: "Make a service account for an instance, that its unattended runs act as.", Effect: component.Writes, Access: component.Configure},
		func(ctx context.Context, s *component.Session, in MakeServiceInput) (out ServiceAccount, err error) {
			err = g.act(ctx, s, "account.make-service", func(tx store.Tx, now time.Time) (string, map[string]string, error) {
				instance, err := tx.Instance(ctx, s.Instance)
				if err != nil {
					return "", nil, err
				}
				if in.Name == "" {
					in.Name = "itglue-sync@" + instance.Name
				}
				if err := fitName(in.Name); err != nil {
					return "", nil, err
				}
				u, err := tx.User(ctx, in.Name)
				if errors.Is(err, store.ErrNotFound) {
					out.Made = true
					u, err = tx.SaveUser(ctx, store.User{Name: in.Name, Service: true, Created: now, Grants: storedGrants([]Grant{{Instance: instance.ID, Roles: []Role{Operator}}})})
				} else if err == nil && !servesOnly(u, instance.ID) {
					err = component.Errorf(component.Conflict, "the name %s is taken", in.Name).Then("Choose another name.")
				}
				if err != nil {
					return "", nil, err
				}
				out.RunAs = u.Name
				out.User, err = listed(ctx, tx, u)
				return "user " + u.Name, map[string]string{"grants": words(grantsOf(u)), "for": instance.Name}, err
			})
			return out, err
		})
}

// servesOnly reports whether a user is a service account of one instance alone.
func servesOnly(u store.User, instance string) bool {
	return u.Service && u.Removed.IsZero() && len(u.Grants) > 0 && !slices.ContainsFunc(u.Grants, func(g store.Grant) bool { return g.Instance != instance })
}

// EmbedTokenInput names a customer.
type EmbedTokenInput struct {
	CustomerID string `json:"customerId" jsonschema:"minLength=1,maxLength=200"`
	Minutes    int    `json:"minutes,omitempty" jsonschema:"minimum=0,maximum=10" jsonschema_description:"How long it works; 0: 10."`
}

// EmbedToken lets a page in another site work on one customer.
type EmbedToken struct {
	Token   string    `json:"token"`
	Expires time.Time `json:"expires"`
}

func (g *Gate) createEmbedToken() component.Callable {
	return component.Func(component.Spec{Name: "embed.create-token", Summary: "Make a token of a few minutes for a page in another site that shows one customer and its Sync button.", Effect: component.Writes, Access: component.Operate, Sensitive: true},
		func(ctx context.Context, s *component.Session, in EmbedTokenInput) (out EmbedToken, err error) {
			by, ok := From(ctx)
			if !ok || g.site.URL == "" {
				return out, component.Errorf(component.InvalidInput, "an embed token is made by a running server, for who asks it").Then("Call it over HTTP with an API token.")
			}
			if len(g.site.Embed) == 0 {
				return out, &Refusal{Status: http.StatusForbidden, Code: CodeNoRight, Message: "this server is embedded nowhere", Do: "Start it with the sites that may embed it."}
			}
			within := embedWithin
			if in.Minutes > 0 {
				within = time.Duration(in.Minutes) * time.Minute
			}
			if out.Token, out.Expires, err = g.signEmbed(ctx, by.ID, s.Instance, in.CustomerID, within); err != nil {
				return out, err
			}
			err = g.o.Store.Write(ctx, store.Fence{}, func(tx store.Tx) error {
				_, err := tx.Record(ctx, store.Entry{At: s.Clock(), Instance: s.Instance, Actor: s.Actor, Action: "embed.create-token", Subject: "customer " + in.CustomerID,
					Detail: from(ctx, map[string]string{"expires": out.Expires.Format(time.RFC3339)})})
				return err
			})
			return out, err
		})
}
