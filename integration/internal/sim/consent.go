package sim

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

// owner is whom a request is about, as far as consent goes.
type owner struct {
	orgs, customers []string
	whole           bool // of no one in particular: everyone's assets
	free            bool // asks for nothing that needs consent
	typeID          string
}

// asksConsent holds I1 to I4: each request for assets or passwords, and each
// write, is for an accepted link, and for a selected type.
func (w *World) asksConsent(x *exchange) {
	w.mu.Lock()
	running := w.running
	w.mu.Unlock()
	if running == "" || x.token {
		return
	}
	if x.req.Method == http.MethodDelete {
		w.breaks("I8: %s", x.key)
	}
	o := w.ownerOf(x)
	if o.typeID != "" && !slices.Contains(w.selected, o.typeID) {
		w.breaks("I4: %s asks for a type that is not selected", x.key)
	}
	if o.whole {
		w.breaks("I1: %s asks for everyone's", x.key)
	}
	if o.free || len(o.orgs)+len(o.customers) == 0 {
		return
	}
	if x.write && x.req.Method == http.MethodPost {
		w.relink() // the Sync button may have linked what it made
	}
	accepted := w.accepted()
	if !w.covers(accepted, o) {
		w.relink()
		accepted = w.accepted()
	}
	customers := map[string]string{}
	for org, customer := range accepted {
		customers[customer] = org
	}
	for _, org := range o.orgs {
		_, now := accepted[org]
		w.judge(x, org, now)
		if now {
			w.mayRead("customer " + accepted[org])
		}
	}
	for _, customer := range o.customers {
		org, now := customers[customer]
		if !now {
			org = "customer " + customer
		}
		w.judge(x, org, now)
	}
}

// covers reports whether all of an owner is accepted.
func (w *World) covers(accepted map[string]string, o owner) bool {
	customers := map[string]bool{}
	for _, customer := range accepted {
		customers[customer] = true
	}
	for _, org := range o.orgs {
		if accepted[org] == "" {
			return false
		}
	}
	for _, customer := range o.customers {
		if !customers[customer] {
			return false
		}
	}
	return true
}

func (w *World) mayRead(owner string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.reads[owner] = true
}

// judge says whether a request may be made for an organization. What was read
// of a link that is rejected while a run reads may come to its end; of its
// writes, the one under way.
func (w *World) judge(x *exchange, org string, accepted bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if accepted {
		w.reads[org] = true
		return
	}
	if w.ours.isDead() {
		return
	}
	if !x.write {
		if !w.reads[org] {
			w.breaksLocked("I1: %s reads of %s, whose link is not accepted", x.key, org)
		}
		return
	}
	what := x.req.Method + x.req.URL.Path // a write that is tried again is one
	if w.pause[org] == "" {
		w.pause[org] = what
	}
	if !w.reads[org] || w.pause[org] != what {
		w.breaksLocked("I2/I3: %s writes to %s, whose link is not accepted", x.key, org)
	}
}

// ownerOf reads of a request whom it is about.
func (w *World) ownerOf(x *exchange) owner {
	parts := strings.Split(strings.Trim(x.req.URL.Path, "/"), "/")
	q := x.req.URL.Query()
	if x.vendor == "revio" {
		return w.customerOf(x, parts)
	}
	split := func(name string) []string {
		return strings.FieldsFunc(q.Get(name), func(r rune) bool { return r == ',' })
	}
	switch {
	case parts[0] == "flexible_assets" && len(parts) == 1 && x.req.Method == http.MethodGet:
		o := owner{orgs: split("filter[organization-id]"), typeID: q.Get("filter[flexible-asset-type-id]")}
		o.whole = len(o.orgs) == 0
		return o
	case parts[0] == "flexible_assets" && len(parts) == 1:
		return owner{orgs: []string{attribute(x.body, "organization-id")}}
	case parts[0] == "flexible_assets":
		a, ok := w.itglue.Asset(parts[1])
		return owner{orgs: []string{a.OrganizationID}, free: !ok || w.wasMoved(a.ID)}
	case parts[0] == "passwords" && len(parts) == 1:
		o := owner{orgs: split("filter[organization_id]")}
		if len(o.orgs) == 0 {
			o.orgs = split("filter[organization-id]")
		}
		o.whole = len(o.orgs) == 0
		return o
	case parts[0] == "organizations" && len(parts) == 4:
		return owner{orgs: []string{parts[1]}}
	case parts[0] == "organizations" && len(parts) == 2 && x.write:
		return owner{orgs: []string{parts[1]}}
	}
	return owner{free: true}
}

func (w *World) customerOf(x *exchange, parts []string) owner {
	last := parts[len(parts)-1]
	switch {
	case last == "assets" && x.write:
		var body map[string]any
		if json.Unmarshal(x.body, &body) != nil {
			return owner{whole: true}
		}
		return owner{customers: []string{plain(body["customerId"])}}
	case last == "assets":
		c := x.req.URL.Query().Get("customerId")
		return owner{customers: []string{c}, whole: c == ""}
	case strings.Contains(x.req.URL.Path, "/assets/"):
		a, ok := w.revio.Asset(last)
		return owner{customers: []string{a.CustomerID}, free: !ok}
	case strings.Contains(x.req.URL.Path, "/customers/") && x.write:
		return owner{customers: []string{last}}
	}
	return owner{free: true}
}

func (w *World) wasMoved(id string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.truth.moved[id]
}

func plain(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case nil:
		return ""
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(raw)
}

// attribute reads an attribute of a JSON:API body.
func attribute(body []byte, name string) string {
	var doc struct {
		Data struct {
			Attributes map[string]json.RawMessage `json:"attributes"`
		} `json:"data"`
	}
	if json.Unmarshal(body, &doc) != nil {
		return ""
	}
	raw := doc.Data.Attributes[name]
	if raw == nil {
		raw = doc.Data.Attributes[strings.ReplaceAll(name, "-", "_")]
	}
	return strings.Trim(string(raw), `"`)
}
