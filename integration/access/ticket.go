package access

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// What a ticket is for.
const (
	ticketFirst  = "first"   // to make the first administrator
	ticketSetUp  = "set-up"  // to choose a password for an account that an administrator made
	ticketSignIn = "sign-in" // to sign in once, in the demo
)

const (
	firstWithin = 15 * time.Minute
	setUpWithin = 48 * time.Hour
)

// newTicket makes a ticket and gives its token, which is stored nowhere.
func newTicket(ctx context.Context, tx store.Tx, kind, user string, now time.Time, within time.Duration) (token string, expires time.Time, err error) {
	token, expires = "ivt_"+base64.RawURLEncoding.EncodeToString(random(32)), now.Add(within)
	return token, expires, tx.SaveTicket(ctx, store.Ticket{Digest: digest(token), Kind: kind, User: user, Expires: expires}, now)
}

// FirstTicket makes the one-time token for the first administrator, which works
// for 15 minutes; "" when there is a user already. A newer one takes its place.
func (g *Gate) FirstTicket(ctx context.Context) (token string, err error) {
	err = g.o.Store.Write(ctx, store.Fence{}, func(tx store.Tx) error {
		token = ""
		none, err := noUser(ctx, tx)
		if err != nil || !none {
			return err
		}
		if token, _, err = newTicket(ctx, tx, ticketFirst, "", g.now(), firstWithin); err != nil {
			return err
		}
		return record(ctx, tx, g.now(), "host", "users.first-ticket", "the first administrator", nil)
	})
	return token, err
}

// SetUpPath is the page where a one-time token is used. The token is behind #,
// so that no server and no log sees it.
func SetUpPath(token string) string { return "/setup#token=" + token }

// DemoUser makes the demo's only user anew and gives a one-time token for GET
// /sign-in, and a password to step up with. It fails outside the demo.
func (g *Gate) DemoUser(ctx context.Context) (token, password string, err error) {
	if !g.site.Demo {
		return "", "", component.Errorf(component.Internal, "this is not the demo")
	}
	password = base64.RawURLEncoding.EncodeToString(random(12))
	hash, err := g.hash.make(ctx, password)
	if err != nil {
		return "", "", err
	}
	err = g.o.Store.Write(ctx, store.Fence{}, func(tx store.Tx) error {
		u, err := tx.User(ctx, "demo")
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		u.Name, u.Display, u.Password = "demo", "Demo", hash
		u.Grants = storedGrants([]Grant{{Instance: Everywhere, Roles: []Role{Administrator, Revealer}}})
		if u, err = tx.SaveUser(ctx, u); err != nil {
			return err
		}
		token, _, err = newTicket(ctx, tx, ticketSignIn, u.ID, g.now(), setUpWithin)
		return err
	})
	return token, password, err
}

