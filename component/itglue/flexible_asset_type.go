package itglue

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"sync"

	"github.com/itglue-revio/itglue-revio/component"
)

// FlexibleAssetType is a category of IT Glue's flexible assets, which the
// account defines.
type FlexibleAssetType struct {
	ID          string               `json:"id"`
	Name        string               `json:"name"`
	Description string               `json:"description,omitempty"`
	Icon        string               `json:"icon,omitempty"`
	Enabled     bool                 `json:"enabled"`
	Fields      []FlexibleAssetField `json:"fields,omitempty" jsonschema_description:"Only when asked for; in their order."`
}

// ListFlexibleAssetTypesInput asks for flexible asset types.
type ListFlexibleAssetTypesInput struct {
	component.Page
	EnabledOnly bool `json:"enabledOnly,omitempty"`
	WithFields  bool `json:"withFields,omitempty" jsonschema_description:"Also read the fields of each type."`
}

// FlexibleAssetTypeList is flexible asset types.
type FlexibleAssetTypeList struct {
	Items []FlexibleAssetType `json:"items"`
	component.Listing
}

// ListFlexibleAssetTypes lists the flexible asset types of the account.
var ListFlexibleAssetTypes = component.Method(Connection, component.Spec{
	Name: "itglue.list-flexible-asset-types", Summary: "List the flexible asset types of the IT Glue account, with their fields if asked for.",
	Effect: component.Reads, Access: component.View,
}, (*Client).ListFlexibleAssetTypes)

// typesWithFields is the page size when fields are included: documents with
// included records are large.
const typesWithFields = 100

// ListFlexibleAssetTypes lists flexible asset types. That a list can include
// fields is CONFIRMED by the reference and ASSUMED to work: the fields of a
// type that do not all come along are read by themselves.
func (c *Client) ListFlexibleAssetTypes(ctx context.Context, in ListFlexibleAssetTypesInput) (FlexibleAssetTypeList, error) {
	included := &fieldsSeen{byID: map[string]FlexibleAssetField{}, of: map[string][]string{}}
	q := listed[FlexibleAssetType]{
		resource: "flexible_asset_types", about: "the flexible asset types", sort: "id", query: url.Values{},
		read: func(r record) (FlexibleAssetType, error) {
			included.namedBy(r)
			return readFlexibleAssetType(r)
		},
	}
	if in.EnabledOnly {
		q.query.Set("filter[enabled]", "true")
	}
	if in.WithFields && c.profile.Assumed.FieldsIncluded {
		q.query.Set("include", "flexible_asset_fields")
		q.most, q.related = typesWithFields, included.add
	}
	items, listing, err := list(ctx, c, q, in.Page)
	if err != nil {
		return FlexibleAssetTypeList{}, err
	}
	if in.EnabledOnly {
		items = slices.DeleteFunc(items, func(t FlexibleAssetType) bool { return !t.Enabled })
	}
	if in.WithFields {
		err = c.fillFields(ctx, items, included)
	}
	return FlexibleAssetTypeList{Items: items, Listing: listing}, err
}

// fillFields gives each type its fields, from what was included or by a call.
func (c *Client) fillFields(ctx context.Context, types []FlexibleAssetType, included *fieldsSeen) error {
	for i, t := range types {
		fields, whole := included.whole(t.ID)
		if whole {
			c.remember(t.ID, fields)
		} else {
			l, err := c.ListFlexibleAssetFields(ctx, ListFlexibleAssetFieldsInput{TypeID: t.ID})
			if err != nil {
				return err
			}
			fields = l.Items
		}
		slices.SortStableFunc(fields, func(a, b FlexibleAssetField) int { return cmp.Compare(a.Order, b.Order) })
		types[i].Fields = fields
	}
	return nil
}

// fieldsSeen gathers the fields that pages of types include.
type fieldsSeen struct {
	mu   sync.Mutex
	byID map[string]FlexibleAssetField
	of   map[string][]string // the ids that a type names as its fields
}

func (s *fieldsSeen) namedBy(r record) {
	if ids, found := r.linked("flexible-asset-fields"); found {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.of[string(r.ID)] = ids
	}
}

func (s *fieldsSeen) add(records []record) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range records {
		if f, err := readFlexibleAssetField(r); err == nil {
			s.byID[f.ID] = f
		}
	}
}

// whole gives the fields of a type, if every field that the type names came
// along.
func (s *fieldsSeen) whole(typeID string) ([]FlexibleAssetField, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ids, found := s.of[typeID]
	var all []FlexibleAssetField
	for _, id := range ids {
		f, ok := s.byID[id]
		if !ok || f.TypeID != typeID {
			return nil, false
		}
		all = append(all, f)
	}
	return all, found
}

// readFlexibleAssetType reads a type. Its attribute enabled is CONFIRMED by a
// real answer and not in the reference, which has show-in-menu: without both, a
// type is taken as enabled (ASSUMED).
func readFlexibleAssetType(r record) (FlexibleAssetType, error) {
	a, err := attributes[struct {
		Name        string `json:"name"`
		Description string `json:"description"`
		Icon        string `json:"icon"`
		Enabled     *bool  `json:"enabled"`
		ShowInMenu  *bool  `json:"show-in-menu"`
	}](r, "flexible-asset-types")
	enabled := true
	if on := cmp.Or(a.Enabled, a.ShowInMenu); on != nil {
		enabled = *on
	}
	return FlexibleAssetType{ID: string(r.ID), Name: a.Name, Description: a.Description, Icon: a.Icon, Enabled: enabled}, err
}
