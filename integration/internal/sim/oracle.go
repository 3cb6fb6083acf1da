package sim

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
	"github.com/itglue-revio/itglue-revio/component/revio/reviotest"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// snapshot is a record just before a request is carried out.
type snapshot struct {
	left  itgluetest.Asset
	right reviotest.Asset
	id    string
}

func (w *World) before(x *exchange) snapshot {
	parts := strings.Split(strings.Trim(x.req.URL.Path, "/"), "/")
	s := snapshot{id: parts[len(parts)-1]}
	switch {
	case x.vendor == "itglue" && parts[0] == "flexible_assets" && len(parts) == 2:
		s.left, _ = w.itglue.Asset(s.id)
	case x.vendor == "revio" && strings.Contains(x.req.URL.Path, "/assets/"):
		s.right, _ = w.revio.Asset(s.id)
	}
	return s
}

var token = regexp.MustCompile(`(?i)(ws|rv)-[0-9]{3}q`)

func tokenOf(name string) string { return strings.ToLower(token.FindString(name)) }

// carriedOut looks at what a vendor did. The world is locked.
func (w *World) carriedOut(x *exchange, before snapshot, resp *http.Response) {
	if x.req.URL.Path == "/flexible_assets" && !x.write {
		w.order = nil // what was accepted since the last run goes before all the others
	}
	if x.token || !x.write {
		if !x.token && (before.left.ID != "" || before.right.ID != "") || strings.Contains(x.req.URL.Path, "/customers/") || strings.HasPrefix(x.req.URL.Path, "/organizations/") {
			w.freshGet[x.vendor+" "+before.id] = true
			delete(w.unread, before.id)
		}
		return
	}
	w.writes++
	delete(w.freshGet, x.vendor+" "+before.id)
	w.carried(x, before.id)
	if resp.StatusCode >= 300 {
		return
	}
	if x.vendor == "revio" {
		w.unread[before.id] = true
	}
	late := x.req.Context().Err() != nil || x.late
	switch {
	case x.vendor == "itglue" && before.left.ID != "":
		after, _ := w.itglue.Asset(before.id)
		w.keptTraits(x, before.left, after, late)
		for _, f := range mappable {
			key := w.traitKey(before.left.TypeID, f)
			w.replaced(x, "left", before.id, f, traitText(before.left.Traits[key]), traitText(after.Traits[key]), late)
		}
	case x.vendor == "revio" && before.right.ID != "":
		after, _ := w.revio.Asset(before.id)
		w.keptFields(x, before.right, after, late)
		for _, f := range mappable {
			w.replaced(x, "right", before.id, f, before.right.Fields[f], after.Fields[f], late)
		}
	case x.vendor == "revio" && strings.HasSuffix(x.req.URL.Path, "/assets") && !x.copy:
		if all := w.revio.Assets(""); len(all) > 0 {
			w.unread[all[len(all)-1].ID] = true
		}
		w.createdRight(x, late)
	case x.vendor == "itglue" && x.req.URL.Path == "/organizations" && !x.copy:
		w.once("I9: the organization "+attribute(x.body, "name"), "organization "+attribute(x.body, "name"), 0)
	case x.vendor == "itglue" && x.req.URL.Path == "/flexible_assets" && !x.copy:
		var doc struct {
			Data struct {
				Attributes struct {
					Traits map[string]json.RawMessage `json:"traits"`
				} `json:"attributes"`
			} `json:"data"`
		}
		if json.Unmarshal(x.body, &doc) == nil {
			name := tokenOf(string(x.body))
			w.once("I9: the IT Glue asset of "+name, "left "+name+attribute(x.body, "organization-id"), 0)
		}
	}
}

// keptTraits holds I14 and I15: what is not mapped is as it was.
func (w *World) keptTraits(x *exchange, before, after itgluetest.Asset, late bool) {
	mapped := map[string]bool{}
	for _, f := range mappable {
		mapped[w.traitKey(before.TypeID, f)] = true
	}
	for key, was := range before.Traits {
		now := after.Traits[key]
		switch {
		case bytes.Equal(was, now):
		case late:
			w.sweep(traitText(was))
		case !mapped[key]:
			w.breaksLocked("I14: %s changed the trait %s of %s from %s to %s", x.key, key, before.ID, was, now)
		}
	}
}

func (w *World) keptFields(x *exchange, before, after reviotest.Asset, late bool) {
	for f, was := range before.Fields {
		now := after.Fields[f]
		switch {
		case was == now:
		case late:
			w.sweep(was)
		case f == "assetTag":
			w.breaksLocked("I14: %s changed %s of the Rev.io asset %s from %q to %q", x.key, f, before.ID, was, now)
		}
	}
}