// signInOnce is GET /sign-in?token=…: a link that works once. One for setting up
// an account leads to the page that asks for a password, and still works there.
func (g *Gate) signInOnce(w http.ResponseWriter, r *http.Request) error {
	token := r.FormValue("token")
	w.Header().Set("Referrer-Policy", "no-referrer")
	if r.Method != http.MethodGet || strings.Contains(r.Header.Get("Sec-Purpose"), "prefetch") {
		return oldTicket() // looking ahead uses nothing up
	}
	ctx := r.Context()
	a := attempt{address: network(visitOf(ctx).address)}
	if wait := g.brakes.try(a, g.now()); wait > 0 {
		return slowDown(wait)
	}
	var u store.User
	kind := ""
	err := g.o.Store.Write(ctx, store.Fence{}, func(tx store.Tx) error {
		t, err := g.ticket(ctx, tx, token)
		if err != nil {
			return err
		}
		if kind = t.Kind; kind != ticketSignIn {
			return nil
		}
		if _, err := tx.TakeTicket(ctx, t.Digest); err != nil {
			return err
		}
		if u, err = tx.User(ctx, t.User); err != nil {
			return err
		}
		return record(ctx, tx, g.now(), "user:"+u.Name, "sign-in", "user "+u.Name, from(ctx, map[string]string{"with": "link"}))
	})
	if err != nil {
		return err
	}
	g.brakes.right(a)
	if kind != ticketSignIn {
		http.Redirect(w, r, SetUpPath(token), http.StatusSeeOther)
		return nil
	}
	if err := g.begin(ctx, u); err != nil {
		return err
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
	return nil
}

// ticket gives the ticket of a token while it works.
func (g *Gate) ticket(ctx context.Context, tx store.Tx, token string) (store.Ticket, error) {
	t, err := tx.Ticket(ctx, digest(token))
	if errors.Is(err, store.ErrNotFound) || err == nil && !g.now().Before(t.Expires) || err == nil && t.Kind == ticketSignIn && !g.site.Demo {
		return t, oldTicket()
	}
	return t, err
}

func oldTicket() error {
	return &Refusal{Status: http.StatusUnauthorized, Code: CodeCredentials, Message: "this one-time link does not work, or not any more",
		Do: "Ask an administrator for a new one; for the first administrator, start the server again."}
}

// setUp is POST /v1/setup: whoever holds a one-time token chooses the password of
// their account, and is signed in; with a second factor they sign in themselves
// (204).
func (g *Gate) setUp(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Token    component.Secret `json:"token"`
		Name     string           `json:"name"`
		Password component.Secret `json:"password"`
	}
	if err := read(r, &in); err != nil {
		return err
	}
	ctx := r.Context()
	a := attempt{address: network(visitOf(ctx).address)}
	if wait := g.brakes.try(a, g.now()); wait > 0 {
		return slowDown(wait)
	}
	u, err := g.accountOf(ctx, in.Token.Reveal(), in.Name)
	if err != nil {
		return err
	}
	g.brakes.right(a)
	if err := fitPassword(in.Password.Reveal(), u.Name, u.Display); err != nil {
		return err
	}
	hash, err := g.hash.make(ctx, in.Password.Reveal())
	if err != nil {
		return err
	}
	if u, err = g.setPassword(ctx, in.Token.Reveal(), in.Name, hash); err != nil {
		return err
	}
	if u.SecondFactor { // the new password alone signs nobody in
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	if err := g.begin(ctx, u); err != nil {
		return err
	}
	return g.answerNow(w, r)
}

// accountOf gives the account that a token sets up, as it is or will be.
func (g *Gate) accountOf(ctx context.Context, token, name string) (u store.User, err error) {
	err = g.o.Store.Read(ctx, func(tx store.Tx) error {
		t, err := g.ticket(ctx, tx, token)
		if err != nil {
			return err
		}
		u, err = g.accountOfTicket(ctx, tx, t, name)
		return err
	})
	return u, err
}

func (g *Gate) accountOfTicket(ctx context.Context, tx store.Tx, t store.Ticket, name string) (u store.User, err error) {
	switch t.Kind {
	case ticketFirst:
		none, err := noUser(ctx, tx)
		if err != nil {
			return u, err
		}
		if !none {
			return u, oldTicket()
		}
		if err := fitName(name); err != nil {
			return u, err
		}
		return store.User{Name: name, Grants: storedGrants([]Grant{{Instance: Everywhere, Roles: []Role{Administrator}}})}, nil
	case ticketSetUp:
		u, err = tx.User(ctx, t.User)
		if err == nil && (!u.Removed.IsZero() || u.Service || u.Issuer != "" || name != "" && !strings.EqualFold(name, u.Name)) {
			err = oldTicket()
		}
		return u, err
	}
	return u, oldTicket()
}

// setPassword uses the token up and stores the password's hash.
func (g *Gate) setPassword(ctx context.Context, token, name, hash string) (u store.User, err error) {
	now := g.now()
	err = g.o.Store.Write(ctx, store.Fence{}, func(tx store.Tx) error {
		t, err := g.ticket(ctx, tx, token)
		if err != nil {
			return err
		}
		if _, err := tx.TakeTicket(ctx, t.Digest); err != nil {
			return err
		}
		if u, err = g.accountOfTicket(ctx, tx, t, name); err != nil {
			return err
		}
		u.Password, u.SignedIn, u.Addresses = hash, now, remember(u.Addresses, network(visitOf(ctx).address))
		if u, err = tx.SaveUser(ctx, u); err != nil {
			return err
		}
		if _, err := endSessions(ctx, tx, u.ID, "", now); err != nil {
			return err
		}
		return record(ctx, tx, now, "user:"+u.Name, "account.set-up", "user "+u.Name, from(ctx, map[string]string{"grants": words(grantsOf(u))}))
	})
	return u, err
}

// fitName fails when a name cannot be an account's.
func fitName(name string) error {
	if n := len(name); n > 0 && n <= 200 && strings.TrimSpace(name) == name && !strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return nil
	}
	return &component.Error{Code: component.InvalidInput, Message: "the name cannot be used:", Problems: []component.Problem{{Pointer: "/name", Message: "must be 1 to 200 characters without blanks around them"}}}
}
