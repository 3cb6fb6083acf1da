// Package itglue is the IT Glue component: the connection to an IT Glue
// account, and the calls of its REST API as actions.
//
// This file says what there is. client.go is the only file that sends
// anything; document.go reads and writes JSON:API documents; listing.go walks
// lists; each other file holds one noun and its actions. What this package
// relies on and IT Glue does not document is marked ASSUMED where it is used,
// and is a line of the [Profile] where an operator may have to change it.
//
// The rules that the whole package keeps:
//
//   - The API key is sent to the chosen host and to no other; a redirect to
//     another host is not followed.
//   - A status is looked at before a body is decoded, and a body without data
//     is an error, never "nothing there".
//   - A write is sent again only after 429, or where no connection was made.
//     Any other unclear outcome is component.Unsettled: look before sending
//     again.
//   - There is no call that deletes.
//   - A record that was not asked for is an error: IT Glue answers a filter it
//     does not know with everything.
//   - The value of a password is asked for by [RevealPassword] alone.
package itglue

import (
	"context"
	"strings"
	"unicode"

	"github.com/itglue-revio/itglue-revio/component"
)

// Settings is what a person fills in to reach an IT Glue account.
type Settings struct {
	Region         string           `json:"region" jsonschema:"title=Region,enum=us,enum=eu,enum=au" jsonschema_description:"Where the account lives. A key works in its own region only."`
	APIKey         component.Secret `json:"apiKey" jsonschema:"title=API key,minLength=1" jsonschema_description:"Made under Account > Settings > API Keys; with Password Access, if passwords are to be revealed. IT Glue revokes it after 90 days without use."`
	Endpoint       string           `json:"endpoint,omitempty" jsonschema:"title=Endpoint" jsonschema_description:"Another base URL than the region's, such as a simulator's. The operator must allow it."`
	TestPasswordID string           `json:"testPasswordId,omitempty" jsonschema:"title=Test password" jsonschema_description:"The id of a password made for testing. With it the connection check also tests Password Access, which IT Glue records as an access."`
}

// Connection is the connection to an IT Glue account.
var Connection = component.NewConnection[Settings, *Client]("itglue", dial)

// Component is IT Glue with all its actions.
func Component() component.Component {
	return component.Component{
		Name:     "itglue",
		Title:    "IT Glue",
		Settings: Connection.Schema(),
		Profile:  profileSchema,
		Actions: []component.Callable{
			CheckConnection,
			ListOrganizations, GetOrganization, CreateOrganization, UpdateOrganization,
			ListFlexibleAssetTypes, ListFlexibleAssetFields,
			ListFlexibleAssets, GetFlexibleAsset, CreateFlexibleAsset, UpdateFlexibleAsset,
			ListPasswords, GetPassword, RevealPassword,
		},
	}
}

// dial prepares a client. It makes no call.
func dial(_ context.Context, host *component.Host, s Settings) (*Client, error) {
	profile, err := loadProfile(host)
	if err != nil {
		return nil, err
	}
	key := strings.TrimSpace(s.APIKey.Reveal())
	if key == "" || strings.ContainsFunc(key, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsGraphic(r) }) {
		return nil, component.Errorf(component.InvalidInput, "the IT Glue API key is empty, or holds a character that no key has").Then("Copy it again from Account > Settings > API Keys.")
	}
	base := profile.Hosts.of(s.Region)
	if s.Endpoint != "" {
		base = s.Endpoint
	}
	if !allowed(host, base) {
		return nil, component.Errorf(component.InvalidInput, "the endpoint %s is not one of IT Glue's, and not allowed on this host", base).Then("The operator allows it with --allow-endpoint %s.", base)
	}
	return newClient(host, profile, s, base, key), nil
}
