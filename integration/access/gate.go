package access

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/itglue-revio/itglue-revio/integration/store"
)

// Options are what a [Gate] needs.
type Options struct {
	Store store.Store
	// URL is where browsers reach this server, such as
	// "https://sync.acme.example" or "http://127.0.0.1:8080". Without TLS it must
	// be a loopback address.
	URL string
	// Fail writes an error as the answer to a request: a [Refusal] or a
	// component.Error.
	Fail func(w http.ResponseWriter, r *http.Request, err error)
	Now  func() time.Time // default time.Now
	Log  *slog.Logger     // nil: nothing is logged
}

// Gate knows who a request is from. It is safe for concurrent use.
type Gate struct {
	o            Options
	whileUnready map[string]bool // the actions for somebody who must set up a second factor
}

// New makes a gate. It fails with component.InvalidInput when the options do
// not fit; it makes no call and opens nothing.
func New(o Options) (*Gate, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Gate{o: o}, nil
}

func (g *Gate) now() time.Time { return g.o.Now() }

// Instance gives the id of the instance that a subject names by id or name. One
// that they may not see is answered as one that does not exist.
func (g *Gate) Instance(ctx context.Context, s Subject, idOrName string) (string, error) {
	var in store.Instance
	err := g.o.Store.Read(ctx, func(tx store.Tx) (err error) {
		in, err = tx.Instance(ctx, idOrName)
		return err
	})
	if errors.Is(err, store.ErrNotFound) || err == nil && !s.Sees(in.ID) {
		return "", NoInstance(idOrName)
	}
	return in.ID, err
}

// Subject says who a request is from: the session's person, or the token of the
// header Authorization. It fails with [ErrSignIn] when it is nobody. The request
// must have come through [Gate.Wrap].
func (g *Gate) Subject(r *http.Request) (Subject, error) {
	return Subject{}, notSignedIn(nil)
}

// Routes mounts the handlers of sessions, sign-in and set-up.
func (g *Gate) Routes(mux *http.ServeMux) {}

// Wrap loads a request's session before a handler, and keeps what the handler
// changed of it.
func (g *Gate) Wrap(next http.Handler) http.Handler { return next }
