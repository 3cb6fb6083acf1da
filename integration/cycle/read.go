package cycle

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue"
	"github.com/itglue-revio/itglue-revio/component/revio"
	"github.com/itglue-revio/itglue-revio/integration/mapping"
	"github.com/itglue-revio/itglue-revio/integration/match"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

const (
	orgsPerList    = 100 // how many organizations one IT Glue list asks for
	listsAtOnce    = 4   // how many customers' assets are listed side by side
	recordsPerPage = 2000
	fieldsNote     = "fields"   // what the instance remembers of mapped fields, as JSON
	findingsNote   = "findings" // what the last cycle found of them, as JSON
)

// place is where a serial number stands, over all accepted links.
type place struct {
	side   reconcile.Side
	record string
	owner  string
}

// read lists the assets of the given links on both sides into the store.
func (c *Cycle) read(ctx context.Context, links []store.Link) error {
	types, err := c.types(ctx)
	if err != nil {
		return err
	}
	if err := c.resolve(ctx, types); err != nil {
		return err
	}
	for _, id := range sortedKeys(c.maps) {
		if err := c.readLeft(ctx, id, links); err != nil {
			return err
		}
	}
	after, err := c.types(ctx)
	if err != nil {
		return err
	}
	for id := range c.maps {
		if !reflect.DeepEqual(types[id], after[id]) && c.leftWhy[id] == "" {
			c.leftWhy[id] = "the fields of " + types[id].Name + " changed in IT Glue while its assets were read"
		}
	}
	return c.readRight(ctx, links)
}

// types gives the enabled flexible asset types with their fields, by id.
func (c *Cycle) types(ctx context.Context) (map[string]mapping.Type, error) {
	list, err := itglue.ListFlexibleAssetTypes.Call(ctx, c.Session, itglue.ListFlexibleAssetTypesInput{WithFields: true})
	if err != nil {
		return nil, err
	}
	types := map[string]mapping.Type{}
	for _, t := range list.Items {
		if t.Enabled {
			types[t.ID] = MappingType(t)
		}
	}
	return types, nil
}

// MappingType gives a flexible asset type as the mapping knows it.
func MappingType(t itglue.FlexibleAssetType) mapping.Type {
	m := mapping.Type{ID: t.ID, Name: t.Name}
	for _, f := range t.Fields {
		m.Fields = append(m.Fields, mapping.Field{ID: f.ID, Name: f.Name, Key: f.Key, Kind: f.Kind, TagType: f.TagType, Options: f.Options, Required: f.Required, UseForTitle: f.UseForTitle})
	}
	return m
}

// resolve finds the mapped fields by their ids, reports what was renamed or is
// gone, and remembers what they are called now.
func (c *Cycle) resolve(ctx context.Context, types map[string]mapping.Type) error {
	remembered := c.remembered()
	now, found := map[string]mapping.Remembered{}, []mapping.Finding{}
	for _, id := range c.Config.TypeIDs {
		t, ok := types[id]
		if !ok {
			gone := mapping.Finding{Type: id, Kind: mapping.Gone, Text: fmt.Sprintf("The selected flexible asset type %s is gone or no longer enabled in IT Glue; its assets are paused. Enable it there, or take it out in step 2.", id)}
			found = append(found, gone)
			c.note("%s", gone.Text)
			continue
		}
		m, findings := mapping.Resolve(t, c.Config.Fields[id], remembered)
		found = append(found, findings...)
		for _, f := range findings {
			c.note("%s", f.Text)
		}
		for _, f := range m.Fields {
			if f.Parked == "" {
				now[f.Field.ID] = mapping.Remembered{Name: f.Field.Name, Kind: f.Field.Kind}
			} else if r, ok := remembered[c.Config.Fields[id][f.Revio]]; ok {
				now[c.Config.Fields[id][f.Revio]] = r
			}
		}
		c.maps[id] = m
	}
	raw, err := json.Marshal(now)
	if err != nil || c.dry {
		return err
	}
	said, err := json.Marshal(found)
	if err != nil {
		return err
	}
	return c.setNotes(ctx, map[string]string{fieldsNote: string(raw), findingsNote: string(said)}, nil)
}

