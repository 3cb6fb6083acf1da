package sim

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
)

// canary is in every password, and in every note of one. It may be found nowhere.
const canary = "CANARY"

var businesses = []string{"Brightwater Holdings", "Cobalt Dental Clinic", "Dunmore Legal Partners", "Elmfield Bakery", "Foxglove Pharmacy", "Granite Surveyors", "Harbour Freight Lines"}

// populate makes what is there before the first run.
func (w *World) populate() {
	r := w.dice.on("values", "populate")
	os := itgluetest.Field{Name: "Operating System", Kind: "Text"}
	if w.Profile.Select {
		os.Kind, os.Default = "Select", "Windows 11 Pro\nWindows Server 2022\nmacOS 15"
	}
	w.workstations = w.itglue.AddType(itgluetest.Type{Name: "Workstations", Fields: []itgluetest.Field{
		{Name: "Device Name", Kind: "Text", Required: true, UseForTitle: true}, {Name: "Serial Number", Kind: "Text"}, os,
		{Name: "IP Address", Kind: "Text"}, {Name: "Install Date", Kind: "Date"}, {Name: "Notes", Kind: "Textbox"}, {Name: "RAM GB", Kind: "Number"},
		{Name: "Warranty", Kind: "Text"}, {Name: "Related logins", Kind: "Tag", TagType: "Passwords"}, {Name: "Local admin", Kind: "Password"}, {Name: "Photo", Kind: "Upload"}}})
	w.licenses = w.itglue.AddType(itgluetest.Type{Name: "Software Licenses", Fields: []itgluetest.Field{
		{Name: "Product", Kind: "Text", Required: true, UseForTitle: true}, {Name: "Seats", Kind: "Number"}, {Name: "Purchase Date", Kind: "Date"}, {Name: "Vendor", Kind: "Text"}}})
	w.wireless = w.itglue.AddType(itgluetest.Type{Name: "Wireless", Fields: []itgluetest.Field{{Name: "SSID", Kind: "Text", UseForTitle: true}}})
	w.selected = []string{w.workstations, w.licenses}
	w.addGadgets()
	w.equipment, w.license = w.revio.AddAssetType("Equipment"), w.revio.AddAssetType("License")
	for field, key := range map[string]string{"name": "device-name", "serialNumber": "serial-number", "operatingSystem": "operating-system", "ipAddress": "ip-address", "installDate": "install-date", "description": "notes"} {
		w.truth.fields[w.workstations+" "+field] = w.itglue.FieldID(w.workstations, key)
	}
	w.truth.fields[w.licenses+" name"] = w.itglue.FieldID(w.licenses, "product")
	w.truth.fields[w.licenses+" installDate"] = w.itglue.FieldID(w.licenses, "purchase-date")
	parent := ""
	for i, name := range w.named(businesses[:3+r.IntN(3)]) {
		o := itgluetest.Organization{Name: name, PSASynced: chance(r, 100)}
		if i > 0 && chance(r, 400) {
			o.ParentID = parent
		}
		id := w.itglue.AddOrganization(o)
		w.orgs = append(w.orgs, id)
		if parent == "" || chance(r, 300) {
			parent = id
		}
		customer := w.revio.AddCustomer(name)
		w.furnish(r, id, customer)
	}
	w.furnish(r, "", w.revio.AddCustomer("Inverness Kennels"))
	w.crowd()
}

// furnish gives an organization and its customer their first assets.
func (w *World) furnish(r *rand.Rand, org, customer string) {
	for range r.IntN(6) {
		left := ""
		if org != "" && chance(r, 800) {
			left = w.addLeft(r, org)
		}
		if left == "" || chance(r, 400) {
			w.addRight(r, customer, left)
		}
	}
	if org == "" {
		return
	}
	w.itglue.AddAsset(org, w.wireless, map[string]any{"ssid": "guest"})
	w.addPassword(r, org, "")
}

// addLeft has a person add an IT Glue asset.
func (w *World) addLeft(r *rand.Rand, org string) string {
	n := w.next()
	token := fmt.Sprintf("ws-%03dq", n)
	typ, key := w.workstations, "device-name"
	if chance(r, 250) {
		typ, key = w.licenses, "product"
	}
	if w.Profile.Loose && chance(w.dice.on("more", token), 300) {
		return w.addGadget(org, token)
	}
	t, _ := w.itglue.Type(typ)
	for _, f := range t.Fields {
		if f.ID == w.truth.fields[typ+" name"] {
			key = f.Key
		}
	}
	id := w.itglue.AddAsset(org, typ, map[string]any{key: token + " first"})
	w.trace.add("  person adds %s to IT Glue's %s as %s", token, org, id)
	if typ == w.licenses {
		w.edit(r, "left", id, "installDate")
		return id
	}
	for _, f := range []string{"serialNumber", "operatingSystem", "ipAddress", "installDate", "description"} {
		if chance(r, 600) {
			w.edit(r, "left", id, f)
		}
	}
	w.itglue.SetTrait(id, w.keyNamed(typ, "RAM GB", "ram-gb"), json.Number("16"))
	w.itglue.SetTrait(id, w.keyNamed(typ, "Warranty", "warranty"), "until "+token)
	if chance(r, 150) {
		w.itglue.SetTrait(id, w.keyNamed(typ, "Photo", "photo"), itgluetest.File{Name: "front.jpg"})
	}
	if chance(r, 300) {
		w.addPassword(r, org, id)
	}
	return id
}

func (w *World) keyNamed(typ, name, otherwise string) string {
	t, _ := w.itglue.Type(typ)
	for _, f := range t.Fields {
		if f.Name == name {
			return f.Key
		}
	}
	return otherwise
}

