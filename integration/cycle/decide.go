package cycle

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/revio"
	"github.com/itglue-revio/itglue-revio/integration/mapping"
	"github.com/itglue-revio/itglue-revio/integration/match"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// assets reads, decides and carries out the assets of the given links, one
// organization after another, parents first.
func (c *Cycle) assets(ctx context.Context, links []store.Link, scope Scope) error {
	if err := c.read(ctx, links); err != nil {
		return err
	}
	if err := c.indexSerials(ctx); err != nil {
		return err
	}
	plans := make([]reconcile.Plan, len(links))
	risk, linked := 0, 0
	for i, l := range links {
		plan, err := c.decide(ctx, l)
		if err != nil {
			return err
		}
		risk, linked = risk+plan.Risk, linked+plan.Linked
		plans[i] = plan
	}
	percent := cmp.Or(c.Config.Rules.GuardInstance, 10)
	over := ""
	if most := max(20, linked*percent/100); risk > most {
		over = fmt.Sprintf("over all organizations %d of %d linked assets would have values emptied, be gone or get another name or serial number; more than %d at once waits for a person", risk, linked, most)
	}
	if scope.Approved != nil {
		if err := c.approve(links, plans, scope.Approved); err != nil {
			return err
		}
		if err := c.details(ctx, links); err != nil {
			return err
		}
	}
	for i, l := range links {
		c.Session.Report("carrying out", i, len(links))
		if err := c.organization(ctx, l, plans[i], scope, over); err != nil {
			return err
		}
		plans[i] = reconcile.Plan{}
	}
	return nil
}

// organization carries out the plan of one link, or keeps it for review.
func (c *Cycle) organization(ctx context.Context, l store.Link, plan reconcile.Plan, scope Scope, over string) error {
	if over != "" && plan.Risk > 0 {
		plan.Guard = append(plan.Guard, over)
	}
	c.report.Matched += plan.Matched
	c.report.Steady += plan.Steady
	first := l.Discovered.IsZero()
	review := first && c.Config.Rules.ReviewFirst && !scope.Plan
	switch {
	case scope.Approved != nil && !c.dry:
	case c.dry || review || len(plan.Guard) > 0:
		c.report.Planned += len(plan.Ops)
		c.plans = append(c.plans, c.linkPlan(l, plan))
		if scope.Plan {
			c.counted(plan)
			return nil
		}
		if review {
			plan.Guard = append(plan.Guard, "the first run of an organization waits for a person (rules.firstRun is review)")
		}
		if len(plan.Guard) > 0 {
			c.report.Stopped = append(c.report.Stopped, fmt.Sprintf("%s: %s", l.Organization.Name, plan.Guard[0]))
		}
		return c.reportLink(ctx, l, plan)
	}
	if err := c.carryOut(ctx, l, &plan); err != nil {
		return err
	}
	if first {
		c.report.Discovered++
		if err := c.discovered(ctx, l); err != nil {
			return err
		}
	}
	return c.reportLink(ctx, l, plan)
}

// linkPlan gives the plan of one link as it is shown.
func (c *Cycle) linkPlan(l store.Link, plan reconcile.Plan) LinkPlan {
	p := LinkPlan{Organization: l.Organization, Customer: *l.Customer, Details: append([]reconcile.Op{}, c.detailOps[l.ID]...), Plan: listed(plan)}
	p.Fingerprint = fingerprint(p)
	return p
}

// listed gives a plan whose empty lists are lists, as it is shown as JSON.
func listed(p reconcile.Plan) reconcile.Plan {
	p.Ops, p.Pairs = append([]reconcile.Op{}, p.Ops...), append([]reconcile.Pair{}, p.Pairs...)
	p.Conflicts, p.Held = append([]reconcile.Conflict{}, p.Conflicts...), append([]reconcile.Held{}, p.Held...)
	return p
}

func (c *Cycle) discovered(ctx context.Context, l store.Link) error {
	return c.write(ctx, func(tx store.Tx) error {
		now, err := tx.Link(ctx, c.Instance, l.ID)
		if err != nil || now.State != store.Accepted {
			return err
		}
		now.Discovered = c.now()
		_, err = tx.SaveLink(ctx, c.Instance, now)
		return err
	})
}

