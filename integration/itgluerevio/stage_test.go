package itgluerevio_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
	"github.com/itglue-revio/itglue-revio/component/revio"
	"github.com/itglue-revio/itglue-revio/component/revio/reviotest"
	"github.com/itglue-revio/itglue-revio/integration/cycle"
	"github.com/itglue-revio/itglue-revio/integration/itgluerevio"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/runner"
	"github.com/itglue-revio/itglue-revio/integration/store"
	"github.com/itglue-revio/itglue-revio/integration/store/sqlstore"
)

// stage is a small MSP in both simulators, served over HTTP, and a runner on a
// database of its own. One clock serves all three; it goes on by itself, and a
// test may push it.
type stage struct {
	*testing.T
	ITGlue  *itgluetest.World
	Revio   *reviotest.World
	Store   *sqlstore.Store
	Runner  *runner.Runner
	Catalog *component.Catalog
	Host    *component.Host
	Path    string

	Workstations, Licenses, Wireless string // flexible asset types; the last is not selected
	Equipment, License               string // Rev.io asset types
	Bright, East, Cobalt, Dunmore    string // organizations; East is Bright's child
	BrightC, EastC, CobaltC, Dunmor2 string // their customers

	// Hook is called at the points of a cycle; nil: nothing.
	Hook func(point string)

	actor   string
	session *component.Session // of the last call
	clock   *clock
}

const (
	instanceName = "kestrel"
	quietWindow  = 15 * time.Minute
)

// clock is the time of a stage.
type clock struct {
	mu    sync.Mutex
	ahead time.Duration
	wrong time.Duration // how far ours is ahead of it
}

// Ours is what this computer's clock shows.
func (c *clock) Ours() time.Time {
	now := c.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	return now.Add(c.wrong)
}

// set makes our clock wrong by so much.
func (c *clock) set(wrong time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wrong = wrong
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead)
}

// setting is how a stage begins.
type setting struct {
	itglue   itgluetest.Switches
	revio    reviotest.Switches
	profile  func(*revio.Profile)
	document func(map[string]any)
	regions  func(*stage, map[string]string)
	pageSize int  // of IT Glue's lists; 0: as usual
	bare     bool // without an instance
	// How far the clocks of the two systems are ahead of ours.
	itglueAhead, revioAhead time.Duration
}

// newStage opens a stage with an active instance.
func newStage(t *testing.T, o setting) *stage {
	t.Helper()
	s := &stage{T: t, clock: &clock{}, actor: "os:ana"}
	profile := revio.DefaultProfile()
	if o.profile != nil {
		o.profile(profile)
	}
	s.ITGlue = itgluetest.New(itgluetest.Options{Region: "eu", Switches: o.itglue, Now: func() time.Time { return s.clock.Now().Add(o.itglueAhead) }})
	s.Revio = reviotest.New(reviotest.Options{Profile: profile, Switches: o.revio, Now: func() time.Time { return s.clock.Now().Add(o.revioAhead) }})
	s.populate()
	regions := map[string]string{}
	for _, r := range []string{"us", "eu", "au"} {
		regions[r] = s.serve(dated(s.ITGlue.Handler(r), o.itglueAhead))
	}
	if o.regions != nil {
		o.regions(s, regions)
	}
	revioAt := s.serve(dated(s.Revio, o.revioAhead))
	lines := map[string]any{"hosts": regions, "ratePerSecond": 10000, "burst": 1000, "retryWaitSeconds": 0.01}
	if o.pageSize > 0 {
		lines["pageSize"] = o.pageSize
	}
	itglueProfile, err := json.Marshal(lines)
	require.NoError(t, err)
	s.Host = &component.Host{
		AllowedEndpoints: []string{revioAt, regions["us"], regions["eu"], regions["au"]},
		Profiles:         map[string]json.RawMessage{"itglue": itglueProfile, "revio": s.Revio.ProfileAt(revioAt)},
	}
	s.Path = filepath.Join(t.TempDir(), "data.db")
	s.open()
	if !o.bare {
		s.must("instance.apply", map[string]any{"document": s.document(o.document)}, nil)
	}
	return s
}

