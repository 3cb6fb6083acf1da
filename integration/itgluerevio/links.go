package itgluerevio

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration"
	"github.com/itglue-revio/itglue-revio/integration/match"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// discoverAfter is how long after the last decision a running serve starts to
// match the assets of what was accepted.
const discoverAfter = time.Minute

// Link is a link as it is listed.
type Link struct {
	ID           string         `json:"id" jsonschema_description:"The organization's id."`
	Organization store.Party    `json:"organization"`
	Customer     *store.Party   `json:"customer" jsonschema:"nullable" jsonschema_description:"The customer it is suggested to be, or is; null without one."`
	State        string         `json:"state" jsonschema:"enum=pending,enum=accepted,enum=rejected"`
	Band         string         `json:"band,omitempty" jsonschema_description:"How sure the suggestion is: exact, strong, likely or weak."`
	Score        float64        `json:"score" jsonschema_description:"How likely the suggestion is right, from 0 to 1."`
	Reasons      []store.Reason `json:"reasons"`
	Others       []Other        `json:"others" jsonschema_description:"Runners-up."`
	Attention    string         `json:"attention,omitempty" jsonschema_description:"Why an accepted link is paused by itself."`
	DecidedBy    string         `json:"decidedBy,omitempty"`
}

// Other is a runner-up of a suggestion.
type Other struct {
	Customer store.Party `json:"customer"`
	Band     string      `json:"band"`
	Score    float64     `json:"score"`
}

// ListLinksInput narrows the list of links.
type ListLinksInput struct {
	component.Page
	State  string `json:"state,omitempty" jsonschema:"enum=pending,enum=accepted,enum=rejected"`
	Search string `json:"search,omitempty" jsonschema_description:"Part of a name of either side."`
}

// LinkList is a page of links.
type LinkList struct {
	Items []Link `json:"items"`
	Next  string `json:"next,omitempty"`
}

func (k keeper) listLinks() component.Callable {
	return component.Func(component.Spec{Name: "links.list", Summary: "List the links between organizations and customers, with the reasons of each suggestion.", Effect: component.Reads, Access: component.View},
		func(ctx context.Context, s *component.Session, in ListLinksInput) (LinkList, error) {
			out := LinkList{Items: []Link{}}
			q := store.LinkQuery{Search: in.Search, After: in.Cursor, Limit: in.Limit}
			if in.State != "" {
				q.States = []store.LinkState{store.LinkState(in.State)}
			}
			err := k.read(ctx, func(tx store.Tx) error {
				links, next, err := tx.ListLinks(ctx, s.Instance, q)
				out.Next = next
				for _, l := range links {
					out.Items = append(out.Items, shownLink(l))
				}
				return err
			})
			return out, err
		})
}

func shownLink(l store.Link) Link {
	out := Link{ID: l.ID, Organization: l.Organization, Customer: l.Customer, State: string(l.State), Band: l.Band, Score: rounded(l.Score), Reasons: l.Reasons, Others: []Other{}, Attention: l.Attention, DecidedBy: l.DecidedBy}
	if out.Reasons == nil {
		out.Reasons = []store.Reason{}
	}
	for _, o := range l.Others {
		out.Others = append(out.Others, Other{Customer: o.Customer, Band: o.Band, Score: rounded(o.Score)})
	}
	return out
}

// rounded shows a score with as many digits as mean something.
func rounded(score float64) float64 { return math.Round(score*1e4) / 1e4 }

// DecideLinksInput names links one by one, or all pending ones at least so sure.
type DecideLinksInput struct {
	ID          []string `json:"id,omitempty" jsonschema_description:"Organizations whose link is meant."`
	MinScore    float64  `json:"minScore,omitempty" jsonschema:"minimum=0,maximum=1" jsonschema_description:"All pending links with at least this score that are exact or strong; 0: only those named."`
	WithParents bool     `json:"withParents,omitempty" jsonschema_description:"Also the pending links of the parents of those named."`
	DryRun      bool     `json:"dryRun,omitempty" jsonschema_description:"Only say what would be decided."`
}

// RejectLinksInput names links.
type RejectLinksInput struct {
	ID     []string `json:"id" jsonschema:"minItems=1" jsonschema_description:"Organizations whose link is meant."`
	DryRun bool     `json:"dryRun,omitempty" jsonschema_description:"Only say what would be decided."`
}

// Decided is what became of links.
type Decided struct {
	Items       []Link `json:"items" jsonschema_description:"The links that were decided, as they are now."`
	DryRun      bool   `json:"dryRun"`
	NextCommand string `json:"nextCommand,omitempty"`
}

