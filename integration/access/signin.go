package access

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

const (
	mostBody      = 64 << 10
	mostAddresses = 5 // how many of a user's addresses are remembered
)

// read decodes the body of a request, strictly.
func read(r *http.Request, into any) error {
	d := json.NewDecoder(http.MaxBytesReader(nil, r.Body, mostBody))
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if err == nil {
		_, err = d.Token()
	}
	if !errors.Is(err, io.EOF) {
		return component.Errorf(component.InvalidInput, "the request is not the JSON that is asked for")
	}
	return nil
}

func answer(w http.ResponseWriter, status int, v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(raw, '\n'))
	return nil
}

// SessionAnswer is who is signed in.
type SessionAnswer struct {
	User           SessionUser `json:"user"`
	Grants         []Grant     `json:"grants"` // instances by name
	SteppedUpUntil *time.Time  `json:"steppedUpUntil" jsonschema:"nullable"`
	Unready        bool        `json:"unready"` // a second factor must be set up first
	Demo           bool        `json:"demo"`
}

// SessionUser is the person of a session.
type SessionUser struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Display string `json:"display"`
}

// showSession is GET /v1/session: who is signed in, or how to.
func (g *Gate) showSession(w http.ResponseWriter, r *http.Request) error {
	s, err := g.Subject(r)
	if errors.Is(err, ErrSignIn) {
		how, err := g.ways(r.Context())
		if err != nil {
			return err
		}
		return notSignedIn(how)
	}
	if err != nil {
		return err
	}
	return g.answerSession(w, r, s)
}

// ways says how to sign in.
func (g *Gate) ways(ctx context.Context) (*SignIn, error) {
	how := &SignIn{Local: true}
	if g.idp != nil {
		how.OIDC = &SignInOIDC{Title: g.idp.o.Title}
	}
	err := g.o.Store.Read(ctx, func(tx store.Tx) error {
		none, err := noUser(ctx, tx)
		how.Setup = none
		return err
	})
	return how, err
}

func (g *Gate) answerSession(w http.ResponseWriter, r *http.Request, s Subject) error {
	out := SessionAnswer{User: SessionUser{ID: s.ID, Name: s.Name, Display: s.Display}, Grants: []Grant{}, Unready: s.Unready, Demo: g.site.Demo}
	if until := s.SteppedUp.Add(StepUpWithin); until.After(g.now()) {
		out.SteppedUpUntil = component.Instant(until)
	}
	err := g.o.Store.Read(r.Context(), func(tx store.Tx) (err error) {
		out.Grants, err = named(r.Context(), tx, s.Grants)
		return err
	})
	if err != nil {
		return err
	}
	return answer(w, http.StatusOK, out)
}

type credentials struct {
	Name     string           `json:"name"`
	Password component.Secret `json:"password"`
	Code     component.Secret `json:"code"`
}

// signIn is POST /v1/session: a name, a password, and a code where there is a
// second factor. Whoever is not there is answered like a wrong password, after
// the same work.
func (g *Gate) signIn(w http.ResponseWriter, r *http.Request) error {
	var in credentials
	if err := read(r, &in); err != nil {
		return err
	}
	if len(in.Name) > 200 || len(in.Password) > 4*mostPassword || len(in.Code) > 100 {
		return wrongCredentials()
	}
	ctx := r.Context()
	u, err := g.user(ctx, in.Name)
	there := err == nil && u.Name != "" && u.Removed.IsZero() && !u.Service && u.Issuer == "" && u.ID != in.Name
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if !there {
		u = store.User{}
	}
	u, err = g.prove(ctx, u, in.Name, in, "sign-in")
	if err != nil {
		return err
	}
	if err := g.begin(ctx, u); err != nil {
		return err
	}
	return g.answerNow(w, r)
}

// answerNow answers with the session that a handler has just begun or renewed.
func (g *Gate) answerNow(w http.ResponseWriter, r *http.Request) error {
	s, err := g.signedIn(r.Context())
	if err != nil {
		return err
	}
	return g.answerSession(w, r, s)
}

// prove checks a password and the second factor of a user (the zero User for one
// who is not there), under the brakes, and writes down how it went. It gives the
// user as stored.
func (g *Gate) prove(ctx context.Context, u store.User, name string, in credentials, action string) (store.User, error) {
	v := visitOf(ctx)
	a := attempt{address: network(v.address), account: name, known: u.ID != "" && slices.Contains(u.Addresses, network(v.address))}
	if wait := g.brakes.try(a, g.now()); wait > 0 {
		return u, slowDown(wait)
	}
	ok, stale, err := g.hash.check(ctx, u.Password, in.Password.Reveal())
	if err != nil {
		return u, err
	}
	if ok && u.SecondFactor && in.Code == "" {
		g.brakes.right(a)
		return u, &Refusal{Status: http.StatusUnauthorized, Code: CodeNeeded, Message: "the code of your second factor is needed", Do: "Enter the code that your app shows, or a recovery code."}
	}
	fresh := ""
	if ok && stale {
		if fresh, err = g.hash.make(ctx, in.Password.Reveal()); err != nil {
			return u, err
		}
	}
	if ok {
		ok, u, err = g.accept(ctx, u, in, fresh, action)
	}
	if err == nil && !ok {
		err = g.reject(ctx, u, action)
	}
	if err == nil {
		g.brakes.right(a)
	}
	return u, err
}

