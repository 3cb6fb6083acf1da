package sim

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/itglue-revio/itglue-revio/component/revio/reviotest"
	"github.com/itglue-revio/itglue-revio/integration/cycle"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// sight is what was so when a run began.
type sight struct {
	pairs   map[string]string // left record to right record
	partner map[string]string // side and record to the other one of its pair
	owner   map[string]string // side and record to the organization of its pair
	linked  map[string]int    // pairs by organization
	known   map[string]bool   // side, record and field: both sides were in step once
	intents []store.Intent
	again   map[string]int // creates that people had asked for until then
}

func (w *World) looksBefore() {
	b := sight{pairs: map[string]string{}, partner: map[string]string{}, owner: map[string]string{}, linked: map[string]int{}, known: map[string]bool{}, again: map[string]int{}}
	for _, p := range w.pairs() {
		b.pairs[p.Left] = p.Right
		b.owner["left "+p.Left], b.owner["right "+p.Right] = p.Owner, p.Owner
		b.partner["left "+p.Left], b.partner["right "+p.Right] = p.Right, p.Left
		b.linked[p.Owner]++
		for f, half := range p.Base {
			if !half.First {
				b.known["left "+p.Left+" "+f], b.known["right "+p.Right+" "+f] = true, true
			}
		}
	}
	b.intents = w.intents()
	w.mu.Lock()
	defer w.mu.Unlock()
	for token, n := range w.truth.again {
		b.again[token] = n
	}
	w.earlier = b
}

func (w *World) intents() []store.Intent {
	return w.keptIntents.get(w, func() (open []store.Intent) {
		w.read(func(ctx context.Context, tx store.Tx, instance string) (err error) {
			open, err = tx.ListIntents(ctx, instance)
			return err
		})
		return open
	})
}

// looksAfter asks the oracles that compare what is stored with what is there.
func (w *World) looksAfter(name string, in object) {
	if w.ours.isDead() {
		return
	}
	links := map[string]store.Link{}
	for _, l := range w.links() {
		links[l.ID] = l
	}
	pairs := w.pairs()
	for _, p := range pairs {
		w.rightCustomer(p, links[p.Owner])
		w.reallyGone(p, links[p.Owner])
		if w.earlier.pairs[p.Left] != p.Right {
			w.sameThing(p, links[p.Owner])
		}
	}
	w.replacedWrongly(pairs)
	w.notGivenUp(pairs, links)
	w.selectedOnly()
	if in["force"] != true && !w.forced {
		w.guarded(name, pairs)
	}
}

// rightCustomer holds I29: the Rev.io asset of a pair is the linked customer's.
func (w *World) rightCustomer(p reconcile.Pair, l store.Link) {
	a, there := w.revio.Asset(p.Right)
	if there && l.Customer != nil && a.CustomerID != l.Customer.ID {
		w.breaks("I29: %s is linked with %s of the customer %s, and its organization with the customer %s", p.Left, p.Right, a.CustomerID, l.Customer.ID)
	}
}

// reallyGone holds I25: what counts as gone is not there.
func (w *World) reallyGone(p reconcile.Pair, l store.Link) {
	left, there := w.itglue.Asset(p.Left)
	if why := p.Gone[reconcile.Left]; why != "" && why != cycle.NotRead && there && left.OrganizationID == p.Owner && !w.wasMoved(p.Left) && !w.saidAbsent(p.Left) {
		w.breaks("I25: %s counts as gone from IT Glue (%s), and is there", p.Left, why)
	}
	right, there := w.revio.Asset(p.Right)
	if why := p.Gone[reconcile.Right]; why != "" && there && l.Customer != nil && right.CustomerID == l.Customer.ID && !w.saidAbsent(p.Right) {
		w.breaks("I25: %s counts as gone from Rev.io (%s), and is there", p.Right, why)
	}
}

func (w *World) saidAbsent(id string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.truth.absent[id]
}

// serialOf gives a serial number as far as two of them are compared; "" for
// what is none.
func serialOf(text string) string {
	text = strings.ToUpper(strings.TrimSpace(text))
	if slices.Contains([]string{"N/A", "TO BE FILLED BY O.E.M.", "0", "DEFAULT STRING"}, text) {
		return ""
	}
	return text
}

