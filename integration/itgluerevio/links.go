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
	Reasons      []store.Reason `json:"reasons" jsonschema_description:"What speaks for the suggestion and, below zero, against it. The weights add up to the score in log-odds: ln(score / (1 - score))."`
	Others       []Other        `json:"others" jsonschema_description:"Up to five runners-up, the best first."`
	Attention    string         `json:"attention,omitempty" jsonschema_description:"Why an accepted link is paused by itself."`
	DecidedBy    string         `json:"decidedBy,omitempty"`
	Decided      *time.Time     `json:"decided,omitempty"`
	Version      int64          `json:"version" jsonschema_description:"Give it back with a decision, and one that was made on an older one is a conflict."`
	CanUndo      bool           `json:"canUndo" jsonschema_description:"Whether the last decision can be taken back."`
	Depth        int            `json:"depth" jsonschema_description:"How many organizations are above it; only in the order tree."`
	WaitsFor     *store.Party   `json:"waitsFor,omitempty" jsonschema_description:"The parent organization whose link is pending; the children can be accepted all the same."`
}

// Other is a runner-up of a suggestion.
type Other struct {
	Customer store.Party    `json:"customer"`
	Band     string         `json:"band"`
	Score    float64        `json:"score"`
	Reasons  []store.Reason `json:"reasons" jsonschema_description:"What speaks for it and against it."`
}

func shownLink(l store.Link) Link {
	out := Link{ID: l.ID, Organization: l.Organization, Customer: l.Customer, State: string(l.State), Band: l.Band, Score: rounded(l.Score), Reasons: l.Reasons, Others: []Other{}, Attention: l.Attention, DecidedBy: l.DecidedBy,
		Decided: component.Instant(l.Decided), Version: l.Version, CanUndo: l.Before != nil}
	out.Reasons = listed(out.Reasons)
	for _, o := range l.Others {
		out.Others = append(out.Others, Other{Customer: o.Customer, Band: o.Band, Score: rounded(o.Score), Reasons: listed(o.Reasons)})
	}
	return out
}

// listed makes reasons that are none an empty list.
func listed(reasons []store.Reason) []store.Reason {
	if reasons == nil {
		return []store.Reason{}
	}
	return reasons
}

// rounded shows a score with as many digits as mean something.
func rounded(score float64) float64 { return math.Round(score*1e4) / 1e4 }

// DecideLinksInput names links one by one, or all pending ones at least so sure.
type DecideLinksInput struct {
	ID          []string `json:"id,omitempty" jsonschema_description:"Organizations whose link is meant."`
	MinScore    float64  `json:"minScore,omitempty" jsonschema:"minimum=0,maximum=1" jsonschema_description:"All pending links with at least this score that are exact or strong; 0: only those named."`
	WithParents bool     `json:"withParents,omitempty" jsonschema_description:"Also the pending links of the parents of those named."`
	DryRun      bool     `json:"dryRun,omitempty" jsonschema_description:"Only say what would be decided."`
	Version     int64    `json:"version,omitempty" jsonschema:"minimum=0" jsonschema_description:"With one link: the version that the person saw. 0: whatever it is."`
}

// RejectLinksInput names links.
type RejectLinksInput struct {
	ID      []string `json:"id" jsonschema:"minItems=1" jsonschema_description:"Organizations whose link is meant."`
	DryRun  bool     `json:"dryRun,omitempty" jsonschema_description:"Only say what would be decided."`
	Version int64    `json:"version,omitempty" jsonschema:"minimum=0" jsonschema_description:"With one link: the version that the person saw. 0: whatever it is."`
}

// Decided is what became of links.
type Decided struct {
	Items       []Link        `json:"items" jsonschema_description:"The links that were decided, as they are now; of a dry run the first 100."`
	Counts      DecidedCounts `json:"counts"`
	DryRun      bool          `json:"dryRun"`
	NextCommand string        `json:"nextCommand,omitempty"`
}

// DecidedCounts says how many links were decided, and how many were left out.
type DecidedCounts struct {
	Links     int `json:"links"`
	Parents   int `json:"parents" jsonschema_description:"Of them, those that came along as parents."`
	Ambiguous int `json:"ambiguous" jsonschema_description:"Pending suggestions with that score that are neither exact nor strong: they were left out."`
	Attention int `json:"attention" jsonschema_description:"Of them, those that stay paused by themselves."`
}

