package itgluerevio

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue"
	"github.com/itglue-revio/itglue-revio/component/revio"
	"github.com/itglue-revio/itglue-revio/integration/cycle"
	"github.com/itglue-revio/itglue-revio/integration/mapping"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

type integrationType = itglue.FlexibleAssetType

func mappingType(t itglue.FlexibleAssetType) mapping.Type { return cycle.MappingType(t) }

func compare(a, b string) int { return strings.Compare(a, b) }

func (k keeper) components() []component.Component {
	return []component.Component{itglue.Component(), revio.Component()}
}

// revioTypes gives the ids of the active Rev.io asset types.
func revioTypes(ctx context.Context, s *component.Session) ([]string, error) {
	list, err := revio.ListAssetTypes.Call(ctx, s, component.NoInput{})
	var ids []string
	for _, t := range list.Items {
		if t.Active {
			ids = append(ids, t.ID)
		}
	}
	return ids, err
}

func (k keeper) customerParty(ctx context.Context, s *component.Session, id string) (store.Party, error) {
	c, err := revio.GetCustomer.Call(ctx, s, revio.ByID{ID: id})
	return store.Party{ID: c.ID, Name: c.Name, Status: c.Status}, err
}

// Password is an entry of the password list.
type Password struct {
	ID           string     `json:"id"`
	Name         string     `json:"name"`
	Username     string     `json:"username,omitempty"`
	Category     string     `json:"category,omitempty"`
	URL          string     `json:"url,omitempty"`
	Organization string     `json:"organization" jsonschema_description:"The organization's id."`
	Asset        string     `json:"asset,omitempty" jsonschema_description:"The IT Glue asset it is attached to."`
	Linkage      string     `json:"linkage" jsonschema:"enum=attached,enum=mentioned,enum=standalone"`
	Changed      *time.Time `json:"changed,omitempty" jsonschema_description:"When its value last changed."`
	Note         string     `json:"note,omitempty" jsonschema_description:"What to do about it, in words."`
}

// ListPasswordsInput narrows the password list.
type ListPasswordsInput struct {
	component.Page
	Organization string `json:"organization,omitempty"`
	Asset        string `json:"asset,omitempty" jsonschema_description:"Only of this IT Glue asset."`
	Linkage      string `json:"linkage,omitempty" jsonschema:"enum=attached,enum=mentioned,enum=standalone"`
	Search       string `json:"search,omitempty"`
}

// PasswordList is a page of the password list.
type PasswordList struct {
	Items []Password `json:"items"`
	Next  string     `json:"next,omitempty"`
}

func (k keeper) listPasswords() component.Callable {
	return component.Func(component.Spec{Name: "passwords.list", Summary: "List the passwords of accepted organizations: never a value.", Effect: component.Reads, Access: component.View},
		func(ctx context.Context, s *component.Session, in ListPasswordsInput) (PasswordList, error) {
			out := PasswordList{Items: []Password{}}
			err := k.read(ctx, func(tx store.Tx) error {
				accepted, _, err := tx.ListLinks(ctx, s.Instance, store.LinkQuery{States: []store.LinkState{store.Accepted}})
				if err != nil {
					return err
				}
				q := store.PasswordQuery{Linkage: store.Linkage(in.Linkage), Search: in.Search, After: in.Cursor, Limit: in.Limit, Organizations: []string{""}}
				for _, l := range accepted {
					if in.Organization == "" || in.Organization == l.ID {
						q.Organizations = append(q.Organizations, l.ID)
					}
				}
				if in.Asset != "" {
					q.Assets = []string{in.Asset}
				}
				list, next, err := tx.ListPasswords(ctx, s.Instance, q)
				out.Next = next
				for _, p := range list {
					out.Items = append(out.Items, shownPassword(p))
				}
				return err
			})
			return out, err
		})
}

func shownPassword(p store.Password) Password {
	out := Password{ID: p.ID, Name: p.Name, Username: p.Username, Category: p.Category, URL: p.URL, Organization: p.Organization, Asset: p.Asset, Linkage: string(p.Linkage), Changed: component.Instant(p.Changed)}
	if p.Linkage == store.Standalone {
		out.Note = "not attached to a flexible asset: embed it in one in IT Glue to see it here"
	}
	return out
}

