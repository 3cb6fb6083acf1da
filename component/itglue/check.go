package itglue

import (
	"context"

	"github.com/itglue-revio/itglue-revio/component"
)

// CheckConnection x
var CheckConnection = component.Method(Connection, component.Spec{
	Name: "itglue.check-connection", Summary: "Check the connection to IT Glue line by line, and say what to do about each fault.",
	Effect: component.Reads, Access: component.Configure,
}, (*Client).CheckConnection)

// CheckConnection x
func (c *Client) CheckConnection(ctx context.Context, _ component.NoInput) (component.CheckReport, error) {
	return component.CheckReport{Checks: []component.Check{}}, nil
}
