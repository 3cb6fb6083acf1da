package cycle

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue"
	"github.com/itglue-revio/itglue-revio/component/revio"
	"github.com/itglue-revio/itglue-revio/integration/mapping"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// The fields of an organization and its customer.
const (
	descriptionField = "description"
	notesField       = "notes"
)

// details keeps the names, descriptions and notes of accepted links in step.
func (c *Cycle) details(ctx context.Context, links []store.Link) error {
	for i, l := range links {
		c.Session.Report("organization details", i, len(links))
		if err := c.detail(ctx, l); err != nil {
			return err
		}
	}
	return nil
}

func (c *Cycle) detail(ctx context.Context, l store.Link) error {
	r, ok := c.customers[l.Customer.ID]
	if !ok {
		return nil
	}
	left, err := c.leftDetails(ctx, l, r)
	if err != nil {
		return err
	}
	pair, err := c.organizationPair(ctx, l)
	if err != nil {
		return err
	}
	right := customerRecord(r)
	m := reconcile.Merge(pair, left, right, c.detailFields(l), nil)
	pair.Base, pair.Choice = m.Base, m.Choice
	ops := reconcile.Ops(pair, left, right, m)
	if c.dry {
		c.report.Planned += len(ops)
		c.detailOps[l.ID] = ops
		return nil
	}
	if m.Moved {
		if err := c.settlePairs(ctx, []reconcile.Pair{pair}); err != nil {
			return err
		}
	}
	held := m.Held
	for _, op := range ops {
		if why, err := c.paused(ctx, l.ID); err != nil || why != "" {
			return err
		}
		more, err := c.writeDetail(ctx, l, pair, left, op)
		if err != nil && !ends(ctx, err) {
			more, err = c.detailRefused(ctx, l, pair, left, op, err)
		}
		if err != nil {
			return err
		}
		held = append(held, more...)
	}
	c.counted(reconcile.Plan{Held: held})
	c.tell(l, held)
	return c.write(ctx, func(tx store.Tx) error { return c.saveConflicts(ctx, tx, l.ID, reconcile.Organization, m.Conflicts) })
}

// detailRefused deals with details that the other side did not take: of several
// each is offered by itself, and one that is refused by itself is counted, and
// parked when that happens too often.
func (c *Cycle) detailRefused(ctx context.Context, l store.Link, pair reconcile.Pair, left reconcile.Record, op reconcile.Op, cause error) (held []reconcile.Held, err error) {
	if len(op.Set) > 1 {
		for _, f := range sortedKeys(op.Set) {
			one := op.Only(f)
			more, err := c.writeDetail(ctx, l, pair, left, one)
			if err != nil && !ends(ctx, err) {
				more, err = c.detailRefused(ctx, l, pair, left, one, err)
			}
			if err != nil {
				return held, err
			}
			held = append(held, more...)
		}
		return held, nil
	}
	if component.CodeOf(cause) == component.InvalidInput {
		err = c.settlePairs(ctx, []reconcile.Pair{settleFields(pair, op, reconcile.Record{Fields: op.Was}, map[string]string{})})
	}
	return []reconcile.Held{{Side: op.Side, Kind: op.Kind, Record: op.Record, Name: op.Name, Code: reconcile.Refused, Text: fmt.Sprintf("%s did not take it: %s", op.Side.Title(), cause)}}, err
}

// tell notes why details of an organization were not written; what is in
// conflict is shown as a conflict.
func (c *Cycle) tell(l store.Link, held []reconcile.Held) {
	for _, h := range held {
		if h.Code == reconcile.Refused || h.Code == reconcile.ReadOnly || h.Code == reconcile.Parked {
			c.note("%s: %s.", l.Organization.Name, strings.TrimSuffix(h.Text, "."))
		}
	}
}

