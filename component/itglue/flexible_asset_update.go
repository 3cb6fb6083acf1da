package itglue

import (
	"context"
	"encoding/json"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
)

// UpdateFlexibleAssetInput x
type UpdateFlexibleAssetInput struct {
	ID                 string                     `json:"id" jsonschema:"pattern=^[0-9]+$,maxLength=19"`
	Set                map[string]json.RawMessage `json:"set" jsonschema:"minProperties=1"`
	UnlessChangedSince *time.Time                 `json:"unlessChangedSince,omitempty"`
	AllowFiles         bool                       `json:"allowFiles,omitempty"`
}

// UpdateFlexibleAssetOutput x
type UpdateFlexibleAssetOutput struct {
	Asset  FlexibleAsset `json:"asset"`
	Before FlexibleAsset `json:"before"`
}

// UpdateFlexibleAsset x
var UpdateFlexibleAsset = component.Method(Connection, component.Spec{
	Name: "itglue.update-flexible-asset", Summary: "Change traits of an IT Glue flexible asset, and leave all others as they are.",
	Effect: component.Writes, Access: component.Administer,
}, (*Client).UpdateFlexibleAsset)

// UpdateFlexibleAsset x
func (c *Client) UpdateFlexibleAsset(ctx context.Context, in UpdateFlexibleAssetInput) (UpdateFlexibleAssetOutput, error) {
	return UpdateFlexibleAssetOutput{}, component.Errorf(component.Internal, "unfinished")
}
