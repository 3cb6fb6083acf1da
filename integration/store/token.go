package store

import (
	"context"
	"time"
)

// Token is an API token. Its value is shown once and stored nowhere: Digest is
// what it is found by.
type Token struct {
	ID       string    `json:"id"`
	Digest   string    `json:"digest"`
	Hint     string    `json:"hint"` // its last four characters, to tell it from others
	User     string    `json:"user"` // the owner's id
	Name     string    `json:"name"`
	Instance string    `json:"instance"` // the only instance it is for, by id, or "*"
	Accesses []string  `json:"accesses"` // the only rights it has, of its owner's
	Created  time.Time `json:"created"`
	Expires  time.Time `json:"expires"`
	Used     time.Time `json:"used"`    // when it was last used, to the minute; zero: never
	Revoked  time.Time `json:"revoked"` // zero: not revoked
}

// Tokens keeps API tokens.
type Tokens interface {
	Token(ctx context.Context, id string) (Token, error)
	TokenOf(ctx context.Context, digest string) (Token, error)
	ListTokens(ctx context.Context, user string) ([]Token, error) // "": everybody's; newest first, revoked ones too
	SaveToken(ctx context.Context, t Token) (Token, error)        // makes or replaces; an empty ID is given one
	UseToken(ctx context.Context, id string, at time.Time) error  // sets Used
}

// Ticket is a token that works once: to set up an account, or to sign in.
type Ticket struct {
	Digest  string    `json:"digest"`
	Kind    string    `json:"kind"`
	User    string    `json:"user"` // the user's id; "" for the first one, who is not there yet
	Expires time.Time `json:"expires"`
}

// Tickets keeps what works once.
type Tickets interface {
	Ticket(ctx context.Context, digest string) (Ticket, error)
	// SaveTicket keeps a ticket in place of the others of its kind for its user,
	// and forgets those that expired before a time.
	SaveTicket(ctx context.Context, t Ticket, now time.Time) error
	TakeTicket(ctx context.Context, digest string) (Ticket, error) // gives and forgets it
}
