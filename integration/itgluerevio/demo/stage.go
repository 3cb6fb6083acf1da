package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/itgluerevio"
	"github.com/itglue-revio/itglue-revio/integration/runner"
	"github.com/itglue-revio/itglue-revio/integration/store/sqlstore"
)

// Stage is a world that is served on loopback addresses, and a runner that
// works on it.
type Stage struct {
	World   *World
	Folder  string // of the runner's database and key
	Regions map[string]string
	RevioAt string
	Host    *component.Host
	Store   *sqlstore.Store
	Runner  *runner.Runner
	Catalog *component.Catalog

	servers []*http.Server
}

// quietWindow is how long the demo waits before it looks for the outcome of an
// unclear create, in seconds; with the real services it is 15 minutes.
const quietWindow = 1

// Serve puts a world on free loopback ports, and a runner over a database in
// folder. Close ends both.
func Serve(ctx context.Context, w *World, folder string, hook func(string)) (*Stage, error) {
	s := &Stage{World: w, Folder: folder, Regions: map[string]string{}}
	for _, region := range []string{"us", "eu", "au"} {
		url, err := s.listen(w.ITGlue.Handler(region))
		if err != nil {
			return nil, errors.Join(err, s.Close())
		}
		s.Regions[region] = url
	}
	url, err := s.listen(w.Revio)
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	s.RevioAt = url
	itglue, revio, err := s.Profiles()
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	s.Host = &component.Host{AllowedEndpoints: s.Endpoints(), Profiles: map[string]json.RawMessage{"itglue": itglue, "revio": revio}, EgressAddresses: []string{"127.0.0.1"}}
	if s.Store, err = sqlstore.OpenSQLite(ctx, filepath.Join(folder, "itglue-revio.db"), sqlstore.Options{}); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	definition := itgluerevio.Options{Store: s.Store, Hook: hook}.Define()
	s.Runner = runner.New(runner.Options{Store: s.Store, Host: s.Host, Definition: definition, DatabasePath: s.Store.Path()})
	s.Catalog = s.Runner.Catalog()
	return s, nil
}

func (s *Stage) listen(h http.Handler) (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	s.servers = append(s.servers, server)
	go func() { _ = server.Serve(l) }()
	return "http://" + l.Addr().String(), nil
}

// Desks puts a page of each simulator on a port of its own, and gives their
// addresses: a person edits records there, as they would in the real systems.
func (s *Stage) Desks() (itglue, revio string, err error) {
	if itglue, err = s.listen(s.World.DeskOfITGlue()); err == nil {
		revio, err = s.listen(s.World.DeskOfRevio())
	}
	return itglue, revio, err
}

// Endpoints are the addresses that --allow-endpoint has to name.
func (s *Stage) Endpoints() []string {
	all := []string{s.RevioAt}
	for _, region := range []string{"us", "eu", "au"} {
		all = append(all, s.Regions[region])
	}
	return all
}

// Profiles are the fast profiles that lead to the simulators, as JSON.
func (s *Stage) Profiles() (itglue, revio json.RawMessage, err error) {
	itglue, err = json.Marshal(map[string]any{"hosts": s.Regions, "ratePerSecond": 10000, "burst": 1000, "retryWaitSeconds": 0.02, "quietWindowSeconds": quietWindow})
	if err != nil {
		return nil, nil, err
	}
	profile := map[string]any{}
	if err := json.Unmarshal(s.World.Revio.ProfileAt(s.RevioAt), &profile); err != nil {
		return nil, nil, err
	}
	if limits, ok := profile["limits"].(map[string]any); ok {
		limits["quietWindowSeconds"] = quietWindow
	}
	revio, err = json.Marshal(profile)
	return itglue, revio, err
}

// Document is the instance file of the demo's MSP, complete but for what change
// takes out or sets.
func (s *Stage) Document(change func(map[string]any)) (string, error) {
	w := s.World
	fields, types, ids := map[string]any{}, map[string]any{}, []any{}
	for _, t := range w.Types() {
		fields["t"+t], types["t"+t] = w.Fields[t], w.Equipment
		ids = append(ids, t)
	}
	types["t"+w.Licenses] = w.License
	document := map[string]any{
		"name": "kestrel-msp", "runAs": "itglue-sync@kestrel",
		"connections": map[string]any{
			"revio":  map[string]any{"tenant": Tenant, "clientId": ClientID, "clientSecret": ClientSecret, "production": true},
			"itglue": map[string]any{"region": "eu", "apiKey": APIKey},
		},
		"assetTypes": map[string]any{"typeIds": ids}, "fields": fields, "types": types,
	}
	if change != nil {
		change(document)
	}
	raw, err := json.MarshalIndent(document, "", "  ")
	return string(raw), err
}

// Call invokes an action of the catalog as the demo's person, on an instance
// ("" for none), and reads its answer into out.
func (s *Stage) Call(ctx context.Context, instance, action string, in, out any) error {
	session, err := s.Runner.Session(ctx, instance, "os:demo")
	if err != nil {
		return err
	}
	session.Strict = true
	input, err := json.Marshal(in)
	if err != nil {
		return err
	}
	raw, err := s.Catalog.Invoke(ctx, session, action, input)
	if err != nil || out == nil {
		return err
	}
	if err := json.Unmarshal(raw, out); err != nil {
		return fmt.Errorf("%s answered with what cannot be read: %w", action, err)
	}
	return nil
}

// Close stops the servers and closes the database.
func (s *Stage) Close() error {
	var errs []error
	for _, server := range s.servers {
		errs = append(errs, server.Close())
	}
	if s.Store != nil {
		errs = append(errs, s.Store.Close())
	}
	return errors.Join(errs...)
}