// leftDetails reads an organization's details: quick notes are cut in lists,
// so they come from the organization itself, and only where they are mapped.
func (c *Cycle) leftDetails(ctx context.Context, l store.Link, r revio.Customer) (reconcile.Record, error) {
	o := c.orgs[l.ID]
	if r.Notes != nil {
		var err error
		if o, err = itglue.GetOrganization.Call(ctx, c.Session, itglue.GetOrganizationInput{ID: l.ID}); err != nil {
			return reconcile.Record{}, err
		}
	}
	return organizationRecord(o, l), nil
}

func organizationRecord(o itglue.Organization, l store.Link) reconcile.Record {
	rec := reconcile.Record{ID: o.ID, Owner: o.ID, Name: o.Name, Fields: reconcile.Fields{reconcile.NameField: mapping.CanonicalText(o.Name)}, Updated: o.UpdatedAt.UnixMilli(), OneWay: map[string]string{}}
	if l.Locked {
		rec.OneWay[reconcile.NameField] = "a PSA that is connected to IT Glue owns the organization's name"
	}
	if o.Description != nil {
		rec.Fields[descriptionField] = mapping.CanonicalText(*o.Description)
	}
	if o.QuickNotes != nil {
		rec.Fields[notesField] = mapping.CanonicalText(*o.QuickNotes)
	}
	return rec
}

func customerRecord(r revio.Customer) reconcile.Record {
	rec := reconcile.Record{ID: r.ID, Owner: r.ID, Name: r.Name, Fields: reconcile.Fields{reconcile.NameField: mapping.CanonicalText(r.Name)}}
	if r.Description != nil {
		rec.Fields[descriptionField] = mapping.CanonicalText(*r.Description)
	}
	if r.Notes != nil {
		rec.Fields[notesField] = mapping.CanonicalText(*r.Notes)
	}
	if r.ModifiedAt != nil {
		rec.Updated = r.ModifiedAt.UnixMilli()
	}
	return rec
}

// detailFields are the fields that both sides of a link can hold: the default
// Rev.io profile names the customer's name only.
func (c *Cycle) detailFields(l store.Link) []reconcile.Field {
	fields := []reconcile.Field{{Name: reconcile.NameField, Title: "Organization name", Direction: reconcile.BothWays, First: reconcile.AsIs, Conflict: c.rule("organizationName")}}
	r := c.customers[l.Customer.ID]
	if r.Description != nil {
		fields = append(fields, reconcile.Field{Name: descriptionField, Title: "Organization description", Direction: reconcile.BothWays, Union: c.resync(), First: c.Config.Rules.FirstWinner, Conflict: c.rule("organizationDescription")})
	}
	if r.Notes != nil {
		fields = append(fields, reconcile.Field{Name: notesField, Title: "Quick notes", Direction: reconcile.BothWays, Union: c.resync(), First: c.Config.Rules.FirstWinner, Conflict: c.rule("organizationNotes")})
	}
	return fields
}

func (c *Cycle) organizationPair(ctx context.Context, l store.Link) (p reconcile.Pair, err error) {
	p = reconcile.Pair{Kind: reconcile.Organization, Left: l.ID, Right: l.Customer.ID, Owner: l.ID, Origin: reconcile.ByLink, Base: reconcile.Base{}}
	var others []reconcile.Pair
	err = c.Store.Read(ctx, func(tx store.Tx) error {
		known, err := tx.ListPairs(ctx, c.Instance, store.PairQuery{Kind: reconcile.Organization, Left: []string{l.ID}})
		if err != nil {
			return err
		}
		if len(known) > 0 && known[0].Right == l.Customer.ID {
			p = known[0]
		}
		others, err = tx.ListPairs(ctx, c.Instance, store.PairQuery{Kind: reconcile.Organization, Right: []string{l.Customer.ID}})
		return err
	})
	if err != nil {
		return p, err
	}
	return p, c.forgetOthers(ctx, l.ID, others)
}

