package sim

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
	"github.com/itglue-revio/itglue-revio/component/revio/reviotest"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// act is one thing that a person does.
type act struct {
	name   string
	weight int
	during bool // also while a run is under way
	do     func(w *World, r *rand.Rand)
}

var acts = []act{
	{"edits IT Glue", 30, true, func(w *World, r *rand.Rand) { w.editSome(r, "left") }},
	{"edits Rev.io", 30, true, func(w *World, r *rand.Rand) { w.editSome(r, "right") }},
	{"edits both sides", 8, false, (*World).editBoth},
	{"clears a value", 4, true, (*World).clearSome},
	{"adds an IT Glue asset", 6, true, func(w *World, r *rand.Rand) { w.addLeft(r, pick(r, w.orgs)) }},
	{"adds a Rev.io asset", 4, true, (*World).addSomeRight},
	{"deletes an IT Glue asset", 2, true, (*World).removeLeft},
	{"deletes a Rev.io asset", 2, true, (*World).removeRight},
	{"archives", 3, true, (*World).archive},
	{"moves an asset", 1, true, (*World).move},
	{"renames a trait", 1, true, (*World).renameTrait},
	{"deletes a trait", 1, false, (*World).deleteTrait},
	{"adds a password", 3, true, func(w *World, r *rand.Rand) { w.addPassword(r, pick(r, w.orgs), "") }},
	{"changes a password", 2, true, (*World).changePassword},
	{"closes a customer", 1, true, func(w *World, r *rand.Rand) { w.setCustomer(r, "Closed") }},
	{"reopens a customer", 2, true, func(w *World, r *rand.Rand) { w.setCustomer(r, "Open") }},
	{"sets an organization's status", 2, true, (*World).setStatus},
	{"renames", 2, true, (*World).rename},
	{"accepts", 8, true, (*World).accept},
	{"rejects", 3, true, (*World).reject},
	{"reassigns", 1, false, (*World).reassign},
	{"settles a conflict", 10, true, (*World).resolve},
	{"links assets", 2, true, (*World).linkAssets},
	{"says of an asset", 3, true, (*World).sayOf},
	{"revokes the key", 1, true, func(w *World, _ *rand.Rand) { w.itglue.RevokeKey(w.key) }},
	{"rotates the key", 2, false, func(w *World, _ *rand.Rand) { w.rotate() }},
	{"revokes tokens", 2, true, func(w *World, _ *rand.Rand) { w.revio.RevokeTokens() }},
	{"pauses the instance", 1, true, func(w *World, _ *rand.Rand) { w.says("instance.pause", object{}) }},
	{"resumes the instance", 3, false, func(w *World, _ *rand.Rand) { w.says("instance.resume", object{}) }},
	{"reveals a password", 2, false, (*World).reveal},
}

// people does what people do between two runs.
func (w *World) people(n int) {
	r := w.dice.on("people", fmt.Sprint("between", n))
	if w.Profile.People == 0 {
		w.act(r, false)
		return
	}
	for range r.IntN(w.Profile.People + 1) {
		w.act(r, false)
	}
}

// meanwhile does what people do while a request is on its way.
func (w *World) meanwhile(x *exchange) {
	r := w.dice.on("people", x.key)
	if chance(r, w.Profile.MidRun) {
		w.act(r, true)
	}
	w.cutsIn(x)
}

func (w *World) act(r *rand.Rand, during bool) {
	total := 0
	for _, a := range acts {
		if a.during || !during {
			total += a.weight
		}
	}
	k := r.IntN(total)
	for _, a := range acts {
		if !a.during && during {
			continue
		}
		if k -= a.weight; k < 0 {
			if w.Profile.leavesOut(a.name) {
				return
			}
			w.trace.add("  person %s", a.name)
			w.mu.Lock()
			w.steps++
			w.fired["person "+a.name]++
			w.acted = w.acted || during
			w.mu.Unlock()
			a.do(w, r)
			return
		}
	}
}

// says is a person's call of an action; a refusal is an answer.
func (w *World) says(action string, in object) {
	if w.ours.isDead() {
		return
	}
	_, err := w.call(action, in)
	w.relink()
	w.trace.add("  %s %v → %s", action, in, w.ending(nil, err))
}

// lefts gives the assets of selected types that no write of ours is about to
// change: neither API can tell that it replaces what a person set in that moment.
func (w *World) lefts() []itgluetest.Asset {
	return slices.DeleteFunc(w.itglue.Assets(), func(a itgluetest.Asset) bool {
		return a.TypeID == w.wireless || w.isFresh("itglue "+a.ID)
	})
}

func (w *World) rights() []reviotest.Asset {
	return slices.DeleteFunc(w.revio.Assets(""), func(a reviotest.Asset) bool { return w.isFresh("revio " + a.ID) })
}

func (w *World) isFresh(id string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.freshGet[id]
}

var editable = []string{"ipAddress", "ipAddress", "operatingSystem", "description", "installDate", "name", "serialNumber"}

