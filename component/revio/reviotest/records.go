package reviotest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/itglue-revio/itglue-revio/component/revio"
)

var assetTexts = []string{"name", "description", "serialNumber", "operatingSystem", "ipAddress", "installDate"}

func (w *World) namesOf(field string) revio.Names {
	n := w.profile.Fields.Asset
	return map[string]revio.Names{
		"name": n.Name, "description": n.Description, "serialNumber": n.SerialNumber,
		"operatingSystem": n.OperatingSystem, "ipAddress": n.IPAddress, "installDate": n.InstallDate,
	}[field]
}

func (w *World) customerNames() map[string]revio.Names {
	n := w.profile.Fields.Customer
	return map[string]revio.Names{"description": n.Description, "notes": n.Notes, "city": n.City, "website": n.Website, "phone": n.Phone}
}

func (w *World) listCustomers(req Request) reply {
	rows := make([]map[string]any, len(w.customers))
	for i, c := range w.customers {
		rows[i] = w.showCustomer(c)
	}
	return w.list(req, rows)
}

func (w *World) listTypes(req Request) reply {
	n := w.profile.Fields.AssetType
	rows := make([]map[string]any, len(w.types))
	for i, t := range w.types {
		row := map[string]any{}
		w.put(row, n.ID, w.idOf(t.ID))
		w.put(row, n.Name, t.Name)
		w.put(row, n.Active, t.Active)
		rows[i] = row
	}
	return w.list(req, rows)
}

func (w *World) listAssets(req Request) reply {
	q, rows := w.profile.Query, []map[string]any{}
	for _, a := range w.assets {
		if a.shownFrom.After(w.Now()) {
			continue
		}
		fits := w.fits(req, q.CustomerID, a.CustomerID, false) &&
			w.fits(req, q.SerialNumber, a.Fields["serialNumber"], true) &&
			w.fits(req, q.ExternalReference, a.ExternalReference, true)
		if since, err := time.Parse(time.RFC3339, req.Query.Get(q.ModifiedSince)); q.ModifiedSince != "" && err == nil && !w.switches.IgnoreFilters {
			fits = fits && !a.Modified.Before(since)
		}
		if fits {
			rows = append(rows, w.showAsset(a))
		}
	}
	return w.list(req, rows)
}

// fits applies one filter of a list.
func (w *World) fits(req Request, parameter, has string, isText bool) bool {
	want := req.Query.Get(parameter)
	switch {
	case parameter == "" || want == "" || w.switches.IgnoreFilters:
		return true
	case isText && w.switches.ContainsFilters:
		return strings.Contains(strings.ToLower(has), strings.ToLower(want))
	case isText && !w.switches.ExactFilters:
		return strings.EqualFold(has, want)
	}
	return has == want
}

func (w *World) showCustomer(c *Customer) map[string]any {
	n := w.profile.Fields.Customer
	row := map[string]any{}
	w.put(row, n.ID, w.idOf(c.ID))
	w.put(row, n.Name, c.Name)
	w.put(row, n.Status, c.Status)
	w.put(row, n.Modified, stamp(c.Modified))
	for field, names := range w.customerNames() {
		w.show(row, field, names, c.Fields[field])
	}
	return row
}

func (w *World) showAsset(a *Asset) map[string]any {
	n := w.profile.Fields.Asset
	row := map[string]any{}
	w.put(row, n.ID, w.idOf(a.ID))
	w.put(row, n.CustomerID, w.idOf(a.CustomerID))
	w.put(row, n.TypeID, w.idOf(a.TypeID))
	w.put(row, n.Status, a.Status)
	w.put(row, n.Created, stamp(a.Created))
	w.put(row, n.Modified, stamp(a.Modified))
	if i := slices.IndexFunc(w.types, func(t *AssetType) bool { return t.ID == a.TypeID }); i >= 0 {
		w.put(row, n.TypeName, w.types[i].Name)
	}
	if !w.switches.NoExternalReference {
		w.show(row, "externalReference", n.ExternalReference, a.ExternalReference)
	}
	for _, field := range assetTexts {
		value := a.Fields[field]
		if field == "installDate" && value != "" && w.switches.DateTimes {
			value += "T00:00:00Z"
		}
		w.show(row, field, w.namesOf(field), value)
	}
	for field, value := range a.Fields {
		if !slices.Contains(assetTexts, field) {
			row[field] = value
		}
	}
	return row
}

