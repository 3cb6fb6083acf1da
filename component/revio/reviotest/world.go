// Package reviotest is a Rev.io PSA tenant that is not there: an http.Handler
// with state, for tests, examples and the demo.
//
// It is driven by the same [revio.Profile] as the client: another profile gives
// it other paths, parameters, names and shapes. What a tenant may do otherwise
// than the contract assumes is one of its [Switches]; what may go wrong is a
// [Fault]. It writes its answers by itself, byte by byte, and shares no type
// with the client that could hide a mistake of both.
//
// People and the RMM work on it directly: [World.AddAsset], [World.SetAsset],
// [World.CloseCustomer]. What was asked over HTTP is in [World.Requests].
package reviotest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/itglue-revio/itglue-revio/component/revio"
)

// Options is how a tenant begins. All of it may be left out.
type Options struct {
	Profile      *revio.Profile // the tenant's truth; nil: the built-in one
	Tenant       string         // "acme.psarev.io"
	ClientID     string         // "client"
	ClientSecret string         // "secret-of-the-client"
	Switches     Switches
	Now          func() time.Time // nil: time.Now
}

// World is the tenant. Its methods are safe for use by many goroutines.
type World struct {
	Now func() time.Time // the tenant's clock; set it before the first call

	profile  *revio.Profile
	tenant   string
	id       string
	secret   string
	mu       sync.Mutex
	switches Switches
	faults   []*Fault
	late     []func()
	log      []*Request

	customers []*Customer
	types     []*AssetType
	assets    []*Asset
	lastAsset int
	tokens    map[string]time.Time
	issued    int
}

// Customer is a customer as the tenant holds it.
type Customer struct {
	ID       string
	Name     string
	Status   string
	Fields   map[string]string // description, notes, city, website, phone
	Modified time.Time
	version  int
}

// AssetType is an asset type as the tenant holds it.
type AssetType struct {
	ID     string
	Name   string
	Active bool
}

// Asset is an asset as the tenant holds it.
type Asset struct {
	ID                string
	CustomerID        string
	TypeID            string
	Status            string
	ExternalReference string
	Fields            map[string]string // by our names: name, serialNumber …; any other name is a field of the tenant's own
	Created, Modified time.Time
	version           int
	shownFrom         time.Time // lists show it from then on
}

// New makes a tenant without customers, types and assets.
func New(o Options) *World {
	w := &World{Now: o.Now, profile: o.Profile, tenant: o.Tenant, id: o.ClientID, secret: o.ClientSecret, switches: o.Switches, tokens: map[string]time.Time{}}
	if w.Now == nil {
		w.Now = time.Now
	}
	if w.profile == nil {
		w.profile = revio.DefaultProfile()
	}
	for _, d := range []struct {
		to    *string
		value string
	}{{&w.tenant, "acme.psarev.io"}, {&w.id, "client"}, {&w.secret, "secret-of-the-client"}} {
		if *d.to == "" {
			*d.to = d.value
		}
	}
	return w
}

// Settings gives the settings that reach the tenant, as a JSON document.
func (w *World) Settings(production bool) json.RawMessage {
	return mustJSON(map[string]any{"tenant": w.tenant, "clientId": w.id, "clientSecret": w.secret, "production": production})
}

// ProfileAt gives the tenant's own profile, with the address that it is served
// at and without any wait between tries, as a JSON document for Host.Profiles.
func (w *World) ProfileAt(baseURL string) json.RawMessage {
	p := *w.profile
	p.BaseURL = baseURL
	p.ModuleBase = map[string]string{}
	p.Limits.RatePerSecond, p.Limits.Burst = 10000, 1000
	p.Limits.RetryBaseSeconds, p.Limits.RetryMaxSeconds = 0, 0.05
	var doc map[string]any
	if err := json.Unmarshal(mustJSON(p), &doc); err != nil {
		panic(fmt.Sprintf("reviotest: %v", err))
	}
	extra := map[string]string{} // a profile shows no secrets; this document must
	for name, value := range p.Headers.Extra {
		extra[name] = value.Reveal()
	}
	doc["headers"].(map[string]any)["extra"] = extra
	return mustJSON(doc)
}

// SetSwitches changes what the tenant does otherwise.
func (w *World) SetSwitches(change func(*Switches)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	change(&w.switches)
}

// AddCustomer adds an open customer, and gives its id.
func (w *World) AddCustomer(name string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := &Customer{ID: strconv.Itoa(1001 + len(w.customers)), Name: name, Status: "Open", Fields: map[string]string{}, Modified: w.Now().UTC()}
	w.customers = append(w.customers, c)
	return c.ID
}

