package itgluerevio

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// Access is one time that someone asked for a password's value.
type Access struct {
	Seq          int64      `json:"seq"`
	At           time.Time  `json:"at"`
	Actor        string     `json:"actor"`
	Password     string     `json:"password" jsonschema_description:"Its id."`
	Name         string     `json:"name,omitempty" jsonschema_description:"Empty when it is no longer on the list."`
	Username     string     `json:"username,omitempty"`
	Organization string     `json:"organization,omitempty"`
	Reason       string     `json:"reason,omitempty"`
	Outcome      string     `json:"outcome" jsonschema:"enum=shown,enum=refused,enum=asked" jsonschema_description:"asked: neither shown nor refused, as the process ended or the limit was reached."`
	Changed      *time.Time `json:"changed,omitempty" jsonschema_description:"When the password's value last changed."`
	AtRisk       bool       `json:"atRisk" jsonschema_description:"Whether it was shown and has not been changed since."`
}

// AccessesInput narrows the report.
type AccessesInput struct {
	Actor    string     `json:"actor,omitempty" jsonschema_description:"Only of this person, such as user:ana."`
	Password string     `json:"password,omitempty" jsonschema_description:"Only of this password, by id."`
	Since    *time.Time `json:"since,omitempty" jsonschema_description:"Not before this time."`
	AtRisk   bool       `json:"atRisk,omitempty" jsonschema_description:"Only passwords that were shown and have not been changed since, each once a person: what to change when someone leaves."`
	Limit    int        `json:"limit,omitempty" jsonschema:"minimum=0,maximum=1000" jsonschema_description:"How many at most; 0 is 100. Not with atRisk, which is always whole."`
	Cursor   string     `json:"cursor,omitempty" jsonschema_description:"The next of an earlier answer."`
}

// AccessList is who asked for which password.
type AccessList struct {
	Items []Access `json:"items"`
	Next  string   `json:"next,omitempty"`
}

const askedAction = "passwords.reveal.asked"

// listAccesses says who saw which password.
func (k keeper) listAccesses() component.Callable {
	return component.Func(component.Spec{Name: "passwords.accesses", Summary: "List who saw which password, and which of those have not been changed since.", Effect: component.Reads, Access: component.Administer},
		func(ctx context.Context, s *component.Session, in AccessesInput) (AccessList, error) {
			return k.accesses(ctx, s, in)
		})
}

// listMyReveals says which passwords the caller saw.
func (k keeper) listMyReveals() component.Callable {
	return component.Func(component.Spec{Name: "passwords.my-reveals", Summary: "List the passwords that you asked for lately.", Effect: component.Reads, Access: component.View},
		func(ctx context.Context, s *component.Session, in struct {
			Limit  int    `json:"limit,omitempty" jsonschema:"minimum=0,maximum=1000" jsonschema_description:"How many at most; 0 is 100."`
			Cursor string `json:"cursor,omitempty" jsonschema_description:"The next of an earlier answer."`
		}) (AccessList, error) {
			return k.accesses(ctx, s, AccessesInput{Actor: s.Actor, Limit: in.Limit, Cursor: in.Cursor})
		})
}

func (k keeper) accesses(ctx context.Context, s *component.Session, in AccessesInput) (AccessList, error) {
	out := AccessList{Items: []Access{}}
	q := store.AuditQuery{Actor: in.Actor, Action: askedAction, After: in.Cursor, Limit: cmp.Or(in.Limit, 100)}
	if in.AtRisk {
		q.Limit, q.After = 0, ""
	}
	if in.Since != nil {
		q.Since = *in.Since
	}
	if in.Password != "" {
		q.Subjects = []string{"password " + in.Password}
	}
	err := k.read(ctx, func(tx store.Tx) error {
		asked, next, err := tx.FindAudit(ctx, s.Instance, q)
		if err != nil {
			return err
		}
		out.Next = next
		out.Items, err = accessesOf(ctx, tx, s.Instance, asked)
		return err
	})
	if in.AtRisk {
		out.Items = atRisk(out.Items)
	}
	return out, err
}

// accessesOf joins what was asked for with what became of it, and with the
// passwords as they are now.
func accessesOf(ctx context.Context, tx store.Tx, instance string, asked []store.Entry) ([]Access, error) {
	items := []Access{}
	if len(asked) == 0 {
		return items, nil
	}
	var subjects []string
	for _, e := range asked {
		if !slices.Contains(subjects, e.Subject) {
			subjects = append(subjects, e.Subject)
		}
	}
	all, _, err := tx.FindAudit(ctx, instance, store.AuditQuery{Action: "passwords.reveal.", Subjects: subjects, Since: asked[len(asked)-1].At})
	if err != nil {
		return items, err
	}
	slices.Reverse(all)
	for _, e := range asked {
		a := Access{Seq: e.Seq, At: e.At, Actor: e.Actor, Password: strings.TrimPrefix(e.Subject, "password "), Reason: e.Detail["reason"], Outcome: outcome(all, e)}
		p, err := tx.Password(ctx, instance, a.Password)
		if err != nil && component.CodeOf(err) != component.NotFound {
			return items, err
		}
		if err == nil {
			a.Name, a.Username, a.Organization, a.Changed = p.Name, p.Username, p.Organization, component.Instant(p.Changed)
		}
		a.AtRisk = a.Outcome == "shown" && (a.Changed == nil || a.Changed.Before(a.At))
		items = append(items, a)
	}
	return items, nil
}

// outcome finds what became of a request: the first answer to the same person
// about the same password that is not another request's.
func outcome(oldestFirst []store.Entry, asked store.Entry) string {
	for _, e := range oldestFirst {
		if e.Seq <= asked.Seq || e.Actor != asked.Actor || e.Subject != asked.Subject {
			continue
		}
		switch e.Action {
		case "passwords.reveal.shown":
			return "shown"
		case "passwords.reveal.refused":
			return "refused"
		case askedAction:
			return "asked"
		}
	}
	return "asked"
}

// atRisk keeps what was shown and not changed since, the last time a person
// and password.
func atRisk(items []Access) []Access {
	seen, out := map[string]bool{}, []Access{}
	for _, a := range items {
		key := a.Actor + "\n" + a.Password
		if a.AtRisk && !seen[key] {
			seen[key], out = true, append(out, a)
		}
	}
	return out
}
