package sim

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/itglue-revio/itglue-revio/integration/store"
)

// misled notes the faults after which no one can know better: a list that is
// not what it seems, and an answer that a record is not there.
func (w *World) misled(x *exchange, f *fault) {
	page := x.req.URL.Query().Get("page") + x.req.URL.Query().Get("page[number]")
	switch f.name {
	case "nothing listed":
		w.lied = w.lied || page != "" && page != "1"
	case "page repeated", "page empty", "total too high", "total too low":
		w.lied = true
	case "404":
		w.truth.absent[x.req.URL.Path[strings.LastIndexByte(x.req.URL.Path, '/')+1:]] = true
	}
}

// blinded is how a service answers that does not let us see its assets any
// more: it lists none, and knows none. The world is locked.
func (w *World) blinded(x *exchange) (resp *http.Response, blind bool) {
	if w.blind != x.vendor || x.write || x.token || !strings.Contains(x.req.URL.Path, "assets") {
		return nil, false
	}
	if _, id := x.direct(); id != "" {
		w.truth.absent[id] = true
		return x.answer(http.StatusNotFound, asJSON, `{"errors":[{"status":404,"title":"Not Found"}]}`), true
	}
	x.req = x.req.Clone(x.req.Context())
	q := x.req.URL.Query()
	q.Set("filter[id]", "1")
	q.Set("customerId", "999999")
	x.req.URL.RawQuery = q.Encode()
	return nil, false
}

// losesSight takes the right to see assets away from us for the time until the
// next act, on one side.
func (w *World) losesSight(n int) {
	r := w.dice.on("sight", fmt.Sprint(n))
	w.mu.Lock()
	defer w.mu.Unlock()
	w.blind = ""
	if w.Profile.Busy > 0 && chance(r, 15*w.Profile.Busy) && !w.Profile.leavesOut("loses sight") {
		w.blind = pick(r, []string{"itglue", "revio"})
		w.steps++
		w.fired["person loses sight"]++
		w.trace.add("  our right to see assets of %s is taken away", w.blind)
	}
}

// direct is the record that a request looks at directly, as is done just before
// a write; "" when it is none.
func (x *exchange) direct() (side, id string) {
	if x.write || x.token {
		return "", ""
	}
	parts := strings.Split(strings.Trim(x.req.URL.Path, "/"), "/")
	switch id := parts[len(parts)-1]; {
	case x.vendor == "itglue" && len(parts) == 2 && parts[0] == "flexible_assets":
		return "left", id
	case x.vendor == "revio" && strings.Contains(x.req.URL.Path, "/assets/"):
		return "right", id
	}
	return "", ""
}

// cutsIn has a person edit a record just before it is looked at for a write: a
// field in which both sides differ, if there is one.
func (w *World) cutsIn(x *exchange) {
	side, id := x.direct()
	r := w.dice.on("more", x.key)
	if chance(w.dice.on("rotates", x.key), w.Profile.Races/50) && !w.Profile.leavesOut("rotates between") {
		w.between("rotates between")
		w.rotate()
	}
	if side == "" || !chance(r, w.Profile.Races) || w.isFresh(x.vendor+" "+id) || w.Profile.leavesOut("cuts in") {
		return
	}
	w.mu.Lock()
	unread := w.unread[id]
	w.mu.Unlock()
	if unread {
		return
	}
	field := w.fieldOf(r, w.typeOf(id))
	for _, p := range w.pairs() {
		if p.Left != id && p.Right != id {
			continue
		}
		field = w.fieldOf(r, w.typeOf(p.Left))
		for _, f := range mappable {
			left, ok := w.value("left", p.Left, f)
			right, too := w.value("right", p.Right, f)
			if ok && too && !w.agree(f, left, right) {
				field = f
			}
		}
	}
	w.between("cuts in")
	w.edit(r, side, id, field)
}

func (w *World) between(what string) {
	w.trace.add("  person %s", what)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.acted = true
	w.steps++
	w.fired["person "+what]++
}

// comesBetween does at a point around a write what makes the next one wrong: a
// person rejects a link, or another process takes the run over.
func (w *World) comesBetween(p *process, point string, n int) {
	w.mu.Lock()
	calm := w.quiet || w.running == "" || w.another
	w.mu.Unlock()
	if calm || w.ours != p {
		return
	}
	r := w.dice.on("more", fmt.Sprint(point, n))
	if chance(r, w.Profile.Takeovers) && !w.Profile.leavesOut("taken over") {
		w.takeOver(p)
		return
	}
	written := point == "after-settle" || point == "after-update" || point == "after-detail"
	if !written || !chance(r, w.Profile.Races) || w.Profile.leavesOut("rejects between") {
		return
	}
	if l, ok := w.linkOf(r, func(l store.Link) bool { return l.State == store.Accepted }); ok {
		w.between("rejects between")
		w.readWhileAccepted(l)
		w.says("links.reject", object{"id": []any{l.ID}})
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.pause[l.ID] == "" {
			w.pause[l.ID] = "nothing" // no write of it is under way
		}
	}
}

// readWhileAccepted lets a run that began, or made the link, while it was
// accepted end what it was reading: a reject pauses at the next write.
func (w *World) readWhileAccepted(l store.Link) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.running != "" && l.State == store.Accepted && l.Customer != nil {
		w.reads[l.ID], w.reads["customer "+l.Customer.ID] = true, true
	}
}
