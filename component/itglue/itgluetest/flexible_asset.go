package itgluetest

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Asset is a flexible asset as it shows.
type Asset struct {
	ID             string
	OrganizationID string
	TypeID         string
	Name           string                     // computed of the fields used for the title
	Traits         map[string]json.RawMessage // as the service prints them
	Archived       bool
	CreatedAt      time.Time
	UpdatedAt      time.Time
}

// asset is a flexible asset as it is kept: its values by field, so that a
// field's rename moves them.
type asset struct {
	id           string
	organization string
	typeID       string
	values       map[string]json.RawMessage // by field id, as stored (see trait.go)
	archived     bool
	created      time.Time
	updated      time.Time
	viaAPI       time.Time
}

// AddAsset adds a flexible asset, and gives its id. Traits are given by key, in
// the form for writing: a Tag as one id or a list of ids, an Upload as a
// [File].
func (w *World) AddAsset(organizationID, typeID string, traits map[string]any) string {
	return w.AddAssetAs("", organizationID, typeID, traits)
}

// AddAssetAs adds a flexible asset with an id of its own.
func (w *World) AddAssetAs(id, organizationID, typeID string, traits map[string]any) string {
	defer w.lock()()
	w.organizations.must(organizationID)
	t := w.types.must(typeID)
	a := &asset{organization: organizationID, typeID: typeID, values: map[string]json.RawMessage{}}
	for key, v := range traits {
		w.setTrait(a, t, key, v)
	}
	w.keepAsset(a, id)
	return a.id
}

func (w *World) keepAsset(a *asset, id string) {
	a.id = w.id("flexible asset", id)
	a.created = w.stamp()
	a.updated = a.created
	w.assets.add(a.id, a)
}

// SetTrait changes one trait of an asset, as a person would; nil clears it.
func (w *World) SetTrait(assetID, key string, value any) {
	defer w.lock()()
	a := w.assets.must(assetID)
	w.setTrait(a, w.types.must(a.typeID), key, value)
	a.updated = w.stamp()
}

func (w *World) setTrait(a *asset, t *Type, key string, value any) {
	f, ok := t.fieldByKey(key)
	if !ok {
		panic("itgluetest: there is no field " + key)
	}
	if value == nil {
		delete(a.values, f.ID)
		return
	}
	a.values[f.ID] = w.storedFrom(f, value)
}

// ArchiveAsset archives an asset, or brings it back.
func (w *World) ArchiveAsset(id string, archived bool) {
	defer w.lock()()
	a := w.assets.must(id)
	a.archived = archived
	if !w.switches.ArchiveKeepsTime {
		a.updated = w.stamp()
	}
}

// MoveAsset gives an asset to another organization.
func (w *World) MoveAsset(id, organizationID string) {
	defer w.lock()()
	w.organizations.must(organizationID)
	a := w.assets.must(id)
	a.organization = organizationID
	a.updated = w.stamp()
}

// RemoveAsset deletes an asset, and the passwords in it.
func (w *World) RemoveAsset(id string) {
	defer w.lock()()
	w.assets.remove(id)
	for _, p := range w.passwords.all() {
		if p.AssetID == id {
			w.passwords.remove(p.ID)
		}
	}
}

// Asset gives a flexible asset as it is now.
func (w *World) Asset(id string) (Asset, bool) {
	defer w.lock()()
	a, ok := w.assets.byID[id]
	if !ok {
		return Asset{}, false
	}
	return w.shown(a), true
}

// Assets gives all flexible assets in the order in which they were made.
func (w *World) Assets() []Asset {
	defer w.lock()()
	var all []Asset
	for _, a := range w.assets.all() {
		all = append(all, w.shown(a))
	}
	return all
}

func (w *World) shown(a *asset) Asset {
	return Asset{ID: a.id, OrganizationID: a.organization, TypeID: a.typeID, Name: w.title(a), Traits: w.traits(a),
		Archived: a.archived, CreatedAt: a.created, UpdatedAt: a.updated}
}

// title is the name of an asset: its fields used for the title, joined.
func (w *World) title(a *asset) string {
	var words []string
	for _, f := range w.types.byID[a.typeID].Fields {
		if v, ok := a.values[f.ID]; ok && f.UseForTitle {
			words = append(words, w.words(f, v))
		}
	}
	return strings.TrimSpace(strings.Join(words, " "))
}

func (w *World) recordURL(a *asset) string {
	t := w.types.byID[a.typeID]
	return fmt.Sprintf("https://%s.itglue.com/%s/assets/%s-%s/records/%s", w.subdomain, a.organization, t.ID, KeyOf(t.Name), a.id)
}

func (w *World) printAsset(a *asset, relationships object) object {
	t := w.types.byID[a.typeID]
	return object{"id": a.id, "type": "flexible-assets", "relationships": relationships, "attributes": object{
		"organization-id": mustNumber(a.organization), "organization-name": w.organizations.byID[a.organization].Name,
		"resource-url": w.recordURL(a), "restricted": false, "my-glue": false,
		"flexible-asset-type-id": mustNumber(a.typeID), "flexible-asset-type-name": t.Name, "name": w.title(a),
		"traits": w.traits(a), "archived": a.archived, "created-at": printed(a.created), "updated-at": printed(a.updated),
	}}
}