func (s *stage) serve(h http.Handler) string {
	server := httptest.NewServer(h)
	s.Cleanup(server.Close)
	return server.URL
}

// dated lets a system's answers carry the date of its own clock.
func dated(h http.Handler, ahead time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", time.Now().Add(ahead).UTC().Format(http.TimeFormat))
		h.ServeHTTP(w, r)
	})
}

// open opens the database, and a runner on it.
func (s *stage) open() {
	var err error
	s.Store, err = sqlstore.OpenSQLite(context.Background(), s.Path, sqlstore.Options{Now: s.clock.Ours})
	require.NoError(s, err)
	s.Cleanup(func() { _ = s.Store.Close() })
	definition := itgluerevio.Options{Store: s.Store, Hook: func(point string) {
		if s.Hook != nil {
			s.Hook(point)
		}
	}}.Define()
	s.Runner = runner.New(runner.Options{Store: s.Store, Host: s.Host, Definition: definition, DatabasePath: s.Path, Now: s.clock.Ours})
	s.Catalog = s.Runner.Catalog()
}

func (s *stage) populate() {
	w := s.ITGlue
	s.Workstations = w.AddType(itgluetest.Type{Name: "Workstations", Fields: []itgluetest.Field{
		{Name: "Device Name", Kind: "Text", Required: true, UseForTitle: true},
		{Name: "Serial Number", Kind: "Text"},
		{Name: "Operating System", Kind: "Select", Default: "Windows 11 Pro\nWindows Server 2022\nmacOS 15"},
		{Name: "IP Address", Kind: "Text"},
		{Name: "Install Date", Kind: "Date"},
		{Name: "Notes", Kind: "Textbox"},
		{Name: "RAM GB", Kind: "Number"},
		{Name: "Related logins", Kind: "Tag", TagType: "Passwords"},
		{Name: "Local admin", Kind: "Password"},
		{Name: "Photo", Kind: "Upload"}}})
	s.Licenses = w.AddType(itgluetest.Type{Name: "Software Licenses", Fields: []itgluetest.Field{
		{Name: "Product", Kind: "Text", Required: true, UseForTitle: true}, {Name: "Seats", Kind: "Number"}, {Name: "Purchase Date", Kind: "Date"}}})
	s.Wireless = w.AddType(itgluetest.Type{Name: "Wireless", Fields: []itgluetest.Field{{Name: "SSID", Kind: "Text", UseForTitle: true}}})
	w.AddType(itgluetest.Type{Name: "Retired Inventory", Disabled: true, Fields: []itgluetest.Field{{Name: "Name", Kind: "Text", UseForTitle: true}}})
	s.Equipment, s.License = s.Revio.AddAssetType("Equipment"), s.Revio.AddAssetType("License")
	s.Bright = w.AddOrganization(itgluetest.Organization{Name: "Brightwater Holdings"})
	s.East = w.AddOrganization(itgluetest.Organization{Name: "Brightwater Marina East", ParentID: s.Bright})
	s.Cobalt = w.AddOrganization(itgluetest.Organization{Name: "Cobalt Dental Clinic"})
	s.Dunmore = w.AddOrganization(itgluetest.Organization{Name: "Dunmore Legal Partners"})
	s.BrightC, s.EastC = s.Revio.AddCustomer("Brightwater Holdings"), s.Revio.AddCustomer("Brightwater Marina East")
	s.CobaltC, s.Dunmor2 = s.Revio.AddCustomer("Cobalt Dental Clinic"), s.Revio.AddCustomer("Dunmore Legal Partners")
}

