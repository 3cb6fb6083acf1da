package sim

import (
	"context"
	"math/rand/v2"
	"strings"

	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// guarded holds I24: no run empties or renames more of an organization than the
// guard lets through, unless a person forced it.
func (w *World) guarded(name string, pairs []reconcile.Pair) {
	linked := map[string]int{}
	for _, p := range pairs {
		linked[p.Owner]++
	}
	w.mu.Lock()
	risk := map[string]int{}
	for key := range w.risk {
		risk[strings.Fields(key)[0]]++
	}
	acted := w.acted
	w.mu.Unlock()
	for org, n := range risk {
		most := max(3, max(linked[org], w.earlier.linked[org])*20/100)
		if n > most && !acted {
			w.breaks("I24: %s emptied or renamed %d values of %s; the guard is to stop more than %d", name, n, org, most)
		}
	}
}

// crowd gives one organization many assets.
func (w *World) crowd() {
	if !w.Profile.Crowded {
		return
	}
	r := w.dice.on("more", "crowd")
	org := pick(r, w.orgs)
	for range 4 + r.IntN(6) {
		id := w.addLeft(r, org)
		for _, f := range []string{"serialNumber", "ipAddress", "operatingSystem"} {
			if v, ok := w.value("left", id, f); ok && v == "" {
				w.edit(r, "left", id, f)
			}
		}
	}
}

// many has a person, or a program, change many linked assets of one
// organization at once.
func (w *World) many(r *rand.Rand) {
	byOwner := map[string][]reconcile.Pair{}
	for _, p := range w.pairs() {
		byOwner[p.Owner] = append(byOwner[p.Owner], p)
	}
	var owners []string
	for _, o := range w.orgs {
		if len(byOwner[o]) > 3 {
			owners = append(owners, o)
		}
	}
	if len(owners) == 0 {
		return
	}
	pairs := byOwner[pick(r, owners)]
	r.Shuffle(len(pairs), func(i, j int) { pairs[i], pairs[j] = pairs[j], pairs[i] })
	pairs = pairs[:min(len(pairs), pick(r, []int{3, 4, 4, 4, 5, len(pairs)}))]
	kind, field, side := r.IntN(4), pick(r, []string{"ipAddress", "operatingSystem"}), pick(r, []string{"left", "right"})
	for _, p := range pairs {
		id := p.Left
		if side == "right" {
			id = p.Right
		}
		switch kind {
		case 0, 1:
			w.sets(side, id, field, "", "")
		case 2:
			w.edit(r, "left", p.Left, "name")
		default:
			w.edit(r, side, id, "serialNumber")
		}
	}
}

// reviews has a person look at what a cycle would do, and carry it out, whether
// the guard stopped it or not.
func (w *World) reviews(r *rand.Rand) {
	if w.ours.isDead() || w.flow("plan.create", object{}) != nil {
		return
	}
	var plans []store.SavedPlan
	w.read(func(ctx context.Context, tx store.Tx, instance string) (err error) {
		plans, err = tx.ListPlans(ctx, instance)
		return err
	})
	if len(plans) > 0 {
		_ = w.flow("plan.apply", object{"id": plans[0].ID, "force": chance(r, 600)})
	}
}