// SetCustomer edits a customer as a person would: name, status, description,
// notes, city, website or phone.
func (w *World) SetCustomer(id, field, value string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := w.customer(id)
	if c == nil {
		panic(fmt.Sprintf("reviotest: there is no customer %s", id))
	}
	c.set(field, value)
	c.touch(w.Now())
}

// CloseCustomer closes a customer.
func (w *World) CloseCustomer(id string) { w.SetCustomer(id, "status", "Closed") }

// AddAssetType adds an active asset type, and gives its id.
func (w *World) AddAssetType(name string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	t := &AssetType{ID: strconv.Itoa(len(w.types) + 1), Name: name, Active: true}
	w.types = append(w.types, t)
	return t.ID
}

// RetireAssetType makes an asset type inactive.
func (w *World) RetireAssetType(id string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, t := range w.types {
		if t.ID == id {
			t.Active = false
		}
	}
}

// AddAsset adds an asset as a person or the RMM would, and gives its id.
func (w *World) AddAsset(customerID, typeID string, fields map[string]string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.addAsset(&Asset{CustomerID: customerID, TypeID: typeID, Fields: maps.Clone(fields)}).ID
}

func (w *World) addAsset(a *Asset) *Asset {
	w.lastAsset++
	now := w.Now().UTC()
	a.ID, a.Status, a.Created, a.Modified = strconv.Itoa(w.lastAsset), "Active", now, now
	a.shownFrom = now.Add(w.switches.ListDelay)
	if a.Fields == nil {
		a.Fields = map[string]string{}
	}
	w.assets = append(w.assets, a)
	return a
}

// SetAsset edits an asset as a person or the RMM would: one of its fields, or
// customerId, typeId, status or externalReference.
func (w *World) SetAsset(id, field, value string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	a := w.asset(id)
	if a == nil {
		panic(fmt.Sprintf("reviotest: there is no asset %s", id))
	}
	a.set(field, value)
	a.touch(w.Now())
}

// RemoveAsset deletes an asset, as only a person can.
func (w *World) RemoveAsset(id string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.assets = slices.DeleteFunc(w.assets, func(a *Asset) bool { return a.ID == id })
}

// Asset gives one asset.
func (w *World) Asset(id string) (Asset, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if a := w.asset(id); a != nil {
		return a.copy(), true
	}
	return Asset{}, false
}

// Assets gives the assets of a customer, or all for "".
func (w *World) Assets(customerID string) []Asset {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []Asset
	for _, a := range w.assets {
		if customerID == "" || a.CustomerID == customerID {
			all = append(all, a.copy())
		}
	}
	return all
}

// Customer gives one customer.
func (w *World) Customer(id string) (Customer, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if c := w.customer(id); c != nil {
		return c.copy(), true
	}
	return Customer{}, false
}

// Customers gives all customers.
func (w *World) Customers() []Customer {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := make([]Customer, len(w.customers))
	for i, c := range w.customers {
		all[i] = c.copy()
	}
	return all
}

func (w *World) asset(id string) *Asset {
	i := slices.IndexFunc(w.assets, func(a *Asset) bool { return a.ID == id })
	if i < 0 {
		return nil
	}
	return w.assets[i]
}

func (w *World) customer(id string) *Customer {
	i := slices.IndexFunc(w.customers, func(c *Customer) bool { return c.ID == id })
	if i < 0 {
		return nil
	}
	return w.customers[i]
}

func (a *Asset) set(field, value string) {
	switch field {
	case "customerId":
		a.CustomerID = value
	case "typeId":
		a.TypeID = value
	case "status":
		a.Status = value
	case "externalReference":
		a.ExternalReference = value
	default:
		a.Fields[field] = value
	}
}

func (a *Asset) touch(now time.Time) { a.Modified, a.version = now.UTC(), a.version+1 }

func (a *Asset) copy() Asset {
	c := *a
	c.Fields = maps.Clone(a.Fields)
	return c
}

func (c *Customer) set(field, value string) {
	switch field {
	case "name":
		c.Name = value
	case "status":
		c.Status = value
	default:
		c.Fields[field] = value
	}
}

func (c *Customer) touch(now time.Time) { c.Modified, c.version = now.UTC(), c.version+1 }

func (c *Customer) copy() Customer {
	d := *c
	d.Fields = maps.Clone(c.Fields)
	return d
}

func mustJSON(v any) json.RawMessage {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("reviotest: %v", err))
	}
	return raw
}
