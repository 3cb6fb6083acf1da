// Package revio is the connector to Rev.io PSA: customers, asset types and
// assets.
//
// Open this file first: it says what the connection needs and which actions
// there are. client.go is the only file that knows how a call is made; each
// noun has a file of its own. Little of Rev.io PSA's API is public: the tenant
// header, the bearer token, the customers' paths and the {"data": …} envelope
// are CONFIRMED, everything about assets, asset types and client credentials is
// ASSUMED. What is assumed is data: the [Profile], which an operator can
// replace, and which revio.check-connection walks line by line.
//
// Nothing is ever deleted. A write is sent again only where it certainly was
// not carried out; one whose outcome is unknown is [component.Unsettled].
package revio

import (
	"context"
	"regexp"
	"strings"

	"github.com/itglue-revio/itglue-revio/component"
)

// Settings is what an installer gives to reach a Rev.io PSA tenant.
type Settings struct {
	Tenant       string           `json:"tenant" jsonschema:"title=Tenant,minLength=1" jsonschema_description:"The domain of your Rev.io PSA site, such as acme.psarev.io."`
	ClientID     string           `json:"clientId" jsonschema:"title=Client ID,minLength=1" jsonschema_description:"Provided by your Rev.io account team."`
	ClientSecret component.Secret `json:"clientSecret" jsonschema:"title=Client Secret,minLength=1" jsonschema_description:"Provided by your Rev.io account team."`
	Production   bool             `json:"production" jsonschema:"title=Production Mode" jsonschema_description:"On: changes are written to Rev.io. Off: nothing is written, unless the profile names a sandbox."`
}

// Connection is how an instance reaches its Rev.io PSA tenant. Preparing it
// makes no call.
var Connection = component.NewConnection[Settings, *Client]("revio", dial)

// Component is the Rev.io PSA connector: its settings, its profile's schema and
// all of its actions.
func Component() component.Component {
	return component.Component{
		Name:     "revio",
		Title:    "Rev.io",
		Settings: Connection.Schema(),
		Profile:  profileSchema,
		Actions: []component.Callable{
			CheckConnection,
			ListCustomers, GetCustomer, UpdateCustomer,
			ListAssetTypes,
			ListAssets, FindAssets, GetAsset, CreateAsset, UpdateAsset, UpsertAsset,
		},
	}
}

// tenantForm is the form of a host name.
var tenantForm = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$`)

// dial prepares a client. It reads the host's profile, once a process.
func dial(_ context.Context, host *component.Host, s Settings) (*Client, error) {
	s.Tenant = strings.TrimPrefix(strings.TrimSpace(s.Tenant), "https://")
	s.Tenant = strings.TrimRight(s.Tenant, "/")
	if !tenantForm.MatchString(s.Tenant) {
		return nil, component.Errorf(component.InvalidInput, "the Rev.io tenant is not a domain").
			Then("Give the domain of your Rev.io PSA site, such as acme.psarev.io.")
	}
	read := component.Shared(host, "revio/profile", func() profileRead { return readHostProfile(host) })
	if read.err != nil {
		return nil, read.err
	}
	return newClient(host, read.profile, s), nil
}

// profileRead is what reading the host's profile gave.
type profileRead struct {
	profile *Profile
	err     error
}

func readHostProfile(host *component.Host) profileRead {
	p, err := ReadProfile(host.Profiles["revio"])
	if err == nil {
		err = allowEndpoints(p, host.AllowedEndpoints)
	}
	return profileRead{p, err}
}