// Findings gives what the last cycle found of an instance's mapped fields and
// selected types; one whose type is gone names no field.
func Findings(in store.Instance) (found []mapping.Finding) {
	if err := json.Unmarshal([]byte(in.Notes[findingsNote]), &found); err != nil {
		return nil
	}
	return found
}

func (c *Cycle) remembered() map[string]mapping.Remembered {
	return Remembered(c.inst)
}

// Remembered gives what an instance remembers of its mapped fields, by id.
func Remembered(in store.Instance) map[string]mapping.Remembered {
	m := map[string]mapping.Remembered{}
	if err := json.Unmarshal([]byte(in.Notes[fieldsNote]), &m); err != nil {
		return map[string]mapping.Remembered{}
	}
	return m
}

// ForgetFields gives an instance's notes without what is remembered of its
// mapped fields: a field whose kind changed is parked until a person maps it
// again, and works from then on.
func ForgetFields(notes map[string]string) map[string]string {
	notes = maps.Clone(notes)
	delete(notes, fieldsNote)
	delete(notes, findingsNote)
	return notes
}

// readLeft lists the assets of one type for the given links' organizations.
func (c *Cycle) readLeft(ctx context.Context, typeID string, links []store.Link) error {
	m := c.maps[typeID]
	for chunk := range slices.Chunk(links, orgsPerList) {
		c.Session.Report("reading "+m.Type.Name+" from IT Glue", c.report.Assets, 0)
		list, err := itglue.ListFlexibleAssets.Call(ctx, c.Session, itglue.ListFlexibleAssetsInput{TypeID: typeID, OrganizationIDs: linkIDs(chunk)})
		if err != nil {
			return err
		}
		if !list.Complete {
			c.leftWhy[typeID] = incomplete(list.Listing, "IT Glue's list of "+m.Type.Name)
			c.note("%s. Nothing counts as gone or is created because of it.", c.leftWhy[typeID])
		}
		records := make([]store.Stored, len(list.Items))
		for i, a := range list.Items {
			records[i] = store.Stored{Record: c.leftRecord(a), Side: reconcile.Left, Run: c.runID()}
			c.mention(a)
		}
		c.report.Assets += len(records)
		if err := c.saveRecords(ctx, records); err != nil {
			return err
		}
	}
	return nil
}

// mention remembers which passwords an asset tags.
func (c *Cycle) mention(a itglue.FlexibleAsset) {
	for _, raw := range a.Traits {
		var tag struct {
			Type   string `json:"type"`
			Values []struct {
				ID json.Number `json:"id"`
			} `json:"values"`
		}
		if !bytes.Contains(raw, []byte(`"Passwords"`)) || json.Unmarshal(raw, &tag) != nil || tag.Type != "Passwords" {
			continue
		}
		for _, v := range tag.Values {
			c.mentions[v.ID.String()] = a.ID
		}
	}
}

func incomplete(l component.Listing, what string) string {
	if l.Why != "" {
		return what + " is not complete: " + l.Why
	}
	return what + " is not complete"
}

// leftRecord maps a flexible asset.
func (c *Cycle) leftRecord(a itglue.FlexibleAsset) reconcile.Record {
	m := c.maps[a.TypeID]
	fields, unread, oneWay := m.Left(a.Traits)
	fields[reconcile.NameField] = mapping.CanonicalText(a.Name)
	r := reconcile.Record{ID: a.ID, Owner: a.OrganizationID, Type: a.TypeID, Name: a.Name, Fields: fields, Unread: unread, OneWay: oneWay, Updated: a.UpdatedAt.UnixMilli(), Archived: a.Archived}
	if !slices.Contains(c.Config.Rules.WriteTypesWithFiles, a.TypeID) {
		r.ReadOnly = m.HoldsFiles(a.Traits)
	}
	return r
}