// addRight has a person, or the RMM, add a Rev.io asset: of its own, or the one
// that an IT Glue asset stands for.
func (w *World) addRight(r *rand.Rand, customer, left string) string {
	n := w.next()
	name, typ := fmt.Sprintf("rv-%03dq pc", n), w.equipment
	fields := map[string]string{"name": name, "assetTag": fmt.Sprint("TAG", n)}
	if left != "" {
		if serial, _ := w.value("left", left, "serialNumber"); serial != "" {
			fields["serialNumber"] = serial
		}
		if chance(r, 300) {
			fields["name"], _ = w.value("left", left, "name")
		}
		if w.typeOf(left) == w.licenses {
			typ = w.license
		}
	} else if chance(r, 700) {
		fields["serialNumber"] = fmt.Sprintf("RV%06d", n)
	}
	id := w.revio.AddAsset(customer, typ, fields)
	w.mu.Lock()
	w.truth.people[id] = true
	w.mu.Unlock()
	w.copied(fields["serialNumber"], fields["name"])
	w.trace.add("  person adds %s to Rev.io's %s as %s", name, customer, id)
	if fields["name"] == name {
		w.remember("right", id, "name", "", name, name)
	}
	for _, f := range []string{"ipAddress", "operatingSystem", "installDate"} {
		if chance(r, 400) {
			w.edit(r, "right", id, f)
		}
	}
	return id
}

// addPassword has a person add a password: in an asset, a field of it, tagged,
// or by itself.
func (w *World) addPassword(r *rand.Rand, org, asset string) {
	n := w.next()
	p := itgluetest.Password{OrganizationID: org, AssetID: asset, Name: fmt.Sprint("login ", n), Username: fmt.Sprint("admin", n),
		Value: fmt.Sprintf("%s-%d-value", canary, n), Notes: fmt.Sprintf("%s-%d-note", canary, n), Category: "Web"}
	if asset != "" && w.typeOf(asset) == w.workstations && chance(r, 300) {
		p.FieldKey = w.keyNamed(w.workstations, "Local admin", "local-admin")
	}
	w.itglue.AddPassword(p)
}

func (w *World) next() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.serial++
	return w.serial
}

// edit has a person set a field to a value that nothing else holds.
func (w *World) edit(r *rand.Rand, side, record, field string) {
	value, mark := w.fresh(r, side, record, field)
	w.sets(side, record, field, value, mark)
}

// odd is what people and other programs write in texts.
var odd = []string{"", "", "", "", " {{7*7}}", " é", " 😀 ok", "  padded  ", " =SUM(A1)", " ${jndi:x}", " \uff21cme", " a\u00a0b", " \u202egnp", " line\r\nbreak", " <b>not markup", " \ufeffbom"}

func (w *World) fresh(r *rand.Rand, side, record, field string) (value, mark string) {
	n := w.next()
	mark = fmt.Sprintf("k%dk", n)
	switch field {
	case "name":
		now, _ := w.value(side, record, "name")
		token := now
		if len(now) > 7 {
			token = now[:7]
		}
		return token + " " + mark, mark
	case "ipAddress":
		mark = fmt.Sprintf("10.%d.%d.%d", n/250%250, n%250, 1+r.IntN(250))
		return mark, mark
	case "installDate":
		mark = time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n).Format(time.DateOnly)
		return mark, mark
	case "serialNumber":
		if chance(r, 80) {
			return pick(r, []string{"N/A", "To be filled by O.E.M.", "0", "Default string"}), ""
		}
		mark = fmt.Sprintf("SN%05dX", n)
		return mark, mark
	case "operatingSystem":
		if w.Profile.Select && (side == "left" || chance(r, 700)) {
			return pick(r, []string{"Windows 11 Pro", "Windows Server 2022", "macOS 15"}), ""
		}
	case "description":
		if side == "left" && chance(r, 300) {
			return "<p>" + mark + " <b>bold</b></p>", mark
		}
	}
	return mark + pick(r, odd), mark
}

func (w *World) document() string {
	id := func(t, field string) string { return w.truth.fields[t+" "+field] }
	rules := object{}
	if w.Profile.Rule != "" {
		rules["firstWinner"] = map[string]string{"itglue": "itglue", "revio": "revio"}[w.Profile.Rule]
		if w.Profile.Rule == "newest" {
			delete(rules, "firstWinner")
		}
		rules["fields"] = object{"ipAddress": w.Profile.Rule, "operatingSystem": w.Profile.Rule}
	}
	d := object{
		"name": instanceName, "runAs": "itglue-sync@kestrel",
		"connections": object{
			"revio":  object{"tenant": "acme.psarev.io", "clientId": "client", "clientSecret": w.secret, "production": true},
			"itglue": object{"region": region, "apiKey": w.key},
		},
		"assetTypes": object{"typeIds": w.selected},
		"fields": object{
			"t" + w.workstations: object{"serialNumber": id(w.workstations, "serialNumber"), "operatingSystem": id(w.workstations, "operatingSystem"),
				"ipAddress": id(w.workstations, "ipAddress"), "installDate": id(w.workstations, "installDate"), "description": id(w.workstations, "description")},
			"t" + w.licenses: object{"installDate": id(w.licenses, "installDate")},
		},
		"types": object{"t" + w.workstations: w.equipment, "t" + w.licenses: w.license},
		"rules": rules,
	}
	w.withGadgets(d)
	raw, err := json.Marshal(d)
	if err != nil {
		panic(err)
	}
	return string(raw)
}