// Run is a run as it is listed.
type Run struct {
	ID      string          `json:"id"`
	Flow    string          `json:"flow"`
	Cause   string          `json:"cause"`
	Actor   string          `json:"actor"`
	State   string          `json:"state"`
	Stage   string          `json:"stage,omitempty"`
	Created time.Time       `json:"created"`
	Started *time.Time      `json:"started,omitempty"`
	Ended   *time.Time      `json:"ended,omitempty"`
	Error   string          `json:"error,omitempty"`
	Counts  map[string]int  `json:"counts,omitempty"`
	Output  json.RawMessage `json:"output,omitempty"`
}

func (k keeper) listRuns() component.Callable {
	type list struct {
		Items []Run `json:"items"`
	}
	return component.Func(component.Spec{Name: "runs.list", Summary: "List the runs of an instance, newest first.", Effect: component.Reads, Access: component.View},
		func(ctx context.Context, s *component.Session, in struct {
			Limit int `json:"limit,omitempty" jsonschema:"minimum=0,maximum=1000" jsonschema_description:"How many at most; 0 is 50."`
		}) (list, error) {
			out := list{Items: []Run{}}
			limit := in.Limit
			if limit == 0 {
				limit = 50
			}
			err := k.read(ctx, func(tx store.Tx) error {
				runs, err := tx.ListRuns(ctx, s.Instance, limit)
				for _, r := range runs {
					shown := shownRun(r)
					shown.Output, shown.Counts = nil, nil
					out.Items = append(out.Items, shown)
				}
				return err
			})
			return out, err
		})
}

func (k keeper) showRun() component.Callable {
	return component.Func(component.Spec{Name: "runs.show", Summary: "Show one run and what it did.", Effect: component.Reads, Access: component.View},
		func(ctx context.Context, s *component.Session, in struct {
			ID string `json:"id" jsonschema:"minLength=1"`
		}) (out Run, err error) {
			err = k.read(ctx, func(tx store.Tx) error {
				r, err := tx.Run(ctx, s.Instance, in.ID)
				out = shownRun(r)
				return err
			})
			return out, err
		})
}

func shownRun(r store.Run) Run {
	return Run{ID: r.ID, Flow: r.Flow, Cause: r.Cause, Actor: r.Actor, State: string(r.State), Stage: r.Stage, Created: r.Created, Started: component.Instant(r.Started), Ended: component.Instant(r.Ended), Error: r.Error, Counts: r.Counts, Output: r.Output}
}

// AuditEntry is one line of the audit log.
type AuditEntry struct {
	Seq     int64             `json:"seq"`
	At      time.Time         `json:"at"`
	Actor   string            `json:"actor"`
	Action  string            `json:"action"`
	Subject string            `json:"subject"`
	Detail  map[string]string `json:"detail,omitempty"`
	Hash    string            `json:"hash"`
}

func (k keeper) listAudit() component.Callable {
	type list struct {
		Items []AuditEntry `json:"items"`
	}
	return component.Func(component.Spec{Name: "audit.list", Summary: "List who decided and revealed what, oldest first.", Effect: component.Reads, Access: component.Administer},
		func(ctx context.Context, s *component.Session, in struct {
			After int64 `json:"after,omitempty" jsonschema_description:"Only what comes after this number."`
			Limit int   `json:"limit,omitempty" jsonschema:"minimum=0,maximum=10000"`
		}) (list, error) {
			out := list{Items: []AuditEntry{}}
			err := k.read(ctx, func(tx store.Tx) error {
				entries, err := tx.ListAudit(ctx, s.Instance, in.After, in.Limit)
				for _, e := range entries {
					out.Items = append(out.Items, AuditEntry{Seq: e.Seq, At: e.At, Actor: e.Actor, Action: e.Action, Subject: e.Subject, Detail: e.Detail, Hash: e.Hash})
				}
				return err
			})
			return out, err
		})
}

func (k keeper) verifyAudit() component.Callable {
	type verdict struct {
		OK      bool   `json:"ok"`
		Entries int    `json:"entries"`
		Message string `json:"message"`
	}
	return component.Func(host("audit.verify", "Walk the audit log's hash chain and say whether anything was changed, dropped or reordered.", component.Reads, component.Administer),
		func(ctx context.Context, _ *component.Session, _ component.NoInput) (out verdict, err error) {
			err = k.read(ctx, func(tx store.Tx) error {
				bad, count, err := tx.VerifyAudit(ctx)
				out = verdict{OK: bad == 0, Entries: count, Message: "the chain is whole"}
				if err == nil && bad != 0 {
					return component.Errorf(component.Internal, "the audit log was changed: entry %d does not follow from the one before it", bad).
						Then("Keep a copy of the database, and compare it with the last export.")
				}
				return err
			})
			return out, err
		})
}
