package itglue

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
)

// FlexibleAsset is one record of a flexible asset type. Its name is computed by
// IT Glue from the fields used for the title.
//
// Traits holds the value of each field by its key, as IT Glue prints it: a
// string, a number, a boolean, or {"type", "values"} for a Tag or an Upload; of
// a Password field the id of the password. Numbers keep all their digits. A
// field without a value is missing (ASSUMED; null, "" and blanks mean the same).
type FlexibleAsset struct {
	ID               string                     `json:"id"`
	OrganizationID   string                     `json:"organizationId"`
	OrganizationName string                     `json:"organizationName"`
	TypeID           string                     `json:"typeId"`
	Name             string                     `json:"name"`
	Traits           map[string]json.RawMessage `json:"traits" jsonschema_description:"The value of each field by its key, as IT Glue prints it."`
	Archived         bool                       `json:"archived"`
	URL              string                     `json:"url,omitempty"`
	CreatedAt        time.Time                  `json:"createdAt"`
	UpdatedAt        time.Time                  `json:"updatedAt"`
}

// ListFlexibleAssetsInput asks for the assets of one type.
type ListFlexibleAssetsInput struct {
	component.Page
	TypeID          string   `json:"typeId" jsonschema:"pattern=^[0-9]+$,maxLength=19"`
	OrganizationIDs []string `json:"organizationIds,omitempty" jsonschema:"maxItems=100" jsonschema_description:"Only those of these organizations, at most 100 a call."`
	Name            string   `json:"name,omitempty" jsonschema_description:"Only those with exactly this name."`
	Archived        *bool    `json:"archived,omitempty" jsonschema_description:"Only archived ones, or only the others. Left out, both are listed."`
}

// FlexibleAssetList is flexible assets, and what the list says about itself.
type FlexibleAssetList struct {
	Items []FlexibleAsset `json:"items"`
	component.Listing
}

// GetFlexibleAssetInput asks for one asset.
type GetFlexibleAssetInput struct {
	ID string `json:"id" jsonschema:"pattern=^[0-9]+$,maxLength=19"`
}

// CreateFlexibleAssetInput is a new asset.
type CreateFlexibleAssetInput struct {
	OrganizationID string                     `json:"organizationId" jsonschema:"pattern=^[0-9]+$,maxLength=19"`
	TypeID         string                     `json:"typeId" jsonschema:"pattern=^[0-9]+$,maxLength=19"`
	Traits         map[string]json.RawMessage `json:"traits" jsonschema:"minProperties=1" jsonschema_description:"The value of each field by its key, in the form for writing: a Tag is a list of ids."`
}

// ListFlexibleAssets lists the assets of one type.
var ListFlexibleAssets = component.Method(Connection, component.Spec{
	Name: "itglue.list-flexible-assets", Summary: "List the IT Glue flexible assets of one type, of all or of some organizations.",
	Effect: component.Reads, Access: component.Operate,
}, (*Client).ListFlexibleAssets)

// GetFlexibleAsset reads one asset.
var GetFlexibleAsset = component.Method(Connection, component.Spec{
	Name: "itglue.get-flexible-asset", Summary: "Read one IT Glue flexible asset.",
	Effect: component.Reads, Access: component.Operate,
}, (*Client).GetFlexibleAsset)

// CreateFlexibleAsset creates an asset.
var CreateFlexibleAsset = component.Method(Connection, component.Spec{
	Name: "itglue.create-flexible-asset", Summary: "Create a flexible asset in IT Glue.",
	Effect: component.Writes, Access: component.Administer,
}, (*Client).CreateFlexibleAsset)

// ListFlexibleAssets lists assets, oldest first. Archived ones are among them
// (ASSUMED: IT Glue has no filter for that), with the flag set.
func (c *Client) ListFlexibleAssets(ctx context.Context, in ListFlexibleAssetsInput) (FlexibleAssetList, error) {
	q := listed[FlexibleAsset]{
		resource: "flexible_assets", about: "the flexible assets of the type " + in.TypeID, sort: "created_at",
		query: url.Values{"filter[flexible-asset-type-id]": {in.TypeID}},
		many:  "filter[organization-id]", ids: in.OrganizationIDs, of: func(a FlexibleAsset) string { return a.OrganizationID },
		fits: func(a FlexibleAsset) bool {
			return a.TypeID == in.TypeID && (in.Name == "" || sameName(a.Name, in.Name))
		},
		read: readFlexibleAsset,
	}
	if in.Name != "" {
		q.query.Set("filter[name]", escaped(in.Name))
	}
	items, listing, err := list(ctx, c, q, in.Page)
	if in.Archived != nil {
		items = slices.DeleteFunc(items, func(a FlexibleAsset) bool { return a.Archived != *in.Archived })
	}
	return FlexibleAssetList{Items: items, Listing: listing}, err
}

