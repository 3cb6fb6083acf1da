package itgluerevio_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/itgluerevio"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/runner"
	"github.com/itglue-revio/itglue-revio/integration/store"
	"github.com/itglue-revio/itglue-revio/integration/store/sqlstore"
)

// The process that a test kills is this test's own binary, started again with
// this variable: what it is to do, as JSON.
const doomedVariable = "ITGLUE_REVIO_TEST_DOOMED"

// doomed is a process that runs one flow on a stage's database and simulators,
// and kills itself with SIGKILL when it comes to a point for so many times.
type doomed struct {
	Path     string
	Ahead    time.Duration
	Allowed  []string
	Profiles map[string]json.RawMessage
	Flow     string
	Input    any
	Point    string
	Skip     int
}

func TestMain(m *testing.M) {
	if raw := os.Getenv(doomedVariable); raw != "" {
		var d doomed
		err := json.Unmarshal([]byte(raw), &d)
		if err == nil {
			err = d.run()
		}
		fmt.Println("it was not killed:", err)
		os.Exit(3)
	}
	os.Exit(m.Run())
}

func (d doomed) run() error {
	ctx := context.Background()
	now := func() time.Time { return time.Now().Add(d.Ahead) }
	db, err := sqlstore.OpenSQLite(ctx, d.Path, sqlstore.Options{Now: now})
	if err != nil {
		return err
	}
	host := &component.Host{AllowedEndpoints: d.Allowed, Profiles: d.Profiles}
	definition := itgluerevio.Options{Store: db, Hook: func(point string) {
		if point != d.Point {
			return
		}
		if d.Skip--; d.Skip < 0 {
			die()
		}
	}}.Define()
	r := runner.New(runner.Options{Store: db, Host: host, Definition: definition, DatabasePath: d.Path, Now: now, Lease: time.Hour})
	s, err := r.Session(ctx, instanceName, "os:ana")
	if err != nil {
		return err
	}
	input, err := json.Marshal(d.Input)
	if err != nil {
		return err
	}
	_, err = r.Catalog().Invoke(ctx, s, d.Flow, input)
	return err
}

// die ends the process as kill -9 does: nothing of it runs after this.
func die() {
	self, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = self.Kill()
	}
	fmt.Println(err)
	select {}
}

// killed runs a flow in a process that is killed at a point.
func (s *stage) killed(flow string, input any, point string, skip int) {
	s.Helper()
	raw, err := json.Marshal(doomed{Path: s.Path, Ahead: s.clock.ahead, Allowed: s.Host.AllowedEndpoints, Profiles: s.Host.Profiles, Flow: flow, Input: input, Point: point, Skip: skip})
	require.NoError(s, err)
	self, err := os.Executable()
	require.NoError(s, err)
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	c := exec.CommandContext(ctx, self)
	c.Env = append(os.Environ(), doomedVariable+"="+string(raw))
	said, err := c.CombinedOutput()
	require.Error(s, err)
	require.Equal(s, "signal: killed", err.Error(), "%s at %s: %s", flow, point, said)
	require.NoError(s, ctx.Err())
}

// requireWhole demands that SQLite finds nothing wrong with the database.
func (s *stage) requireWhole() {
	s.Helper()
	db, err := sql.Open("sqlite", s.Path)
	require.NoError(s, err)
	defer func() { _ = db.Close() }()
	var verdict string
	require.NoError(s, db.QueryRow("PRAGMA integrity_check").Scan(&verdict))
	require.Equal(s, "ok", verdict)
}

// requireInStep demands one pair for each of these assets, whose base is what
// both sides hold.
func (s *stage) requireInStep(customer string, assets ...string) {
	s.Helper()
	require.Len(s, s.Revio.Assets(customer), len(assets))
	for _, id := range assets {
		p := s.pairs(store.PairQuery{Left: []string{id}})
		require.Len(s, p, 1)
		a, ok := s.Revio.Asset(p[0].Right)
		require.True(s, ok)
		require.Equal(s, s.trait(id, "device-name"), a.Fields["name"])
		require.Equal(s, s.trait(id, "serial-number"), a.Fields["serialNumber"])
		require.Equal(s, s.trait(id, "ip-address"), a.Fields["ipAddress"])
		for _, f := range []string{"name", "serialNumber", "ipAddress"} {
			half := p[0].Base[f]
			require.Equal(s, reconcile.Half{Left: a.Fields[f], Right: a.Fields[f], Source: half.Source, Before: half.Before, At: half.At}, half, f)
		}
	}
}

