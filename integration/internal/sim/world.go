package sim

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
	"github.com/itglue-revio/itglue-revio/component/revio"
	"github.com/itglue-revio/itglue-revio/component/revio/reviotest"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

const (
	instanceName = "kestrel"
	region       = "eu"
	revioAt      = "https://revio.test"
	quietWindow  = 15 * time.Minute
)

var itglueAt = map[string]string{"us": "https://us.itglue.test", "eu": "https://eu.itglue.test", "au": "https://au.itglue.test"}

// World is one MSP, its two vendors, and our process between them.
type World struct {
	Seed    uint64
	Profile Profile
	dice    dice
	trace   trace
	dir     string

	itglue *itgluetest.World
	revio  *reviotest.World
	ours   *process
	body   *body

	mu       sync.Mutex
	asked    map[string]int // how often the same request was made
	steps    int
	requests int  // served
	quiet    bool // no faults, no crashes
	running  string
	runs     int
	reads    map[string]bool // organizations that were accepted at any time of this run
	writes   int             // of this run
	order    []string        // organizations whose assets were created in this run
	fired    map[string]int
	points   map[string]int
	broken   []string
	said     bytes.Buffer      // logs, outputs, errors: what a person or a file may see
	linked   map[string]string // the accepted links, as last read; nil: to be read again
	freshGet map[string]bool
	pause    map[string]string // the write under way when its link was rejected, by organization
	made     map[string]int    // creates carried out, by flexible asset token and customer
	truth    truth

	forced  bool            // a plan was applied by force and its process ended: the next one goes on with it
	earlier sight           // what was so when the run began
	input   object          // of the run
	risk    map[string]bool // what a run emptied or renamed, by organization, record and field
	doubts  []doubt
	acted   bool            // a person came in between in this run
	lied    bool            // a list of this run was not what it seemed
	unread  map[string]bool // Rev.io records that were written and not read back yet
	epochs  map[string]int64
	blind   string // the service that does not let us see its assets; "": none
	another bool   // another process works while the first one stands still

	workstations, licenses, wireless, gadgets string
	selected                                  []string // the flexible asset types that are
	equipment, license                        string
	orgs                                      []string // of IT Glue, as first made
	serial                                    int      // numbers what people set
	key, secret                               string
	instance                                  string // its id; "": to be looked up
	changes                                   int    // how often something may have been stored
	keptLinks                                 kept[store.Link]
	keptPairs                                 kept[reconcile.Pair]
	keptIntents                               kept[store.Intent]
}

// Figures is what a world counted.
type Figures struct {
	Seed     uint64
	Steps    int // requests served, acts of people, faults and restarts
	Requests int
	Runs     int
	Lasted   time.Duration
	Fired    map[string]int
	Points   map[string]int
	Broken   []string
	Trace    string
	Sum      uint64
	Profile  Profile
}

// newWorld makes a world in a bubble. Close it there.
func newWorld(seed uint64, p Profile, dir string, b *body) *World {
	w := &World{Seed: seed, Profile: p, dice: dice{seed}, dir: dir, body: b, asked: map[string]int{}, fired: map[string]int{}, points: map[string]int{},
		freshGet: map[string]bool{}, pause: map[string]string{}, made: map[string]int{}, reads: map[string]bool{}, unread: map[string]bool{}, epochs: map[string]int64{}, truth: newTruth(), key: itgluetest.DefaultKey, secret: "secret-of-the-client"}
	time.Sleep(time.Duration(w.dice.on("values", "begin").IntN(20*365*24)) * time.Hour) // some day of some year
	w.trace.began = time.Now()
	profile := revio.DefaultProfile()
	profile.Capabilities.ExternalReference = p.Reference
	if !p.Reference {
		profile.Query.ExternalReference, profile.Fields.Asset.ExternalReference = "", revio.Names{}
	}
	w.itglue = itgluetest.New(itgluetest.Options{Region: region, Switches: p.ITGlue, Now: skewed(p.ITGlueSkew)})
	w.revio = reviotest.New(reviotest.Options{Profile: profile, Switches: p.Revio, Now: skewed(p.RevioSkew)})
	w.populate()
	w.start()
	return w
}

// skewed gives a clock that is off.
func skewed(by time.Duration) func() time.Time {
	return func() time.Time { return time.Now().Add(by) }
}

// host makes what a process of ours knows of the way to the vendors.
func (w *World) host(t *wire) *component.Host {
	speed, err := json.Marshal(map[string]any{"hosts": itglueAt, "inFlight": 16, "ratePerSecond": 10000, "burst": 1000})
	if err != nil {
		panic(err)
	}
	log := slog.New(slog.NewJSONHandler(sayer{w}, &slog.HandlerOptions{Level: slog.LevelDebug}))
	return &component.Host{Transport: t, Log: log, AllowedEndpoints: []string{revioAt, itglueAt["us"], itglueAt["eu"], itglueAt["au"]},
		Profiles: map[string]json.RawMessage{"itglue": speed, "revio": w.revio.ProfileAt(revioAt)}}
}

// sayer keeps what is logged, to look for secrets in it.
type sayer struct{ w *World }

func (s sayer) Write(b []byte) (int, error) {
	s.w.mu.Lock()
	defer s.w.mu.Unlock()
	return s.w.said.Write(b)
}

func (w *World) path() string { return filepath.Join(w.dir, "data.db") }