// sweep notes the values that a request replaced which landed late.
func (w *World) sweep(text string) {
	for _, s := range w.truth.sets {
		if s.mark != "" && holds(text, s.mark) {
			w.truth.swept[s.mark] = true
		}
	}
}

// createdRight holds I9 and I20.
func (w *World) createdRight(x *exchange, late bool) {
	var body map[string]any
	if json.Unmarshal(x.body, &body) != nil {
		return
	}
	customer := plain(body["customerId"])
	name := tokenOf(plain(body["name"]))
	w.trace.add("    makes %s %s for %s", plain(body["name"]), plain(body["serialNumber"]), customer)
	w.once("I9: the Rev.io asset of "+name, name+" "+customer, w.truth.again[name]+w.truth.turned[customer])
	if late {
		return
	}
	w.noTwin(x, customer, name, plain(body["serialNumber"]))
	org := ""
	for _, a := range w.itglue.Assets() {
		if tokenOf(a.Name) == name {
			org = a.OrganizationID
		}
	}
	if o, ok := w.itglue.Organization(org); ok {
		for _, earlier := range w.order {
			if w.isUnder(earlier, o.ID) {
				w.breaksLocked("I20: %s creates an asset of %s after one of %s, which is below it", x.key, o.Name, earlier)
			}
		}
	}
	w.order = append(w.order, org)
}

func (w *World) isUnder(org, above string) bool {
	for range 10 {
		o, ok := w.itglue.Organization(org)
		if !ok || o.ParentID == "" {
			return false
		}
		if org = o.ParentID; org == above {
			return true
		}
	}
	return false
}

func (w *World) once(what, key string, more int) {
	w.made[key]++
	if w.made[key] > 1+more {
		w.breaksLocked("%s was created %d times", what, w.made[key])
	}
}

// afterRun looks for secrets in what was said and stored.
func (w *World) afterRun(stored bool) {
	w.mu.Lock()
	said := bytes.Clone(w.said.Bytes())
	w.said.Reset()
	w.mu.Unlock()
	look := map[string][]byte{"said": said}
	if stored {
		look["the database"] = w.files()
	}
	for where, text := range look {
		for _, secret := range []string{canary, w.key, w.secret} {
			if i := bytes.Index(text, []byte(secret)); i >= 0 {
				w.breaks("I40: %s holds %q: …%s…", where, secret, bytes.ToValidUTF8(text[max(0, i-60):min(len(text), i+60)], nil))
			}
		}
	}
}

func (w *World) pairs() []reconcile.Pair {
	return w.keptPairs.get(w, func() (pairs []reconcile.Pair) {
		w.read(func(ctx context.Context, tx store.Tx, instance string) (err error) {
			pairs, err = tx.ListPairs(ctx, instance, store.PairQuery{Kind: reconcile.Asset})
			return err
		})
		return pairs
	})
}

// most is how many cycles may write after the last fault: a value that a
// vendor mangles is offered three times.
const most = 5

// calm ends faults and people's acts, and holds I5, I10 and I22.
func (w *World) calm() {
	w.trace.add("calm")
	w.hush(true)
	w.mu.Lock()
	w.blind = "" // what is late may still be on its way
	w.mu.Unlock()
	time.Sleep(2*quietWindow + time.Minute)
	if w.ours.isDead() {
		w.restart()
	}
	w.itglue.SetKey(itgluetest.Key{Value: w.key, PasswordAccess: true})
	w.says("instance.resume", object{})
	wrote := []int{}
	for range most {
		_ = w.flow("sync.cycle", object{})
		w.mu.Lock()
		n := w.writes
		w.mu.Unlock()
		wrote = append(wrote, n)
		time.Sleep(time.Hour)
		if len(wrote) > 2 && n == 0 {
			break
		}
	}
	if wrote[len(wrote)-1] > 0 {
		w.breaks("I5/I22: cycles without faults and edits go on writing: %v", wrote)
	}
	w.noneLost()
	w.inStep()
	w.afterRun(true)
}

// noneLost holds I10: no value that a person set is gone without a trace.
func (w *World) noneLost() {
	var overwrites []store.Overwrite
	w.read(func(ctx context.Context, tx store.Tx, instance string) (err error) {
		overwrites, err = tx.ListOverwrites(ctx, instance, "", "")
		return err
	})
	for _, s := range w.truth.sets {
		if s.mark == "" || w.truth.given[s.mark] || w.truth.swept[s.mark] || w.truth.removed[s.record] || w.truth.removed[w.typeOf(s.record)+" "+s.field] {
			continue
		}
		if text, ok := w.value(s.side, s.record, s.field); ok && holds(text, s.mark) {
			continue
		}
		replaced := slices.ContainsFunc(w.truth.sets, func(o setting) bool { return o.n > s.n && holds(o.was, s.mark) })
		kept := slices.ContainsFunc(overwrites, func(o store.Overwrite) bool { return holds(o.Was, s.mark) })
		if !replaced && !kept {
			now, _ := w.value(s.side, s.record, s.field)
			w.breaks("I10: a value is gone without a trace: %s; now %q", s, now)
		}
	}
}