func (k keeper) acceptLinks() component.Callable {
	return component.Func(component.Spec{Name: "links.accept", Summary: "Accept links: from then on their data may flow.", Effect: component.Writes, Access: component.Operate},
		func(ctx context.Context, s *component.Session, in DecideLinksInput) (Decided, error) {
			if len(in.ID) == 0 && in.MinScore == 0 {
				return Decided{}, component.Errorf(component.InvalidInput, "no link is named").Then("Name organizations with --id, or all sure ones with --min-score 0.95.")
			}
			ids, err := k.meant(ctx, s, in)
			if err != nil {
				return Decided{}, err
			}
			out, err := k.decideLinks(ctx, s, ids, in.DryRun, "links.accept", accept)
			if err == nil && len(out.Items) > 0 && !in.DryRun {
				out.NextCommand = "sync discover-assets"
			}
			return out, err
		})
}

func (k keeper) rejectLinks() component.Callable {
	return component.Func(component.Spec{Name: "links.reject", Summary: "Reject links: their sync pauses at the next write, and nothing is deleted.", Effect: component.Writes, Access: component.Operate},
		func(ctx context.Context, s *component.Session, in RejectLinksInput) (Decided, error) {
			return k.decideLinks(ctx, s, in.ID, in.DryRun, "links.reject", reject)
		})
}

// meant gives the ids of the links that an input means, parents first.
func (k keeper) meant(ctx context.Context, s *component.Session, in DecideLinksInput) (ids []string, err error) {
	err = k.read(ctx, func(tx store.Tx) error {
		links, _, err := tx.ListLinks(ctx, s.Instance, store.LinkQuery{})
		if err != nil {
			return err
		}
		ids = slices.Clone(in.ID)
		byID := map[string]store.Link{}
		for _, l := range links {
			byID[l.ID] = l
			sure := l.Band == string(match.Exact) || l.Band == string(match.Strong)
			if in.MinScore > 0 && l.State == store.Pending && l.Customer != nil && sure && l.Score >= in.MinScore && !slices.Contains(ids, l.ID) {
				ids = append(ids, l.ID)
			}
		}
		if in.WithParents {
			ids = withParents(ids, byID)
		}
		return nil
	})
	return ids, err
}

func withParents(ids []string, links map[string]store.Link) []string {
	var all []string
	for _, id := range ids {
		chain := []string{id}
		for p := links[id].Organization.Parent; p != "" && !slices.Contains(chain, p); p = links[p].Organization.Parent {
			if l, ok := links[p]; ok && l.State == store.Pending && l.Customer != nil {
				chain = append(chain, p)
			}
		}
		slices.Reverse(chain)
		for _, c := range chain {
			if !slices.Contains(all, c) {
				all = append(all, c)
			}
		}
	}
	return all
}

// decideLinks changes links in one transaction: all of them or none.
func (k keeper) decideLinks(ctx context.Context, s *component.Session, ids []string, dry bool, action string, change func(*store.Link) error) (Decided, error) {
	out := Decided{Items: []Link{}, DryRun: dry}
	err := k.store.Write(ctx, store.Fence{}, func(tx store.Tx) error {
		out.Items = out.Items[:0]
		for _, id := range ids {
			l, err := tx.Link(ctx, s.Instance, id)
			if err != nil {
				return err
			}
			if err := change(&l); err != nil {
				return err
			}
			l.Decided, l.DecidedBy = s.Clock(), s.Actor
			if dry {
				out.Items = append(out.Items, shownLink(l))
				continue
			}
			if l, err = tx.SaveLink(ctx, s.Instance, l); err != nil {
				return err
			}
			detail := map[string]string{"organization": l.Organization.Name}
			if l.Customer != nil {
				detail["customer"], detail["customerName"] = l.Customer.ID, l.Customer.Name
			}
			if err := audit(ctx, tx, s, action, "link "+id, detail); err != nil {
				return err
			}
			out.Items = append(out.Items, shownLink(l))
		}
		if dry || len(ids) == 0 {
			return nil
		}
		return wants(ctx, tx, s, "sync.discover-assets", discoverAfter)
	})
	return out, err
}

// wants asks a running serve to start a flow after a while.
func wants(ctx context.Context, tx store.Tx, s *component.Session, flow string, after time.Duration) error {
	in, err := tx.Instance(ctx, s.Instance)
	if err != nil {
		return err
	}
	in.Notes = maps.Clone(in.Notes)
	if in.Notes == nil {
		in.Notes = map[string]string{}
	}
	integration.Want(in.Notes, flow, s.Clock().Add(after))
	return tx.NoteInstance(ctx, in)
}

func accept(l *store.Link) error {
	if l.Customer == nil {
		return component.Errorf(component.InvalidInput, "%s has no customer to be linked with", l.Organization.Name).Then("Choose one with `links reassign --id %s --customer-id ID`.", l.ID)
	}
	l.State = store.Accepted
	l.Never = slices.DeleteFunc(l.Never, func(id string) bool { return id == l.Customer.ID })
	return nil
}

