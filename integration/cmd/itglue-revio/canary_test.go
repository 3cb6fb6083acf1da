package main

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
	"github.com/itglue-revio/itglue-revio/component/revio/reviotest"
)

// A child process of this test is its own binary, started again with this
// variable: it is the program then.
const programVariable = "ITGLUE_REVIO_TEST_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(programVariable) != "" {
		os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// canaries are what must show nowhere, by what each is. A canary is looked for
// by its middle, which no way of quoting changes.
type canaries map[string]string

// plant makes a secret with a middle of its own, between characters that every
// format has to quote.
func (c canaries) plant(what string) (secret string) {
	middle := fmt.Sprintf("CANARY%dX%x", len(c), []byte(what))
	c[what] = middle
	return `p"<&%é ` + middle + ` \\;`
}

// found says which canaries a text holds, in the encodings that text travels
// in.
func (c canaries) found(text string) (all []string) {
	lower := strings.ToLower(text)
	for what, middle := range c {
		forms := []string{strings.ToLower(middle), hex.EncodeToString([]byte(middle))}
		for _, form := range forms {
			if strings.Contains(lower, form) {
				all = append(all, what)
			}
		}
		for shift := range 3 { // as it stands in base64 after so many bytes
			coded := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("x", shift) + middle))
			if strings.Contains(text, coded[4:len(coded)-4]) {
				all = append(all, what)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// house is an MSP on both simulators, a folder that is all the program may
// write to, and what it said so far.
type house struct {
	*testing.T
	canaries
	left  *itgluetest.World
	right *reviotest.World
	home  string   // the program's data, temporary files and home are below it
	flags []string // of every command
	file  string   // the instance's; not below home

	organization, customer string
	assets                 []string
	passwords              map[string]string // ids by name

	mu    sync.Mutex
	said  map[string]string // by place
	block chan struct{}     // a create waits for it, while there is one
	held  chan struct{}     // closed when one waits
	ended []func()          // keeps the last words of a child
}

const houseKey = "ITG.CANARYkey7f3a9c"

func newHouse(t *testing.T) *house {
	h := &house{T: t, canaries: canaries{}, said: map[string]string{}, passwords: map[string]string{}, home: t.TempDir()}
	secret := h.plant("client secret")
	h.canaries["API key"] = strings.TrimPrefix(houseKey, "ITG.")
	h.left = itgluetest.New(itgluetest.Options{Region: "us", Switches: itgluetest.Switches{ListShowsPasswordMember: true}, Keys: []itgluetest.Key{{Value: houseKey, PasswordAccess: true}}})
	h.right = reviotest.New(reviotest.Options{ClientID: "client", ClientSecret: secret})
	t.Cleanup(h.left.Wait)
	h.populate()
	left := httptest.NewServer(http.HandlerFunc(h.outspoken))
	t.Cleanup(left.Close)
	right := httptest.NewServer(http.HandlerFunc(h.slow))
	t.Cleanup(right.Close)
	h.configure(left.URL, right.URL, secret)
	for _, name := range []string{"TMPDIR", "HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"} {
		folder := filepath.Join(h.home, strings.ToLower(name))
		require.NoError(t, os.MkdirAll(folder, 0o700))
		t.Setenv(name, folder)
	}
	return h
}

// outspoken is an IT Glue that shows passwords' values and notes in every
// answer about passwords, whatever was asked for.
func (h *house) outspoken(w http.ResponseWriter, r *http.Request) {
	if q := r.URL.Query(); q.Has("show_password") {
		q.Set("show_password", "true")
		r.URL.RawQuery = q.Encode()
	}
	h.left.Handler("us").ServeHTTP(w, r)
}

// slow is a Rev.io where a create waits while the test says so.
func (h *house) slow(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	block, held := h.block, h.held
	if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/assets") && block != nil {
		h.block = nil
		h.mu.Unlock()
		close(held)
		<-block
	} else {
		h.mu.Unlock()
	}
	h.right.ServeHTTP(w, r)
}

func (h *house) populate() {
	w := h.left
	kind := w.AddType(itgluetest.Type{Name: "Workstations", Fields: []itgluetest.Field{
		{Name: "Device Name", Kind: "Text", Required: true, UseForTitle: true}, {Name: "Serial Number", Kind: "Text"}, {Name: "IP Address", Kind: "Text"},
		{Name: "Related logins", Kind: "Tag", TagType: "Passwords"}, {Name: "Local admin", Kind: "Password"}}})
	other := w.AddType(itgluetest.Type{Name: "Wireless", Fields: []itgluetest.Field{{Name: "SSID", Kind: "Text", UseForTitle: true}}})
	h.right.AddAssetType("Equipment")
	h.organization, h.customer = w.AddOrganization(itgluetest.Organization{Name: "Cobalt Dental Clinic"}), h.right.AddCustomer("Cobalt Dental Clinic")
	w.AddOrganization(itgluetest.Organization{Name: "Dunmore Legal Partners"})
	add := func(name string, p itgluetest.Password) {
		p.Name, p.Value, p.Notes = name, h.plant("value of "+name), h.plant("notes of "+name)
		h.passwords[name] = w.AddPassword(p)
	}
	add("Bank", itgluetest.Password{OrganizationID: h.organization, Username: "teller"})
	for i := range 3 {
		h.assets = append(h.assets, w.AddAsset(h.organization, kind, map[string]any{"device-name": fmt.Sprintf("CDC-%d", i), "serial-number": fmt.Sprintf("CDC000%d", i), "ip-address": "10.0.0.1", "related-logins": h.passwords["Bank"]}))
	}
	add("BIOS", itgluetest.Password{AssetID: h.assets[0], Username: "setup"})
	add("Local admin", itgluetest.Password{AssetID: h.assets[1], FieldKey: "local-admin"})
	add("Guest WiFi", itgluetest.Password{AssetID: w.AddAsset(h.organization, other, map[string]any{"ssid": "Guest"})})
}

// configure writes the instance file and the profiles, and makes the flags that
// every command has.
func (h *house) configure(left, right, secret string) {
	folder := h.T.TempDir()
	write := func(name string, v any) string {
		raw, err := json.Marshal(v)
		require.NoError(h, err)
		path := filepath.Join(folder, name)
		require.NoError(h, os.WriteFile(path, raw, 0o600))
		return path
	}
	var profile map[string]any
	require.NoError(h, json.Unmarshal(h.right.ProfileAt(right), &profile))
	profile["limits"].(map[string]any)["quietWindowSeconds"] = 0.01
	asset, _ := h.left.Asset(h.assets[0])
	kind := asset.TypeID
	h.file = write("instance.yaml", map[string]any{
		"name": "kestrel", "runAs": "itglue-sync@kestrel",
		"connections": map[string]any{
			"revio":  map[string]any{"tenant": "acme.psarev.io", "clientId": "client", "clientSecret": secret},
			"itglue": map[string]any{"region": "us", "apiKey": houseKey, "testPasswordId": h.passwords["BIOS"]},
		},
		"assetTypes": map[string]any{"typeIds": []string{kind}},
		"fields":     map[string]any{"t" + kind: map[string]string{"serialNumber": h.left.FieldID(kind, "serial-number"), "ipAddress": h.left.FieldID(kind, "ip-address")}},
		"types":      map[string]any{"t" + kind: "1"},
		"rules":      map[string]any{"taggedPasswords": true, "writeTypesWithFiles": []string{kind}},
	})
	h.flags = []string{"--verbose", "--data", filepath.Join(h.home, "data"), "--allow-endpoint", left, "--allow-endpoint", right,
		"--revio-profile", write("revio.json", profile),
		"--itglue-profile", write("itglue.json", map[string]any{"hosts": map[string]string{"us": left, "eu": left, "au": left}, "ratePerSecond": 10000, "burst": 1000, "retries": 1, "retryWaitSeconds": 0.01, "quietWindowSeconds": 0.01})}
}

// hear keeps what was said, by who said it.
func (h *house) hear(place, text string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.said[place] += text
}

// command runs a command with everything logged, and keeps what it says. Input
// is the action's, or nil.
func (h *house) command(name string, input any, args ...string) (status int, stdout string) {
	h.Helper()
	all := append(strings.Split(name, "."), args...)
	if input != nil {
		raw, err := json.Marshal(input)
		require.NoError(h, err)
		all = append(all, "--input", string(raw))
	}
	var out, errs buffer
	status = run(h.Context(), append(all, h.flags...), strings.NewReader(""), &out, &errs)
	h.hear(name+" on stdout", out.String())
	h.hear(name+" on stderr, with its log", errs.String())
	return status, out.String()
}

func (h *house) must(name string, input any, args ...string) {
	h.Helper()
	status, out := h.command(name, input, args...)
	require.Zero(h, status, "%s: %s%s", name, out, h.said[name+" on stderr, with its log"])
}

// child starts the program as a process of its own, and keeps what it says and
// how it was called.
func (h *house) child(args ...string) *exec.Cmd {
	h.Helper()
	self, err := os.Executable()
	require.NoError(h, err)
	c := exec.Command(self, append(args, h.flags...)...)
	c.Env = append(os.Environ(), programVariable+"=1")
	var said buffer
	c.Stdout, c.Stderr = &said, &said
	require.NoError(h, c.Start())
	name := "process " + strings.Join(args, " ")
	h.Cleanup(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
	})
	h.mu.Lock()
	h.said[name+": arguments"] = strings.Join(c.Args, "\x00")
	h.mu.Unlock()
	if runtime.GOOS == "linux" { // as the system shows them, with the environment
		for _, what := range []string{"cmdline", "environ"} {
			raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", c.Process.Pid, what))
			require.NoError(h, err)
			h.hear(name+": "+what, string(raw))
		}
	}
	h.ended = append(h.ended, func() { h.hear(name+": output", said.String()) })
	return c
}