// sameThing holds I19: assets are linked by a serial number that one asset of
// each side has, or by a person.
func (w *World) sameThing(p reconcile.Pair, l store.Link) {
	w.mu.Lock()
	unsure := w.acted || w.lied
	w.mu.Unlock()
	if p.Origin != reconcile.BySerial || unsure || l.Customer == nil {
		return
	}
	if _, there := w.revio.Asset(p.Right); !there {
		return // deleted meanwhile
	}
	serial, _ := w.value("left", p.Left, "serialNumber")
	serial = serialOf(serial)
	var lefts, rights []string
	for _, a := range w.itglue.Assets() {
		if s, _ := w.value("left", a.ID, "serialNumber"); serial != "" && a.OrganizationID == l.ID && !a.Archived && slices.Contains(w.selected, a.TypeID) && serialOf(s) == serial {
			lefts = append(lefts, a.ID)
		}
	}
	for _, a := range w.revio.Assets(l.Customer.ID) {
		if serial != "" && w.listed(a) && serialOf(a.Fields["serialNumber"]) == serial {
			rights = append(rights, a.ID)
		}
	}
	right, _ := w.revio.Asset(p.Right)
	if !slices.Equal(lefts, []string{p.Left}) || w.listed(right) && !slices.Equal(rights, []string{p.Right}) {
		w.breaks("I19: %s and %s were linked by the serial number %q; %v and %v have it", p.Left, p.Right, serial, lefts, rights)
	}
}

// listed reports whether lists showed a Rev.io asset when the run read them.
func (w *World) listed(a reviotest.Asset) bool {
	return a.Created.Add(w.Profile.Revio.ListDelay + 5*time.Minute).Before(time.Now().Add(w.Profile.RevioSkew))
}

// noTwin holds I23: nothing is created beside a Rev.io asset of its serial
// number, where the customer was known to have assets. The world is locked.
func (w *World) noTwin(x *exchange, customer, token, serial string) {
	serial = serialOf(serial)
	if serial == "" || w.acted || w.lied || w.earlier.again[token] > 0 || w.truth.turned[customer] > 0 {
		return
	}
	known, same := false, 0
	for _, a := range w.revio.Assets(customer) {
		known = known || w.earlier.owner["right "+a.ID] != ""
		if w.listed(a) && serialOf(a.Fields["serialNumber"]) == serial {
			same++
		}
	}
	if known && same > 0 {
		w.breaksLocked("I23: %s creates %s, and %d assets of the customer have its serial number %s", x.key, token, same, serial)
	}
}

// notGivenUp holds I9 for creates whose outcome was not clear: none that was
// carried out is forgotten.
func (w *World) notGivenUp(pairs []reconcile.Pair, links map[string]store.Link) {
	linkedLeft, linkedRight := map[string]bool{}, map[string]bool{}
	for _, p := range pairs {
		linkedLeft[p.Left], linkedRight[p.Right] = true, true
	}
	open := map[string]bool{}
	for _, i := range w.intents() {
		open[i.ID], open[i.Op.Source] = true, true
	}
	for _, i := range w.earlier.intents {
		l := links[i.Op.Home]
		token := tokenOf(i.Op.Name)
		w.mu.Lock()
		excused := w.acted || w.truth.again[token] > 0 || w.truth.turned[i.Op.Owner] > 0
		w.mu.Unlock()
		if open[i.ID] || open[i.Op.Source] || i.Op.Kind != reconcile.Asset || i.Op.Side != reconcile.Right || linkedLeft[i.Op.Source] || excused || l.Customer == nil || l.Customer.ID != i.Op.Owner {
			continue
		}
		for _, a := range w.revio.Assets(i.Op.Owner) {
			if tokenOf(a.Fields["name"]) == token && !linkedRight[a.ID] && !w.byPeople(a.ID) {
				w.breaks("I9: the create of %s was given up, and had made %s", i.Op.Name, a.ID)
			}
		}
	}
}

func (w *World) byPeople(id string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.truth.people[id]
}

// notIdle holds I12: no field is shown as stuck while both sides hold the same.
func (w *World) notIdle(p reconcile.Pair, field, left, right string, codes map[string]reconcile.Reason) {
	code := codes[p.Left+" "+field]
	if code != reconcile.Parked && code != reconcile.Refused && code != reconcile.InConflict && code != reconcile.PingPong {
		return
	}
	if field == "installDate" {
		left, right = left[:min(10, len(left))], right[:min(10, len(right))]
	}
	if strings.TrimSpace(left) == strings.TrimSpace(right) {
		w.breaks("I12: %s of %s and %s is held (%s), and both sides show %q", field, p.Left, p.Right, code, left)
	}
}