func (w *World) fieldOf(r *rand.Rand, typ string) string {
	if typ == w.licenses || typ == w.license {
		return pick(r, []string{"installDate", "installDate", "name"})
	}
	if typ == w.gadgets {
		return pick(r, []string{"ipAddress", "serialNumber", "description", "name"})
	}
	return pick(r, editable)
}

func (w *World) editSome(r *rand.Rand, side string) {
	if side == "left" {
		if all := w.lefts(); len(all) > 0 {
			a := pick(r, all)
			w.edit(r, side, a.ID, w.fieldOf(r, a.TypeID))
		}
		return
	}
	if all := w.rights(); len(all) > 0 {
		a := pick(r, all)
		w.edit(r, side, a.ID, w.fieldOf(r, a.TypeID))
	}
}

// editBoth edits the same field of a linked asset on both sides.
func (w *World) editBoth(r *rand.Rand) {
	pairs := w.pairs()
	if len(pairs) == 0 {
		return
	}
	p := pick(r, pairs)
	field := w.fieldOf(r, w.typeOf(p.Left))
	w.edit(r, "left", p.Left, field)
	w.edit(r, "right", p.Right, field)
}

func (w *World) clearSome(r *rand.Rand) {
	field := pick(r, []string{"ipAddress", "operatingSystem", "installDate", "description"})
	if chance(r, 500) {
		if all := w.lefts(); len(all) > 0 {
			w.sets("left", pick(r, all).ID, field, "", "")
		}
		return
	}
	if all := w.rights(); len(all) > 0 {
		w.sets("right", pick(r, all).ID, field, "", "")
	}
}

func (w *World) addSomeRight(r *rand.Rand) {
	left := ""
	if all := w.lefts(); len(all) > 0 && chance(r, 300) {
		left = pick(r, all).ID
	}
	w.addRight(r, pick(r, w.revio.Customers()).ID, left)
}

func (w *World) removeLeft(r *rand.Rand) {
	if all := w.lefts(); len(all) > 0 {
		id := pick(r, all).ID
		w.gone(id)
		w.itglue.RemoveAsset(id)
	}
}

func (w *World) removeRight(r *rand.Rand) {
	if all := w.rights(); len(all) > 0 {
		a := pick(r, all)
		if !slices.ContainsFunc(w.pairs(), func(p reconcile.Pair) bool { return p.Right == a.ID }) {
			w.allow(tokenOf(a.Fields["name"])) // whether it was ever made cannot be told any more
		}
		w.gone(a.ID)
		w.revio.RemoveAsset(a.ID)
	}
}

// allow lets an asset be created once more.
func (w *World) allow(token string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.truth.again[token]++
}

func (w *World) gone(id string) {
	w.trace.add("  %s is deleted", id)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.truth.removed[id] = true
}

func (w *World) archive(r *rand.Rand) {
	if all := w.lefts(); len(all) > 0 {
		a := pick(r, all)
		w.trace.add("  %s archived: %t", a.ID, !a.Archived)
		w.itglue.ArchiveAsset(a.ID, !a.Archived)
	}
}

func (w *World) move(r *rand.Rand) {
	if all := w.lefts(); len(all) > 0 {
		a, to := pick(r, all), pick(r, w.orgs)
		w.trace.add("  %s moves to %s", a.ID, to)
		w.mu.Lock()
		w.truth.moved[a.ID] = true
		w.mu.Unlock()
		w.itglue.MoveAsset(a.ID, to)
	}
}

func (w *World) renameTrait(r *rand.Rand) {
	id := w.truth.fields[w.workstations+" "+pick(r, editable)]
	if _, ok := w.fieldNow(id); ok {
		w.itglue.RenameField(id, fmt.Sprint("Field ", w.next()))
	}
}

func (w *World) fieldNow(id string) (itgluetest.Field, bool) {
	t, _ := w.itglue.Type(w.workstations)
	i := slices.IndexFunc(t.Fields, func(f itgluetest.Field) bool { return f.ID == id })
	if i < 0 {
		return itgluetest.Field{}, false
	}
	return t.Fields[i], true
}

func (w *World) deleteTrait(r *rand.Rand) {
	field := pick(r, []string{"ipAddress", "description", "installDate"})
	id := w.truth.fields[w.workstations+" "+field]
	if _, ok := w.fieldNow(id); ok {
		w.gone(w.workstations + " " + field)
		w.itglue.DeleteField(id)
	}
}

func (w *World) changePassword(r *rand.Rand) {
	all := w.itglue.Passwords()
	if len(all) == 0 {
		return
	}
	p := pick(r, all)
	if chance(r, 300) {
		w.itglue.RemovePassword(p.ID)
		return
	}
	n := w.next()
	w.itglue.SetPassword(p.ID, func(p *itgluetest.Password) {
		p.Value, p.Notes = fmt.Sprintf("%s-%d-value", canary, n), fmt.Sprintf("%s-%d-note", canary, n)
	})
}

func (w *World) setCustomer(r *rand.Rand, status string) {
	w.revio.SetCustomer(pick(r, w.revio.Customers()).ID, "status", status)
}