// end ends a child with a signal, and keeps its last words.
func (h *house) end(c *exec.Cmd, signal syscall.Signal) {
	h.Helper()
	require.NoError(h, c.Process.Signal(signal))
	require.Error(h, c.Wait())
	for _, keep := range h.ended {
		keep()
	}
	h.ended = nil
}

// requireSilence demands that no canary is in what was said so far, nor in any
// file that the program could write.
func (h *house) requireSilence(when string) {
	h.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	for place, text := range h.said {
		require.Empty(h, h.found(text), "%s: %s", when, place)
	}
	files := 0
	require.NoError(h, filepath.WalkDir(h.home, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		raw, err := os.ReadFile(path)
		if os.IsNotExist(err) {
			return nil // a file of SQLite that came and went
		}
		files++
		require.Empty(h, h.found(string(raw)), "%s: %s", when, path)
		return err
	}))
	require.Positive(h, files)
}

// rows gives every row of a database, by table, as text.
func rows(t *testing.T, path string) map[string]string {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	defer func() { _ = db.Close() }()
	list := func(query string) (all [][]string) {
		r, err := db.Query(query)
		require.NoError(t, err)
		defer func() { _ = r.Close() }()
		names, err := r.Columns()
		require.NoError(t, err)
		for r.Next() {
			row, into := make([]sql.RawBytes, len(names)), make([]any, len(names))
			for i := range row {
				into[i] = &row[i]
			}
			require.NoError(t, r.Scan(into...))
			var text []string
			for _, cell := range row {
				text = append(text, string(cell))
			}
			all = append(all, text)
		}
		require.NoError(t, r.Err())
		return all
	}
	tables := map[string]string{}
	for _, table := range list("SELECT name FROM sqlite_master WHERE type = 'table'") {
		for _, row := range list(`SELECT * FROM "` + table[0] + `"`) {
			tables[table[0]] += strings.Join(row, "\x00") + "\n"
		}
	}
	return tables
}

