// Package demo is a world to try the integration in: both simulators, seeded
// with the same invented MSP, and the whole journey through it, narrated.
//
// The scenario tests, the schemas' example forms and the demo command all use
// this world; the product does not.
package demo

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
	"github.com/itglue-revio/itglue-revio/component/revio"
	"github.com/itglue-revio/itglue-revio/component/revio/reviotest"
)

// How large the world is, unless the options say otherwise.
const (
	assetCount    = 1200
	passwordCount = 400
)

// World is both systems with the same MSP in them, and the names by which the
// journey finds its way.
type World struct {
	ITGlue *itgluetest.World
	Revio  *reviotest.World

	Workstations, Servers, Network, Licenses string                       // selected flexible asset types
	Wireless, Retired                        string                       // one that is not selected, one that is not enabled
	Equipment, License                       string                       // Rev.io asset types
	Fields                                   map[string]map[string]string // by type: Rev.io field to field id

	Organizations []string          // ids, parents before children
	Customer      map[string]string // the right customer of an organization; for reports and tests, never for the matcher
	NewCustomer   string            // a customer that IT Glue lacks, for the Sync button
	Canaries      []string          // every password value, to search for
	NoTotal       bool              // the Rev.io tenant's lists do not say how many there are

	profile *revio.Profile
	random  *rand.Rand
	serial  int
}

// Options choose how the two systems behave.
type Options struct {
	Seed           uint64
	Assets         int            // how many flexible assets; 0 is 1,200
	Organizations  int            // how many organizations, and customers of the same names, beside the 64
	Profile        *revio.Profile // of the Rev.io tenant; nil: the built-in one
	Switches       reviotest.Switches
	ITGlueSwitches itgluetest.Switches
	Now            func() time.Time // of both systems; nil: time.Now
}

// NewWorld makes the world. The same seed gives the same world.
func NewWorld(o Options) *World {
	w := &World{
		ITGlue: itgluetest.New(itgluetest.Options{Region: "eu", Keys: []itgluetest.Key{{Value: APIKey, PasswordAccess: true}}, Switches: o.ITGlueSwitches, Now: o.Now}),
		Revio:  reviotest.New(reviotest.Options{Profile: o.Profile, Tenant: Tenant, ClientID: ClientID, ClientSecret: ClientSecret, Switches: o.Switches, Now: o.Now}),
		Fields: map[string]map[string]string{}, Customer: map[string]string{},
		profile: o.Profile, NoTotal: o.Switches.NoTotal, random: rand.New(rand.NewPCG(o.Seed, 20261123)),
	}
	if w.profile == nil {
		w.profile = revio.DefaultProfile()
	}
	w.addTypes()
	w.addOrganizations()
	w.addAssets(cmp.Or(o.Assets, assetCount))
	w.addPasswords()
	for i := range o.Organizations {
		name := fmt.Sprintf("%s %05d", names[1+i%(len(names)-1)].left, i)
		w.ITGlue.AddOrganization(itgluetest.Organization{Name: name})
		w.Revio.AddCustomer(name)
	}
	return w
}

// RevioProfile is the profile that the Rev.io tenant works by.
func (w *World) RevioProfile() *revio.Profile { return w.profile }

// The credentials of the demo's MSP.
const (
	APIKey       = "ITG.demo-key-of-kestrel-msp-0123456789abcdef"
	Tenant       = "kestrel.psarev.io"
	ClientID     = "kestrel-itglue"
	ClientSecret = "demo-secret-of-kestrel-msp-fedcba9876543210"
)