// inStep holds I22: what differs is listed.
func (w *World) inStep() {
	held, open, links, codes := w.reasons()
	for _, p := range w.pairs() {
		l, ok := links[p.Owner]
		left, there := w.itglue.Asset(p.Left)
		right, too := w.revio.Asset(p.Right)
		if !ok || l.State != store.Accepted || l.Attention != "" || !there || !too || !slices.Contains(w.selected, left.TypeID) || left.Archived || left.OrganizationID != p.Owner || held["guard "+p.Owner] || held[p.Left] || held[p.Right] {
			continue
		}
		for _, f := range mappable {
			key := w.traitKey(left.TypeID, f)
			if key != "" {
				w.notIdle(p, f, traitText(left.Traits[key]), right.Fields[f], codes)
			}
			if key == "" || held[p.Left+" "+f] || held[p.Right+" "+f] || open[p.Left+" "+f] || w.truth.apart[p.Left+" "+f] {
				continue
			}
			if f == "description" && w.Profile.Rule != "" && strings.Contains(traitText(left.Traits[key]), "<") {
				continue // markup goes one way; the rule that lets Rev.io win keeps its text there
			}
			if !w.agree(f, traitText(left.Traits[key]), right.Fields[f]) {
				w.breaks("I22: %s of %s and %s differ and nothing says so: %q, %q", f, p.Left, p.Right, traitText(left.Traits[key]), right.Fields[f])
			}
		}
	}
	paired := map[string]bool{}
	for _, p := range w.pairs() {
		paired[p.Left] = true
	}
	for _, a := range w.itglue.Assets() {
		l, ok := links[a.OrganizationID]
		if !ok || l.State != store.Accepted || l.Attention != "" || !slices.Contains(w.selected, a.TypeID) || paired[a.ID] || held[a.ID] || held["guard "+l.ID] {
			continue
		}
		if a.Archived && w.Profile.ITGlue.HideArchived {
			continue
		}
		w.breaks("I22: the asset %s (%s) is not linked, and nothing says why", a.ID, a.Name)
	}
}

// reasons gives what is listed as held or in conflict.
func (w *World) reasons() (held, open map[string]bool, links map[string]store.Link, codes map[string]reconcile.Reason) {
	codes = map[string]reconcile.Reason{}
	held, open, links = map[string]bool{}, map[string]bool{}, map[string]store.Link{}
	for _, l := range w.links() {
		links[l.ID] = l
	}
	w.read(func(ctx context.Context, tx store.Tx, instance string) error {
		reports, err := tx.ListReports(ctx, instance, nil)
		if err != nil {
			return err
		}
		for _, r := range reports {
			held["guard "+r.Owner] = len(r.Guard) > 0
			for _, h := range r.Held {
				key := h.Record
				if h.Field != "" {
					key += " " + h.Field
				}
				held[key], codes[key] = true, h.Code
			}
		}
		conflicts, _, err := tx.ListConflicts(ctx, instance, store.ConflictQuery{Open: true})
		for _, c := range conflicts {
			open[c.Pair.Left+" "+c.Field] = true
		}
		return err
	})
	return held, open, links, codes
}

// mappable are the fields that may be mapped.
var mappable = []string{"name", "serialNumber", "operatingSystem", "ipAddress", "installDate", "description"}

var markup = regexp.MustCompile(`<[^>]*>`)

// agree reports whether both sides show the same, as far as they can: markup
// goes to Rev.io as text, and Rev.io may hold the beginning only.
func (w *World) agree(field, left, right string) bool {
	b := loose(field, right)
	for _, text := range []string{left, html.UnescapeString(left), html.UnescapeString(markup.ReplaceAllString(left, ""))} {
		a := loose(field, text)
		if a == b || b != "" && strings.HasPrefix(a, b) && (w.Profile.Revio.Cut > 0 || len(a) > 100) {
			return true
		}
	}
	return false
}

// loose is a text as far as both sides must agree on it.
func loose(field, text string) string {
	if field == "installDate" {
		return text[:min(10, len(text))]
	}
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(text))
}

// String says what a world is like, for a person.
func (p Profile) String() string {
	return fmt.Sprintf("faults %d‰ of %q, crashes %d‰, people %d and %d‰, rule %q, reference %t, select %t\n  IT Glue %+v\n  Rev.io %+v",
		p.FaultRate, p.Faults, p.CrashRate, p.People, p.MidRun, p.Rule, p.Reference, p.Select, p.ITGlue, p.Revio)
}