// decide gathers what is known of one link and decides it. It makes no request,
// but where a listing shows nothing at all and there was something.
func (c *Cycle) decide(ctx context.Context, l store.Link) (plan reconcile.Plan, err error) {
	in := reconcile.Input{Organization: l.ID, Customer: l.Customer.ID, Types: c.Config.Types, Serial: match.Serial, View: c.view,
		Guard: c.Config.Rules.GuardOrganization, Fields: map[string][]reconcile.Field{}, Moved: map[string]string{}, Open: map[string]string{}, Refused: map[string]reconcile.Refusal{}, Ignored: map[reconcile.Side][]string{}}
	for id, m := range c.maps {
		in.Fields[id] = c.fields(m)
	}
	err = c.Store.Read(ctx, func(tx store.Tx) error {
		if in.Left.Records, err = c.seen(ctx, tx, reconcile.Left, l.ID); err != nil {
			return err
		}
		if in.Right.Records, err = c.seen(ctx, tx, reconcile.Right, l.Customer.ID); err != nil {
			return err
		}
		if in.Pairs, err = c.pairsOf(ctx, tx, l.ID, in); err != nil {
			return err
		}
		if in.Moved, err = c.moved(ctx, tx, l.ID, in.Pairs); err != nil {
			return err
		}
		if err := c.unread(ctx, tx, in.Pairs); err != nil {
			return err
		}
		return c.decisions(ctx, tx, &in)
	})
	if err != nil {
		return plan, err
	}
	in.Resync = c.resync()
	in.Left.Complete, in.Left.Why = c.leftComplete()
	in.Right.Complete, in.Right.Why = c.shown[l.Customer.ID] == "", c.shown[l.Customer.ID]
	if err := c.vouch(ctx, &in); err != nil {
		return plan, err
	}
	in.Elsewhere = c.elsewhere(l, in)
	plan = reconcile.Decide(in)
	plan.Held = slices.DeleteFunc(plan.Held, func(h reconcile.Held) bool { return h.Text == NotRead })
	return plan, nil
}

// NotRead is why a pair rests whose left record is of a type that is not read:
// no listing shows it, which says nothing about it.
const NotRead = "its flexible asset type is not selected, or not enabled in IT Glue"

// unread lets the pairs rest whose left record was last seen with a type that
// this run does not read. Those of a type that was deselected rest already.
func (c *Cycle) unread(ctx context.Context, tx store.Tx, pairs []reconcile.Pair) error {
	ids := make([]string, len(pairs))
	for i, p := range pairs {
		ids[i] = p.Left
	}
	if len(ids) == 0 {
		return nil
	}
	stored, _, err := tx.ListRecords(ctx, c.Instance, store.RecordQuery{Side: reconcile.Left, IDs: ids})
	rests := map[string]bool{}
	for _, s := range stored {
		if _, read := c.maps[s.Type]; !read {
			rests[s.ID] = true
		}
	}
	for i, p := range pairs {
		if rests[p.Left] {
			pairs[i].Gone = map[reconcile.Side]string{reconcile.Left: NotRead}
			if why := p.Gone[reconcile.Right]; why != "" {
				pairs[i].Gone[reconcile.Right] = why
			}
		}
	}
	return err
}

// seen gives the records of an owner that this run's listing showed.
func (c *Cycle) seen(ctx context.Context, tx store.Tx, side reconcile.Side, owner string) ([]reconcile.Record, error) {
	q := store.RecordQuery{Side: side, Owners: []string{owner}}
	if side == reconcile.Left {
		q.Types = c.Config.TypeIDs
	}
	stored, _, err := tx.ListRecords(ctx, c.Instance, q)
	var records []reconcile.Record
	for _, s := range stored {
		if s.Run == c.runID() {
			records = append(records, s.Record)
		}
	}
	return records, err
}

// pairsOf gives the pairs of an organization, and of any of its records.
func (c *Cycle) pairsOf(ctx context.Context, tx store.Tx, org string, in reconcile.Input) ([]reconcile.Pair, error) {
	var all []reconcile.Pair
	have := map[string]bool{}
	queries := []store.PairQuery{
		{Kind: reconcile.Asset, Owners: []string{org}},
		{Kind: reconcile.Asset, Left: recordIDs(in.Left.Records)},
		{Kind: reconcile.Asset, Right: recordIDs(in.Right.Records)},
	}
	for i, q := range queries {
		if i > 0 && len(q.Left)+len(q.Right) == 0 {
			continue
		}
		pairs, err := tx.ListPairs(ctx, c.Instance, q)
		if err != nil {
			return nil, err
		}
		for _, p := range pairs {
			if !have[p.Left] {
				have[p.Left] = true
				all = append(all, p)
			}
		}
	}
	return all, nil
}

// moved finds the pairs whose left record another organization holds now.
func (c *Cycle) moved(ctx context.Context, tx store.Tx, org string, pairs []reconcile.Pair) (map[string]string, error) {
	var ids []string
	for _, p := range pairs {
		if p.Owner == org {
			ids = append(ids, p.Left)
		}
	}
	moved := map[string]string{}
	if len(ids) == 0 {
		return moved, nil
	}
	stored, _, err := tx.ListRecords(ctx, c.Instance, store.RecordQuery{Side: reconcile.Left, IDs: ids})
	for _, s := range stored {
		if s.Owner != org {
			moved[s.ID] = cmp.Or(c.orgs[s.Owner].Name, "another organization")
		}
	}
	return moved, err
}

