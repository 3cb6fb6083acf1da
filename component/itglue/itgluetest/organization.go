package itgluetest

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

// Organization is a client of the account.
type Organization struct {
	ID          string // "" for the next one
	Name        string
	ShortName   string
	Description string
	QuickNotes  string
	Alert       string
	Type        string // a name; "" is Customer
	Status      string // a name; "" is Active
	ParentID    string
	Primary     bool
	PSASynced   bool // a PSA keeps it
	CreatedAt   time.Time
	UpdatedAt   time.Time

	viaAPI time.Time
}

// AddOrganization adds an organization, and gives its id.
func (w *World) AddOrganization(o Organization) string {
	defer w.lock()()
	return w.addOrganization(o).ID
}

func (w *World) addOrganization(o Organization) *Organization {
	o.ID = w.id("organization", o.ID)
	o.Type, o.Status = or(o.Type, "Customer"), or(o.Status, "Active")
	w.entry(&w.kinds, "type", o.Type)
	w.entry(&w.statuses, "status", o.Status)
	o.UpdatedAt = w.stamp()
	if o.CreatedAt.IsZero() {
		o.CreatedAt = o.UpdatedAt
	}
	w.organizations.add(o.ID, &o)
	return &o
}

// SetOrganization changes an organization, as a person would.
func (w *World) SetOrganization(id string, change func(*Organization)) {
	defer w.lock()()
	o := w.organizations.must(id)
	change(o)
	w.entry(&w.kinds, "type", o.Type)
	w.entry(&w.statuses, "status", o.Status)
	o.UpdatedAt = w.stamp()
}

// RenameOrganization gives an organization another name.
func (w *World) RenameOrganization(id, name string) {
	w.SetOrganization(id, func(o *Organization) { o.Name = name })
}

// RemoveOrganization deletes an organization with all that it owns.
func (w *World) RemoveOrganization(id string) {
	defer w.lock()()
	for _, a := range w.assets.all() {
		if a.organization == id {
			w.assets.remove(a.id)
		}
	}
	for _, p := range w.passwords.all() {
		if p.OrganizationID == id {
			w.passwords.remove(p.ID)
		}
	}
	w.organizations.remove(id)
}

// Organization gives an organization as it is now.
func (w *World) Organization(id string) (Organization, bool) {
	defer w.lock()()
	o, ok := w.organizations.byID[id]
	if !ok {
		return Organization{}, false
	}
	return *o, true
}

// Organizations gives all organizations in the order in which they were made.
func (w *World) Organizations() []Organization {
	defer w.lock()()
	var all []Organization
	for _, o := range w.organizations.all() {
		all = append(all, *o)
	}
	return all
}

func (q request) listOrganizations() reply {
	if refused, ok := q.withinAWeek(); !ok {
		return refused
	}
	var rows []row
	for _, o := range q.organizations.all() {
		rows = append(rows, row{id: o.ID, organization: o.ID, late: o.viaAPI,
			values: map[string]string{
				"id": o.ID, "name": o.Name, "short_name": o.ShortName, "primary": strconv.FormatBool(o.Primary),
				"organization_type_id": q.entry(&q.kinds, "type", o.Type), "organization_status_id": q.entry(&q.statuses, "status", o.Status),
				"organization_type_name": o.Type, "organization_status_name": o.Status,
				"created_at": printed(o.CreatedAt), "updated_at": printed(o.UpdatedAt),
			},
			print: func() object { return q.printOrganization(o, true) },
		})
	}
	return q.page(list{path: "/organizations",
		filters: []string{"id", "name", "organization_type_id", "organization_status_id", "created_at", "updated_at", "primary"},
		sorts:   []string{"name", "id", "updated_at", "organization_status_name", "organization_type_name", "created_at", "short_name"},
	}, rows)
}

// withinAWeek refuses a filter by change that reaches back further, where the
// switch says so.
func (q request) withinAWeek() (reply, bool) {
	asked := q.get("filter[updated_at]")
	if asked == "" || !q.switches.UpdatedFilterWeek {
		return reply{}, true
	}
	from, err := time.Parse(time.RFC3339, splitValues(asked)[0])
	if err != nil || q.now().Sub(from) > 7*24*time.Hour {
		return unprocessable("filter[updated_at]", "range must not be longer than a week"), false
	}
	return reply{}, true
}

// quickNotesCut is how many characters of the quick notes a list shows.
const quickNotesCut = 250

