package sim

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/itglue-revio/itglue-revio/integration/reconcile"
)

// doubt is a value that was replaced, which is right only where its record was
// linked with another one meanwhile.
type doubt struct{ side, record, text string }

// replacedWrongly judges the doubts of a run by the pairs as they are after it.
func (w *World) replacedWrongly(pairs []reconcile.Pair) {
	now := map[string]string{}
	for _, p := range pairs {
		now["left "+p.Left], now["right "+p.Right] = p.Right, p.Left
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, d := range w.doubts {
		if was := w.earlier.partner[d.side+" "+d.record]; was == now[d.side+" "+d.record] {
			w.breaksLocked("%s", d.text)
		}
	}
	w.doubts = nil
}

// carried notes which values of the other side a request holds: someone may
// replace them from then on. The world is locked.
func (w *World) carried(x *exchange, record string) {
	body := bytes.ToLower(x.body)
	for _, s := range w.truth.sets {
		if s.mark != "" && s.record != record && !w.truth.crossed[s.mark] && bytes.Contains(body, []byte(strings.ToLower(s.mark))) {
			w.truth.crossed[s.mark] = true
		}
	}
}

// copied notes that a person took values of the other side over.
func (w *World) copied(values ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.truth.sets {
		for _, v := range values {
			if s.mark != "" && holds(v, s.mark) {
				w.truth.crossed[s.mark] = true
			}
		}
	}
}

// replaced holds I11, with replacedWrongly, and counts for I24: what a person set and the other side
// never got is replaced only by a rule, or by a choice. The world is locked.
func (w *World) replaced(x *exchange, side, record, field, was, now string, late bool) {
	if was == now || late {
		return
	}
	known := w.earlier.known[side+" "+record+" "+field]
	if org := w.earlier.owner[side+" "+record]; org != "" && strings.TrimSpace(was) != "" {
		renamed := known && (field == reconcile.NameField || field == reconcile.SerialField) && loose(field, was) != loose(field, now)
		if strings.TrimSpace(now) == "" || renamed {
			w.risk[org+" "+record+" "+field] = true
		}
	}
	if w.ruled(field, known) {
		return
	}
	for _, s := range w.truth.sets {
		if s.side != side || s.record != record || s.field != field || s.mark == "" || !holds(was, s.mark) || holds(now, s.mark) {
			continue
		}
		if !w.truth.crossed[s.mark] && !w.truth.given[s.mark] && !w.truth.swept[s.mark] && !w.truth.met[s.mark] {
			text := fmt.Sprintf("I11: %s replaces what the other side never got: %s; now %q", x.key, s, now)
			w.doubts = append(w.doubts, doubt{side, record, text})
		}
	}
}

// ruled says whether a rule may decide a field.
func (w *World) ruled(field string, known bool) bool {
	switch w.Profile.Rule {
	case "":
		return field == "name" && !known // an asset's name is IT Glue's at first contact
	case "newest":
		return field == "ipAddress" || field == "operatingSystem" || field == "name" && !known
	}
	return field == "ipAddress" || field == "operatingSystem" || !known
}
