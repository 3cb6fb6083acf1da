package access

import (
	"slices"

	"github.com/itglue-revio/itglue-revio/component"
)

// Role is a named set of rights.
type Role string

// The roles. Revealer is in no other one: who administers does not see values.
const (
	Viewer        Role = "viewer"
	Operator      Role = "operator"
	Installer     Role = "installer"
	Administrator Role = "administrator"
	Revealer      Role = "revealer"
)

// Roles lists the closed set.
func Roles() []Role { return []Role{Viewer, Operator, Installer, Administrator, Revealer} }

var rights = map[Role][]component.Access{
	Viewer:        {component.View},
	Operator:      {component.View, component.Operate},
	Installer:     {component.View, component.Operate, component.Configure},
	Administrator: {component.View, component.Operate, component.Configure, component.Administer},
	Revealer:      {component.Reveal},
}

// Gives reports whether the role includes a right.
func (r Role) Gives(a component.Access) bool { return slices.Contains(rights[r], a) }

// Everywhere is the instance of a grant that holds for all instances, for those
// that are yet to come, and for the host itself.
const Everywhere = "*"

// Grant gives roles on an instance, named by its id, or [Everywhere].
type Grant struct {
	Instance string `json:"instance" jsonschema:"minLength=1,maxLength=200" jsonschema_description:"The instance's id, or * for all of them and the host."`
	Roles    []Role `json:"roles" jsonschema:"minItems=1,uniqueItems=true,enum=viewer,enum=operator,enum=installer,enum=administrator,enum=revealer"`
}

// gives reports whether the grant includes a right on an instance; "" is the
// host.
func (g Grant) gives(instance string, a component.Access) bool {
	if g.Instance != Everywhere && (instance == "" || g.Instance != instance) {
		return false
	}
	return slices.ContainsFunc(g.Roles, func(r Role) bool { return r.Gives(a) })
}