func reject(l *store.Link) error {
	if l.State == store.Pending && l.Customer != nil {
		if !slices.Contains(l.Never, l.Customer.ID) {
			l.Never = append(l.Never, l.Customer.ID)
		}
	}
	l.State = store.Rejected
	return nil
}

// ReassignInput links an organization with another customer.
type ReassignInput struct {
	ID         string `json:"id" jsonschema:"minLength=1" jsonschema_description:"The organization."`
	CustomerID string `json:"customerId" jsonschema:"minLength=1" jsonschema_description:"The Rev.io customer it is."`
	Accept     bool   `json:"accept,omitempty" jsonschema_description:"Accept the new link at once; otherwise it keeps its state."`
	DryRun     bool   `json:"dryRun,omitempty" jsonschema_description:"Only count what would be forgotten."`
}

// Reassigned says what a reassignment did.
type Reassigned struct {
	Link        Link     `json:"link"`
	Forgotten   int      `json:"forgotten" jsonschema_description:"Linked assets whose link is forgotten. What was made on the old customer stays there."`
	DryRun      bool     `json:"dryRun"`
	Notes       []string `json:"notes"`
	NextCommand string   `json:"nextCommand,omitempty"`
}

// reassignLink links an organization with another customer. What is remembered
// of its assets is forgotten; assets that were made on the old customer stay.
func (k keeper) reassignLink() component.Callable {
	return component.Func(component.Spec{Name: "links.reassign", Summary: "Link an organization with another customer; nothing is deleted on the old one.", Effect: component.Writes, Access: component.Operate},
		func(ctx context.Context, s *component.Session, in ReassignInput) (out Reassigned, err error) {
			customer, err := k.customerParty(ctx, s, in.CustomerID)
			if err != nil {
				return out, err
			}
			err = k.store.Write(ctx, store.Fence{}, func(tx store.Tx) error {
				out, err = reassign(ctx, tx, s, in, customer)
				return err
			})
			return out, err
		})
}

func reassign(ctx context.Context, tx store.Tx, s *component.Session, in ReassignInput, customer store.Party) (Reassigned, error) {
	out := Reassigned{DryRun: in.DryRun, Notes: []string{}}
	l, err := tx.Link(ctx, s.Instance, in.ID)
	if err != nil {
		return out, err
	}
	if l.Customer != nil && l.Customer.ID == in.CustomerID && (l.State == store.Accepted || !in.Accept) {
		return out, component.Errorf(component.InvalidInput, "%s is linked with %s already", l.Organization.Name, customer.Name)
	}
	old := l.Customer
	pairs, err := tx.ListPairs(ctx, s.Instance, store.PairQuery{Owners: []string{in.ID}})
	if err != nil {
		return out, err
	}
	for _, p := range pairs {
		if p.Kind == reconcile.Asset {
			out.Forgotten++
		}
		if !in.DryRun {
			if err := tx.ForgetPair(ctx, s.Instance, p.Kind, p.Left); err != nil {
				return out, err
			}
		}
	}
	if !in.DryRun {
		if err := closeConflicts(ctx, tx, s, in.ID); err != nil {
			return out, err
		}
	}
	if old != nil && out.Forgotten > 0 {
		out.Notes = append(out.Notes, fmt.Sprintf("%d assets stay with %s in Rev.io as they are.", out.Forgotten, old.Name))
	}
	l.Customer, l.Band, l.Score, l.Discovered = &customer, "", 1, time.Time{}
	l.Reasons = []store.Reason{{Text: "chosen by " + s.Actor}}
	if in.Accept {
		l.State = store.Accepted
	}
	l.Decided, l.DecidedBy = s.Clock(), s.Actor
	if in.DryRun {
		out.Link = shownLink(l)
		return out, nil
	}
	if l, err = tx.SaveLink(ctx, s.Instance, l); err != nil {
		return out, err
	}
	out.Link = shownLink(l)
	detail := map[string]string{"organization": l.Organization.Name, "to": customer.ID}
	if old != nil {
		detail["from"] = old.ID
	}
	if err := audit(ctx, tx, s, "links.reassign", "link "+in.ID, detail); err != nil {
		return out, err
	}
	if l.State == store.Accepted {
		out.NextCommand = "sync discover-assets"
		return out, wants(ctx, tx, s, "sync.discover-assets", discoverAfter)
	}
	out.NextCommand = "links accept --id " + in.ID
	return out, nil
}

// closeConflicts settles the open conflicts of an organization whose pairs are
// forgotten: there is nothing left to decide.
func closeConflicts(ctx context.Context, tx store.Tx, s *component.Session, organization string) error {
	open, _, err := tx.ListConflicts(ctx, s.Instance, store.ConflictQuery{Open: true, Owners: []string{organization}})
	for _, c := range open {
		if err == nil {
			c.Settled, c.By = s.Clock(), s.Actor+": the link was reassigned"
			err = tx.SaveConflict(ctx, s.Instance, c)
		}
	}
	return err
}
