package demo

import (
	"fmt"
	"strings"
	"time"

	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
)

// addAssets gives the organizations their assets, and Rev.io about half of
// them: entered by hand there, in other words, some with faults.
func (w *World) addAssets(count int) {
	orgs := w.Organizations[1:]
	placeholders := []string{"To be filled by O.E.M.", "Default string", "N/A", "0000000"}
	for i := range count {
		org := orgs[i%len(orgs)]
		n := i / len(orgs)
		serial := w.nextSerial()
		switch {
		case i%41 == 7:
			serial = placeholders[i%len(placeholders)]
		case i%53 == 9:
			serial = ""
		}
		left := w.addAsset(org, n, serial)
		customer := w.Customer[org]
		if customer == "" || i%2 == 1 {
			continue
		}
		w.addTwin(customer, left, serial, i)
		if i%97 == 4 { // entered twice in Rev.io
			w.addTwin(customer, left, serial, i+1)
		}
	}
	// One device that stands under two customers in Rev.io, and one asset that
	// nothing in IT Glue stands for.
	a := w.assetsOf(orgs[0])[0]
	w.Revio.AddAsset(w.Customer[orgs[1]], w.Equipment, map[string]string{"name": "moved here?", "serialNumber": w.trait(a, "serial-number")})
	w.Revio.AddAsset(w.Customer[orgs[2]], w.Equipment, map[string]string{"name": "Coffee machine", "serialNumber": w.nextSerial()})
}

// addAsset adds the n-th asset of an organization. Its type goes by its number.
func (w *World) addAsset(org string, n int, serial string) string {
	o, _ := w.ITGlue.Organization(org)
	prefix := initials(o.Name)
	date := time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, w.random.IntN(1900)).Format("2006-01-02")
	ip := fmt.Sprintf("10.%d.%d.%d", w.random.IntN(200), w.random.IntN(200), 2+w.random.IntN(250))
	switch {
	case n%6 == 5:
		return w.ITGlue.AddAsset(org, w.Licenses, map[string]any{"product": fmt.Sprintf("%s Office Suite %d", prefix, n), "seats": 5 + n, "purchase-date": date})
	case n%6 == 4:
		return w.ITGlue.AddAsset(org, w.Network, map[string]any{"device-name": fmt.Sprintf("%s-SW-%02d", prefix, n), "serial-number": serial, "management-ip": ip, "in-service-since": date, "remarks": "Rack " + fmt.Sprint(n)})
	case n%6 == 3:
		return w.ITGlue.AddAsset(org, w.Servers, map[string]any{"device-name": fmt.Sprintf("%s-SRV-%02d", prefix, n), "serial-number": serial, "operating-system": "Windows Server 2022", "ip-address": ip, "install-date": date, "role": "<div>File server<br>Backups <b>nightly</b></div>"})
	}
	traits := map[string]any{"device-name": fmt.Sprintf("%s-WS-%02d", prefix, n), "serial-number": serial, "operating-system": pick(w, "Windows 11 Pro", "macOS 15"), "ip-address": ip,
		"install-date": date, "ram-gb": 15.5 + float64(n), "disk-used": 40 + n, "encrypted": n%2 == 0}
	if n%4 == 0 {
		traits["notes"] = "At the front desk"
	}
	if n%12 == 1 {
		traits["photo"] = itgluetest.File{Name: "desk.png"}
	}
	return w.ITGlue.AddAsset(org, w.Workstations, traits)
}

// addTwin enters an IT Glue asset in Rev.io, as somebody would have by hand.
func (w *World) addTwin(customer, left, serial string, i int) {
	a, _ := w.ITGlue.Asset(left)
	if a.TypeID == w.Licenses {
		return
	}
	name := a.Name
	switch i % 6 {
	case 2:
		name = strings.ReplaceAll(name, "-", "")
	case 4:
		name = strings.ToLower(name)
	}
	if i%8 == 2 {
		serial = "S/N: " + strings.ToLower(serial)
	}
	fields := map[string]string{"name": name, "serialNumber": serial}
	if i%4 != 0 {
		fields["installDate"] = w.trait(a.ID, "install-date")
	}
	if i%100 == 6 {
		fields["operatingSystem"] = "Windows 10"
	}
	w.Revio.AddAsset(customer, w.Equipment, fields)
}

// trait gives a text trait of an asset.
func (w *World) trait(asset, key string) string {
	a, _ := w.ITGlue.Asset(asset)
	return strings.Trim(string(a.Traits[key]), `"`)
}

func (w *World) assetsOf(org string) []string {
	var ids []string
	for _, a := range w.ITGlue.Assets() {
		if a.OrganizationID == org {
			ids = append(ids, a.ID)
		}
	}
	return ids
}

// addPasswords adds passwords of every linkage, each with a value of its own
// that can be searched for.
func (w *World) addPasswords() {
	var workstations []itgluetest.Asset
	for _, a := range w.ITGlue.Assets() {
		if a.TypeID == w.Workstations {
			workstations = append(workstations, a)
		}
	}
	wireless := w.ITGlue.AddAsset(w.Organizations[1], w.Wireless, map[string]any{"ssid": "Guests"})
	for i := range passwordCount {
		value := fmt.Sprintf("Canary-%03d-%08x", i, w.random.Uint32())
		w.Canaries = append(w.Canaries, value)
		a := workstations[i%len(workstations)]
		p := itgluetest.Password{Value: value, Notes: "note-" + value, Username: "admin"}
		switch i % 10 {
		case 0, 1, 2, 3, 4:
			p.Name, p.AssetID = fmt.Sprintf("%s BIOS", a.Name), a.ID
		case 5, 6:
			p.Name, p.AssetID, p.FieldKey = fmt.Sprintf("%s local admin", a.Name), a.ID, "local-admin"
		case 7:
			p.Name, p.OrganizationID = fmt.Sprintf("%s remote support", a.Name), a.OrganizationID
		case 8:
			p.Name, p.OrganizationID = fmt.Sprintf("Cloud portal %d", i), a.OrganizationID
		case 9:
			p.Name, p.OrganizationID, p.ResourceType, p.ResourceID = fmt.Sprintf("UPS %d", i), a.OrganizationID, "configurations", "4901000000005799"
			if i%20 == 9 {
				p = itgluetest.Password{Value: value, Name: fmt.Sprintf("Wi-Fi key %d", i), AssetID: wireless}
			}
		}
		id := w.ITGlue.AddPassword(p)
		if i%10 == 7 {
			w.ITGlue.SetTrait(a.ID, "related-logins", []string{id})
		}
	}
}
