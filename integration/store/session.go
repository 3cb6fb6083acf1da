package store

import (
	"context"
	"time"
)

// Session is what is known of one browser between its requests. Its token is
// stored nowhere: ID is the token's digest.
type Session struct {
	ID      string    `json:"id"`
	User    string    `json:"user"` // the user's id; "" before anybody signed in
	Data    []byte    `json:"data"` // as JSON; no secret
	Address string    `json:"address"`
	Agent   string    `json:"agent"`
	Created time.Time `json:"created"`
	Seen    time.Time `json:"seen"`
	Expires time.Time `json:"expires"`
	Ended   time.Time `json:"ended"` // from when it is of no use any more; zero: not ended
}

// Sessions keeps sessions. One that has ended stays known until it would have
// expired, so that a request that was under way cannot bring it back.
type Sessions interface {
	Session(ctx context.Context, id string) (Session, error)
	// SaveSession makes a session, or replaces Data and Expires of one that has
	// not ended (of one that has, nothing). It forgets what expired before Seen.
	SaveSession(ctx context.Context, s Session) error
	SeeSession(ctx context.Context, id string, at time.Time) error // sets Seen
	// EndSession ends a session at a time that may be a little later.
	EndSession(ctx context.Context, id string, at time.Time) error
	// ListSessions lists a user's sessions that have neither ended nor expired
	// at a time, the last seen first.
	ListSessions(ctx context.Context, user string, at time.Time) ([]Session, error)
}
