package cycle

import (
	"context"
	"errors"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// refusedBy says more of an error that refused credentials are: that they were
// replaced while the run was going on, or what the connection check finds out.
// It asks for nothing else, and any other error stays as it is.
func (c *Cycle) refusedBy(ctx context.Context, cause error) error {
	code := component.CodeOf(cause)
	if code != component.Unauthorized && code != component.Forbidden || store.IsFenced(cause) {
		return cause
	}
	now := c.inst
	err := c.Store.Read(ctx, func(tx store.Tx) (err error) {
		now, err = tx.Instance(ctx, c.Instance)
		return err
	})
	switch {
	case err != nil:
		return cause
	case now.Version != c.version:
		return component.Errorf(code, "the settings were changed while this run was going on, and the credentials that it began with are refused: %w", cause).
			Then("What it wrote is settled; the next run works with the new ones.")
	case !errors.Is(cause, itglue.ErrKeyRefused):
		return cause
	}
	report, err := itglue.CheckConnection.Call(ctx, c.Session, component.NoInput{})
	if err != nil {
		return cause
	}
	for _, line := range report.Checks {
		if line.State == component.Failed {
			said := component.Errorf(code, "%s", line.Message)
			said.Do, said.Err = line.Do, cause
			return said
		}
	}
	return cause
}
