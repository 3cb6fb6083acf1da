package access

import (
	"context"
	"fmt"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// shownID is how much of a session's id is shown: enough to name it.
const shownID = 16

// Session is a browser that somebody is signed in with.
type Session struct {
	ID      string    `json:"id"`
	Address string    `json:"address"`
	Agent   string    `json:"agent" jsonschema_description:"What the browser calls itself."`
	Created time.Time `json:"created"`
	Seen    time.Time `json:"seen"`
	Expires time.Time `json:"expires"`
	This    bool      `json:"this" jsonschema_description:"The one that asks."`
}

// SessionsInput says whose sessions.
type SessionsInput struct {
	User string `json:"user,omitempty" jsonschema_description:"Whose, by id or name; left out: one's own. Others are for those who administer."`
}

// SessionList lists sessions.
type SessionList struct {
	Items []Session `json:"items"`
}

func (g *Gate) listSessions() component.Callable {
	return component.Func(onHost("sessions.list", "List where somebody is signed in: oneself, or anybody for those who administer.", component.Reads, component.View),
		func(ctx context.Context, s *component.Session, in SessionsInput) (SessionList, error) {
			out := SessionList{Items: []Session{}}
			by, _ := From(ctx)
			err := g.o.Store.Read(ctx, func(tx store.Tx) error {
				u, err := whose(ctx, tx, in.User)
				if err != nil {
					return err
				}
				sessions, err := tx.ListSessions(ctx, u.ID, s.Clock())
				for _, k := range sessions {
					if s.Clock().Sub(k.Seen) <= sessionIdle {
						out.Items = append(out.Items, Session{ID: k.ID[:min(shownID, len(k.ID))], Address: k.Address, Agent: k.Agent,
							Created: k.Created, Seen: k.Seen, Expires: k.Expires, This: k.ID == by.session})
					}
				}
				return err
			})
			return out, err
		})
}

// RevokeSessionsInput says which sessions end.
type RevokeSessionsInput struct {
	User string `json:"user,omitempty" jsonschema_description:"Whose, by id or name; left out: one's own. Others are for those who administer."`
	ID   string `json:"id,omitempty" jsonschema_description:"Which one, from sessions list; left out: all but the one that asks."`
}

// RevokedSessions counts the sessions that were ended.
type RevokedSessions struct {
	Ended int `json:"ended"`
}

func (g *Gate) revokeSessions() component.Callable {
	return component.Func(ownAccount("sessions.revoke", "End sessions: whoever has them must sign in again."),
		func(ctx context.Context, s *component.Session, in RevokeSessionsInput) (out RevokedSessions, err error) {
			by, _ := From(ctx)
			err = g.act(ctx, s, "sessions.revoke", func(tx store.Tx, now time.Time) (string, map[string]string, error) {
				u, err := whose(ctx, tx, in.User)
				if err != nil {
					return "", nil, err
				}
				if in.ID == "" {
					out.Ended, err = endSessions(ctx, tx, u.ID, by.session, now)
				} else {
					out.Ended, err = endSession(ctx, tx, u.ID, in.ID, now)
				}
				return "user " + u.Name, map[string]string{"ended": fmt.Sprint(out.Ended)}, err
			})
			return out, err
		})
}

func endSession(ctx context.Context, tx store.Tx, user, shown string, now time.Time) (int, error) {
	sessions, err := tx.ListSessions(ctx, user, now)
	if err != nil {
		return 0, err
	}
	for _, k := range sessions {
		if k.ID[:min(shownID, len(k.ID))] == shown {
			return 1, tx.EndSession(ctx, k.ID, now)
		}
	}
	return 0, component.Errorf(component.NotFound, "there is no session %s (see `sessions list`)", shown)
}
