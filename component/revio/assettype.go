package revio

import (
	"context"
	"errors"
	"strings"

	"github.com/itglue-revio/itglue-revio/component"
)

// AssetType is a category of Rev.io's assets: Equipment, License, Other or one
// of the tenant's own.
type AssetType struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Active bool   `json:"active"`
}

// AssetTypeList is all asset types.
type AssetTypeList struct {
	Items []AssetType `json:"items"`
	component.Listing
}

// ListAssetTypes lists the asset types: the tenant's, or, where it does not
// list them, the profile's assetTypesFixed. The path is ASSUMED.
var ListAssetTypes = component.Method(Connection, component.Spec{
	Name: "revio.list-asset-types", Summary: "Lists the Rev.io asset types.",
	Effect: component.Reads, Access: component.View,
}, (*Client).listAssetTypes)

func (c *Client) listAssetTypes(ctx context.Context, _ component.NoInput) (AssetTypeList, error) {
	items, listing, err := c.tenantAssetTypes(ctx)
	fixed := c.profile.AssetTypesFixed
	if len(fixed) > 0 && errors.Is(err, component.Forbidden) {
		items, listing, err = nil, component.Listing{Complete: true, Total: len(fixed)}, nil
		for _, f := range fixed {
			items = append(items, AssetType{ID: f.ID, Name: f.Name, Active: true})
		}
	}
	return AssetTypeList{Items: items, Listing: listing}, err
}

// tenantAssetTypes lists what the tenant itself lists.
func (c *Client) tenantAssetTypes(ctx context.Context) ([]AssetType, component.Listing, error) {
	names := c.profile.Fields.AssetType
	return readList(ctx, c, list{
		path: c.profile.Paths.AssetTypes, line: "paths.assetTypes", about: "the asset types", ids: names.ID,
	}, component.Page{}, func(r record) (AssetType, bool, error) {
		name := r.plain(names.Name)
		if name == "" {
			return AssetType{}, false, errors.New("the asset type shows no name; the profile line is fields.assetType.name")
		}
		active, shown, _ := r.text(names.Active)
		return AssetType{ID: r.id(names.ID), Name: name, Active: !shown || !strings.EqualFold(active, "false")}, true, nil
	})
}
