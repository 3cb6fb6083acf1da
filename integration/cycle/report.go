package cycle

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"

	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// reportLink stores the reasons of what did not move, and the open conflicts.
func (c *Cycle) reportLink(ctx context.Context, l store.Link, plan reconcile.Plan) error {
	c.counted(plan)
	r := store.Report{Owner: l.ID, Run: c.runID(), At: c.now(), Held: plan.Held, Guard: plan.Guard}
	if len(plan.Guard) > 0 {
		raw, err := json.Marshal(c.linkPlan(l, plan))
		if err != nil {
			return err
		}
		r.Plan = raw
	}
	return c.write(ctx, func(tx store.Tx) error {
		if err := tx.SaveReport(ctx, c.Instance, r); err != nil {
			return err
		}
		return c.saveConflicts(ctx, tx, l.ID, reconcile.Asset, plan.Conflicts)
	})
}

// counted adds a plan's reasons to the report.
func (c *Cycle) counted(plan reconcile.Plan) {
	for _, h := range plan.Held {
		switch h.Code {
		case reconcile.OnlyRight:
			c.report.OnlyInRevio++
		case reconcile.InConflict, reconcile.Ignored, reconcile.Cut, reconcile.Archived, reconcile.OneWayOnly:
		default:
			c.report.Held++
		}
	}
}

// saveConflicts makes the open conflicts of one organization those of its last
// plan: new ones are opened, those that are no more are settled.
func (c *Cycle) saveConflicts(ctx context.Context, tx store.Tx, owner string, kind reconcile.Kind, now []reconcile.Conflict) error {
	open, _, err := tx.ListConflicts(ctx, c.Instance, store.ConflictQuery{Open: true, Owners: []string{owner}})
	if err != nil {
		return err
	}
	before := map[string]store.OpenConflict{}
	for _, o := range open {
		if o.Pair.Kind == kind {
			before[o.ID] = o
		}
	}
	for _, n := range now {
		id := ConflictID(n)
		o, known := before[id]
		delete(before, id)
		if known && o.Left == n.Left && o.Right == n.Right {
			continue
		}
		o = store.OpenConflict{ID: id, Conflict: n, Owner: owner, Since: c.now(), Record: c.recordName(ctx, tx, n)}
		if err := tx.SaveConflict(ctx, c.Instance, o); err != nil {
			return err
		}
	}
	for _, id := range sortedKeys(before) {
		o := before[id]
		o.Settled, o.By = c.now(), cmp.Or(o.By, "the sync: the sides agree again")
		if err := tx.SaveConflict(ctx, c.Instance, o); err != nil {
			return err
		}
	}
	return nil
}

// ConflictID names a conflict: the same field of the same pair is the same one.
func ConflictID(c reconcile.Conflict) string {
	return fmt.Sprintf("%s-%s-%s", c.Pair.Kind, c.Pair.Left, c.Field)
}

func (c *Cycle) recordName(ctx context.Context, tx store.Tx, n reconcile.Conflict) string {
	if n.Pair.Kind == reconcile.Organization {
		return c.orgs[n.Pair.Left].Name
	}
	stored, _, err := tx.ListRecords(ctx, c.Instance, store.RecordQuery{Side: reconcile.Left, IDs: []string{n.Pair.Left}})
	if err != nil || len(stored) == 0 {
		return n.Pair.Left
	}
	return stored[0].Name
}

// Report is what a cycle did, in counts.
type Report struct {
	Organizations int            `json:"organizations" jsonschema_description:"Active organizations in IT Glue."`
	Customers     int            `json:"customers" jsonschema_description:"Open customers in Rev.io."`
	Suggested     int            `json:"suggested" jsonschema_description:"Pending links with a suggestion."`
	NewLinks      int            `json:"newLinks" jsonschema_description:"Organizations seen for the first time; they are pending."`
	Accepted      int            `json:"accepted" jsonschema_description:"Accepted links that this run went through."`
	Discovered    int            `json:"discovered" jsonschema_description:"Links whose assets were matched for the first time."`
	Assets        int            `json:"assets" jsonschema_description:"IT Glue assets looked at."`
	Matched       int            `json:"matched" jsonschema_description:"Assets found to be the same by serial number."`
	Created       int            `json:"created" jsonschema_description:"Assets made in Rev.io."`
	Adopted       int            `json:"adopted" jsonschema_description:"Creates of an earlier run that were found carried out."`
	ToRevio       int            `json:"toRevio" jsonschema_description:"Records updated in Rev.io."`
	ToITGlue      int            `json:"toITGlue" jsonschema_description:"Records updated in IT Glue."`
	Steady        int            `json:"steady" jsonschema_description:"Linked assets with nothing to do."`
	Planned       int            `json:"planned" jsonschema_description:"Writes that were planned and not carried out."`
	Conflicts     int            `json:"conflicts" jsonschema_description:"Open conflicts."`
	Held          int            `json:"held" jsonschema_description:"Records that wait for a person or for the other system."`
	OnlyInRevio   int            `json:"onlyInRevio" jsonschema_description:"Rev.io assets that nothing in IT Glue stands for."`
	Attention     int            `json:"attention" jsonschema_description:"Conflicts and held records together."`
	Passwords     PasswordCounts `json:"passwords"`
	Stopped       []string       `json:"stopped" jsonschema_description:"Organizations stopped until a person decides, with the reason."`
	Notes         []string       `json:"notes" jsonschema_description:"What a person should know, in words."`
	NextCommand   string         `json:"nextCommand,omitempty"`
}

// PasswordCounts says what became of the passwords of accepted organizations.
type PasswordCounts struct {
	Attached   int `json:"attached" jsonschema_description:"Listed: they belong to an asset of a selected type."`
	Mentioned  int `json:"mentioned" jsonschema_description:"Tagged on an asset, and not attached to it."`
	Standalone int `json:"standalone" jsonschema_description:"In the vault only: not listed until they are attached to a flexible asset."`
	Dropped    int `json:"dropped" jsonschema_description:"Belonging to something that is not selected."`
	Added      int `json:"added"`
	Removed    int `json:"removed"`
}

// Writes is how many records were written on either side.
func (r Report) Writes() int { return r.Created + r.ToRevio + r.ToITGlue }
