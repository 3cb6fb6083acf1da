// Command world serves the demo's world alone, for tests of the console in a
// browser: both simulators on loopback addresses, and one more address to look
// at the records and to edit them. The runner is not in it: it is started beside
// it, as it is shipped.
//
// It prints one line of JSON that says where all is, and ends when its standard
// input does.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"

	"github.com/itglue-revio/itglue-revio/integration/itgluerevio/demo"
)

func main() {
	seed := flag.Uint64("seed", 1, "which world")
	assets := flag.Int("assets", 240, "how many flexible assets")
	more := flag.Int("organizations", 0, "how many organizations and customers beside the demo's")
	folder := flag.String("folder", "", "where to write the profiles")
	flag.Parse()
	if err := run(context.Background(), demo.NewWorld(demo.Options{Seed: *seed, Assets: *assets, Organizations: *more}), *folder); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// place is what the one line says.
type place struct {
	Control      string            `json:"control"`
	Flags        []string          `json:"flags"` // of the runner
	Endpoints    []string          `json:"endpoints"`
	Document     string            `json:"document"` // a complete instance file
	Credentials  map[string]string `json:"credentials"`
	Workstations string            `json:"workstations"`
	IPField      string            `json:"ipField"` // of the workstations
	NewCustomer  string            `json:"newCustomer"`
	Canaries     []string          `json:"canaries"`
}

func run(ctx context.Context, w *demo.World, folder string) (err error) {
	stage, err := demo.Serve(ctx, w, folder, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stage.Close()) }()
	itglue, revio, err := stage.Profiles()
	if err != nil {
		return err
	}
	p := place{Endpoints: stage.Endpoints(), Workstations: w.Workstations, IPField: w.Fields[w.Workstations]["ipAddress"], NewCustomer: w.NewCustomer, Canaries: w.Canaries,
		Credentials: map[string]string{"apiKey": demo.APIKey, "tenant": demo.Tenant, "clientId": demo.ClientID, "clientSecret": demo.ClientSecret}}
	for name, raw := range map[string]json.RawMessage{"itglue": itglue, "revio": revio} {
		file := filepath.Join(folder, name+"-profile.json")
		if err := os.WriteFile(file, raw, 0o600); err != nil {
			return err
		}
		p.Flags = append(p.Flags, "--"+name+"-profile", file)
	}
	for _, e := range p.Endpoints {
		p.Flags = append(p.Flags, "--allow-endpoint", e)
	}
	if p.Document, err = stage.Document(nil); err != nil {
		return err
	}
	control := httptest.NewServer(handler(w))
	defer control.Close()
	p.Control = control.URL
	if err := json.NewEncoder(os.Stdout).Encode(p); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

// edit is a change that somebody makes in one of the systems.
type edit struct{ System, Kind, ID, Key, Value string }

func handler(w *demo.World) http.Handler {
	mux := http.NewServeMux()
	for path, look := range map[string]func() any{
		"/revio/assets":         func() any { return w.Revio.Assets("") },
		"/revio/customers":      func() any { return w.Revio.Customers() },
		"/revio/writes":         func() any { return len(w.Revio.Writes()) },
		"/itglue/assets":        func() any { return w.ITGlue.Assets() },
		"/itglue/organizations": func() any { return w.ITGlue.Organizations() },
		"/itglue/passwords":     func() any { return w.ITGlue.Passwords() },
	} {
		mux.HandleFunc("GET "+path, func(out http.ResponseWriter, _ *http.Request) {
			_ = json.NewEncoder(out).Encode(look())
		})
	}
	mux.HandleFunc("POST /edit", func(out http.ResponseWriter, r *http.Request) {
		var e edit
		if err := json.NewDecoder(r.Body).Decode(&e); err != nil {
			http.Error(out, err.Error(), http.StatusBadRequest)
			return
		}
		switch e.System + " " + e.Kind {
		case "itglue field":
			w.ITGlue.RenameField(e.ID, e.Value)
		case "itglue organization":
			w.ITGlue.RenameOrganization(e.ID, e.Value)
		case "itglue asset":
			w.ITGlue.SetTrait(e.ID, e.Key, e.Value)
		case "revio customer":
			w.Revio.SetCustomer(e.ID, e.Key, e.Value)
		case "revio asset":
			w.Revio.SetAsset(e.ID, e.Key, e.Value)
		default:
			http.Error(out, "there is nothing like that to edit", http.StatusBadRequest)
		}
	})
	return mux
}