func (q request) listAssets() reply {
	if q.get("filter[flexible-asset-type-id]") == "" {
		status := or(q.switches.MissingTypeFilter, 400)
		return problems(status, problem{Status: status, Title: "Bad Request", Detail: "Missing parameter filter[flexible-asset-type-id]", Source: &source{Parameter: "filter[flexible-asset-type-id]"}})
	}
	withPasswords := q.asks("passwords")
	var rows []row
	for _, a := range q.assets.all() {
		if a.archived && q.switches.HideArchived {
			continue
		}
		name := q.title(a)
		rows = append(rows, row{id: a.id, organization: a.organization, late: a.viaAPI,
			values: map[string]string{"flexible-asset-type-id": a.typeID, "organization-id": a.organization, "name": name, "created_at": printed(a.created), "updated_at": printed(a.updated)},
			print:  func() object { return q.printAsset(a, q.passwordLinks(a, withPasswords && !q.switches.IncludeIgnored)) },
		})
	}
	l := list{path: "/flexible_assets", filters: []string{"flexible-asset-type-id", "organization-id", "name"}, sorts: []string{"name", "created_at", "updated_at"}}
	if withPasswords {
		l.included = func(page []row) []object {
			all := []object{}
			for _, r := range page {
				all = append(all, q.passwordsOf(q.assets.byID[r.id])...)
			}
			return all
		}
	}
	return q.page(l, rows)
}

// passwordLinks names the passwords in an asset, if they are asked for.
func (q request) passwordLinks(a *asset, asked bool) object {
	if !asked {
		return object{}
	}
	var ids []string
	for _, o := range q.passwordsOf(a) {
		ids = append(ids, o["id"].(string))
	}
	return object{"passwords": identifiers("passwords", ids)}
}

func (q request) passwordsOf(a *asset) []object {
	all := []object{}
	for _, p := range q.passwords.all() {
		if p.AssetID == a.id && (p.field == "" || !q.switches.IncludeOnlyEmbedded) {
			all = append(all, q.printPassword(p))
		}
	}
	return all
}

func (q request) showAsset(id string) reply {
	a, ok := q.assets.byID[id]
	if !ok {
		return notFound()
	}
	var included []object
	if q.asks("passwords") {
		included = q.passwordsOf(a)
	}
	return show(200, q.printAsset(a, q.passwordLinks(a, included != nil)), touched{id, a.organization}, included)
}

// createAsset creates one asset or, through an organization, several.
func (q request) createAsset(organizationID string) reply {
	if organizationID == "" {
		return q.one(func(a attributes) reply { return q.makeAsset(a.number("organization-id"), a) })
	}
	all, ok := q.several()
	if !ok {
		return q.one(func(a attributes) reply { return q.makeAsset(organizationID, a) })
	}
	out := reply{status: or(q.switches.CreateStatus, 201), header: jsonAPI()}
	var data []json.RawMessage
	for _, a := range all {
		one := q.makeAsset(organizationID, a)
		if one.status >= 300 {
			return one
		}
		var e envelope
		_ = json.Unmarshal(one.body, &e) // our own answer
		data = append(data, e.Data)
		out.records, out.applied = append(out.records, one.records...), true
	}
	out.body = encode(object{"data": data})
	return out
}

func (q request) makeAsset(organizationID string, a attributes) reply {
	if _, ok := q.organizations.byID[organizationID]; !ok {
		return problems(422, problem{Status: 422, Title: "Valid organization_id is required", Source: &source{Pointer: "data/attributes/organization_id"}})
	}
	t, ok := q.types.byID[a.number("flexible-asset-type-id")]
	if !ok {
		return unprocessable("/data/attributes/flexible-asset-type", "must exist")
	}
	values, refused, fine := q.readTraits(t, nil, a["traits"])
	if !fine {
		return refused
	}
	made := &asset{organization: organizationID, typeID: t.ID, values: values, viaAPI: q.now()}
	q.keepAsset(made, "")
	out := show(or(q.switches.CreateStatus, 201), q.printAsset(made, object{}), touched{made.id, organizationID}, nil)
	out.applied = true
	return out
}

// changeAsset changes an asset. Traits that the request leaves out are deleted,
// unless it leaves all of them out.
func (q request) changeAsset(id string, a attributes) reply {
	old, ok := q.assets.byID[id]
	if !ok {
		return q.absent()
	}
	changed := *old
	if raw, given := a["traits"]; given || q.switches.PatchWithoutTraits == "clears" {
		values, refused, fine := q.readTraits(q.types.byID[old.typeID], old, raw)
		if !fine {
			return refused
		}
		changed.values = values
	}
	if raw, given := a["archived"]; given {
		changed.archived, _ = strconv.ParseBool(string(raw))
	}
	if _, given := a["organization-id"]; given {
		changed.organization = a.number("organization-id")
		if _, ok := q.organizations.byID[changed.organization]; !ok {
			return unauthorized()
		}
	}
	changed.updated = q.stamp()
	*old = changed
	q.dropFieldPasswords(old)
	out := show(200, q.printAsset(old, object{}), touched{id, old.organization}, nil)
	out.applied = true
	return out
}