func (w *World) customerRequest(req Request, id string) reply {
	c := w.customer(id)
	if c == nil {
		return refusal(http.StatusNotFound, "customer not found")
	}
	if req.Method == http.MethodGet {
		return w.one(http.StatusOK, w.showCustomer(c), c.version)
	}
	body, refused := w.change(req, c.version)
	if refused != nil {
		return *refused
	}
	n := w.profile.Fields.Customer
	for field, names := range w.customerNames() {
		if value, given := w.given(req, body, names); given {
			c.Fields[field] = w.mangle(value)
		}
	}
	if value, given := w.given(req, body, n.Name); given {
		if value == "" {
			return refusal(http.StatusUnprocessableEntity, "name is required")
		}
		c.Name = w.mangle(value)
	}
	c.touch(w.Now())
	return w.one(http.StatusOK, w.showCustomer(c), c.version)
}

func (w *World) assetRequest(req Request, id string) reply {
	a := w.asset(id)
	if a == nil {
		return refusal(http.StatusNotFound, "asset not found")
	}
	if req.Method == http.MethodGet {
		return w.one(http.StatusOK, w.showAsset(a), a.version)
	}
	body, refused := w.change(req, a.version)
	if refused != nil {
		return *refused
	}
	changed := a.copy()
	if r := w.takeAsset(req, body, &changed); r != nil {
		return *r
	}
	*a = changed
	a.touch(w.Now())
	return w.one(http.StatusOK, w.showAsset(a), a.version)
}

func (w *World) createAsset(req Request) reply {
	body, refused := w.change(req, -1)
	if refused != nil {
		return *refused
	}
	n := w.profile.Fields.Asset
	a := &Asset{CustomerID: textOf(field(body, n.CustomerID)), TypeID: textOf(field(body, n.TypeID)), Fields: map[string]string{}}
	if w.customer(a.CustomerID) == nil {
		return refusal(http.StatusUnprocessableEntity, "the customer does not exist")
	}
	if !slices.ContainsFunc(w.types, func(t *AssetType) bool { return t.ID == a.TypeID }) {
		return refusal(http.StatusUnprocessableEntity, "the asset type does not exist")
	}
	if r := w.takeAsset(req, body, a); r != nil {
		return *r
	}
	w.addAsset(a)
	location := strings.ReplaceAll(w.profile.Paths.Asset, "{id}", a.ID)
	answer := w.one(http.StatusCreated, w.showAsset(a), a.version)
	switch {
	case w.switches.EmptyCreate:
		answer = reply{status: http.StatusNoContent}
	case w.switches.IDOnly:
		answer.body = mustJSON(map[string]any{"ok": true, "id": w.idOf(a.ID)})
	}
	if answer.header == nil {
		answer.header = map[string]string{}
	}
	answer.header["Location"] = location
	return answer
}

// takeAsset takes the fields of a body into an asset.
func (w *World) takeAsset(req Request, body map[string]any, a *Asset) *reply {
	for _, field := range assetTexts {
		value, given := w.given(req, body, w.namesOf(field))
		if !given {
			continue
		}
		if most := w.profile.MaxLength[field]; w.switches.RefuseLong && most > 0 && len([]rune(value)) > most {
			r := refusal(http.StatusUnprocessableEntity, fmt.Sprintf("%s is longer than %d", field, most))
			return &r
		}
		if field == "installDate" && value != "" {
			day, err := time.Parse(time.DateOnly, value[:min(10, len(value))])
			if err != nil {
				r := refusal(http.StatusUnprocessableEntity, "installDate is not a date")
				return &r
			}
			value = day.Format(time.DateOnly)
		} else {
			value = w.mangle(value)
		}
		a.Fields[field] = value
	}
	if a.Fields["name"] == "" {
		r := refusal(http.StatusUnprocessableEntity, "name is required")
		return &r
	}
	if req.Method == http.MethodPut { // what a replacement leaves out is gone
		for field := range a.Fields {
			if _, kept := body[field]; !kept && !slices.Contains(assetTexts, field) {
				delete(a.Fields, field)
			}
		}
	}
	if value, given := w.given(req, body, w.profile.Fields.Asset.ExternalReference); given && !w.switches.NoExternalReference {
		a.ExternalReference = value
	}
	return nil
}

// mangle keeps a text as the tenant does.
func (w *World) mangle(s string) string {
	if w.switches.Trim {
		s = strings.TrimSpace(s)
	}
	if w.switches.Upper {
		s = strings.ToUpper(s)
	}
	if runes := []rune(s); w.switches.Cut > 0 && len(runes) > w.switches.Cut {
		s = string(runes[:w.switches.Cut])
	}
	return s
}