// GetFlexibleAsset reads one asset.
func (c *Client) GetFlexibleAsset(ctx context.Context, in GetFlexibleAssetInput) (FlexibleAsset, error) {
	return show(ctx, c, &call{method: http.MethodGet, path: "/flexible_assets/" + in.ID, id: in.ID, about: "the flexible asset " + in.ID}, readFlexibleAsset)
}

// flexibleAssetBody is what is written of an asset. A create names all three; a
// change names the traits only, and all of them, because IT Glue deletes those
// left out (CONFIRMED).
type flexibleAssetBody struct {
	ID             string                     `jsonapi:"primary,flexible-assets"`
	OrganizationID int64                      `jsonapi:"attr,organization-id,omitempty"`
	TypeID         int64                      `jsonapi:"attr,flexible-asset-type-id,omitempty"`
	Traits         map[string]json.RawMessage `jsonapi:"attr,traits"`
}

// CreateFlexibleAsset creates an asset. IT Glue knows no key against doubles:
// after component.Unsettled, look before creating again.
func (c *Client) CreateFlexibleAsset(ctx context.Context, in CreateFlexibleAssetInput) (FlexibleAsset, error) {
	if len(in.Traits) == 0 {
		return FlexibleAsset{}, component.Errorf(component.InvalidInput, "a flexible asset without any trait is not created")
	}
	return show(ctx, c, &call{
		method: http.MethodPost, path: "/flexible_assets", about: "the new flexible asset", member: "traits",
		model: &flexibleAssetBody{OrganizationID: number(in.OrganizationID), TypeID: number(in.TypeID), Traits: in.Traits},
	}, func(r record) (FlexibleAsset, error) {
		a, err := readFlexibleAsset(r)
		if err == nil && (a.OrganizationID != in.OrganizationID || a.TypeID != in.TypeID) {
			err = errors.New("it is of another organization or type")
		}
		return a, err
	})
}

func readFlexibleAsset(r record) (FlexibleAsset, error) {
	a, err := attributes[struct {
		OrganizationID   id     `json:"organization-id"`
		OrganizationName string `json:"organization-name"`
		TypeID           id     `json:"flexible-asset-type-id"`
		Name             string `json:"name"`
		Traits           traits `json:"traits"`
		Archived         bool   `json:"archived"`
		URL              string `json:"resource-url"`
		CreatedAt        moment `json:"created-at"`
		UpdatedAt        moment `json:"updated-at"`
	}](r, "flexible-assets")
	if err == nil && a.Traits == nil {
		err = errors.New("its traits are not shown")
	}
	return FlexibleAsset{
		ID: string(r.ID), OrganizationID: string(a.OrganizationID), OrganizationName: a.OrganizationName, TypeID: string(a.TypeID),
		Name: a.Name, Traits: a.Traits, Archived: a.Archived, URL: a.URL, CreatedAt: a.CreatedAt.time(), UpdatedAt: a.UpdatedAt.time(),
	}, err
}

// traits is the map of an asset's values. IT Glue may print an empty one as a
// list (ASSUMED); null and a missing one are nil.
type traits map[string]json.RawMessage

func (t *traits) UnmarshalJSON(b []byte) error {
	if b = bytes.TrimSpace(b); bytes.Equal(b, []byte("null")) {
		return nil
	}
	var none []struct{}
	if json.Unmarshal(b, &none) == nil && len(none) == 0 {
		*t = traits{}
		return nil
	}
	m := map[string]json.RawMessage{}
	if err := json.Unmarshal(b, &m); err != nil {
		return errors.New("traits are not an object")
	}
	*t = m
	return nil
}
