package revio

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/itglue-revio/itglue-revio/component"
)

// CreateAssetInput is a new asset.
type CreateAssetInput struct {
	CustomerID        string            `json:"customerId" jsonschema:"minLength=1,pattern=^[A-Za-z0-9_-]+$"`
	TypeID            string            `json:"typeId" jsonschema:"minLength=1,pattern=^[A-Za-z0-9_-]+$"`
	Fields            map[string]string `json:"fields" jsonschema_description:"name, and any of description, serialNumber, operatingSystem, ipAddress and installDate (YYYY-MM-DD). Longer ones than Rev.io takes are cut."`
	ExternalReference string            `json:"externalReference,omitempty" jsonschema_description:"A reference of ours that comes back in reads; left out where the profile says that there is none."`
}

// UpdateAssetInput says what to change of an asset.
type UpdateAssetInput struct {
	ID  string            `json:"id" jsonschema:"minLength=1,pattern=^[A-Za-z0-9_-]+$"`
	Set map[string]string `json:"set" jsonschema:"minProperties=1" jsonschema_description:"Fields to their new text; an empty one clears the field."`
	Was map[string]string `json:"was,omitempty" jsonschema_description:"What the fields held when the change was decided. One that holds something else now stops the change."`
}

// UpsertResult is an asset, and whether it is new.
type UpsertResult struct {
	Asset
	Created bool `json:"created"`
}

// The actions that write assets. None of them deletes.
var (
	CreateAsset = component.Method(Connection, component.Spec{
		Name: "revio.create-asset", Summary: "Creates a Rev.io asset, with one request that is never repeated when its outcome is unclear.",
		Effect: component.Writes, Access: component.Operate,
	}, (*Client).createAsset)

	UpdateAsset = component.Method(Connection, component.Spec{
		Name: "revio.update-asset", Summary: "Changes fields of a Rev.io asset, unless it changed since it was read.",
		Effect: component.Writes, Access: component.Operate,
	}, (*Client).updateAsset)

	UpsertAsset = component.Method(Connection, component.Spec{
		Name: "revio.upsert-asset", Summary: "Changes the Rev.io asset that has the reference or the serial number, or creates it.",
		Effect: component.Writes, Access: component.Operate,
	}, (*Client).upsertAsset)
)

// createAsset sends one POST and reads the record back, so that the fields are
// what the server holds. The path and the body are ASSUMED.
func (c *Client) createAsset(ctx context.Context, in CreateAssetInput) (Asset, error) {
	about := "a new asset of customer " + in.CustomerID
	if err := c.mayWrite(about); err != nil {
		return Asset{}, err
	}
	body, err := c.assetBody(in)
	if err != nil {
		return Asset{}, err
	}
	got, err := c.write(ctx, call{method: http.MethodPost, path: c.profile.Paths.Assets, line: "paths.assets", about: about}, body)
	if err != nil {
		return Asset{}, err
	}
	id := c.createdID(got)
	if id == "" {
		return Asset{}, component.Errorf(component.Unsettled, "%s was accepted, and the answer does not say which it is", about).
			Then("Look for it in Rev.io before it is sent again; the profile line is fields.asset.id.")
	}
	a, err := c.getAsset(ctx, ByID{ID: id})
	if err != nil {
		return Asset{ID: id}, unconfirmed(err, "asset "+id+" was created")
	}
	return a, nil
}

// assetBody makes the body of a create.
func (c *Client) assetBody(in CreateAssetInput) (map[string]any, error) {
	names := c.profile.Fields.Asset
	body := map[string]any{names.CustomerID[0]: idValue(in.CustomerID), names.TypeID[0]: idValue(in.TypeID)}
	var ps []component.Problem
	for _, field := range slices.Sorted(maps.Keys(in.Fields)) {
		wire := names.of(field)
		value := c.held(field, in.Fields[field])
		switch {
		case !slices.Contains(assetFields, field):
			ps = append(ps, component.Problem{Pointer: "/fields/" + field, Message: "is not a field of an asset"})
		case strings.TrimSpace(value) == "":
		case len(wire) == 0:
			ps = append(ps, component.Problem{Pointer: "/fields/" + field, Message: "has no name in the Rev.io profile"})
		default:
			body[wire[0]] = value
		}
	}
	if strings.TrimSpace(in.Fields["name"]) == "" {
		ps = append(ps, component.Problem{Pointer: "/fields/name", Message: "must not be empty"})
	}
	if ps != nil {
		return nil, &component.Error{Code: component.InvalidInput, Message: "the new asset of customer " + in.CustomerID + " is not valid:", Problems: ps}
	}
	if in.ExternalReference != "" && c.profile.Capabilities.ExternalReference && len(names.ExternalReference) > 0 {
		body[names.ExternalReference[0]], _ = c.profile.Fit("externalReference", in.ExternalReference)
	}
	return body, nil
}

