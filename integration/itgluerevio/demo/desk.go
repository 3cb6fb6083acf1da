package demo

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// mostRows is how many records a desk shows at once.
const mostRows = 40

// row is a record as a desk shows it, with the fields that can be edited there.
type row struct {
	Kind, ID, Name, Of string
	Cells              []cell
}

// cell is one field of a record.
type cell struct{ Key, Label, Value string }

// desk is a page of one simulator, where a person finds a record and edits it,
// as they would in the real system.
type desk struct {
	title string
	rows  func() []row
	edit  func(r row, key, value string)
}

//go:embed desk.html
var deskText string

var deskPage = template.Must(template.New("desk").Parse(deskText))

// DeskOfITGlue is the page of the IT Glue simulator: the fields of the selected
// types (to rename them), organizations, and flexible assets.
func (w *World) DeskOfITGlue() http.Handler {
	return desk{"IT Glue, simulated", w.itglueRows, func(r row, key, value string) {
		switch r.Kind {
		case "type":
			w.ITGlue.RenameField(key, value)
		case "organization":
			w.ITGlue.RenameOrganization(r.ID, value)
		default:
			w.ITGlue.SetTrait(r.ID, key, value)
		}
	}}.handler()
}

// DeskOfRevio is the page of the Rev.io simulator: customers and assets.
func (w *World) DeskOfRevio() http.Handler {
	return desk{"Rev.io PSA, simulated", w.revioRows, func(r row, key, value string) {
		if r.Kind == "customer" {
			w.Revio.SetCustomer(r.ID, key, value)
			return
		}
		w.Revio.SetAsset(r.ID, key, value)
	}}.handler()
}

func (w *World) itglueRows() []row {
	var all []row
	names, types := map[string]string{}, map[string][]cell{}
	for _, id := range w.Types() {
		t, _ := w.ITGlue.Type(id)
		r := row{Kind: "type", ID: id, Name: t.Name, Of: "names of its fields"}
		for _, f := range t.Fields {
			r.Cells = append(r.Cells, cell{f.ID, f.Kind, f.Name})
			if slices.Contains([]string{"Text", "Textbox", "Number", "Date"}, f.Kind) {
				types[id] = append(types[id], cell{f.Key, f.Name, ""})
			}
		}
		names[id], all = t.Name, append(all, r)
	}
	for _, o := range w.ITGlue.Organizations() {
		names[o.ID] = o.Name
		all = append(all, row{Kind: "organization", ID: o.ID, Name: o.Name, Cells: []cell{{"name", "Name", o.Name}}})
	}
	for _, a := range w.ITGlue.Assets() {
		r := row{Kind: "asset", ID: a.ID, Name: a.Name, Of: names[a.OrganizationID] + ", " + names[a.TypeID]}
		for _, c := range types[a.TypeID] {
			c.Value = plain(a.Traits[c.Key])
			r.Cells = append(r.Cells, c)
		}
		all = append(all, r)
	}
	return all
}

// plain gives a trait as text.
func plain(v json.RawMessage) string {
	var text string
	if json.Unmarshal(v, &text) == nil {
		return text
	}
	return strings.TrimSpace(string(v))
}

func (w *World) revioRows() []row {
	var all []row
	names := map[string]string{}
	for _, c := range w.Revio.Customers() {
		names[c.ID] = c.Name
		all = append(all, row{Kind: "customer", ID: c.ID, Name: c.Name, Of: c.Status, Cells: []cell{{"name", "Name", c.Name}}})
	}
	labels := []cell{{"name", "Asset Name", ""}, {"serialNumber", "Serial Number", ""}, {"operatingSystem", "Operating System", ""},
		{"ipAddress", "IP Address", ""}, {"installDate", "Install Date", ""}, {"description", "Description", ""}}
	for _, a := range w.Revio.Assets("") {
		r := row{Kind: "asset", ID: a.ID, Name: a.Fields["name"], Of: names[a.CustomerID]}
		for _, c := range labels {
			c.Value = a.Fields[c.Key]
			r.Cells = append(r.Cells, c)
		}
		all = append(all, r)
	}
	return all
}

func (d desk) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", d.show)
	mux.HandleFunc("POST /{$}", d.take)
	return http.NewCrossOriginProtection().Handler(mux)
}

func (d desk) show(w http.ResponseWriter, r *http.Request) {
	search := r.URL.Query().Get("search")
	shown, found := []row{}, 0
	for _, record := range d.rows() {
		if !strings.Contains(strings.ToLower(record.Kind+" "+record.Name+" "+record.Of+" "+values(record)), strings.ToLower(search)) {
			continue
		}
		if found++; found <= mostRows {
			shown = append(shown, record)
		}
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	_ = deskPage.Execute(w, map[string]any{"Title": d.title, "Search": search, "Rows": shown, "Found": found, "Most": mostRows, "Saved": r.URL.Query().Get("saved")})
}

func values(r row) string {
	var b strings.Builder
	for _, c := range r.Cells {
		b.WriteString(c.Value + " ")
	}
	return b.String()
}

// take edits one field, as a person would.
func (d desk) take(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	kind, id, key := r.FormValue("kind"), r.FormValue("id"), r.FormValue("key")
	all := d.rows()
	i := slices.IndexFunc(all, func(r row) bool {
		return r.Kind == kind && r.ID == id && slices.ContainsFunc(r.Cells, func(c cell) bool { return c.Key == key })
	})
	if i < 0 {
		http.Error(w, "there is no such field", http.StatusNotFound)
		return
	}
	d.edit(all[i], key, strings.TrimSpace(r.FormValue("value")))
	back := url.Values{"search": {r.FormValue("search")}, "saved": {kind + id}}
	http.Redirect(w, r, fmt.Sprintf("/?%s#%s%s", back.Encode(), url.PathEscape(kind), url.PathEscape(id)), http.StatusSeeOther)
}
