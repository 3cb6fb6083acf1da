// Package itgluetest is a simulator of IT Glue's REST API: an account held in
// memory, served as HTTP handlers in the exact shapes of the real service, for
// tests, the demo and whoever builds on the component.
//
//	world := itgluetest.New(itgluetest.Options{})
//	server := httptest.NewServer(world.Handler("us"))
//	organization := world.AddOrganization(itgluetest.Organization{Name: "Brightwater Holdings"})
//
// It is strict where the service is known to be: it demands the key of its
// region, the media type of a body and the required filter, ignores filters it
// does not know, deletes traits that a change leaves out, and so on. Each thing
// that IT Glue does not document is a member of [Switches], whose zero value is
// what is assumed. Each way for a call to fail is a [Fault].
//
// People's edits are made by methods of [World]; what came in by HTTP is in
// [World.Requests]. The package shares no code with the component, so that a
// misreading cannot hide in both.
package itgluetest

import (
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"
)

// DefaultKey is the API key of a new world. It has Password Access.
const DefaultKey = "ITG.simulated"

// Options say what a new world is like.
type Options struct {
	Region    string           // where the account lives: "us" (zero), "eu" or "au"
	Keys      []Key            // nil: DefaultKey with Password Access
	Switches  Switches         // how the service behaves where that is not documented
	Now       func() time.Time // the service's clock; nil: time.Now
	Subdomain string           // of the addresses in answers; "" is "kestrelmsp"
}

// Key is an API key of the account.
type Key struct {
	Value          string
	PasswordAccess bool
	Paused         bool
}

// World is an IT Glue account. Its methods are safe for use by several
// goroutines.
type World struct {
	mu        sync.Mutex
	region    string
	subdomain string
	switches  Switches
	now       func() time.Time
	stamped   time.Time // the latest time given to a record
	keys      map[string]Key
	serial    map[string]int64 // the next id by kind

	statuses      []named
	kinds         []named // organization types
	categories    []named // of passwords
	organizations table[*Organization]
	types         table[*Type]
	assets        table[*asset]
	resources     table[*resource]
	passwords     table[*Password]

	requests []Request
	faults   []*armed
	window   []time.Time // of requests, for the rate limit
	late     sync.WaitGroup
}

// named is an entry of a list of names: a status or an organization type.
type named struct {
	id   string
	name string
	at   time.Time
}

// New makes an account without records.
func New(o Options) *World {
	w := &World{
		region: o.Region, subdomain: o.Subdomain, switches: o.Switches, now: o.Now,
		keys: map[string]Key{}, serial: map[string]int64{},
	}
	if w.region == "" {
		w.region = "us"
	}
	if w.subdomain == "" {
		w.subdomain = "kestrelmsp"
	}
	if w.now == nil {
		w.now = time.Now
	}
	if o.Keys == nil {
		o.Keys = []Key{{Value: DefaultKey, PasswordAccess: true}}
	}
	for _, k := range o.Keys {
		w.keys[k.Value] = k
	}
	for _, s := range []string{"Active", "Inactive", "Offboarding"} {
		w.entry(&w.statuses, "status", s)
	}
	for _, t := range []string{"Customer", "Owner", "Vendor"} {
		w.entry(&w.kinds, "type", t)
	}
	return w
}

// SetKey adds an API key, or changes what it may do.
func (w *World) SetKey(k Key) {
	defer w.lock()()
	w.keys[k.Value] = k
}

// RevokeKey takes an API key away.
func (w *World) RevokeKey(value string) {
	defer w.lock()()
	delete(w.keys, value)
}

// SetSwitches changes how the service behaves where that is not documented.
func (w *World) SetSwitches(change func(*Switches)) {
	defer w.lock()()
	change(&w.switches)
}

// SetNow gives the service another clock.
func (w *World) SetNow(now func() time.Time) {
	defer w.lock()()
	w.now = now
}

// Wait waits until every late write was carried out.
func (w *World) Wait() { w.late.Wait() }

func (w *World) lock() (unlock func()) {
	w.mu.Lock()
	return w.mu.Unlock
}

// stamp is the time for a record that changes now: in milliseconds, and never
// the same twice, so that each change shows.
func (w *World) stamp() time.Time {
	t := w.now().UTC().Truncate(time.Millisecond)
	if !t.After(w.stamped) {
		t = w.stamped.Add(time.Millisecond)
	}
	w.stamped = t
	return t
}

// firstIDs are the first id of each kind, as large as those of the service.
var firstIDs = map[string]int64{
	"status": 68101, "category": 11, "type": 86101, "organization": 4901000000000101,
	"flexible asset type": 4901000100003301, "field": 4901000200004401, "resource": 4901000300005501,
	"flexible asset": 4901000400006601, "password": 4901000500007701, "trait": 4901000600008801, "file": 4901000700009901,
}

// id is the given id of a new record, or the next of its kind.
func (w *World) id(kind, given string) string {
	if given != "" {
		mustNumber(given)
		return given
	}
	if w.serial[kind] == 0 {
		w.serial[kind] = firstIDs[kind]
	}
	n := w.serial[kind]
	w.serial[kind]++
	return strconv.FormatInt(n, 10)
}

// entry gives the id of a name in a list of names, which grows by it.
func (w *World) entry(list *[]named, kind, name string) string {
	for _, e := range *list {
		if e.name == name {
			return e.id
		}
	}
	e := named{id: w.id(kind, ""), name: name, at: w.stamp()}
	*list = append(*list, e)
	return e.id
}

func nameOf(list []named, id string) string {
	i := slices.IndexFunc(list, func(e named) bool { return e.id == id })
	if i < 0 {
		return ""
	}
	return list[i].name
}

func mustNumber(id string) int64 {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		panic(fmt.Sprintf("itgluetest: %q is not an id", id))
	}
	return n
}

// table holds records of one kind in the order in which they were made.
type table[T any] struct {
	byID  map[string]T
	order []string
}

func (t *table[T]) add(id string, v T) {
	if t.byID == nil {
		t.byID = map[string]T{}
	}
	if _, twice := t.byID[id]; twice {
		panic("itgluetest: there is already a record " + id)
	}
	t.byID[id] = v
	t.order = append(t.order, id)
}

func (t *table[T]) remove(id string) {
	if _, ok := t.byID[id]; ok {
		delete(t.byID, id)
		t.order = slices.DeleteFunc(t.order, func(o string) bool { return o == id })
	}
}

// must gives a record that a test names; that it exists is the test's business.
func (t *table[T]) must(id string) T {
	v, ok := t.byID[id]
	if !ok {
		panic("itgluetest: there is no record " + id)
	}
	return v
}

func (t *table[T]) all() []T {
	all := make([]T, len(t.order))
	for i, id := range t.order {
		all[i] = t.byID[id]
	}
	return all
}
