package sim

import (
	"context"
	"math/rand/v2"
	"slices"

	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// named gives the organizations their names: in the order of the hierarchy, or
// not.
func (w *World) named(names []string) []string {
	names = slices.Clone(names)
	if w.Profile.Shuffled {
		r := w.dice.on("more", "names")
		r.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	}
	return names
}

// addGadgets adds a selected type of which no field is required, so that the
// service takes a write that leaves its other traits out.
func (w *World) addGadgets() {
	if !w.Profile.Loose {
		return
	}
	w.gadgets = w.itglue.AddType(itgluetest.Type{Name: "Gadgets", Fields: []itgluetest.Field{
		{Name: "Label", Kind: "Text", UseForTitle: true}, {Name: "Serial", Kind: "Text"}, {Name: "Address", Kind: "Text"}, {Name: "About", Kind: "Text"},
		{Name: "Shelf", Kind: "Text"}, {Name: "Price", Kind: "Number"}, {Name: "Rented", Kind: "Checkbox"}, {Name: "Login", Kind: "Tag", TagType: "Passwords"}}})
	for field, key := range map[string]string{"name": "label", "serialNumber": "serial", "ipAddress": "address", "description": "about"} {
		w.truth.fields[w.gadgets+" "+field] = w.itglue.FieldID(w.gadgets, key)
	}
	w.selected = append(w.selected, w.gadgets)
}

// addGadget has a person add one.
func (w *World) addGadget(org, token string) string {
	r := w.dice.on("more", "gadget "+token)
	id := w.itglue.AddAsset(org, w.gadgets, map[string]any{"label": token + " first", "shelf": "shelf of " + token, "rented": true})
	w.trace.add("  person adds the gadget %s to IT Glue's %s as %s", token, org, id)
	for _, f := range []string{"serialNumber", "ipAddress", "description"} {
		if chance(r, 600) {
			w.edit(r, "left", id, f)
		}
	}
	return id
}

// withGadgets adds them to the instance file, and takes out of it what is of
// types that are not selected.
func (w *World) withGadgets(document object) {
	fields, types := document["fields"].(object), document["types"].(object)
	if w.gadgets != "" {
		mapped := object{}
		for _, f := range []string{"serialNumber", "ipAddress", "description"} {
			mapped[f] = w.truth.fields[w.gadgets+" "+f]
		}
		fields["t"+w.gadgets], types["t"+w.gadgets] = mapped, w.equipment
	}
	for _, id := range []string{w.workstations, w.licenses, w.gadgets} {
		if !slices.Contains(w.selected, id) {
			delete(fields, "t"+id)
			delete(types, "t"+id)
		}
	}
}

// selectTypes has a person take a type out of the selection, or back in.
func (w *World) selectTypes(r *rand.Rand) {
	if w.ours.isDead() {
		return
	}
	all := []string{w.workstations, w.licenses}
	if w.gadgets != "" {
		all = append(all, w.gadgets)
	}
	was := w.selected
	if len(was) < len(all) {
		w.selected = all
	} else {
		out := pick(r, all)
		w.selected = slices.DeleteFunc(slices.Clone(all), func(id string) bool { return id == out })
	}
	if _, err := w.call("instance.apply", object{"document": w.document(), "offline": true}); err != nil {
		w.selected = was
		w.trace.add("  the types stay: %s", w.ending(nil, err))
		return
	}
	w.trace.add("  the types are %v now", w.selected)
	w.selectedOnly()
}

// selectedOnly holds I4 for what is stored: no password is listed that is in an
// asset of a type that is not selected.
func (w *World) selectedOnly() {
	var listed []store.Password
	w.read(func(ctx context.Context, tx store.Tx, instance string) (err error) {
		listed, _, err = tx.ListPasswords(ctx, instance, store.PasswordQuery{})
		return err
	})
	for _, p := range listed {
		if t := w.typeOf(p.Asset); t != "" && p.Linkage == store.Attached && !slices.Contains(w.selected, t) {
			w.breaks("I4: the password %s is listed, in an asset of a type that is not selected", p.ID)
		}
	}
}
