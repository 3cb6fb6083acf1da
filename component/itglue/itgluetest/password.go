package itgluetest

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// Password is a password of an organization.
type Password struct {
	ID             string // "" for the next one
	OrganizationID string // "" is the asset's
	Name           string
	Username       string
	URL            string
	Notes          string
	Category       string
	Value          string
	AssetID        string // embedded in this asset
	FieldKey       string // with AssetID: the value of this field of it
	ResourceType   string // of something that is no flexible asset: "configurations", …
	ResourceID     string
	VaultID        string
	OTPEnabled     bool
	Archived       bool
	CreatedAt      time.Time
	UpdatedAt      time.Time

	trait string // with FieldKey: the id of the trait
	field string // with FieldKey: the id of the field, which may be renamed
}

// AddPassword adds a password, and gives its id: a standalone one, one embedded
// in an asset, or one that is a field of an asset. A tagged one is a standalone
// one that a Tag field points at.
func (w *World) AddPassword(p Password) string {
	defer w.lock()()
	p.ID = w.id("password", p.ID)
	if p.AssetID != "" {
		a := w.assets.must(p.AssetID)
		p.OrganizationID = a.organization
		if p.FieldKey != "" {
			p.trait = w.id("trait", "")
			t := w.types.must(a.typeID)
			w.setTrait(a, t, p.FieldKey, json.Number(p.ID))
			f, _ := t.fieldByKey(p.FieldKey)
			p.field = f.ID
			a.updated = w.stamp()
		}
	}
	w.organizations.must(p.OrganizationID)
	p.CreatedAt = w.stamp()
	p.UpdatedAt = p.CreatedAt
	w.passwords.add(p.ID, &p)
	return p.ID
}

// SetPassword changes a password, as a person would.
func (w *World) SetPassword(id string, change func(*Password)) {
	defer w.lock()()
	p := w.passwords.must(id)
	change(p)
	p.UpdatedAt = w.stamp()
}

// RemovePassword deletes a password, and the value of the field that it is.
func (w *World) RemovePassword(id string) {
	defer w.lock()()
	p := w.passwords.must(id)
	if a, ok := w.assets.byID[p.AssetID]; ok && p.field != "" {
		delete(a.values, p.field)
		a.updated = w.stamp()
	}
	w.passwords.remove(id)
}

// Password gives a password as it is now.
func (w *World) Password(id string) (Password, bool) {
	defer w.lock()()
	p, ok := w.passwords.byID[id]
	if !ok {
		return Password{}, false
	}
	return *p, true
}

// Passwords gives all passwords in the order in which they were made.
func (w *World) Passwords() []Password {
	defer w.lock()()
	var all []Password
	for _, p := range w.passwords.all() {
		all = append(all, *p)
	}
	return all
}

// dropFieldPasswords deletes the passwords whose field lost its value.
func (w *World) dropFieldPasswords(a *asset) {
	for _, p := range w.passwords.all() {
		if _, kept := a.values[p.field]; p.AssetID == a.id && p.field != "" && !kept {
			w.passwords.remove(p.ID)
		}
	}
}

func (q request) listPasswords(organizationID string) reply {
	if _, ok := q.organizations.byID[organizationID]; organizationID != "" && !ok {
		return notFound()
	}
	var rows []row
	for _, p := range q.passwords.all() {
		if organizationID != "" && p.OrganizationID != organizationID || p.Archived && q.switches.HideArchivedLogins {
			continue
		}
		rows = append(rows, row{id: p.ID, organization: p.OrganizationID,
			values: map[string]string{
				"id": p.ID, "name": p.Name, "organization_id": p.OrganizationID, "url": p.URL, "username": p.Username,
				"archived": strconv.FormatBool(p.Archived), "created_at": printed(p.CreatedAt), "updated_at": printed(p.UpdatedAt),
			},
			print: func() object {
				o := q.printPassword(p)
				if q.switches.ListShowsPasswordMember {
					o["attributes"].(object)["password"] = p.Value
				}
				return o
			},
		})
	}
	return q.page(list{path: "/passwords", filters: []string{"id", "name", "organization_id", "url", "archived"}, sorts: []string{"name", "username", "url", "id", "created_at", "updated_at"}}, rows)
}

func (q request) showPassword(id string) reply {
	p, ok := q.passwords.byID[id]
	if !ok {
		return notFound()
	}
	o := q.printPassword(p)
	out := touched{id, p.OrganizationID}
	if q.get("show_password") == "false" {
		return show(200, o, out, nil)
	}
	shown := o["attributes"].(object)
	switch {
	case !q.key.PasswordAccess && q.switches.NoPasswordAccess == "401":
		return unauthorized()
	case !q.key.PasswordAccess && q.switches.NoPasswordAccess == "403":
		return gatewayReply(403, "Forbidden")
	case !q.key.PasswordAccess && q.switches.NoPasswordAccess == "null", p.VaultID != "":
		shown["password"] = nil
	case q.key.PasswordAccess:
		shown["password"] = p.Value
		r := show(200, o, out, nil)
		r.shown = true
		return r
	}
	return show(200, o, out, nil)
}

func (w *World) printPassword(p *Password) object {
	resourceID, resourceType, parent, cachedType, cachedName := w.resourceOf(p)
	return object{"id": p.ID, "type": "passwords", "relationships": object{}, "attributes": object{
		"organization-id": mustNumber(p.OrganizationID), "organization-name": w.organizations.byID[p.OrganizationID].Name,
		"resource-url": fmt.Sprintf("https://%s.itglue.com/%s/passwords/%s", w.subdomain, p.OrganizationID, p.ID),
		"restricted":   false, "my-glue": false, "name": p.Name, "autofill-selectors": nil, "username": orNull(p.Username), "url": orNull(p.URL), "notes": orNull(p.Notes),
		"password-updated-at": printed(p.UpdatedAt), "updated-by": nil, "updated-by-type": nil, "resource-id": resourceID,
		"cached-resource-type-name": cachedType, "cached-resource-name": cachedName,
		"password-category-id": w.categoryID(p.Category), "password-category-name": orNull(p.Category),
		"created-at": printed(p.CreatedAt), "updated-at": printed(p.UpdatedAt), "otp-enabled": p.OTPEnabled, "password-folder-id": nil,
		"resource-type": resourceType, "parent-url": parent, "vault-id": numberOf(p.VaultID), "archived": p.Archived, "shareable": false, "is-live": true,
	}}
}

// resourceOf prints what a password belongs to.
func (w *World) resourceOf(p *Password) (id, kind, parent, typeName, name any) {
	a, ok := w.assets.byID[p.AssetID]
	switch {
	case ok && p.field != "":
		return numberOf(p.trait), or(w.switches.FieldType, "flexible-asset-traits"), w.recordURL(a), w.types.byID[a.typeID].Name, w.title(a)
	case ok:
		return numberOf(a.id), or(w.switches.EmbeddedType, "flexible-assets"), w.recordURL(a), w.types.byID[a.typeID].Name, w.title(a)
	case p.ResourceType != "":
		return numberOf(p.ResourceID), p.ResourceType, fmt.Sprintf("https://%s.itglue.com/%s/%s/%s", w.subdomain, p.OrganizationID, p.ResourceType, p.ResourceID), p.ResourceType, p.Name
	}
	return nil, nil, nil, nil, nil
}

// categoryID numbers the categories in the order of their first use.
func (w *World) categoryID(category string) any {
	if category == "" {
		return nil
	}
	return mustNumber(w.entry(&w.categories, "category", category))
}