// document is the instance file, with what change makes of it.
func (s *stage) document(change func(map[string]any)) string {
	id := func(t, key string) string { return s.ITGlue.FieldID(t, key) }
	d := map[string]any{
		"name": instanceName, "runAs": "itglue-sync@kestrel",
		"connections": map[string]any{
			"revio":  map[string]any{"tenant": "acme.psarev.io", "clientId": "client", "clientSecret": "secret-of-the-client", "production": true},
			"itglue": map[string]any{"region": "eu", "apiKey": itgluetest.DefaultKey},
		},
		"assetTypes": map[string]any{"typeIds": []any{s.Workstations, s.Licenses}},
		"fields": map[string]any{
			"t" + s.Workstations: map[string]any{"serialNumber": id(s.Workstations, "serial-number"), "operatingSystem": id(s.Workstations, "operating-system"),
				"ipAddress": id(s.Workstations, "ip-address"), "installDate": id(s.Workstations, "install-date"), "description": id(s.Workstations, "notes")},
			"t" + s.Licenses: map[string]any{"installDate": id(s.Licenses, "purchase-date")},
		},
		"types": map[string]any{"t" + s.Workstations: s.Equipment, "t" + s.Licenses: s.License},
	}
	if change != nil {
		change(d)
	}
	raw, err := json.Marshal(d)
	require.NoError(s, err)
	return string(raw)
}

// part gives a member of a document, to change it.
func part(d map[string]any, names ...string) map[string]any {
	for _, n := range names {
		if d[n] == nil {
			d[n] = map[string]any{}
		}
		d = d[n].(map[string]any)
	}
	return d
}

// call invokes an action of the catalog, as a face does.
func (s *stage) call(action string, in, out any) error {
	s.Helper()
	ctx := context.Background()
	a, err := s.Catalog.Find(action)
	require.NoError(s, err)
	instance := instanceName
	if a.Describe().Scope == component.OnHost {
		instance = ""
	}
	session, err := s.Runner.Session(ctx, instance, s.actor)
	if err != nil {
		return err
	}
	session.Strict, s.session = true, session
	input, err := json.Marshal(in)
	require.NoError(s, err)
	raw, err := s.Catalog.Invoke(ctx, session, action, input)
	if out != nil && len(raw) > 0 {
		require.NoError(s, json.Unmarshal(raw, out))
	}
	return err
}

func (s *stage) must(action string, in, out any) {
	s.Helper()
	require.NoError(s, s.call(action, in, out), action)
}

type object = map[string]any

// flow runs a flow that must succeed, and gives its report.
func (s *stage) flow(name string) cycle.Report {
	s.Helper()
	var r cycle.Report
	s.must("sync."+name, object{}, &r)
	return r
}

func (s *stage) cycle() cycle.Report {
	s.Helper()
	return s.flow("cycle")
}

// accepted matches, accepts the links of these organizations (none: all of the
// four), and discovers their assets.
func (s *stage) accepted(organizations ...string) cycle.Report {
	s.Helper()
	if organizations == nil {
		organizations = []string{s.Bright, s.East, s.Cobalt, s.Dunmore}
	}
	s.flow("match-organizations")
	s.must("links.accept", object{"id": organizations}, nil)
	return s.flow("discover-assets")
}

// later pushes the clock.
func (s *stage) later(d time.Duration) {
	s.clock.mu.Lock()
	defer s.clock.mu.Unlock()
	s.clock.ahead += d
}

// workstation adds an IT Glue asset; more is key, value, …
func (s *stage) workstation(organization, name, serial string, more ...any) string {
	traits := object{"device-name": name}
	if serial != "" {
		traits["serial-number"] = serial
	}
	for i := 0; i < len(more); i += 2 {
		traits[more[i].(string)] = more[i+1]
	}
	return s.ITGlue.AddAsset(organization, s.Workstations, traits)
}

// equipment adds a Rev.io asset.
func (s *stage) equipment(customer, name, serial string) string {
	f := map[string]string{"name": name}
	if serial != "" {
		f["serialNumber"] = serial
	}
	return s.Revio.AddAsset(customer, s.Equipment, f)
}

// trait gives a trait's text as IT Glue shows it; "" when it shows none.
func (s *stage) trait(asset, key string) string {
	s.Helper()
	a, ok := s.ITGlue.Asset(asset)
	require.True(s, ok)
	var v any
	if raw := a.Traits[key]; raw != nil {
		require.NoError(s, json.Unmarshal(raw, &v))
	}
	text, _ := v.(string)
	return text
}