func (w *World) addTypes() {
	text := func(name string) itgluetest.Field { return itgluetest.Field{Name: name, Kind: "Text"} }
	device := []itgluetest.Field{
		{Name: "Device Name", Kind: "Text", Required: true, UseForTitle: true},
		text("Serial Number"),
		{Name: "Operating System", Kind: "Select", Default: "Windows 11 Pro\nWindows 11 Pro 24H2\nWindows Server 2022\nmacOS 15\nUbuntu 24.04"},
		text("IP Address"),
		{Name: "Install Date", Kind: "Date"},
	}
	w.Workstations = w.ITGlue.AddType(itgluetest.Type{Name: "Workstations", Fields: append(append([]itgluetest.Field{}, device...),
		itgluetest.Field{Name: "Details", Kind: "Header"},
		itgluetest.Field{Name: "Notes", Kind: "Textbox"},
		itgluetest.Field{Name: "RAM GB", Kind: "Number", Decimals: 1},
		itgluetest.Field{Name: "Disk used", Kind: "Percent"},
		itgluetest.Field{Name: "Encrypted", Kind: "Checkbox"},
		itgluetest.Field{Name: "Related logins", Kind: "Tag", TagType: "Passwords"},
		itgluetest.Field{Name: "Local admin", Kind: "Password"},
		itgluetest.Field{Name: "Photo", Kind: "Upload"})})
	w.Servers = w.ITGlue.AddType(itgluetest.Type{Name: "Servers", Fields: append(append([]itgluetest.Field{}, device...), itgluetest.Field{Name: "Role", Kind: "Textbox"})})
	w.Network = w.ITGlue.AddType(itgluetest.Type{Name: "Network Devices", Fields: []itgluetest.Field{
		{Name: "Device Name", Kind: "Text", Required: true, UseForTitle: true}, text("Serial Number"), text("Management IP"), {Name: "In service since", Kind: "Date"}, {Name: "Remarks", Kind: "Textbox"}}})
	w.Licenses = w.ITGlue.AddType(itgluetest.Type{Name: "Software Licenses", Fields: []itgluetest.Field{
		{Name: "Product", Kind: "Text", Required: true, UseForTitle: true}, {Name: "Seats", Kind: "Number"}, {Name: "Purchase Date", Kind: "Date"}}})
	w.Wireless = w.ITGlue.AddType(itgluetest.Type{Name: "Wireless", Fields: []itgluetest.Field{{Name: "SSID", Kind: "Text", Required: true, UseForTitle: true}}})
	w.Retired = w.ITGlue.AddType(itgluetest.Type{Name: "Retired Inventory", Disabled: true, Fields: []itgluetest.Field{{Name: "Name", Kind: "Text", UseForTitle: true}}})
	w.Equipment, w.License = w.Revio.AddAssetType("Equipment"), w.Revio.AddAssetType("License")
	w.Revio.AddAssetType("Other")
	id := func(t, key string) string { return w.ITGlue.FieldID(t, key) }
	for _, t := range []string{w.Workstations, w.Servers} {
		w.Fields[t] = map[string]string{"serialNumber": id(t, "serial-number"), "operatingSystem": id(t, "operating-system"), "ipAddress": id(t, "ip-address"), "installDate": id(t, "install-date")}
	}
	w.Fields[w.Workstations]["description"] = id(w.Workstations, "notes")
	w.Fields[w.Servers]["description"] = id(w.Servers, "role")
	w.Fields[w.Network] = map[string]string{"serialNumber": id(w.Network, "serial-number"), "ipAddress": id(w.Network, "management-ip"), "installDate": id(w.Network, "in-service-since"), "description": id(w.Network, "remarks")}
	w.Fields[w.Licenses] = map[string]string{"installDate": id(w.Licenses, "purchase-date"), "description": id(w.Licenses, "seats")}
}

// Types are the selected flexible asset types.
func (w *World) Types() []string {
	return []string{w.Workstations, w.Servers, w.Network, w.Licenses}
}

func (w *World) addOrganizations() {
	primary := w.ITGlue.AddOrganization(itgluetest.Organization{Name: "Kestrel MSP", Primary: true})
	w.Organizations = append(w.Organizations, primary)
	parents := map[string]string{}
	for i, n := range names {
		parent := ""
		if n.parent != "" {
			parent = parents[n.parent]
		}
		o := itgluetest.Organization{Name: n.left, ParentID: parent, Description: "Client since " + fmt.Sprint(2012+i%13)}
		id := w.ITGlue.AddOrganization(o)
		parents[n.left] = id
		w.Organizations = append(w.Organizations, id)
		if n.right != "" {
			w.Customer[id] = w.Revio.AddCustomer(n.right)
		}
	}
	for _, n := range onlyCustomers {
		w.Revio.AddCustomer(n)
	}
	closed := w.Revio.AddCustomer("Old Mill Catering")
	w.Revio.CloseCustomer(closed)
	w.ITGlue.AddOrganization(itgluetest.Organization{Name: "Dormant Dental", Status: "Inactive"})
	w.NewCustomer = w.Revio.AddCustomer("Zephyr Kitesurf School")
	for i := range 3 {
		w.Revio.AddAsset(w.NewCustomer, w.Equipment, map[string]string{"name": fmt.Sprintf("ZKS-LT-%02d", i+1), "serialNumber": w.nextSerial(), "operatingSystem": "Windows 11 Pro"})
	}
	w.Revio.AddAsset(w.NewCustomer, w.License, map[string]string{"name": "Sail Designer", "serialNumber": w.nextSerial(), "installDate": "2026-02-01"})
}

func (w *World) nextSerial() string {
	w.serial++
	const letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
	r := func() byte { return letters[w.random.IntN(len(letters))] }
	return fmt.Sprintf("%c%c%c%04d%c%c", r(), r(), r(), 1000+w.serial*7%9000, r(), r())
}

// initials makes the beginning of an organization's asset names.
func initials(name string) string {
	var b strings.Builder
	for _, word := range strings.Fields(name) {
		if c := word[0]; c >= 'A' && c <= 'Z' {
			b.WriteByte(c)
		}
	}
	return (b.String() + "XX")[:3]
}

func pick[T any](w *World, of ...T) T { return of[w.random.IntN(len(of))] }
