package access

import (
	"context"
	"fmt"
	"reflect"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// User is an account as it is listed.
type User struct {
	ID           string     `json:"id"`
	Name         string     `json:"name"`
	Display      string     `json:"display,omitempty"`
	Service      bool       `json:"service" jsonschema_description:"A service account: nobody signs in as it."`
	SignsInWith  string     `json:"signsInWith" jsonschema:"enum=password,enum=identity provider,enum=nothing yet,enum=tokens"`
	SecondFactor bool       `json:"secondFactor"`
	Grants       []Grant    `json:"grants" jsonschema_description:"Instances by name; * is all of them and the host."`
	Created      time.Time  `json:"created"`
	SignedIn     *time.Time `json:"signedIn,omitempty" jsonschema_description:"When they last signed in."`
}

func listed(ctx context.Context, tx store.Tx, u store.User) (User, error) {
	grants, err := named(ctx, tx, grantsOf(u))
	out := User{ID: u.ID, Name: u.Name, Display: u.Display, Service: u.Service, SecondFactor: u.SecondFactor,
		Grants: grants, Created: u.Created, SignedIn: component.Instant(u.SignedIn)}
	switch {
	case u.Service:
		out.SignsInWith = "tokens"
	case u.Issuer != "":
		out.SignsInWith = "identity provider"
	case u.Password != "":
		out.SignsInWith = "password"
	default:
		out.SignsInWith = "nothing yet"
	}
	return out, err
}

// UserList is a page of accounts.
type UserList struct {
	Items []User `json:"items"`
	Next  string `json:"next,omitempty"`
}

// ListInput is how much of a list is asked for.
type ListInput struct {
	After string `json:"after,omitempty" jsonschema_description:"Where to go on: the next of an earlier answer."`
	Limit int    `json:"limit,omitempty" jsonschema:"minimum=0,maximum=1000" jsonschema_description:"How many at most; 0: 100."`
}

func (g *Gate) listUsers() component.Callable {
	return component.Func(onHost("users.list", "List the people and service accounts, with their roles.", component.Reads, component.Administer),
		func(ctx context.Context, _ *component.Session, in ListInput) (UserList, error) {
			out := UserList{Items: []User{}}
			err := g.o.Store.Read(ctx, func(tx store.Tx) error {
				if in.Limit == 0 {
					in.Limit = 100
				}
				users, next, err := tx.ListUsers(ctx, in.After, in.Limit)
				if err != nil {
					return err
				}
				for _, u := range users {
					item, err := listed(ctx, tx, u)
					if err != nil {
						return err
					}
					out.Items = append(out.Items, item)
				}
				out.Next = next
				return nil
			})
			return out, err
		})
}

// CreateUserInput describes a new account.
type CreateUserInput struct {
	Name    string  `json:"name" jsonschema:"minLength=1,maxLength=200" jsonschema_description:"What they sign in as; it can never be another account's."`
	Display string  `json:"display,omitempty" jsonschema:"maxLength=200" jsonschema_description:"What they are called."`
	Service bool    `json:"service,omitempty" jsonschema_description:"Make a service account: it has tokens, and nobody signs in as it."`
	Grants  []Grant `json:"grants,omitempty" jsonschema_description:"Roles on instances, by name or id."`
}

// Invitation is an account with the one-time token that its person sets it up
// with. The token is shown once.
type Invitation struct {
	User    User       `json:"user"`
	Token   string     `json:"token,omitempty" jsonschema_description:"Lets its holder choose the account's password, once."`
	Path    string     `json:"path,omitempty" jsonschema_description:"The page of this server to open, with the token."`
	Expires *time.Time `json:"expires,omitempty"`
}

func (g *Gate) createUser() component.Callable {
	return component.Func(sensitive(onHost("users.create", "Make an account; its person sets it up with a one-time token that is shown once.", component.Writes, component.Administer)),
		func(ctx context.Context, s *component.Session, in CreateUserInput) (out Invitation, err error) {
			if err := fitName(in.Name); err != nil {
				return out, err
			}
			err = g.act(ctx, s, "users.create", func(tx store.Tx, now time.Time) (string, map[string]string, error) {
				grants, err := resolve(ctx, tx, in.Grants, false)
				if err != nil {
					return "", nil, err
				}
				u, err := tx.SaveUser(ctx, store.User{Name: in.Name, Display: in.Display, Service: in.Service, Grants: storedGrants(grants), Created: now})
				if err != nil {
					return "", nil, err
				}
				out, err = g.invite(ctx, tx, u, now)
				return "user " + u.Name, map[string]string{"grants": words(grants), "service": fmt.Sprint(u.Service)}, err
			})
			return out, err
		})
}

// invite gives a new token to set an account up with, unless nobody signs in as
// it.
func (g *Gate) invite(ctx context.Context, tx store.Tx, u store.User, now time.Time) (out Invitation, err error) {
	if out.User, err = listed(ctx, tx, u); err != nil || u.Service {
		return out, err
	}
	token, expires, err := newTicket(ctx, tx, ticketSetUp, u.ID, now, setUpWithin)
	out.Token, out.Path, out.Expires = token, SetUpPath(token), component.Instant(expires)
	return out, err
}

// InviteInput names an account that is to be set up anew.
type InviteInput struct {
	ID                string `json:"id" jsonschema:"minLength=1" jsonschema_description:"The account, by id or name."`
	ResetSecondFactor bool   `json:"resetSecondFactor,omitempty" jsonschema_description:"Also forget its second factor, when its person has lost it."`
}

func (g *Gate) inviteUser() component.Callable {
	return component.Func(sensitive(onHost("users.invite", "Give a new one-time token to set an account up with, for a forgotten password or a lost second factor.", component.Writes, component.Administer)),
		func(ctx context.Context, s *component.Session, in InviteInput) (out Invitation, err error) {
			err = g.act(ctx, s, "users.invite", func(tx store.Tx, now time.Time) (string, map[string]string, error) {
				u, err := tx.User(ctx, in.ID)
				if err != nil {
					return "", nil, err
				}
				if u.Service || u.Issuer != "" || !u.Removed.IsZero() {
					return "", nil, component.Errorf(component.InvalidInput, "%s does not sign in with a password here", u.Name)
				}
				if in.ResetSecondFactor && u.SecondFactor {
					if u, err = g.dropSecondFactor(ctx, tx, u, now); err != nil {
						return "", nil, err
					}
				}
				out, err = g.invite(ctx, tx, u, now)
				return "user " + u.Name, map[string]string{"resetSecondFactor": fmt.Sprint(in.ResetSecondFactor)}, err
			})
			return out, err
		})
}

func (g *Gate) dropSecondFactor(ctx context.Context, tx store.Tx, u store.User, now time.Time) (store.User, error) {
	if err := tx.Seal(ctx, "", secondFactorOf(u.ID), ""); err != nil {
		return u, err
	}
	if _, err := endSessions(ctx, tx, u.ID, "", now); err != nil {
		return u, err
	}
	u.SecondFactor, u.Recovery, u.CodeStep = false, nil, 0
	return tx.SaveUser(ctx, u)
}

// UpdateUserInput changes an account; what is left out stays.
type UpdateUserInput struct {
	ID      string   `json:"id" jsonschema:"minLength=1" jsonschema_description:"The account, by id or name."`
	Display *string  `json:"display,omitempty" jsonschema:"maxLength=200"`
	Grants  *[]Grant `json:"grants,omitempty" jsonschema_description:"All roles that it shall have, in place of those it has. Its sessions end when they change."`
}

func (g *Gate) updateUser() component.Callable {
	return component.Func(onHost("users.update", "Change what an account is called, or its roles.", component.Writes, component.Administer),
		func(ctx context.Context, s *component.Session, in UpdateUserInput) (out User, err error) {
			err = g.act(ctx, s, "users.update", func(tx store.Tx, now time.Time) (string, map[string]string, error) {
				u, err := tx.User(ctx, in.ID)
				if err != nil {
					return "", nil, err
				}
				detail := map[string]string{}
				if in.Display != nil {
					u.Display = *in.Display
				}
				if in.Grants != nil {
					if u, err = g.regrant(ctx, tx, u, *in.Grants, now); err != nil {
						return "", nil, err
					}
					detail["grants"] = words(grantsOf(u))
				}
				if u, err = tx.SaveUser(ctx, u); err == nil {
					out, err = listed(ctx, tx, u)
				}
				return "user " + u.Name, detail, err
			})
			return out, err
		})
}

// regrant gives a user other roles, and ends their sessions when they differ:
// whoever has one signs in again, with the new rights and under a new name.
func (g *Gate) regrant(ctx context.Context, tx store.Tx, u store.User, grants []Grant, now time.Time) (store.User, error) {
	if u.Issuer != "" && g.idp != nil && g.idp.o.Groups != nil {
		return u, component.Errorf(component.InvalidInput, "the roles of %s come from their groups at the identity provider", u.Name).Then("Change their groups there.")
	}
	given, err := resolve(ctx, tx, grants, false)
	if err != nil {
		return u, err
	}
	before := u
	u.Grants = storedGrants(given)
	if reflect.DeepEqual(before.Grants, u.Grants) {
		return u, nil
	}
	if administers(before) && !administers(u) {
		if err := notTheLast(ctx, tx, u); err != nil {
			return u, err
		}
	}
	_, err = endSessions(ctx, tx, u.ID, "", now)
	return u, err
}

// notTheLast fails when no other user could administer the host.
func notTheLast(ctx context.Context, tx store.Tx, but store.User) error {
	users, _, err := tx.ListUsers(ctx, "", 0)
	if err != nil {
		return err
	}
	for _, u := range users {
		if u.ID != but.ID && administers(u) {
			return nil
		}
	}
	return component.Errorf(component.InvalidInput, "%s is the last administrator", but.Name).Then("Make another account administrator of * first.")
}

// UserInput names an account.
type UserInput struct {
	ID string `json:"id" jsonschema:"minLength=1" jsonschema_description:"The account, by id or name."`
}

func (g *Gate) removeUser() component.Callable {
	return component.Func(onHost("users.remove", "Remove an account: its sessions end and its tokens stop working; its name stays taken.", component.Writes, component.Administer),
		func(ctx context.Context, s *component.Session, in UserInput) (out User, err error) {
			err = g.act(ctx, s, "users.remove", func(tx store.Tx, now time.Time) (string, map[string]string, error) {
				u, err := tx.User(ctx, in.ID)
				if err != nil {
					return "", nil, err
				}
				if administers(u) {
					if err := notTheLast(ctx, tx, u); err != nil {
						return "", nil, err
					}
				}
				if _, err := endSessions(ctx, tx, u.ID, "", now); err != nil {
					return "", nil, err
				}
				for _, secret := range []string{secondFactorOf(u.ID), begunFactorOf(u.ID)} {
					if err := tx.Seal(ctx, "", secret, ""); err != nil {
						return "", nil, err
					}
				}
				u.Removed, u.Password, u.SecondFactor, u.Recovery, u.Addresses = now, "", false, nil, nil
				if u, err = tx.SaveUser(ctx, u); err == nil {
					out, err = listed(ctx, tx, u)
				}
				return "user " + u.Name, nil, err
			})
			return out, err
		})
}