func (k keeper) acceptLinks() component.Callable {
	return component.Func(component.Spec{Name: "links.accept", Summary: "Accept links: from then on their data may flow.", Effect: component.Writes, Access: component.Operate},
		func(ctx context.Context, s *component.Session, in DecideLinksInput) (Decided, error) {
			if len(in.ID) == 0 && in.MinScore == 0 {
				return Decided{}, component.Errorf(component.InvalidInput, "no link is named").Then("Name organizations with --id, or all sure ones with --min-score 0.95.")
			}
			ids, counts, err := k.meant(ctx, s, in)
			if err != nil {
				return Decided{}, err
			}
			out, err := k.decideLinks(ctx, s, linkDecision{ids: ids, dry: in.DryRun, action: "links.accept", version: in.Version, change: accept})
			out.Counts.Parents, out.Counts.Ambiguous = counts.Parents, counts.Ambiguous
			if err == nil && len(out.Items) > 0 && !in.DryRun {
				out.NextCommand = "sync discover-assets"
			}
			return out, err
		})
}

func (k keeper) rejectLinks() component.Callable {
	return component.Func(component.Spec{Name: "links.reject", Summary: "Reject links: their sync pauses at the next write, and nothing is deleted.", Effect: component.Writes, Access: component.Operate},
		func(ctx context.Context, s *component.Session, in RejectLinksInput) (Decided, error) {
			return k.decideLinks(ctx, s, linkDecision{ids: in.ID, dry: in.DryRun, action: "links.reject", version: in.Version, change: reject})
		})
}

// meant gives the ids of the links that an input means, parents first.
func (k keeper) meant(ctx context.Context, s *component.Session, in DecideLinksInput) (ids []string, counts DecidedCounts, err error) {
	ids = slices.Clone(in.ID)
	if in.MinScore == 0 && !in.WithParents {
		return ids, counts, nil
	}
	err = k.read(ctx, func(tx store.Tx) error {
		links, _, err := tx.ListLinks(ctx, s.Instance, store.LinkQuery{States: []store.LinkState{store.Pending}})
		if err != nil {
			return err
		}
		ids, counts = slices.Clone(in.ID), DecidedCounts{}
		byID, named := map[string]store.Link{}, map[string]bool{}
		for _, id := range ids {
			named[id] = true
		}
		for _, l := range links {
			byID[l.ID] = l
			if in.MinScore == 0 || l.Customer == nil || l.Score < in.MinScore || named[l.ID] {
				continue
			}
			if l.Band != string(match.Exact) && l.Band != string(match.Strong) {
				counts.Ambiguous++
				continue
			}
			ids = append(ids, l.ID)
		}
		if in.WithParents {
			n := len(ids)
			ids = withParents(ids, byID)
			counts.Parents = len(ids) - n
		}
		return nil
	})
	return ids, counts, err
}

func withParents(ids []string, links map[string]store.Link) []string {
	var all []string
	taken := map[string]bool{}
	for _, id := range ids {
		chain := []string{id}
		for p := links[id].Organization.Parent; p != "" && !slices.Contains(chain, p); p = links[p].Organization.Parent {
			if l, ok := links[p]; ok && l.State == store.Pending && l.Customer != nil {
				chain = append(chain, p)
			}
		}
		slices.Reverse(chain)
		for _, c := range chain {
			if !taken[c] {
				taken[c], all = true, append(all, c)
			}
		}
	}
	return all
}

// linkDecision is a decision about some links.
type linkDecision struct {
	ids     []string
	dry     bool
	action  string
	version int64                   // that the person saw, of a single link; 0: whatever it is
	change  func(*store.Link) error // nil: take the last decision back
}

// decideLinks changes links in one transaction: all of them or none.
func (k keeper) decideLinks(ctx context.Context, s *component.Session, d linkDecision) (Decided, error) {
	out := Decided{Items: []Link{}, DryRun: d.dry}
	if d.version != 0 && len(d.ids) != 1 {
		return out, component.Errorf(component.InvalidInput, "a version is of one link, and %d are named", len(d.ids)).Then("Leave version out, or name one link.")
	}
	err := k.store.Write(ctx, store.Fence{}, func(tx store.Tx) error {
		out.Items, out.Counts = out.Items[:0], DecidedCounts{}
		known, err := d.known(ctx, tx, s.Instance)
		if err != nil {
			return err
		}
		for _, id := range d.ids {
			l, err := decideLink(ctx, tx, s, id, d, known)
			if err != nil {
				return err
			}
			if !d.dry || len(out.Items) < mostTried {
				out.Items = append(out.Items, shownLink(l))
			}
			if out.Counts.Links++; l.Attention != "" {
				out.Counts.Attention++
			}
		}
		if d.dry || len(d.ids) == 0 {
			return nil
		}
		return wants(ctx, tx, s, "sync.discover-assets", discoverAfter)
	})
	return out, err
}