// killPoints are the points at which the tests below kill a process, each at
// least twice.
var killPoints = []string{"before-intent", "after-intent", "after-create", "after-settle", "after-look-up", "before-update", "after-update", "before-detail", "after-detail"}

func TestEveryPointOfACycleHasItsKill(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("..", "cycle", "*.go"))
	require.NoError(t, err)
	named := regexp.MustCompile(`\.point\("([a-z-]+)"\)`)
	found := map[string]bool{}
	for _, f := range files {
		text, err := os.ReadFile(f)
		require.NoError(t, err)
		for _, m := range named.FindAllStringSubmatch(string(text), -1) {
			found[m[1]] = true
		}
	}
	require.ElementsMatch(t, killPoints, slices.Collect(maps.Keys(found)), "the points of the cycle are those that processes are killed at")
}

func TestKillNineAroundACreateMakesExactlyOneAsset(t *testing.T) {
	t.Parallel()
	for _, point := range killPoints[:4] {
		for tenant, o := range map[string]setting{"with references": {}, "without references": {profile: noReference}} {
			t.Run(point+", "+tenant, func(t *testing.T) {
				t.Parallel()
				s := newStage(t, o)
				var ids []string
				for _, n := range []string{"1", "2", "3"} {
					ids = append(ids, s.workstation(s.Cobalt, "CDC-"+n, "CDC000"+n, "ip-address", "10.0.0."+n))
				}
				s.flow("match-organizations")
				s.must("links.accept", object{"id": []string{s.Cobalt}}, nil)
				s.killed("sync.discover-assets", object{}, point, 1)
				s.cycle() // the first attempt of the next process
				s.later(quietWindow + time.Second)
				s.cycle()
				s.requireInStep(s.CobaltC, ids...)
				require.Empty(t, s.intents())
				require.Equal(t, 3, s.posts(), "no request was sent twice")
				s.settled()
				s.requireWhole()
			})
		}
	}
}

func TestKillNineWhileALostCreateIsLookedUp(t *testing.T) {
	t.Parallel()
	for _, point := range []string{"after-look-up", "after-intent"} {
		t.Run(point, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, setting{})
			id := s.workstation(s.Cobalt, "CDC-1", "CDC0001", "ip-address", "10.0.0.1")
			s.flow("match-organizations")
			s.must("links.accept", object{"id": []string{s.Cobalt}}, nil)
			first := map[string]string{"after-look-up": "after-create", "after-intent": "after-intent"}[point]
			s.killed("sync.discover-assets", object{}, first, 0)
			s.later(quietWindow + time.Second)
			s.killed("sync.cycle", object{}, point, 0)
			s.later(quietWindow + time.Second)
			s.cycle()
			s.requireInStep(s.CobaltC, id)
			s.settled()
			s.requireWhole()
		})
	}
}

func TestKillNineAroundAnUpdateLosesAndRepeatsNothing(t *testing.T) {
	t.Parallel()
	for _, point := range killPoints[5:7] {
		for _, side := range []string{"to Rev.io", "to IT Glue"} {
			t.Run(point+", "+side, func(t *testing.T) {
				t.Parallel()
				s := newStage(t, setting{})
				id := s.workstation(s.Cobalt, "CDC-1", "CDC0001", "ip-address", "10.0.0.1")
				s.accepted(s.Cobalt)
				if side == "to Rev.io" {
					s.ITGlue.SetTrait(id, "ip-address", "10.0.0.2")
				} else {
					s.Revio.SetAsset(s.only(s.CobaltC).ID, "ipAddress", "10.0.0.2")
				}
				s.fresh()
				s.killed("sync.cycle", object{}, point, 0)
				require.Equal(t, map[string]int{"before-update": 0, "after-update": 1}[point], s.writes())
				s.cycle()
				require.Equal(t, 1, s.writes(), "what was written is not written again")
				require.Equal(t, "10.0.0.2", s.trait(id, "ip-address"))
				require.Empty(t, s.conflicts(), "the own write is nobody's edit")
				s.requireInStep(s.CobaltC, id)
				s.settled()
				s.requireWhole()
			})
		}
	}
}