// decisions adds what people said of single assets, and the creates under way.
func (c *Cycle) decisions(ctx context.Context, tx store.Tx, in *reconcile.Input) error {
	for side, records := range map[reconcile.Side][]reconcile.Record{reconcile.Left: in.Left.Records, reconcile.Right: in.Right.Records} {
		if len(records) == 0 {
			continue
		}
		said, err := tx.ListDecisions(ctx, c.Instance, side, recordIDs(records))
		if err != nil {
			return err
		}
		for _, d := range said {
			switch {
			case d.Verb == "ignore":
				in.Ignored[side] = append(in.Ignored[side], d.Record)
			case side == reconcile.Left:
				in.ToCreate = append(in.ToCreate, d.Record)
			}
		}
	}
	intents, err := tx.ListIntents(ctx, c.Instance)
	for _, i := range intents {
		switch {
		case i.Op.Kind != reconcile.Asset:
		case i.UnderWay():
			in.Open[i.Op.Source] = c.openText(i)
		default:
			c.refusals[i.Op.ID] = i
			in.Refused[i.Op.Source] = reconcile.Refusal{Op: i.Op, Times: i.Refused, Why: i.Why}
		}
	}
	return err
}

func (c *Cycle) leftComplete() (bool, string) {
	for _, id := range sortedKeys(c.leftWhy) {
		return false, c.leftWhy[id]
	}
	return true, ""
}

func (c *Cycle) elsewhere(l store.Link, in reconcile.Input) map[string][]reconcile.Place {
	found := map[string][]reconcile.Place{}
	for _, r := range in.Left.Records {
		key, usable := match.Serial(r.Fields[reconcile.SerialField])
		if !usable {
			continue
		}
		for _, p := range c.serials[key] {
			if p.owner == l.ID || p.owner == l.Customer.ID && p.side == reconcile.Right {
				continue
			}
			place := reconcile.Place{Side: p.side, Record: p.record, Name: c.ownerName(p)}
			if !hasPlace(found[key], place) {
				found[key] = append(found[key], place)
			}
		}
	}
	return found
}

func hasPlace(places []reconcile.Place, p reconcile.Place) bool {
	for _, q := range places {
		if q == p {
			return true
		}
	}
	return false
}

func (c *Cycle) ownerName(p place) string {
	if p.side == reconcile.Left {
		return c.orgs[p.owner].Name
	}
	return c.customers[p.owner].Name
}

// fields gives the rules of a type's mapped fields, its name first.
func (c *Cycle) fields(m mapping.Mapping) []reconcile.Field {
	fields := []reconcile.Field{{Name: reconcile.NameField, Title: "Asset Name", Direction: reconcile.ToRight, First: reconcile.LeftWins,
		Conflict: c.rule(reconcile.NameField), Fit: c.fit(reconcile.NameField)}}
	for _, f := range m.Fields {
		fields = append(fields, reconcile.Field{Name: f.Revio, Title: revio.FieldTitle(f.Revio), Source: c.Config.Fields[m.Type.ID][f.Revio], Direction: f.Direction,
			Same: sameAs(f.Revio), Union: c.resync(), Options: f.Options(), Parked: f.Parked, Conflict: c.rule(f.Revio), First: c.Config.Rules.FirstWinner, Fit: c.fit(f.Revio)})
	}
	return fields
}

// rule gives whose value counts where both sides changed a field. Which of two
// records is the newer one cannot be told by clocks that are apart: then it is
// asked.
func (c *Cycle) rule(field string) reconcile.Winner {
	rule := c.Config.Rules.Fields[field]
	if rule == reconcile.Newest && c.clocksApart() != 0 {
		return reconcile.Ask
	}
	return rule
}

// clocksApart gives how far apart the clocks of IT Glue and Rev.io are, if that
// is too much, to the minute.
func (c *Cycle) clocksApart() time.Duration {
	left, known := c.itglue.ClockAhead()
	right, too := c.revio.ClockAhead()
	if apart := (left - right).Abs(); known && too && apart > component.SkewAllowed {
		return apart.Round(time.Minute)
	}
	return 0
}

// tellClocks notes that records are not compared by their times, where a rule
// asks for that.
func (c *Cycle) tellClocks() {
	apart := c.clocksApart()
	if apart == 0 || !slices.Contains(slices.Collect(maps.Values(c.Config.Rules.Fields)), reconcile.Newest) {
		return
	}
	c.note("The clocks of IT Glue and Rev.io are %s apart, so that the newer of two records cannot be told; what the rule newest would settle is asked instead.", apart)
}

// sameAs gives a field's own equality: serial numbers are compared normalised.
func sameAs(field string) func(a, b string) bool {
	if field != reconcile.SerialField {
		return nil
	}
	return func(a, b string) bool {
		left, ok := match.Serial(a)
		right, too := match.Serial(b)
		return ok && too && left == right
	}
}

func (c *Cycle) fit(field string) func(string) string {
	return func(v string) string {
		if fitted, cut := c.revio.Profile().Fit(field, v); cut {
			return mapping.CanonicalText(fitted)
		}
		return v
	}
}

func recordIDs(records []reconcile.Record) []string {
	ids := make([]string, len(records))
	for i, r := range records {
		ids[i] = r.ID
	}
	return ids
}
