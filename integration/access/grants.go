package access

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/itglue-revio/itglue-revio/integration/store"
)

// grantsOf and storedGrants turn what is stored into what counts, and back.
func grantsOf(u store.User) []Grant {
	grants := make([]Grant, len(u.Grants))
	for i, g := range u.Grants {
		grants[i].Instance = g.Instance
		for _, r := range g.Roles {
			grants[i].Roles = append(grants[i].Roles, Role(r))
		}
	}
	return grants
}

func storedGrants(grants []Grant) []store.Grant {
	stored := make([]store.Grant, len(grants))
	for i, g := range grants {
		stored[i].Instance = g.Instance
		for _, r := range g.Roles {
			stored[i].Roles = append(stored[i].Roles, string(r))
		}
	}
	return stored
}

// resolve turns the names of instances into their ids, and joins the grants of
// one instance. One that is not there is an error, or left out.
func resolve(ctx context.Context, tx store.Tx, grants []Grant, leaveOut bool) ([]Grant, error) {
	roles := map[string][]Role{}
	for _, g := range grants {
		id := g.Instance
		if id != Everywhere {
			in, err := tx.Instance(ctx, id)
			if leaveOut && errors.Is(err, store.ErrNotFound) {
				continue
			}
			if err != nil {
				return nil, err
			}
			id = in.ID
		}
		roles[id] = append(roles[id], g.Roles...)
	}
	out := []Grant{}
	for id, r := range roles {
		slices.Sort(r)
		out = append(out, Grant{Instance: id, Roles: slices.Compact(r)})
	}
	slices.SortFunc(out, func(a, b Grant) int { return strings.Compare(a.Instance, b.Instance) })
	return out, nil
}

// words writes grants for the audit log: "*: administrator, revealer; 7: viewer".
func words(grants []Grant) string {
	parts := make([]string, len(grants))
	for i, g := range grants {
		roles := make([]string, len(g.Roles))
		for j, r := range g.Roles {
			roles[j] = string(r)
		}
		parts[i] = g.Instance + ": " + strings.Join(roles, ", ")
	}
	return strings.Join(parts, "; ")
}

// administers reports whether a user can sign in and administer the host.
func administers(u store.User) bool {
	return u.Removed.IsZero() && !u.Service && slices.ContainsFunc(grantsOf(u), func(g Grant) bool {
		return g.Instance == Everywhere && slices.Contains(g.Roles, Administrator)
	})
}

// noUser reports whether nobody is there who could sign in.
func noUser(ctx context.Context, tx store.Tx) (bool, error) {
	after := ""
	for {
		users, next, err := tx.ListUsers(ctx, after, 100)
		if err != nil {
			return false, err
		}
		if slices.ContainsFunc(users, func(u store.User) bool { return !u.Service }) {
			return false, nil
		}
		if next == "" {
			return true, nil
		}
		after = next
	}
}

// named turns the ids of instances into their names, for people, and leaves out
// the grants of removed ones.
func named(ctx context.Context, tx store.Tx, grants []Grant) ([]Grant, error) {
	out := []Grant{}
	for _, g := range grants {
		if g.Instance != Everywhere {
			in, err := tx.Instance(ctx, g.Instance)
			if errors.Is(err, store.ErrNotFound) || err == nil && in.Status == store.Removed {
				continue
			}
			if err != nil {
				return nil, err
			}
			g.Instance = in.Name
		}
		out = append(out, g)
	}
	return out, nil
}