// right gives a field of a Rev.io asset.
func (s *stage) right(asset, field string) string {
	s.Helper()
	a, ok := s.Revio.Asset(asset)
	require.True(s, ok)
	return a.Fields[field]
}

// only gives the single Rev.io asset of a customer.
func (s *stage) only(customer string) reviotest.Asset {
	s.Helper()
	all := s.Revio.Assets(customer)
	require.Len(s, all, 1)
	return all[0]
}

// fresh forgets what was asked of both sides so far.
func (s *stage) fresh() {
	s.ITGlue.ResetRequests()
	s.Revio.ResetRequests()
}

// writes counts the writes on both sides since fresh.
func (s *stage) writes() int { return len(s.ITGlue.Writes()) + len(s.Revio.Writes()) }

// settled runs a cycle that must write nothing.
func (s *stage) settled() cycle.Report {
	s.Helper()
	s.fresh()
	r := s.cycle()
	require.Zero(s, s.writes(), "a cycle without a change writes nothing: %+v", r)
	return r
}

// read reads the store.
func (s *stage) read(f func(store.Tx, string) error) {
	s.Helper()
	require.NoError(s, s.Store.Read(context.Background(), func(tx store.Tx) error {
		in, err := tx.Instance(context.Background(), instanceName)
		if err != nil {
			return err
		}
		return f(tx, in.ID)
	}))
}

func (s *stage) link(organization string) (l store.Link) {
	s.Helper()
	s.read(func(tx store.Tx, id string) (err error) {
		l, err = tx.Link(context.Background(), id, organization)
		return err
	})
	return l
}

// intents gives the creates whose outcome is owed.
func (s *stage) intents() (all []store.Intent) {
	s.Helper()
	s.read(func(tx store.Tx, id string) (err error) {
		all, err = tx.ListIntents(context.Background(), id)
		return err
	})
	return slices.DeleteFunc(all, func(in store.Intent) bool { return !in.UnderWay() })
}

func (s *stage) pairs(q store.PairQuery) (all []reconcile.Pair) {
	s.Helper()
	q.Kind = reconcile.Asset
	s.read(func(tx store.Tx, id string) (err error) {
		all, err = tx.ListPairs(context.Background(), id, q)
		return err
	})
	return all
}

// why explains an IT Glue asset.
func (s *stage) why(asset string) string {
	s.Helper()
	var out itgluerevio.Explained
	s.must("assets.explain", object{"id": asset}, &out)
	text := out.Verdict
	for _, c := range out.Checks {
		if c.State != component.Works {
			text += "\n" + c.Message
		}
	}
	return text
}

func (s *stage) conflicts() []itgluerevio.Conflict {
	s.Helper()
	var out itgluerevio.ConflictList
	s.must("conflicts.list", object{}, &out)
	return out.Items
}

func (s *stage) passwords() []itgluerevio.Password {
	s.Helper()
	var out itgluerevio.PasswordList
	s.must("passwords.list", object{}, &out)
	return out.Items
}

// audited gives the actions in the audit log.
func (s *stage) audited() (actions []string) {
	s.Helper()
	var out struct{ Items []itgluerevio.AuditEntry }
	s.must("audit.list", object{}, &out)
	for _, e := range out.Items {
		actions = append(actions, e.Action)
	}
	return actions
}

// stored gives everything that lies in the data folder, as it lies there.
func (s *stage) stored() string {
	s.Helper()
	files, err := filepath.Glob(filepath.Join(filepath.Dir(s.Path), "*"))
	require.NoError(s, err)
	var all []byte
	for _, f := range files {
		b, err := os.ReadFile(f)
		require.NoError(s, err)
		all = append(all, b...)
	}
	return string(all)
}

// code gives the code of an error and its words.
func requireCode(t testing.TB, want component.Code, err error, words ...string) {
	t.Helper()
	require.Error(t, err)
	require.Equal(t, want, component.CodeOf(err), err.Error())
	for _, w := range words {
		require.Contains(t, err.Error(), w)
	}
}
