package revio

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
)

// Asset is Rev.io's record of a thing that a customer has. All of its wire
// names are ASSUMED; the fields themselves are CONFIRMED by the help article.
type Asset struct {
	ID                string            `json:"id"`
	CustomerID        string            `json:"customerId"`
	TypeID            string            `json:"typeId"`
	TypeName          string            `json:"typeName"`
	Status            string            `json:"status"`
	ExternalReference string            `json:"externalReference"`
	Fields            map[string]string `json:"fields" jsonschema_description:"name, description, serialNumber, operatingSystem, ipAddress and installDate as text. Empty text: empty there. A field that is not named: the record does not show it."`
	CreatedAt         *time.Time        `json:"createdAt,omitempty"`
	ModifiedAt        *time.Time        `json:"modifiedAt,omitempty"`
}

// AssetList is some or all assets of a customer.
type AssetList struct {
	Items []Asset `json:"items"`
	component.Listing
}

// assetFields are the fields of an asset by our names, in the order to show
// them in.
var assetFields = []string{"name", "description", "serialNumber", "operatingSystem", "ipAddress", "installDate"}

// FieldTitle gives a field's name as people know it.
func FieldTitle(name string) string {
	titles := map[string]string{
		"name": "Asset Name", "description": "Description", "serialNumber": "Serial Number",
		"operatingSystem": "Operating System", "ipAddress": "IP Address", "installDate": "Install Date", "notes": "Notes",
	}
	if title, ok := titles[name]; ok {
		return title
	}
	return name
}

// of gives the wire names of a field by our name.
func (n AssetNames) of(field string) Names {
	switch field {
	case "name":
		return n.Name
	case "description":
		return n.Description
	case "serialNumber":
		return n.SerialNumber
	case "operatingSystem":
		return n.OperatingSystem
	case "ipAddress":
		return n.IPAddress
	case "installDate":
		return n.InstallDate
	}
	return nil
}

// ListAssetsInput says whose assets, and how many.
type ListAssetsInput struct {
	component.Page
	CustomerID string `json:"customerId" jsonschema:"minLength=1,pattern=^[A-Za-z0-9_-]+$"`
}

// FindAssetsInput says what to look for. What is given must all fit.
type FindAssetsInput struct {
	CustomerID        string `json:"customerId" jsonschema:"minLength=1,pattern=^[A-Za-z0-9_-]+$"`
	SerialNumber      string `json:"serialNumber,omitempty" jsonschema_description:"Compared without case and outer blanks."`
	ExternalReference string `json:"externalReference,omitempty" jsonschema_description:"Left out where the profile says that the tenant keeps none."`
	Name              string `json:"name,omitempty" jsonschema_description:"Compared without case and outer blanks."`
}

// The actions that read assets.
var (
	ListAssets = component.Method(Connection, component.Spec{
		Name: "revio.list-assets", Summary: "Lists the Rev.io assets of a customer.",
		Effect: component.Reads, Access: component.View,
	}, (*Client).listAssets)

	FindAssets = component.Method(Connection, component.Spec{
		Name: "revio.find-assets", Summary: "Finds the Rev.io assets of a customer that have a serial number, a reference or a name.",
		Effect: component.Reads, Access: component.View,
	}, (*Client).findAssets)

	GetAsset = component.Method(Connection, component.Spec{
		Name: "revio.get-asset", Summary: "Reads one Rev.io asset.",
		Effect: component.Reads, Access: component.View,
	}, (*Client).getAsset)
)

func (c *Client) listAssets(ctx context.Context, in ListAssetsInput) (AssetList, error) {
	return c.walkAssets(ctx, in.CustomerID, nil, in.Page, func(Asset) bool { return true })
}

// findAssets asks with the profile's filters first, and compares every record
// itself, as filters may be ignored or mean *contains*. One that may also mean
// *exactly, with this case* is not believed when it finds nothing: then all of
// the customer's assets are read.
func (c *Client) findAssets(ctx context.Context, in FindAssetsInput) (AssetList, error) {
	if !c.profile.Capabilities.ExternalReference {
		in.ExternalReference = ""
	}
	in.ExternalReference, _ = c.profile.Fit("externalReference", in.ExternalReference)
	in.SerialNumber, in.Name = strings.TrimSpace(c.held("serialNumber", in.SerialNumber)), strings.TrimSpace(c.held("name", in.Name))
	if in.SerialNumber == "" && in.ExternalReference == "" && in.Name == "" {
		return AssetList{}, component.Errorf(component.InvalidInput, "nothing to find assets of customer %s by", in.CustomerID).
			Then("Give a serialNumber, a name or, where the tenant keeps one, an externalReference.")
	}
	filter := c.assetFilter(in)
	if len(filter) > 0 {
		found, err := c.walkAssets(ctx, in.CustomerID, filter, component.Page{}, in.fits)
		if err != nil || len(found.Items) > 0 {
			return found, err
		}
	}
	return c.walkAssets(ctx, in.CustomerID, nil, component.Page{}, in.fits)
}