// run goes through a world: so many steps of work, then quiet.
func (w *World) run(steps int) Figures {
	w.must("instance.apply", object{"document": w.document()})
	w.flow("sync.match-organizations", object{})
	w.acceptSome()
	for n := 0; w.count() < steps && len(w.broken) == 0; n++ {
		w.people(n)
		w.more(n)
		w.waits(n)
		w.work(n)
		w.afterRun(n%8 == 0)
	}
	if len(w.broken) == 0 {
		w.calm()
	}
	f := Figures{Seed: w.Seed, Steps: w.steps, Requests: w.requests, Runs: w.runs, Lasted: time.Since(w.trace.began), Fired: maps.Clone(w.fired), Points: maps.Clone(w.points),
		Broken: slices.Clone(w.broken), Profile: w.Profile}
	w.ours.stop()
	time.Sleep(time.Hour) // what is late lands
	f.Trace, f.Sum = w.trace.String(), w.trace.sum()
	return f
}

func (w *World) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.steps
}

// waits is the time between two runs: long enough for what is late, or not.
func (w *World) waits(n int) {
	by := time.Duration(10+w.dice.on("people", fmt.Sprint("wait", n)).IntN(80)) * time.Minute
	if r := w.dice.on("more", fmt.Sprint("wait", n)); chance(r, w.Profile.Hurry) {
		by = time.Duration(r.IntN(300)) * time.Second
	}
	time.Sleep(by)
}

// work runs one flow.
func (w *World) work(n int) {
	r := w.dice.on("people", fmt.Sprint("work", n))
	switch k := r.IntN(20); {
	case k < 14:
		w.flow("sync.cycle", object{})
	case k < 16:
		w.flow("sync.discover-assets", object{})
	case k < 17:
		w.flow("sync.match-organizations", object{})
	case k < 18:
		w.flow("plan.create", object{})
	default:
		if all := w.revio.Customers(); len(all) > 0 {
			w.flow("sync.customer", object{"customerId": pick(r, all).ID})
		}
	}
}

// flow runs a flow as a face does. A process that ends meanwhile is started
// again.
func (w *World) flow(name string, in object) error {
	w.relink()
	accepted := w.accepted()
	w.mu.Lock()
	w.running, w.runs, w.writes, w.order, w.reads = name, w.runs+1, 0, nil, map[string]bool{}
	w.freshGet, w.pause = map[string]bool{}, map[string]string{}
	w.input, w.risk, w.acted, w.lied, w.unread = in, map[string]bool{}, false, false, map[string]bool{}
	for org, customer := range accepted {
		w.reads[org], w.reads["customer "+customer] = true, true
	}
	w.mu.Unlock()
	w.trace.add("run %s %s", name, identifier.ReplaceAllString(fmt.Sprint(in), "(id)"))
	w.looksBefore()
	out, err := w.call(name, in)
	w.trace.add("  → %s", w.ending(out, err))
	w.mu.Lock()
	w.running = ""
	w.mu.Unlock()
	died := w.ours.isDead()
	if died {
		w.restart()
	}
	w.looksAfter(name, in)
	w.mu.Lock()
	w.forced = died && (w.forced || in["force"] == true)
	w.mu.Unlock()
	return err
}

var identifier = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

// ending says how a call ended, without what differs from run to run.
func (w *World) ending(out json.RawMessage, err error) string {
	text := string(out)
	if err != nil {
		text = string(component.CodeOf(err)) + ": " + err.Error()
	}
	return identifier.ReplaceAllString(strings.ReplaceAll(text, w.dir, ""), "(id)")
}

type object = map[string]any

// call invokes an action of the catalog.
func (w *World) call(action string, in object) (out json.RawMessage, err error) {
	ctx := context.Background()
	p := w.ours
	defer func() {
		switch c := recover().(type) {
		case nil:
		case crash:
			err = component.Errorf(component.Internal, "the process ended at %s", c.point)
		default:
			w.breaks("a defect: %s panicked: %v\n%s", action, c, debug.Stack())
		}
		if err != nil && !p.isDead() && strings.Contains(err.Error(), "broke off through a defect") {
			w.breaks("a defect: %v", err)
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		if strings.HasPrefix(action, "instance.") {
			w.instance = ""
		}
		if action != "passwords.reveal" { // whose answer is the value
			w.said.Write(out)
		}
		if err != nil {
			w.said.WriteString(err.Error())
		}
	}()
	a, err := p.catalog.Find(action)
	if err != nil {
		return nil, err
	}
	instance := instanceName
	if a.Describe().Scope == component.OnHost {
		instance = ""
	}
	s, err := p.runner.Session(ctx, instance, "os:ana")
	if err != nil {
		return nil, err
	}
	input, err := json.Marshal(in)
	if err != nil {
		return nil, err
	}
	return p.catalog.Invoke(ctx, s, action, input)
}

// must is a call that the world cannot go on without.
func (w *World) must(action string, in object) json.RawMessage {
	quiet := w.hush(true)
	defer w.hush(quiet)
	out, err := w.call(action, in)
	if err != nil {
		panic(fmt.Sprintf("seed %d: %s: %v", w.Seed, action, err))
	}
	return out
}

// hush turns faults and crashes off or on, and says how it was.
func (w *World) hush(quiet bool) (was bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	was, w.quiet = w.quiet, quiet
	return was
}

func (w *World) breaks(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.breaksLocked(format, args...)
}

func (w *World) breaksLocked(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	w.trace.add("BROKEN %s", text)
	w.broken = append(w.broken, text)
}