// tokens plants the access tokens that were given so far: they are secrets too.
func (h *house) tokens() {
	for i, r := range h.right.Requests() {
		if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
			h.canaries[fmt.Sprintf("token of request %d", i)] = token[len(token)-20:]
		}
	}
}

// TestNoSecretIsEverAtRestOrSaid goes through a whole journey with faults, a
// kill and a crash, with secrets planted wherever there can be one, and looks
// for them in the database, its WAL and SHM, temporary and home folders, logs at
// debug level, the output and the errors of every command but those that reveal,
// the audit log, the tables of the queue, and what the system shows of a process.
func TestNoSecretIsEverAtRestOrSaid(t *testing.T) {
	h := newHouse(t)
	h.must("instance.apply", nil, h.file)
	h.requireSilence("after the instance was made")

	// Everything at once goes wrong, and is tried again.
	h.left.Fail(2, itgluetest.On(http.MethodGet, "/passwords"), itgluetest.CutBody())
	h.left.Fail(2, itgluetest.On(http.MethodGet, "/organizations"), itgluetest.ServerError())
	h.right.Fail(reviotest.Fault{Kind: reviotest.Refuse, Method: http.MethodGet, Status: http.StatusInternalServerError, Times: 3})
	h.command("sync.match-organizations", nil)
	h.left.ClearFaults()
	h.right.ClearFaults()
	h.must("sync.match-organizations", nil)
	h.must("links.accept", map[string]any{"id": []string{h.organization}})

	// A process is killed while a create is on its way; the next one goes on.
	h.block, h.held = make(chan struct{}), make(chan struct{})
	block := h.block
	doomed := h.child("sync", "discover-assets")
	<-h.held
	h.requireSilence("while a create is on its way")
	h.end(doomed, syscall.SIGKILL)
	close(block)
	server := h.child("serve")
	require.Eventually(t, func() bool { return len(h.right.Assets(h.customer)) == len(h.assets) }, 60*time.Second, 20*time.Millisecond)
	h.requireSilence("while it is served")
	h.end(server, syscall.SIGQUIT) // as a crash: it prints every stack
	require.Contains(t, h.said["process serve: output"], "goroutine ")
	h.tokens()
	h.requireSilence("after the crash")

	// People edit, faults hit writes and reveals, and everybody is asked.
	h.left.SetTrait(h.assets[0], "ip-address", "10.0.0.2")
	h.right.SetAsset(h.right.Assets(h.customer)[1].ID, "ipAddress", "10.0.0.3")
	h.left.Fail(1, itgluetest.On(http.MethodPatch, "/flexible_assets"), itgluetest.Reset(true))
	h.right.Fail(reviotest.Fault{Kind: reviotest.LostAfter, Method: http.MethodPatch})
	h.left.Fail(1, itgluetest.On(http.MethodGet, "/passwords"), itgluetest.Truncated())
	h.command("sync.cycle", nil)
	h.left.ClearFaults()
	h.right.ClearFaults()
	h.must("sync.cycle", nil)
	h.reveals()
	h.tokens()
	h.everyCommand()

	h.requireSilence("at the end")
	tables := rows(t, filepath.Join(h.home, "data", "itglue-revio.db"))
	for _, table := range []string{"river_job", "audit", "runs", "passwords", "records"} {
		require.NotEmpty(t, tables[table], table)
	}
	for table, text := range tables {
		require.Empty(t, h.found(text), table)
	}
	require.Contains(t, tables["passwords"], "BIOS", "what is said about a password is kept")
}

