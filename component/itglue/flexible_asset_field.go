package itglue

import (
	"context"
	"net/url"
	"strings"

	"github.com/itglue-revio/itglue-revio/component"
)

// FlexibleAssetField is a field of a flexible asset type. Its values are traits
// of the type's assets, under Key. A rename changes Key (ASSUMED), never ID.
type FlexibleAssetField struct {
	ID          string   `json:"id"`
	TypeID      string   `json:"typeId"`
	Name        string   `json:"name"`
	Key         string   `json:"key" jsonschema_description:"The name of its trait, such as serial-number."`
	Kind        string   `json:"kind" jsonschema_description:"Checkbox, Date, Header, Number, Select, Text, Textbox, Upload, Tag, Percent or Password."`
	Hint        string   `json:"hint,omitempty"`
	TagType     string   `json:"tagType,omitempty" jsonschema_description:"What a Tag field points at, such as Contacts, or FlexibleAssetType: 301."`
	Order       int      `json:"order"`
	Decimals    int      `json:"decimals,omitempty"`
	Required    bool     `json:"required"`
	UseForTitle bool     `json:"useForTitle" jsonschema_description:"Whether it is part of the asset's name, which IT Glue computes."`
	Options     []string `json:"options,omitempty" jsonschema_description:"The values that a Select field takes."`
}

// ListFlexibleAssetFieldsInput asks for the fields of a type.
type ListFlexibleAssetFieldsInput struct {
	TypeID string `json:"typeId" jsonschema:"pattern=^[0-9]+$,maxLength=19"`
}

// FlexibleAssetFieldList is the fields of a type.
type FlexibleAssetFieldList struct {
	Items []FlexibleAssetField `json:"items"`
	component.Listing
}

// ListFlexibleAssetFields lists the fields of a flexible asset type.
var ListFlexibleAssetFields = component.Method(Connection, component.Spec{
	Name: "itglue.list-flexible-asset-fields", Summary: "List the fields of a flexible asset type of IT Glue.",
	Effect: component.Reads, Access: component.View,
}, (*Client).ListFlexibleAssetFields)

// ListFlexibleAssetFields lists the fields of a flexible asset type.
func (c *Client) ListFlexibleAssetFields(ctx context.Context, in ListFlexibleAssetFieldsInput) (FlexibleAssetFieldList, error) {
	items, listing, err := list(ctx, c, listed[FlexibleAssetField]{
		resource: "flexible_asset_fields", about: "the fields of the flexible asset type " + in.TypeID,
		path: "/flexible_asset_types/" + in.TypeID + "/relationships/flexible_asset_fields", sort: "created_at", query: url.Values{},
		fits: func(f FlexibleAssetField) bool { return f.TypeID == in.TypeID },
		read: readFlexibleAssetField,
	}, component.Page{})
	if err == nil && listing.Complete {
		c.remember(in.TypeID, items)
	}
	return FlexibleAssetFieldList{Items: items, Listing: listing}, err
}

// remember keeps the fields of a type for the life of the client, which is one
// run or one request.
func (c *Client) remember(typeID string, fields []FlexibleAssetField) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fields[typeID] = fields
}

// fieldsFor gives the fields of a type by key. They are read again when one of
// the wanted keys is not among those remembered.
func (c *Client) fieldsFor(ctx context.Context, typeID string, wanted []string) (map[string]FlexibleAssetField, error) {
	c.mu.Lock()
	known, read := c.fields[typeID]
	c.mu.Unlock()
	byKey := keyed(known)
	for _, key := range wanted {
		if _, ok := byKey[key]; !ok {
			read = false
		}
	}
	if read {
		return byKey, nil
	}
	l, err := c.ListFlexibleAssetFields(ctx, ListFlexibleAssetFieldsInput{TypeID: typeID})
	if err != nil {
		return nil, err
	}
	if !l.Complete {
		return nil, component.Errorf(component.Unavailable, "the fields of the flexible asset type %s could not be read whole: %s", typeID, l.Why).Then("Try again later.")
	}
	return keyed(l.Items), nil
}

func keyed(fields []FlexibleAssetField) map[string]FlexibleAssetField {
	byKey := make(map[string]FlexibleAssetField, len(fields))
	for _, f := range fields {
		byKey[f.Key] = f
	}
	return byKey
}

func readFlexibleAssetField(r record) (FlexibleAssetField, error) {
	a, err := attributes[struct {
		TypeID       id     `json:"flexible-asset-type-id"`
		Name         string `json:"name"`
		Key          string `json:"name-key"`
		Kind         string `json:"kind"`
		Hint         string `json:"hint"`
		TagType      string `json:"tag-type"`
		DefaultValue loose  `json:"default-value"`
		Order        int    `json:"order"`
		Decimals     int    `json:"decimals"`
		Required     bool   `json:"required"`
		UseForTitle  bool   `json:"use-for-title"`
	}](r, "flexible-asset-fields")
	f := FlexibleAssetField{
		ID: string(r.ID), TypeID: string(a.TypeID), Name: a.Name, Key: a.Key, Kind: a.Kind, Hint: a.Hint, TagType: a.TagType,
		Order: a.Order, Decimals: a.Decimals, Required: a.Required, UseForTitle: a.UseForTitle,
	}
	if f.Kind == "Select" {
		f.Options = options(string(a.DefaultValue))
	}
	return f, err
}

// options splits the default value of a Select field, whose lines are its
// options (CONFIRMED).
func options(defaultValue string) []string {
	var all []string
	for line := range strings.SplitSeq(defaultValue, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}
