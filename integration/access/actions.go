package access

import (
	"context"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// Component gives the actions of accounts, for the catalog. Those about one's own
// account need no more than to be signed in; the command line, which has no
// account, gives and takes those of others.
func (g *Gate) Component() component.Component {
	return component.Component{Name: "access", Title: "Access", Actions: []component.Callable{
		g.listUsers(), g.createUser(), g.updateUser(), g.inviteUser(), g.removeUser(),
		g.listTokens(), g.createToken(), g.revokeToken(),
		g.listSessions(), g.revokeSessions(),
		g.showAccount(), g.changePassword(), g.beginSecondFactor(), g.confirmSecondFactor(), g.makeService(),
		g.createEmbedToken(),
	}}
}

// onHost is the spec of an action of the host.
func onHost(name, summary string, effect component.Effect, access component.Access) component.Spec {
	return component.Spec{Name: name, Summary: summary, Effect: effect, Access: access, Scope: component.OnHost}
}

// ownAccount is the spec of an action that changes somebody's own account.
func ownAccount(name, summary string) component.Spec {
	return onHost(name, summary, component.Writes, component.View)
}

func sensitive(s component.Spec) component.Spec {
	s.Sensitive = true
	return s
}

// person gives the person who asks.
func person(ctx context.Context) (Subject, error) {
	s, ok := From(ctx)
	if !ok {
		return s, component.Errorf(component.InvalidInput, "the command line has no account of its own").
			Then("Sign in to the console, or name the account with users update or users invite.")
	}
	if s.Token {
		return s, component.Errorf(component.InvalidInput, "a token has no account of its own")
	}
	return s, nil
}

// mayAdminister reports whether the caller may act for other accounts.
func mayAdminister(ctx context.Context) bool {
	s, ok := From(ctx)
	return !ok || s.Can("", component.Administer)
}

// whose gives the user that an input names, or the caller for "". Others are for
// those who administer; to anybody else they are not there.
func whose(ctx context.Context, tx store.Tx, named string) (store.User, error) {
	s, signedIn := From(ctx)
	if named == "" {
		if !signedIn {
			return store.User{}, component.Errorf(component.InvalidInput, "the command line has no account of its own").Then("Name the user.")
		}
		return tx.User(ctx, s.ID)
	}
	if !mayAdminister(ctx) && named != s.ID && named != s.Name {
		return store.User{}, component.Errorf(component.NotFound, "there is no user %s", named)
	}
	return tx.User(ctx, named)
}

// act carries out what somebody asked for, in one transaction with its line in
// the audit log. f gives what it was done to.
func (g *Gate) act(ctx context.Context, s *component.Session, action string, f func(tx store.Tx, now time.Time) (subject string, detail map[string]string, err error)) error {
	now := s.Clock()
	return g.o.Store.Write(ctx, store.Fence{}, func(tx store.Tx) error {
		subject, detail, err := f(tx, now)
		if err != nil {
			return err
		}
		return record(ctx, tx, now, s.Actor, action, subject, from(ctx, detail))
	})
}
