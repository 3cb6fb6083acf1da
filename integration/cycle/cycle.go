// Package cycle is one run over an instance: read both sides, decide, carry
// out, settle.
//
// [Cycle.Run] goes through it in one direction: settle the creates of an
// earlier run whose outcome was not known (intents.go), list organizations and
// customers and suggest links (organizations.go), keep the details of accepted
// links in step (details.go), read the assets of accepted links into the store
// (read.go), decide each organization (decide.go), carry the plan out with a
// direct look before each write (carryout.go, update.go, create.go), and keep
// the password list (passwords.go).
//
// Before a link is accepted nothing of its organization is read but the
// organization itself, and nothing is written.
package cycle

import (
	"context"
	"fmt"
	"maps"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue"
	"github.com/itglue-revio/itglue-revio/component/revio"
	"github.com/itglue-revio/itglue-revio/integration/mapping"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// Config is what an instance's pages say, as the cycle needs it.
type Config struct {
	Tenant  string                       // the Rev.io tenant that the credentials are for
	Region  string                       // the IT Glue region, part of the mark that a created asset carries
	TypeIDs []string                     // the selected flexible asset types
	Fields  map[string]map[string]string // by flexible asset type: Rev.io field to flexible asset field id
	Types   map[string]string            // flexible asset type to Rev.io asset type
	Rules   Rules
}

// Rules are the parts of a configuration that have defaults.
type Rules struct {
	FirstWinner         reconcile.Winner            // at first contact
	ReviewFirst         bool                        // discovery ends in a plan to apply
	Fields              map[string]reconcile.Winner // by Rev.io field, where both sides changed
	WriteTypesWithFiles []string                    // types whose records are written although they hold files
	TaggedPasswords     bool
	InactiveStatuses    []string
	GuardOrganization   int // percent
	GuardInstance       int // percent
}

// Scope says how much of a cycle is run.
type Scope struct {
	Match        bool     // list organizations and customers, suggest links, keep details
	Assets       bool     // read, decide and carry out the assets of accepted links
	Undiscovered bool     // only of links that were not discovered yet
	Links        []string // only of these links; nil: all
	Plan         bool     // decide only; write to neither side
	// Approved carries out what a person approved, and nothing else: by link, the
	// fingerprint of its plan. If any plan is another one by now, nothing is
	// written. What the guard would stop was seen, and is carried out.
	Approved map[string]string
}

// Cycle is one run over an instance. Make one for each run.
type Cycle struct {
	Store    store.Store
	Session  *component.Session
	Instance string
	Config   Config
	// Hook is called at named points around every write, so that a test can end
	// the process there; nil in production.
	Hook func(point string)

	itglue *itglue.Client
	revio  *revio.Client
	report Report
	dry    bool
	plans  []LinkPlan

	version   int64 // of the settings that this run works with
	inst      store.Instance
	links     []store.Link // of active organizations, parents first
	orgs      map[string]itglue.Organization
	customers map[string]revio.Customer
	maps      map[string]mapping.Mapping // by flexible asset type
	detailOps map[string][]reconcile.Op  // by link: writes of details that were planned and not carried out
	shown     map[string]string          // by owner id: why its listing is not complete; "" when it is
	leftWhy   map[string]string          // by type: why its listing is not complete
	mentions  map[string]string          // password id to the asset that tags it
	serials   map[string][]place         // by serial key, over all accepted links
	refusals  map[string]store.Intent    // creates that were refused before, by op
}

// LinkPlan is the plan of one link.
type LinkPlan struct {
	Organization store.Party    `json:"organization"`
	Customer     store.Party    `json:"customer"`
	Details      []reconcile.Op `json:"details" jsonschema_description:"Writes of the organization's and the customer's own details."`
	Plan         reconcile.Plan `json:"plan"`
	Fingerprint  string         `json:"fingerprint" jsonschema_description:"Of every write: another one says that the plan is stale."`
}

// Uses lists the actions that a cycle may call.
func Uses() []component.Callable {
	return []component.Callable{
		itglue.CheckConnection, itglue.ListOrganizations, itglue.GetOrganization, itglue.UpdateOrganization, itglue.ListFlexibleAssetTypes,
		itglue.ListFlexibleAssets, itglue.GetFlexibleAsset, itglue.UpdateFlexibleAsset, itglue.ListPasswords,
		revio.ListCustomers, revio.GetCustomer, revio.UpdateCustomer, revio.ListAssets, revio.FindAssets, revio.GetAsset,
		revio.CreateAsset, revio.UpdateAsset,
	}
}

// Run goes through the cycle. It answers with a report, also beside an error:
// what was done before it is done. The error is component.NeedsReview when an
// organization was stopped until a person decides; the others went on.
func (c *Cycle) Run(ctx context.Context, scope Scope) (Report, error) {
	c.report = Report{Stopped: []string{}, Notes: []string{}}
	if err := c.open(ctx, scope); err != nil {
		return c.report, err
	}
	if err := c.run(ctx, scope); err != nil {
		return c.report, c.refusedBy(ctx, err)
	}
	if len(c.report.Stopped) > 0 {
		return c.report, c.stopped()
	}
	return c.report, nil
}

// Plans gives what Run decided for each link, with Scope.Plan.
func (c *Cycle) Plans() []LinkPlan { return c.plans }

func (c *Cycle) run(ctx context.Context, scope Scope) error {
	if scope.Assets && !c.dry {
		if err := c.settleIntents(ctx); err != nil {
			return err
		}
	}
	if err := c.organizations(ctx, scope); err != nil {
		return err
	}
	links := c.scoped(scope)
	c.report.Accepted = len(links)
	switch {
	case scope.Approved != nil:
		if err := c.planDetails(ctx, links, scope.Approved); err != nil {
			return err
		}
	case scope.Match:
		if err := c.details(ctx, links); err != nil {
			return err
		}
	}
	if scope.Assets && len(links) > 0 && len(c.Config.TypeIDs) > 0 {
		if err := c.assets(ctx, links, scope); err != nil {
			return err
		}
		if err := c.passwords(ctx, links); err != nil {
			return err
		}
	}
	if err := c.close(ctx); err != nil {
		return err
	}
	if whole := scope.Match && scope.Assets && scope.Links == nil && !scope.Undiscovered; !whole || c.dry || !c.resync() || len(c.report.Stopped) > 0 {
		return nil
	}
	c.note("The database was restored from a backup: this cycle took nothing for emptied or gone. From the next one on everything counts again.")
	return c.setNotes(ctx, map[string]string{NoteResync: ""}, nil)
}

// open prepares the clients and what the instance remembers.
func (c *Cycle) open(ctx context.Context, scope Scope) (err error) {
	if c.itglue, err = itglue.Connection.Open(ctx, c.Session); err != nil {
		return err
	}
	if c.revio, err = revio.Connection.Open(ctx, c.Session); err != nil {
		return err
	}
	c.dry = scope.Plan || !c.revio.CanWrite()
	if !scope.Plan && c.dry {
		c.note("Production Mode is off: this run plans and matches, and writes nothing to either side.")
	}
	c.maps, c.shown, c.leftWhy = map[string]mapping.Mapping{}, map[string]string{}, map[string]string{}
	c.refusals = map[string]store.Intent{}
	c.mentions, c.serials, c.detailOps = map[string]string{}, map[string][]place{}, map[string][]reconcile.Op{}
	err = c.Store.Read(ctx, func(tx store.Tx) error {
		c.inst, err = tx.Instance(ctx, c.Instance)
		c.version = c.inst.Version
		return err
	})
	if err != nil {
		return err
	}
	return c.sameTenant()
}

// NoteResync stands in an instance's notes after its database was restored from
// a backup: until a whole cycle went through, nothing is taken for emptied and
// nothing counts as gone.
const NoteResync = "resync"

func (c *Cycle) resync() bool { return c.inst.Notes[NoteResync] != "" }

// close counts what is open, and remembers what the next run needs.
func (c *Cycle) close(ctx context.Context) error {
	err := c.Store.Read(ctx, func(tx store.Tx) error {
		open, _, err := tx.ListConflicts(ctx, c.Instance, store.ConflictQuery{Open: true})
		c.report.Conflicts = len(open)
		return err
	})
	c.report.Attention = c.report.Conflicts + c.report.Held
	return err
}

func (c *Cycle) stopped() error {
	r := c.report
	text := fmt.Sprintf("%d organizations were stopped for review; for the others %d records were written", len(r.Stopped), r.Writes())
	if len(r.Stopped) == 1 {
		text = fmt.Sprintf("one organization was stopped for review; for the others %d records were written", r.Writes())
	}
	for _, s := range r.Stopped {
		text += "\n  " + s
	}
	return component.Errorf(component.NeedsReview, "%s", text).Then("Look at what would change with `plan create`. Correct what is wrong on the side that is wrong, or carry the plan out with `plan apply --force`.")
}

func (c *Cycle) fence() store.Fence {
	return store.Fence{Run: c.Session.Run.ID, Epoch: c.Session.Run.Epoch}
}

func (c *Cycle) write(ctx context.Context, f func(store.Tx) error) error {
	return c.Store.Write(ctx, c.fence(), f)
}

// setNotes changes what the instance remembers, without a new version of it.
func (c *Cycle) setNotes(ctx context.Context, notes, bound map[string]string) error {
	if subset(notes, c.inst.Notes) && subset(bound, c.inst.Bound) {
		return nil
	}
	return c.write(ctx, func(tx store.Tx) error {
		in, err := tx.Instance(ctx, c.Instance)
		if err != nil {
			return err
		}
		in.Notes, in.Bound = with(in.Notes, notes), with(in.Bound, bound)
		c.inst = in
		return tx.NoteInstance(ctx, in)
	})
}

func (c *Cycle) point(name string) {
	if c.Hook != nil {
		c.Hook(name)
	}
}

func (c *Cycle) note(format string, args ...any) {
	c.report.Notes = append(c.report.Notes, fmt.Sprintf(format, args...))
}

func (c *Cycle) now() time.Time { return c.Session.Clock() }

func subset(part, whole map[string]string) bool {
	for k, v := range part {
		if have, ok := whole[k]; !ok || have != v {
			return false
		}
	}
	return true
}

func with(m, more map[string]string) map[string]string {
	c := maps.Clone(m)
	if c == nil {
		c = map[string]string{}
	}
	maps.Copy(c, more)
	return c
}
