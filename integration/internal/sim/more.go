package sim

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// moreActs are what people do beside, between two runs. They are drawn by
// themselves, so that worlds without them are what they were.
var moreActs = []act{
	{"enters a device twice", 6, false, (*World).enterTwice},
	{"copies a name", 4, false, (*World).copyName},
	{"settles and edits again", 8, false, (*World).settleAndEdit},
	{"selects types", 3, false, (*World).selectTypes},
	{"reviews a plan", 4, false, (*World).reviews},
	{"adds a password in another asset", 3, false, (*World).addElsewhere},
	{"takes Password Access away", 2, false, (*World).restrict},
	{"archives many", 2, false, (*World).archiveMany},
}

// more does what people do beside.
func (w *World) more(n int) {
	w.losesSight(n)
	r := w.dice.on("more", fmt.Sprint("between", n))
	if chance(r, w.Profile.Mass) && !w.Profile.leavesOut("changes many") {
		w.does("changes many")
		w.many(r)
		if chance(r, 300) {
			w.reviews(r)
		}
	}
	total := 0
	for _, a := range moreActs {
		total += a.weight
	}
	for range r.IntN(w.Profile.Busy + 1) {
		k := r.IntN(total)
		for _, a := range moreActs {
			if k -= a.weight; k >= 0 {
				continue
			}
			if !w.Profile.leavesOut(a.name) {
				w.does(a.name)
				a.do(w, r)
			}
			break
		}
	}
}

func (w *World) does(what string) {
	w.trace.add("  person %s", what)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.steps++
	w.fired["person "+what]++
}

// enterTwice has people enter one device twice in Rev.io.
func (w *World) enterTwice(r *rand.Rand) {
	for _, l := range w.links() {
		if l.State != store.Accepted || l.Customer == nil || chance(r, 500) {
			continue
		}
		left := w.addLeft(r, l.ID)
		if s, ok := w.value("left", left, "serialNumber"); ok && s == "" {
			w.edit(r, "left", left, "serialNumber")
		}
		for range 2 {
			w.addRight(r, l.Customer.ID, left)
		}
		return
	}
}

// copyName has a person add a Rev.io asset of the name and type of an IT Glue
// asset, without a serial number.
func (w *World) copyName(r *rand.Rand) {
	l, ok := w.linkOf(r, func(l store.Link) bool { return l.State == store.Accepted && l.Customer != nil })
	if !ok {
		return
	}
	left := w.addLeft(r, l.ID)
	if serial, ok := w.value("left", left, "serialNumber"); ok && serial != "" && chance(r, 700) {
		w.sets("left", left, "serialNumber", "", "")
	}
	name, _ := w.value("left", left, "name")
	typ := w.equipment
	if w.typeOf(left) == w.licenses {
		typ = w.license
	}
	id := w.revio.AddAsset(l.Customer.ID, typ, map[string]string{"name": name})
	w.trace.add("  person adds %s to Rev.io's %s as %s", name, l.Customer.ID, id)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.truth.people[id] = true
}

// settleAndEdit has one person settle a conflict, and another one edit the field
// before the sync gets to it.
func (w *World) settleAndEdit(r *rand.Rand) {
	var open []store.OpenConflict
	w.read(func(ctx context.Context, tx store.Tx, instance string) (err error) {
		open, _, err = tx.ListConflicts(ctx, instance, store.ConflictQuery{Open: true})
		return err
	})
	if len(open) == 0 {
		if pairs := w.pairs(); len(pairs) > 0 { // have one, then
			p := pick(r, pairs)
			field := w.fieldOf(r, w.typeOf(p.Left))
			w.edit(r, "left", p.Left, field)
			w.edit(r, "right", p.Right, field)
		}
		return
	}
	c := pick(r, open)
	if c.Pair.Kind != reconcile.Asset || c.OneWay {
		return
	}
	take, side, record, loser := "itglue", "right", c.Pair.Right, c.Right
	if chance(r, 500) {
		take, side, record, loser = "revio", "left", c.Pair.Left, c.Left
	}
	w.mu.Lock()
	for _, s := range w.truth.sets {
		if s.mark != "" && holds(loser, s.mark) {
			w.truth.given[s.mark] = true
		}
	}
	w.mu.Unlock()
	w.says("conflicts.resolve", object{"id": c.ID, "take": take})
	w.edit(r, side, record, c.Field)
}

// addElsewhere has a person add a password in an asset of a type that is not
// selected.
func (w *World) addElsewhere(r *rand.Rand) {
	var all []string
	for _, a := range w.itglue.Assets() {
		if a.TypeID == w.wireless {
			all = append(all, a.ID)
		}
	}
	if len(all) > 0 {
		id := pick(r, all)
		a, _ := w.itglue.Asset(id)
		w.addPassword(r, a.OrganizationID, id)
	}
}

// restrict takes Password Access of the key away, or gives it back.
func (w *World) restrict(r *rand.Rand) {
	w.itglue.SetKey(itgluetest.Key{Value: w.key, PasswordAccess: chance(r, 600)})
}

// archiveMany has a person archive two assets.
func (w *World) archiveMany(r *rand.Rand) {
	for range 2 {
		w.archive(r)
	}
}
