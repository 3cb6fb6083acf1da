package access

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itglue-revio/itglue-revio/component"
)

var everyAccess = []component.Access{component.View, component.Operate, component.Configure, component.Reveal, component.Administer}

func someGrants(t *rapid.T, instances []string) []Grant {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Grant {
		return Grant{Instance: rapid.SampledFrom(instances).Draw(t, "instance"), Roles: rapid.SliceOfN(rapid.SampledFrom(Roles()), 0, 3).Draw(t, "roles")}
	}), 0, 4).Draw(t, "grants")
}

func TestTenantsNeverCross(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tenants := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z*]{1,3}`), 2, 6, rapid.ID).Filter(func(s []string) bool { return !slices.Contains(s, Everywhere) }).Draw(t, "tenants")
		mine, theirs := tenants[0], tenants[1:]
		s := Subject{ID: "1", Grants: someGrants(t, []string{mine})}
		for _, other := range theirs {
			require.False(t, s.Sees(other))
			for _, a := range everyAccess {
				require.False(t, s.Can(other, a), "%s of %s", a, other)
			}
		}
		for _, a := range everyAccess[1:] {
			require.False(t, s.Can("", a), "the host is nobody's who has one instance")
		}
		require.False(t, s.Sees("") || s.Sees(Everywhere))
	})
}

func TestTokenNeverHasMoreThanItsOwner(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		instances := []string{"a", "b", "c", Everywhere}
		owner := Subject{ID: "1", Grants: someGrants(t, instances)}
		token := owner
		token.Token = true
		token.limit = &limit{instance: rapid.SampledFrom(instances).Draw(t, "for"), accesses: rapid.SliceOf(rapid.SampledFrom(everyAccess)).Draw(t, "accesses")}
		for _, in := range []string{"", "a", "b", "c"} {
			require.False(t, token.Sees(in) && !owner.Sees(in))
			for _, a := range everyAccess {
				can := token.Can(in, a)
				require.False(t, can && !owner.Can(in, a), "%s of %q", a, in)
				require.False(t, can && !slices.Contains(token.limit.accesses, a), "%s is not in its scope", a)
				require.False(t, can && in != "" && token.limit.instance != Everywhere && token.limit.instance != in, "%q is not in its scope", in)
				if can && in != "" {
					require.True(t, token.Sees(in))
				}
			}
		}
	})
}

func TestWhoHasARightOnAnInstanceSeesIt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := Subject{ID: "1", Grants: someGrants(t, []string{"a", "b", Everywhere})}
		for _, in := range []string{"a", "b", "later"} {
			any := slices.ContainsFunc(everyAccess, func(a component.Access) bool { return s.Can(in, a) })
			require.Equal(t, any, s.Sees(in))
		}
	})
}

func TestNobodyMayNothing(t *testing.T) {
	t.Parallel()
	var nobody Subject
	for _, in := range []string{"", "a", Everywhere} {
		require.False(t, nobody.Sees(in))
		for _, a := range everyAccess {
			require.False(t, nobody.Can(in, a))
		}
	}
}
