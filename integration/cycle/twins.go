package cycle

import (
	"context"
	"fmt"
	"strings"

	"github.com/itglue-revio/itglue-revio/integration/store"
)

// Twins says in words which other active instances work on the same IT Glue
// account and the same Rev.io tenant as this one; "" when none does. Each of two
// would take the other's writes for edits of people. Of an instance of another
// database nothing is known here: what it writes to and fro is left alone.
func Twins(in store.Instance, all []store.Instance) string {
	var names []string
	for _, o := range all {
		if o.ID != in.ID && o.Status == store.Active && in.Bound["itglue"] != "" && o.Bound["itglue"] == in.Bound["itglue"] && strings.EqualFold(o.Bound["revio"], in.Bound["revio"]) {
			names = append(names, o.Name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return fmt.Sprintf("%s works on the same IT Glue account and the same Rev.io tenant %s: each takes what the other writes for edits of people. Pause or remove one of them", strings.Join(names, " and "), in.Bound["revio"])
}

// tellTwins notes the other instances of the same two accounts.
func (c *Cycle) tellTwins(ctx context.Context) error {
	var all []store.Instance
	err := c.Store.Read(ctx, func(tx store.Tx) (err error) {
		all, err = tx.ListInstances(ctx)
		return err
	})
	if twins := Twins(c.inst, all); err == nil && twins != "" {
		c.note("%s.", twins)
	}
	return err
}