// assetFilter makes the query of what is looked for, as far as the profile has
// parameters for it.
func (c *Client) assetFilter(in FindAssetsInput) url.Values {
	q, names := url.Values{}, c.profile.Query
	switch {
	case in.ExternalReference != "" && names.ExternalReference != "" && c.profile.Capabilities.ExternalReference:
		q.Set(names.ExternalReference, in.ExternalReference)
	case in.SerialNumber != "" && names.SerialNumber != "":
		q.Set(names.SerialNumber, in.SerialNumber)
	}
	return q
}

func (in FindAssetsInput) fits(a Asset) bool {
	return (in.SerialNumber == "" || sameText(a.Fields["serialNumber"], in.SerialNumber)) &&
		(in.ExternalReference == "" || strings.TrimSpace(a.ExternalReference) == in.ExternalReference) &&
		(in.Name == "" || sameText(a.Fields["name"], in.Name))
}

// sameText compares without case and outer blanks.
func sameText(a, b string) bool { return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b)) }

// walkAssets lists the assets of a customer that fit. A record of another
// customer is left out: the filter was ignored. One that names no customer is
// odd: it might be anybody's.
func (c *Client) walkAssets(ctx context.Context, customerID string, filter url.Values, page component.Page, fits func(Asset) bool) (AssetList, error) {
	q := url.Values{}
	for name, values := range filter {
		q[name] = values
	}
	if name := c.profile.Query.CustomerID; name != "" {
		q.Set(name, customerID)
	}
	items, listing, err := readList(ctx, c, list{
		path: c.profile.Paths.Assets, line: "paths.assets", about: "the assets of customer " + customerID,
		query: q, ids: c.profile.Fields.Asset.ID,
	}, page, func(r record) (Asset, bool, error) {
		owner := r.id(c.profile.Fields.Asset.CustomerID)
		if owner == "" {
			return Asset{}, false, errors.New("the asset names no customer; the profile line is fields.asset.customerId")
		}
		if owner != customerID {
			return Asset{}, false, nil
		}
		a, err := c.asset(r)
		return a, fits(a), err
	})
	return AssetList{Items: items, Listing: listing}, err
}

func (c *Client) getAsset(ctx context.Context, in ByID) (Asset, error) {
	r, _, err := c.readRecord(ctx, c.assetPlace(in.ID))
	if err != nil {
		return Asset{}, err
	}
	return c.asset(r)
}

// assetPlace says where one asset is.
func (c *Client) assetPlace(id string) place {
	return place{path: recordPath(c.profile.Paths.Asset, id), line: "paths.asset", about: "asset " + id, id: id, ids: c.profile.Fields.Asset.ID}
}

// asset reads a record.
func (c *Client) asset(r record) (Asset, error) {
	names := c.profile.Fields.Asset
	a := Asset{
		ID: r.id(names.ID), CustomerID: r.id(names.CustomerID), TypeID: r.id(names.TypeID), TypeName: r.plain(names.TypeName),
		Status: r.plain(names.Status), Fields: map[string]string{},
		CreatedAt: r.instant(names.Created), ModifiedAt: r.instant(names.Modified),
	}
	if c.profile.Capabilities.ExternalReference {
		a.ExternalReference = r.plain(names.ExternalReference)
	}
	for _, field := range assetFields {
		value, shown, err := assetField(r, field, names.of(field))
		if err != nil {
			return Asset{}, err
		}
		if shown {
			a.Fields[field] = value
		}
	}
	return a, nil
}

// held gives a value as the tenant would hold it: cut to what the field takes,
// and an install date as a calendar date.
func (c *Client) held(field, value string) string {
	if field == "installDate" {
		value = calendarDate(value)
	}
	value, _ = c.profile.Fit(field, value)
	return value
}

// assetField reads one field of an asset; an install date is a calendar date.
func assetField(r record, field string, names Names) (value string, shown bool, err error) {
	value, shown, plain := r.text(names)
	if !plain {
		return "", false, component.Errorf(component.Unavailable, "the asset's %s is neither text nor a number; the profile line is fields.asset.%s", FieldTitle(field), field)
	}
	if field == "installDate" {
		value = calendarDate(value)
	}
	return value, shown, nil
}