// forgetOthers forgets what the customer of a link had in step with another
// organization, whose link was accepted before and is no more: a customer has
// one accepted link.
func (c *Cycle) forgetOthers(ctx context.Context, organization string, pairs []reconcile.Pair) error {
	pairs = slices.DeleteFunc(pairs, func(p reconcile.Pair) bool { return p.Left == organization })
	if len(pairs) == 0 || c.dry {
		return nil
	}
	return c.write(ctx, func(tx store.Tx) error {
		for _, p := range pairs {
			if err := tx.ForgetPair(ctx, c.Instance, p.Kind, p.Left); err != nil {
				return err
			}
		}
		return nil
	})
}

// writeDetail writes one side of a link's details after a fresh look at it.
func (c *Cycle) writeDetail(ctx context.Context, l store.Link, pair reconcile.Pair, left reconcile.Record, op reconcile.Op) ([]reconcile.Held, error) {
	if err := c.replacing(ctx, op); err != nil {
		return nil, err
	}
	c.point("before-detail")
	shown, why, err := c.sendDetail(ctx, l, left, op)
	c.point("after-detail")
	if err != nil || why != "" {
		var held []reconcile.Held
		if why != "" {
			held = append(held, reconcile.Held{Side: op.Side, Kind: op.Kind, Record: op.Record, Name: op.Name, Code: reconcile.ReadOnly, Text: why})
		}
		return held, err
	}
	if op.Side == reconcile.Left {
		c.report.ToITGlue++
	} else {
		c.report.ToRevio++
	}
	pair = settleFields(pair, op, shown, map[string]string{})
	return nil, c.write(ctx, func(tx store.Tx) error {
		return tx.SavePair(ctx, c.Instance, pair)
	})
}

func (c *Cycle) sendDetail(ctx context.Context, l store.Link, left reconcile.Record, op reconcile.Op) (shown reconcile.Record, why string, err error) {
	if op.Side == reconcile.Right {
		if !c.revio.Profile().Capabilities.UpdateCustomer {
			return shown, "this Rev.io tenant does not let the sync change customers (capabilities.updateCustomer in the profile)", nil
		}
		out, err := revio.UpdateCustomer.Call(ctx, c.Session, revio.UpdateCustomerInput{ID: op.Record, Set: op.Set, Was: c.customerWas(op)})
		if errors.Is(err, component.Conflict) && !store.IsFenced(err) {
			return shown, "it was being edited in Rev.io while the sync looked at it; the next cycle tries again", nil
		}
		return customerRecord(out), "", err
	}
	at := time.UnixMilli(left.Updated).UTC()
	in := itglue.UpdateOrganizationInput{ID: op.Record, UnlessChangedSince: &at}
	for f, v := range op.Set {
		switch f {
		case reconcile.NameField:
			in.Name = &v
		case descriptionField:
			in.Description = &v
		case notesField:
			in.QuickNotes = &v
		}
	}
	out, err := itglue.UpdateOrganization.Call(ctx, c.Session, in)
	switch {
	case errors.Is(err, itglue.ErrLockedByPSA):
		return shown, "a PSA that is connected to IT Glue owns the organization's name, so Rev.io's name is not written there", c.lock(ctx, l)
	case errors.Is(err, component.Conflict) && !store.IsFenced(err):
		return shown, "it was being edited in IT Glue while the sync looked at it; the next cycle tries again", nil
	}
	return organizationRecord(out, l), "", err
}

// customerWas gives what the listing showed of the fields that an op writes, as
// Rev.io writes them.
func (c *Cycle) customerWas(op reconcile.Op) map[string]string {
	r := c.customers[op.Record]
	raw := map[string]*string{reconcile.NameField: &r.Name, descriptionField: r.Description, notesField: r.Notes}
	was := map[string]string{}
	for f := range op.Set {
		if raw[f] != nil {
			was[f] = *raw[f]
		}
	}
	return was
}

// lock remembers that IT Glue refuses the organization's name.
func (c *Cycle) lock(ctx context.Context, l store.Link) error {
	return c.write(ctx, func(tx store.Tx) error {
		now, err := tx.Link(ctx, c.Instance, l.ID)
		if err != nil {
			return err
		}
		now.Locked = true
		_, err = tx.SaveLink(ctx, c.Instance, now)
		return err
	})
}