// createdID finds the id of a new asset: in the answer, which may carry only
// that, or at the end of its Location.
func (c *Client) createdID(a *answer) string {
	if r, ok := c.profile.single(a.body, c.profile.Fields.Asset.ID); ok {
		return r.id(c.profile.Fields.Asset.ID)
	}
	if at, err := url.Parse(a.header.Get("Location")); err == nil {
		path := strings.TrimRight(at.Path, "/")
		if id := path[strings.LastIndexByte(path, '/')+1:]; idForm.MatchString(id) && strings.HasSuffix(path, recordPath(c.profile.Paths.Asset, id)) {
			return id
		}
	}
	return ""
}

func (c *Client) updateAsset(ctx context.Context, in UpdateAssetInput) (Asset, error) {
	names := map[string]Names{}
	for _, field := range assetFields {
		names[field] = c.profile.Fields.Asset.of(field)
	}
	set := make(map[string]string, len(in.Set))
	for field, value := range in.Set {
		set[field] = c.held(field, value)
	}
	r, err := c.change(ctx, c.assetPlace(in.ID), change{set: set, was: in.Was, names: names, read: assetField})
	if err != nil {
		return Asset{}, err
	}
	return c.asset(r)
}

// upsertAsset looks by reference, then by serial number, and sends at most one
// create. Called twice at the same time it may create twice: only the sync
// cycle, which writes down its intent first, promises no duplicate.
func (c *Client) upsertAsset(ctx context.Context, in CreateAssetInput) (UpsertResult, error) {
	if err := c.mayWrite("an asset of customer " + in.CustomerID); err != nil {
		return UpsertResult{}, err
	}
	if _, err := c.assetBody(in); err != nil {
		return UpsertResult{}, err
	}
	found, err := c.existing(ctx, in)
	switch {
	case err != nil:
		return UpsertResult{}, err
	case len(found) > 1:
		return UpsertResult{}, component.Errorf(component.NeedsReview, "customer %s has %d assets with this reference or serial number", in.CustomerID, len(found)).
			Then("Settle in Rev.io which is meant, and change that one by its id: %s.", strings.Join(ids(found), ", "))
	case len(found) == 1:
		a, err := c.updateAsset(ctx, UpdateAssetInput{ID: found[0].ID, Set: in.Fields})
		return UpsertResult{Asset: a}, err
	}
	a, err := c.createAsset(ctx, in)
	return UpsertResult{Asset: a, Created: err == nil}, err
}

// existing finds the assets that an upsert may mean. Nothing found in a list
// that is not complete is not believed.
func (c *Client) existing(ctx context.Context, in CreateAssetInput) ([]Asset, error) {
	byReference := FindAssetsInput{CustomerID: in.CustomerID, ExternalReference: in.ExternalReference}
	bySerial := FindAssetsInput{CustomerID: in.CustomerID, SerialNumber: strings.TrimSpace(in.Fields["serialNumber"])}
	looked := false
	for _, look := range []FindAssetsInput{byReference, bySerial} {
		if look.SerialNumber == "" && (look.ExternalReference == "" || !c.profile.Capabilities.ExternalReference) {
			continue
		}
		looked = true
		found, err := c.findAssets(ctx, look)
		if err != nil || len(found.Items) > 0 {
			return found.Items, err
		}
		if !found.Complete {
			return nil, component.Errorf(component.NeedsReview, "it is not known whether customer %s has this asset already: %s", in.CustomerID, found.Why).
				Then("Run revio.check-connection; it names the profile line to set.")
		}
	}
	if !looked {
		return nil, component.Errorf(component.InvalidInput, "there is nothing to recognise the asset of customer %s by", in.CustomerID).
			Then("Give a serial number or an external reference, or use revio.create-asset.")
	}
	return nil, nil
}

func ids(assets []Asset) []string {
	all := make([]string, len(assets))
	for i, a := range assets {
		all[i] = a.ID
	}
	return all
}