// reveals shows values to whoever asks rightly, and to nobody else.
func (h *house) reveals() {
	h.Helper()
	bios, _ := h.left.Password(h.passwords["BIOS"])
	args := []string{"passwords", "reveal", "--id", h.passwords["BIOS"], "--reason", "a canary of the tests"}
	var out, errs buffer
	require.Zero(h, run(h.Context(), append(append(slices.Clone(args), "--stdout"), h.flags...), strings.NewReader(""), &out, &errs), errs.String())
	require.Equal(h, []string{"value of BIOS"}, h.found(out.String()), "the value and nothing else")
	require.Contains(h, out.String(), bios.Value)
	h.hear("a reveal on stderr, with its log", errs.String())
	for _, f := range []itgluetest.Fault{itgluetest.CutBody(), itgluetest.Truncated(), itgluetest.HTMLPage(), itgluetest.ServerError(), itgluetest.Answer(401, `{}`),
		itgluetest.Replaced(`"id":"`+bios.ID+`"`, `"id":"999999"`), itgluetest.Replaced(`"type":"passwords"`, `"type":"locations"`)} {
		h.left.Fail(-1, itgluetest.On(http.MethodGet, "/passwords/"), f)
		out, errs := buffer{}, buffer{}
		require.NotZero(h, run(h.Context(), append(append(slices.Clone(args), "--stdout"), h.flags...), strings.NewReader(""), &out, &errs), f.Name)
		h.hear("a reveal that fails by "+f.Name, out.String()+errs.String())
		h.left.ClearFaults()
	}
	for _, wrong := range [][]string{args, {"passwords", "reveal", "--id", h.passwords["BIOS"], "--stdout"}, {"passwords", "reveal", "--id", h.passwords["Guest WiFi"], "--reason", "a canary of the tests", "--stdout"}} {
		var out, errs buffer
		require.NotZero(h, run(h.Context(), append(wrong, h.flags...), strings.NewReader(""), &out, &errs))
		h.hear("a reveal that is refused", out.String()+errs.String())
	}
}