// readRight lists the assets of the links' customers, several side by side.
func (c *Cycle) readRight(ctx context.Context, links []store.Link) error {
	lists := make([]revio.AssetList, len(links))
	for start := 0; start < len(links); start += listsAtOnce {
		batch := links[start:min(start+listsAtOnce, len(links))]
		c.Session.Report("reading assets from Rev.io", start, len(links))
		g, gctx := errgroup.WithContext(ctx)
		for i, l := range batch {
			g.Go(func() (err error) {
				lists[start+i], err = revio.ListAssets.Call(gctx, c.Session, revio.ListAssetsInput{CustomerID: l.Customer.ID})
				return err
			})
		}
		if err := g.Wait(); err != nil {
			return err
		}
		for i, l := range batch {
			list := lists[start+i]
			lists[start+i] = revio.AssetList{}
			if !list.Complete {
				c.shown[l.Customer.ID] = incomplete(list.Listing, "Rev.io's list of the assets of "+l.Customer.Name)
			}
			records := make([]store.Stored, len(list.Items))
			for j, a := range list.Items {
				records[j] = store.Stored{Record: c.marked(a), Side: reconcile.Right, Run: c.runID()}
			}
			if err := c.saveRecords(ctx, records); err != nil {
				return err
			}
		}
	}
	return nil
}

// rightRecord takes a Rev.io asset over with its raw values; view gives them in
// the canonical form of a mapping.
func rightRecord(a revio.Asset) reconcile.Record {
	r := reconcile.Record{ID: a.ID, Owner: a.CustomerID, Type: a.TypeID, Name: a.Fields[reconcile.NameField], Fields: reconcile.Fields{}}
	for f, v := range a.Fields {
		r.Fields[f] = v
	}
	if a.ModifiedAt != nil {
		r.Updated = a.ModifiedAt.UnixMilli()
	}
	return r
}

// marked takes a Rev.io asset over with the mark of what it was made of.
func (c *Cycle) marked(a revio.Asset) reconcile.Record {
	r := rightRecord(a)
	r.MadeOf, _ = strings.CutPrefix(a.ExternalReference, c.reference(""))
	if r.MadeOf == a.ExternalReference {
		r.MadeOf = ""
	}
	return r
}

// view gives a Rev.io record's fields in the canonical form of the mapping of a
// flexible asset type.
func (c *Cycle) view(leftType string, r reconcile.Record) reconcile.Record {
	fields, unread := c.maps[leftType].Right(r.Fields)
	if name, shown := r.Fields[reconcile.NameField]; shown {
		fields[reconcile.NameField] = mapping.CanonicalText(name)
	}
	r.Fields, r.Unread = fields, unread
	return r
}

func (c *Cycle) saveRecords(ctx context.Context, records []store.Stored) error {
	for batch := range slices.Chunk(records, recordsPerPage) {
		if err := c.write(ctx, func(tx store.Tx) error { return tx.SaveRecords(ctx, c.Instance, batch) }); err != nil {
			return err
		}
	}
	return nil
}

// indexSerials finds every serial number of the accepted links, so that one
// that stands under two customers is seen.
func (c *Cycle) indexSerials(ctx context.Context) error {
	accepted := map[string]bool{}
	for _, l := range c.links {
		if l.State == store.Accepted && l.Customer != nil {
			accepted["left"+l.ID], accepted["right"+l.Customer.ID] = true, true
		}
	}
	return c.Store.Read(ctx, func(tx store.Tx) error {
		c.serials = map[string][]place{}
		after := ""
		for {
			records, next, err := tx.ListRecords(ctx, c.Instance, store.RecordQuery{After: after, Limit: recordsPerPage})
			if err != nil {
				return err
			}
			for _, r := range records {
				key, usable := match.Serial(r.Fields[reconcile.SerialField])
				if usable && accepted[string(r.Side)+r.Owner] && !r.Archived {
					c.serials[key] = append(c.serials[key], place{r.Side, r.ID, r.Owner})
				}
			}
			if after = next; after == "" {
				return nil
			}
		}
	})
}

func (c *Cycle) runID() string { return c.Session.Run.ID }

func linkIDs(links []store.Link) []string {
	ids := make([]string, len(links))
	for i, l := range links {
		ids[i] = l.ID
	}
	return ids
}