func (w *World) printOrganization(o *Organization, inList bool) object {
	notes := o.QuickNotes
	if r := []rune(notes); inList && len(r) > quickNotesCut {
		notes = string(r[:quickNotesCut])
	}
	psa := "disabled"
	if o.PSASynced {
		psa = "enabled"
	}
	parent := numberOf(o.ParentID)
	if w.switches.ParentIDAsString && o.ParentID != "" {
		parent = o.ParentID
	}
	return object{"id": o.ID, "type": "organizations", "relationships": object{}, "attributes": object{
		"name": o.Name, "alert": orNull(o.Alert), "description": orNull(o.Description),
		"organization-type-id": mustNumber(w.entry(&w.kinds, "type", o.Type)), "organization-type-name": o.Type,
		"organization-status-id": mustNumber(w.entry(&w.statuses, "status", o.Status)), "organization-status-name": o.Status,
		"my-glue-account-id": nil, "primary": o.Primary, "logo": "", "quick-notes": orNull(notes), "short-name": orNull(o.ShortName),
		"created-at": printed(o.CreatedAt), "updated-at": printed(o.UpdatedAt), "psa-integration": psa,
		"parent-id": parent, "ancestor-ids": w.ancestors(o),
	}}
}

func (w *World) ancestors(o *Organization) any {
	ids := []int64{}
	for at := o.ParentID; at != "" && !slices.Contains(ids, mustNumber(at)); {
		ids = append(ids, mustNumber(at))
		parent, ok := w.organizations.byID[at]
		if !ok {
			break
		}
		at = parent.ParentID
	}
	switch {
	case w.switches.AncestorForm == "null" && len(ids) == 0:
		return nil
	case w.switches.AncestorForm == "string":
		return string(encode(ids))
	}
	return ids
}

func (q request) showOrganization(id string) reply {
	o, ok := q.organizations.byID[id]
	if !ok {
		return notFound()
	}
	return show(200, q.printOrganization(o, false), touched{id, id}, nil)
}

func (q request) createOrganization() reply {
	return q.one(func(a attributes) reply {
		if a.text("name") == "" {
			return unprocessable("/data/attributes/name", []string{"can't be blank"})
		}
		o := Organization{Name: a.text("name"), viaAPI: q.now()}
		if refused, ok := q.fillOrganization(&o, a); !ok {
			return refused
		}
		made := q.addOrganization(o)
		out := show(or(q.switches.CreateStatus, 201), q.printOrganization(made, false), touched{made.ID, made.ID}, nil)
		out.applied = true
		return out
	})
}

// writableAlways are the attributes that may be written even of an organization
// that a PSA keeps.
var writableAlways = []string{"id", "alert", "description", "quick-notes"}

func (q request) changeOrganization(id string, a attributes) reply {
	o, ok := q.organizations.byID[id]
	if !ok {
		return q.absent()
	}
	if o.PSASynced {
		for name := range a {
			if !slices.Contains(writableAlways, name) {
				detail := or(q.switches.PSARefusal, "Externally synced record: only alert, description, quick_notes can be updated")
				return unprocessable("data/attributes/"+name, detail)
			}
		}
	}
	changed := *o
	if _, named := a["name"]; named {
		if changed.Name = a.text("name"); changed.Name == "" {
			return unprocessable("/data/attributes/name", []string{"can't be blank"})
		}
	}
	if refused, ok := q.fillOrganization(&changed, a); !ok {
		return refused
	}
	changed.UpdatedAt = q.stamp()
	*o = changed
	out := show(200, q.printOrganization(o, false), touched{id, id}, nil)
	out.applied = true
	return out
}

// fillOrganization takes what a request says of an organization beside its
// name. A parent cannot be given.
func (q request) fillOrganization(o *Organization, a attributes) (reply, bool) {
	for name, into := range map[string]*string{"description": &o.Description, "quick-notes": &o.QuickNotes, "alert": &o.Alert, "short-name": &o.ShortName} {
		if _, given := a[name]; given {
			*into = a.text(name)
		}
	}
	for name, in := range map[string]struct {
		list []named
		into *string
	}{"organization-type-id": {q.kinds, &o.Type}, "organization-status-id": {q.statuses, &o.Status}} {
		if _, given := a[name]; !given {
			continue
		}
		known := nameOf(in.list, a.number(name))
		if known == "" {
			return unprocessable(fmt.Sprintf("/data/attributes/%s", name[:len(name)-len("-id")]), "must exist"), false
		}
		*in.into = known
	}
	return reply{}, true
}