func TestKillNineAroundAChangeOfAnOrganizationsName(t *testing.T) {
	t.Parallel()
	for _, point := range killPoints[7:] {
		t.Run(point, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, setting{})
			s.accepted(s.Cobalt)
			s.cycle()
			s.ITGlue.RenameOrganization(s.Cobalt, "Cobalt Dental Group")
			s.fresh()
			s.killed("sync.cycle", object{}, point, 0)
			s.cycle()
			require.Equal(t, 1, s.writes())
			c, _ := s.Revio.Customer(s.CobaltC)
			require.Equal(t, "Cobalt Dental Group", c.Name)
			s.settled()
			s.requireWhole()
		})
	}
}

func TestKillNineAroundTheSyncButtonMakesOneOrganization(t *testing.T) {
	t.Parallel()
	for name, skip := range map[string]int{"before-intent": 0, "after-intent": 0, "after-create": 0,
		"after-intent of its first asset": 1, "after-create of its first asset": 1, "after-create of its second asset": 2} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, setting{})
			point, _, _ := strings.Cut(name, " ")
			customer := s.Revio.AddCustomer("Zephyr Kitesurf School")
			s.equipment(customer, "ZKS-1", "ZKS0001")
			s.equipment(customer, "ZKS-2", "ZKS0002")
			s.flow("match-organizations")
			s.killed("sync.customer", object{"customerId": customer}, point, skip)
			s.later(quietWindow + time.Second)
			s.must("sync.customer", object{"customerId": customer}, nil)
			named := 0
			for _, o := range s.ITGlue.Organizations() {
				if strings.HasPrefix(o.Name, "Zephyr") {
					named++
				}
			}
			require.Equal(t, 1, named)
			require.Len(t, s.ITGlue.Assets(), 2, "each of its assets was made once")
			require.Len(t, s.Revio.Assets(customer), 2)
			require.Empty(t, s.intents())
			s.settled()
			s.requireWhole()
		})
	}
}

// TestKillNineInTheMiddleOfARequest ends the process from outside, while its
// create is on the way.
func TestKillNineInTheMiddleOfARequest(t *testing.T) {
	t.Parallel()
	s := newStage(t, setting{})
	id := s.workstation(s.Cobalt, "CDC-1", "CDC0001", "ip-address", "10.0.0.1")
	s.flow("match-organizations")
	s.must("links.accept", object{"id": []string{s.Cobalt}}, nil)
	arrived, gone := make(chan struct{}), make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/assets") {
			close(arrived)
			<-gone // carried out only when the caller is dead
		}
		s.Revio.ServeHTTP(w, r)
	}))
	defer slow.Close()
	profiles := map[string]json.RawMessage{"itglue": s.Host.Profiles["itglue"], "revio": s.Revio.ProfileAt(slow.URL)}
	raw, err := json.Marshal(doomed{Path: s.Path, Allowed: append(s.Host.AllowedEndpoints, slow.URL), Profiles: profiles, Flow: "sync.discover-assets", Input: object{}})
	require.NoError(t, err)
	self, err := os.Executable()
	require.NoError(t, err)
	c := exec.Command(self)
	c.Env = append(os.Environ(), doomedVariable+"="+string(raw))
	require.NoError(t, c.Start())
	<-arrived
	require.NoError(t, c.Process.Kill())
	require.Error(t, c.Wait())
	s.fresh()
	s.cycle()
	require.Zero(t, s.writes(), "the create may still be on its way")
	close(gone)
	require.Eventually(t, func() bool { return len(s.Revio.Assets(s.CobaltC)) == 1 }, 10*time.Second, 5*time.Millisecond)
	s.later(quietWindow + time.Second)
	require.Equal(t, 1, s.cycle().Adopted)
	s.requireInStep(s.CobaltC, id)
	s.settled()
	s.requireWhole()
}
