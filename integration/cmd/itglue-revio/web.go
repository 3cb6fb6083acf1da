package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration"
	"github.com/itglue-revio/itglue-revio/integration/access"
	"github.com/itglue-revio/itglue-revio/integration/runner"
	"github.com/itglue-revio/itglue-revio/integration/serve"
	"github.com/itglue-revio/itglue-revio/integration/serve/console"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// embeddable is what an embed token may call: by action, the member of its input
// that must be the token's customer.
var embeddable = map[string]string{"sync.customer": "customerId", "customers.show": "id"}

// web is the flags of what is served over HTTP.
type web struct {
	url, issuer, clientID, title string
	groupsClaim, groups          string
	embed, proxies               []string
}

func (o *web) declare(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.url, "url", "", "`address` that browsers reach this server at, such as https://sync.acme.example; needed unless it listens on a loopback address")
	f.StringArrayVar(&o.embed, "embed-origin", nil, "`origin` of a site that may show the pages below /embed/ in a frame; repeatable")
	f.StringSliceVar(&o.proxies, "trusted-proxy", nil, "`network` of reverse proxies whose X-Forwarded-For is believed, such as 10.0.0.0/8")
	f.StringVar(&o.issuer, "oidc-issuer", "", "`address` of the identity provider that people sign in with")
	f.StringVar(&o.clientID, "oidc-client-id", "", "`id` of this server there; its secret is in ITGLUE_REVIO_OIDC_CLIENT_SECRET")
	f.StringVar(&o.title, "oidc-title", "", "`name` of the identity provider on the sign-in page")
	f.StringVar(&o.groupsClaim, "oidc-groups-claim", "", "`claim` that holds a person's groups (default groups)")
	f.StringVar(&o.groups, "oidc-groups", "", "JSON `file` that says which grants each group gives; without it administrators give them here")
}

// site reads the flags, for a server that listens on an address.
func (o *web) site(listener net.Listener) (access.Site, error) {
	s := access.Site{URL: o.url, Fail: serve.Fail, Embed: embeddable}
	if s.URL == "" {
		s.URL = "http://" + listener.Addr().String()
		if host, _, err := net.SplitHostPort(listener.Addr().String()); err != nil || !net.ParseIP(host).IsLoopback() {
			return s, component.Errorf(component.InvalidInput, "it would listen on %s, and which address browsers use is not said", listener.Addr()).
				Then("Name the https address of the proxy before it with --url, or listen on 127.0.0.1.")
		}
	}
	for _, text := range o.proxies {
		network, err := netip.ParsePrefix(text)
		if err != nil {
			return s, component.Errorf(component.InvalidInput, "%q is not a network", text).Then("Write it like 10.0.0.0/8.")
		}
		s.Proxies = append(s.Proxies, network)
	}
	if o.issuer == "" {
		return s, nil
	}
	s.OIDC = &access.OIDC{Issuer: o.issuer, ClientID: o.clientID, Title: o.title, GroupsClaim: o.groupsClaim,
		ClientSecret: component.Secret(os.Getenv("ITGLUE_REVIO_OIDC_CLIENT_SECRET"))}
	if o.groups == "" {
		return s, nil
	}
	raw, err := os.ReadFile(o.groups)
	if err == nil {
		err = json.Unmarshal(raw, &s.OIDC.Groups)
	}
	if err != nil {
		return s, component.Errorf(component.InvalidInput, "the groups cannot be read: %w", err).
			Then(`Name a JSON file with --oidc-groups, such as {"sync-admins": [{"instance": "*", "roles": ["administrator"]}]}.`)
	}
	return s, nil
}

// served is what the HTTP face is made of.
type served struct {
	definition integration.Definition
	store      store.Store
	work       *runner.Runner
	gate       *access.Gate
	log        *slog.Logger
	embed      []string
	https      bool
}

// mount makes the HTTP face, and the runner serve it.
func (s served) mount() error {
	o := serve.FaceOptions{Definition: s.definition, Catalog: catalogOf(s.work, s.gate), Store: s.store, Gate: s.gate,
		Session: s.work.Session, Ask: s.work.Ask, Without: console.Without(), EmbedOrigins: s.embed, HTTPS: s.https, Log: s.log}
	if pages, built := console.Built(); built {
		o.Pages = pages
	}
	face, err := serve.NewFace(o)
	if err != nil {
		return err
	}
	s.work.Mount(face, face.Quit)
	return nil
}

// catalogOf is everything that can be called: the integration, and accounts.
func catalogOf(work *runner.Runner, gate *access.Gate) *component.Catalog {
	return component.NewCatalog(append(work.Catalog().Components(), gate.Component())...)
}

// listen opens the port before anything else, as the address is part of what is
// served.
func listen(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, component.Errorf(component.InvalidInput, "cannot listen on %s: %w", address, err).
			Then("Name a free address with --address HOST:PORT.")
	}
	return l, nil
}

// invite says how the first administrator gets in, while there is none.
func invite(ctx context.Context, gate *access.Gate, url string) (string, error) {
	token, err := gate.FirstTicket(ctx)
	if err != nil || token == "" {
		return "", err
	}
	return fmt.Sprintf("Nobody can sign in yet. Make the first administrator within 15 minutes:\n\n  %s%s\n\n", strings.TrimSuffix(url, "/"), access.SetUpPath(token)), nil
}