// mostTried is how many links a dry run shows; it counts all of them.
const mostTried = 100

// known gives the links of a dry run at once: one by one, thousands take seconds.
func (d linkDecision) known(ctx context.Context, tx store.Tx, instance string) (map[string]store.Link, error) {
	known := map[string]store.Link{}
	if !d.dry || len(d.ids) < mostTried {
		return known, nil
	}
	links, _, err := tx.ListLinks(ctx, instance, store.LinkQuery{IDs: d.ids})
	for _, l := range links {
		known[l.ID] = l
	}
	return known, err
}

func decideLink(ctx context.Context, tx store.Tx, s *component.Session, id string, d linkDecision, known map[string]store.Link) (store.Link, error) {
	l, there := known[id]
	if !there {
		var err error
		if l, err = tx.Link(ctx, s.Instance, id); err != nil {
			return l, err
		}
	}
	var err error
	if d.version != 0 && d.version != l.Version {
		return l, component.Errorf(component.Conflict, "the link of %s was changed by someone else since you read it", l.Organization.Name).Then("Read it again, then decide anew.")
	}
	before := earlier(l)
	if d.change == nil {
		err = undo(ctx, tx, s, &l)
	} else if err = d.change(&l); err == nil {
		l.Decided, l.DecidedBy, l.Before = s.Clock(), s.Actor, before
	}
	if err != nil || d.dry {
		return l, err
	}
	if l, err = tx.SaveLink(ctx, s.Instance, l); err != nil {
		return l, err
	}
	detail := map[string]string{"organization": l.Organization.Name, "was": string(before.State)}
	if l.Customer != nil {
		detail["customer"], detail["customerName"] = l.Customer.ID, l.Customer.Name
	}
	return l, audit(ctx, tx, s, d.action, "link "+id, detail)
}

// earlier keeps how a link is before it is decided.
func earlier(l store.Link) *store.Earlier {
	return &store.Earlier{Customer: l.Customer, State: l.State, Band: l.Band, Score: l.Score, Reasons: l.Reasons, Never: slices.Clone(l.Never), Decided: l.Decided, DecidedBy: l.DecidedBy, Discovered: l.Discovered}
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
	Version    int64  `json:"version,omitempty" jsonschema:"minimum=0" jsonschema_description:"The version that the person saw: another one is a conflict. 0: whatever it is."`
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
	if in.Version != 0 && in.Version != l.Version {
		return out, component.Errorf(component.Conflict, "the link of %s was changed by someone else since you read it", l.Organization.Name).Then("Read it again, then decide anew.")
	}
	if l.Customer != nil && l.Customer.ID == in.CustomerID && (l.State == store.Accepted || !in.Accept) {
		return out, component.Errorf(component.InvalidInput, "%s is linked with %s already", l.Organization.Name, customer.Name)
	}
	old := l.Customer
	if out.Forgotten, err = forgetPairs(ctx, tx, s, in.ID, in.DryRun); err != nil {
		return out, err
	}
	if old != nil && out.Forgotten > 0 {
		out.Notes = append(out.Notes, fmt.Sprintf("%d assets stay with %s in Rev.io as they are.", out.Forgotten, old.Name))
	}
	l.Before = earlier(l)
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

// forgetPairs forgets what is remembered of an organization's records, or only
// counts the assets.
func forgetPairs(ctx context.Context, tx store.Tx, s *component.Session, organization string, dry bool) (assets int, err error) {
	pairs, err := tx.ListPairs(ctx, s.Instance, store.PairQuery{Owners: []string{organization}})
	if err != nil {
		return 0, err
	}
	for _, p := range pairs {
		if p.Kind == reconcile.Asset {
			assets++
		}
		if dry {
			continue
		}
		if err := tx.ForgetPair(ctx, s.Instance, p.Kind, p.Left); err != nil {
			return 0, err
		}
	}
	if dry {
		return assets, nil
	}
	return assets, closeConflicts(ctx, tx, s, organization)
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