// accept checks the second factor of a user whose password was right, and keeps
// what the proof changed, with its line in the audit log.
func (g *Gate) accept(ctx context.Context, u store.User, in credentials, fresh, action string) (ok bool, saved store.User, err error) {
	now := g.now()
	err = g.o.Store.Write(ctx, store.Fence{}, func(tx store.Tx) (err error) {
		ok = false
		saved, err = tx.User(ctx, u.ID)
		if err != nil {
			return err
		}
		detail := from(ctx, map[string]string{"with": "password"})
		if saved.Password != u.Password || !saved.Removed.IsZero() {
			return nil // it was changed a moment ago
		}
		if saved.SecondFactor {
			right, recovery, err := useCode(ctx, tx, &saved, in.Code.Reveal(), now)
			if err != nil || !right {
				return err
			}
			detail["with"] = "password and code"
			if recovery {
				detail["with"] = "password and recovery code"
			}
		}
		ok = true
		if fresh != "" {
			saved.Password = fresh
		}
		saved.SignedIn = now
		saved.Addresses = remember(saved.Addresses, network(visitOf(ctx).address))
		if saved, err = tx.SaveUser(ctx, saved); err != nil {
			return err
		}
		return record(ctx, tx, now, "user:"+saved.Name, action, "user "+saved.Name, detail)
	})
	return ok && err == nil, saved, err
}

// reject writes down that a proof failed. A name that is nobody's is not kept:
// it may be a password in the wrong field.
func (g *Gate) reject(ctx context.Context, u store.User, action string) error {
	actor, subject := "nobody", "an account that is not there"
	if u.ID != "" {
		subject = "user " + u.Name
	}
	err := g.o.Store.Write(ctx, store.Fence{}, func(tx store.Tx) error {
		return record(ctx, tx, g.now(), actor, action+".failed", subject, from(ctx, nil))
	})
	if err != nil {
		return err
	}
	return wrongCredentials()
}

func remember(addresses []string, address string) []string {
	out := append([]string{address}, slices.DeleteFunc(slices.Clone(addresses), func(a string) bool { return a == address })...)
	return out[:min(len(out), mostAddresses)]
}

func wrongCredentials() error {
	return &Refusal{Status: http.StatusUnauthorized, Code: CodeCredentials, Message: "that is not right", Do: "Check the name, the password and the code, and try again."}
}

func slowDown(wait time.Duration) error {
	wait = wait.Truncate(time.Second) + time.Second
	return &Refusal{Status: http.StatusTooManyRequests, Code: CodeSlowDown, Message: "there were too many attempts", Do: "Wait " + wait.String() + ", then try again.", RetryAfter: wait}
}

// stepUp is POST /v1/session/step-up: the person of the session proves again who
// they are.
func (g *Gate) stepUp(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Password component.Secret `json:"password"`
		Code     component.Secret `json:"code"`
	}
	if err := read(r, &in); err != nil {
		return err
	}
	ctx := r.Context()
	s, err := g.signedIn(ctx)
	if err != nil {
		return err
	}
	u, err := g.user(ctx, s.ID)
	if err != nil {
		return err
	}
	if u.Issuer != "" {
		return &Refusal{Status: http.StatusForbidden, Code: CodeStepUp, Message: "you sign in with an identity provider", Do: "Prove who you are there: /v1/oidc/start?step-up=1."}
	}
	if _, err := g.prove(ctx, u, u.Name, credentials{Password: in.Password, Code: in.Code}, "step-up"); err != nil {
		return err
	}
	if err := g.renew(ctx); err != nil {
		return err
	}
	return g.answerNow(w, r)
}

// signOut is DELETE /v1/session. Who is not signed in is not told so.
func (g *Gate) signOut(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	s, err := g.signedIn(ctx)
	if err == nil {
		err = g.o.Store.Write(ctx, store.Fence{}, func(tx store.Tx) error {
			return record(ctx, tx, g.now(), s.Actor, "sign-out", "user "+s.Name, from(ctx, nil))
		})
	}
	if err != nil && !errors.Is(err, ErrSignIn) {
		return err
	}
	if err := g.sessions.Destroy(ctx); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