func (w *World) setStatus(r *rand.Rand) {
	status := pick(r, []string{"Active", "Active", "Inactive"})
	w.itglue.SetOrganization(pick(r, w.orgs), func(o *itgluetest.Organization) { o.Status = status })
}

// rename renames a customer or an organization, in a way that still is like it.
func (w *World) rename(r *rand.Rand) {
	mark := fmt.Sprintf("k%dk", w.next())
	side, id := "organization", pick(r, w.orgs)
	if chance(r, 500) {
		side, id = "customer", pick(r, w.revio.Customers()).ID
	}
	if w.isFresh("itglue "+id) || w.isFresh("revio "+id) {
		return
	}
	now, ok := w.value(side, id, "name")
	if !ok {
		return
	}
	words := strings.Fields(now)
	w.sets(side, id, "name", strings.Join(words[:min(2, len(words))], " ")+" "+mark, mark)
}

func (w *World) acceptSome() {
	for i, l := range w.links() {
		if l.Customer != nil && chance(w.dice.on("people", fmt.Sprint("first", i)), 750) {
			w.says("links.accept", object{"id": []any{l.ID}})
		}
	}
}

func (w *World) linkOf(r *rand.Rand, fits func(store.Link) bool) (store.Link, bool) {
	if w.ours.isDead() {
		return store.Link{}, false
	}
	all := slices.DeleteFunc(w.links(), func(l store.Link) bool { return !fits(l) })
	if len(all) == 0 {
		return store.Link{}, false
	}
	return pick(r, all), true
}

func (w *World) accept(r *rand.Rand) {
	if l, ok := w.linkOf(r, func(l store.Link) bool { return l.State != store.Accepted && l.Customer != nil }); ok {
		w.says("links.accept", object{"id": []any{l.ID}})
		w.mayRead(l.ID)
		w.mayRead("customer " + l.Customer.ID)
	}
}

func (w *World) reject(r *rand.Rand) {
	if l, ok := w.linkOf(r, func(l store.Link) bool { return l.State == store.Accepted }); ok {
		w.readWhileAccepted(l)
		w.says("links.reject", object{"id": []any{l.ID}})
	}
}

func (w *World) reassign(r *rand.Rand) {
	if l, ok := w.linkOf(r, func(l store.Link) bool { return true }); ok {
		to := pick(r, w.revio.Customers()).ID
		w.mu.Lock()
		w.truth.turned[l.ID]++
		w.truth.turned[to]++
		if l.Customer != nil {
			w.truth.turned[l.Customer.ID]++
		}
		w.mu.Unlock()
		was := w.hush(true)
		w.says("links.reassign", object{"id": l.ID, "customerId": to, "accept": chance(r, 700)})
		w.hush(was)
	}
}

func (w *World) resolve(r *rand.Rand) {
	if w.ours.isDead() {
		return
	}
	var open []store.OpenConflict
	w.read(func(ctx context.Context, tx store.Tx, instance string) (err error) {
		open, _, err = tx.ListConflicts(ctx, instance, store.ConflictQuery{Open: true})
		return err
	})
	if len(open) == 0 {
		return
	}
	c := pick(r, open)
	take, loser := "itglue", c.Right
	if chance(r, 500) {
		take, loser = "revio", c.Left
	}
	w.mu.Lock()
	if c.OneWay && take == "revio" {
		w.truth.apart[c.Pair.Left+" "+c.Field] = true
	}
	for _, s := range w.truth.sets {
		if s.mark != "" && (holds(loser, s.mark) || c.OneWay && holds(c.Right, s.mark)) {
			w.truth.given[s.mark] = true
		}
	}
	w.mu.Unlock()
	w.says("conflicts.resolve", object{"id": c.ID, "take": take})
}

func (w *World) linkAssets(r *rand.Rand) {
	lefts, rights := w.lefts(), w.rights()
	if len(lefts) == 0 || len(rights) == 0 {
		return
	}
	w.says("assets.link", object{"id": pick(r, lefts).ID, "revioId": pick(r, rights).ID})
}

func (w *World) sayOf(r *rand.Rand) {
	all := w.lefts()
	if len(all) == 0 {
		return
	}
	a := pick(r, all)
	if chance(r, 500) {
		w.says("assets.ignore", object{"id": a.ID})
		return
	}
	w.allow(tokenOf(a.Name))
	w.says("assets.create", object{"id": a.ID})
}

// rotate gives a new key, first to IT Glue, then to us.
func (w *World) rotate() {
	w.itglue.RevokeKey(w.key)
	w.key = fmt.Sprintf("ITG.rotated.%d", w.next())
	w.itglue.SetKey(itgluetest.Key{Value: w.key, PasswordAccess: true})
	w.says("instance.apply", object{"document": w.document(), "offline": true})
}

// reveal shows a value to a person: that one answer, and nothing else, holds it.
func (w *World) reveal(r *rand.Rand) {
	all := w.itglue.Passwords()
	if len(all) == 0 {
		return
	}
	_, err := w.call("passwords.reveal", object{"id": pick(r, all).ID, "reason": "the printer is broken"})
	w.trace.add("  passwords.reveal → %s", w.ending(nil, err))
}
