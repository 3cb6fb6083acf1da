package access

import (
	"context"
	"slices"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
)

// Subject is who asks: a person with a session, or a token.
type Subject struct {
	Actor     string    // what the audit log calls them: "user:ana", "token:nightly of user:ana"
	ID        string    // of the user; a token's is its owner's
	Name      string    // what they sign in as
	Display   string    // what they are called; may be empty
	Grants    []Grant   // instances by id
	SteppedUp time.Time // when they last proved who they are; zero for a token
	Token     bool      // an API token or an embed token: no person is there to prove anything
	Unready   bool      // its person must set up a second factor before anything else

	session string // the id of the session; "" for a token
	limit   *limit // of a token: less than its owner's grants
}

// limit is what a token is held to.
type limit struct {
	instance string             // the only instance; Everywhere: any
	accesses []component.Access // the only rights
	bound    map[string]binding // by action: the only calls; nil: any
}

// binding is one member of an action's input that must have one value.
type binding struct{ member, value string }

// Can reports whether the subject has a right on an instance, given by its id.
// "" is the host: it needs the right everywhere, but [component.View] of the
// host is everyone's.
func (s Subject) Can(instance string, a component.Access) bool {
	if s.limit != nil && !s.limit.allows(instance, a) {
		return false
	}
	if instance == "" && a == component.View {
		return s.ID != ""
	}
	return slices.ContainsFunc(s.Grants, func(g Grant) bool { return g.gives(instance, a) })
}

// Sees reports whether the subject may know that an instance, given by its id,
// exists: whether any grant of theirs is for it.
func (s Subject) Sees(instance string) bool {
	if instance == "" || s.limit != nil && s.limit.instance != Everywhere && s.limit.instance != instance {
		return false
	}
	return slices.ContainsFunc(s.Grants, func(g Grant) bool {
		return len(g.Roles) > 0 && (g.Instance == Everywhere || g.Instance == instance)
	})
}

func (l *limit) allows(instance string, a component.Access) bool {
	if !slices.Contains(l.accesses, a) {
		return false
	}
	if instance == "" {
		return l.bound == nil && (l.instance == Everywhere || a == component.View)
	}
	return l.instance == Everywhere || l.instance == instance
}

type subjectKey struct{}

// With gives a context that carries the subject to the actions of this package.
func With(ctx context.Context, s Subject) context.Context {
	return context.WithValue(ctx, subjectKey{}, s)
}

// From gives the subject of a context. Without one the caller is the operator
// of the host, at the command line.
func From(ctx context.Context) (Subject, bool) {
	s, ok := ctx.Value(subjectKey{}).(Subject)
	return s, ok
}