// everyCommand calls every action that is not there to reveal, with an input
// that reaches something where that needs one, and once more as JSON.
func (h *house) everyCommand() {
	h.Helper()
	right := h.right.Assets(h.customer)
	asset, _ := h.left.Asset(h.assets[0])
	id := func(id string) map[string]any { return map[string]any{"id": id} }
	inputs := map[string]any{
		"assets.explain": id(h.assets[0]), "itglue.get-flexible-asset": id(h.assets[1]), "itglue.get-organization": id(h.organization), "itglue.get-password": id(h.passwords["BIOS"]),
		"itglue.list-flexible-assets": map[string]any{"typeId": asset.TypeID}, "itglue.list-flexible-asset-fields": map[string]any{"typeId": asset.TypeID},
		"itglue.update-flexible-asset": map[string]any{"id": h.assets[1], "allowFiles": true, "set": map[string]any{"ip-address": "10.0.0.9"}},
		"itglue.update-organization":   map[string]any{"id": h.organization, "quickNotes": "x"}, "itglue.create-organization": map[string]any{"name": "Elm Street Bakery"},
		"itglue.create-flexible-asset": map[string]any{"organizationId": h.organization, "typeId": asset.TypeID, "traits": map[string]any{"device-name": "CDC-9"}},
		"revio.list-assets":            map[string]any{"customerId": h.customer}, "revio.find-assets": map[string]any{"customerId": h.customer, "serialNumber": "CDC0001"},
		"revio.get-asset": id(right[0].ID), "revio.get-customer": id(h.customer), "sync.customer": map[string]any{"customerId": h.customer},
		"assets.link": map[string]any{"id": h.assets[0], "revioId": right[0].ID}, "assets.ignore": id(h.assets[2]), "links.reject": map[string]any{"id": []string{h.organization}},
	}
	_, stdout := h.command("schema", nil, "--json")
	var all []struct {
		Name      string
		Sensitive bool
	}
	require.NoError(h, json.Unmarshal([]byte(stdout), &all))
	require.NotEmpty(h, all)
	reached := 0
	for step, of := range []string{`^`, `^links\.re`, `^instance\.(pause|remove)`} { // what stops a link or the instance comes last
		for _, a := range all {
			if a.Sensitive || !regexp.MustCompile(of).MatchString(a.Name) || step == 0 && regexp.MustCompile(`^links\.re|^instance\.(pause|remove)`).MatchString(a.Name) {
				continue
			}
			var args []string
			if a.Name == "instance.apply" {
				args = []string{h.file}
			}
			status, _ := h.command(a.Name, inputs[a.Name], args...)
			h.command(a.Name, inputs[a.Name], append(args, "--json")...)
			if status == 0 {
				reached++
			} else {
				require.Nil(h, inputs[a.Name], "%s: %s", a.Name, h.said[a.Name+" on stderr, with its log"])
			}
		}
	}
	require.Greater(h, reached, len(all)/2, "most commands did something")
	for _, name := range []string{"schema", "completion.bash"} {
		h.must(name, nil)
	}
	require.Contains(h, h.said["audit.list on stdout"], "passwords.reveal")
}
