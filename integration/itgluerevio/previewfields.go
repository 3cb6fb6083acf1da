package itgluerevio

import (
	"cmp"
	"context"
	"encoding/json"
	"math"
	"slices"
	"strings"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue"
	"github.com/itglue-revio/itglue-revio/component/revio"
	"github.com/itglue-revio/itglue-revio/integration/mapping"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
)

// PreviewFieldsInput names a type of step 3.
type PreviewFieldsInput struct {
	AnswersInput
	TypeID string `json:"typeId" jsonschema:"minLength=1" jsonschema_description:"A selected flexible asset type."`
}

// TraitPreview is one field of a flexible asset type, as the assets that were
// looked at have it.
type TraitPreview struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	Kind      string   `json:"kind"`
	Direction string   `json:"direction" jsonschema:"enum=both,enum=toRevio,enum=never" jsonschema_description:"Which way its values can travel."`
	Filled    float64  `json:"filled" jsonschema_description:"The share of assets that have a value, from 0 to 1."`
	Suits     []string `json:"suits" jsonschema_description:"The Rev.io fields that it can be mapped to."`
}

// FieldSample is one value: as IT Glue has it, and as Rev.io would get it.
type FieldSample struct {
	Asset   string `json:"asset"`
	Raw     string `json:"raw"`
	Value   string `json:"value"`
	Problem string `json:"problem,omitempty" jsonschema_description:"Why Rev.io would not get it as it is, in words."`
}

// FieldPreview is one Rev.io field, and what it would get.
type FieldPreview struct {
	Field   string        `json:"field"`
	Title   string        `json:"title"`
	TraitID string        `json:"traitId,omitempty" jsonschema_description:"What it is mapped to; empty when it is skipped."`
	Filled  float64       `json:"filled" jsonschema_description:"The share of assets that have a value, from 0 to 1."`
	Reads   float64       `json:"reads" jsonschema_description:"The share of those values that can be read, from 0 to 1."`
	Samples []FieldSample `json:"samples"`
	Warning string        `json:"warning,omitempty" jsonschema_description:"What is wrong with the mapping, in words."`
}

// FieldPreviews is what a type's mapping would do.
type FieldPreviews struct {
	TypeID      string              `json:"typeId"`
	Type        string              `json:"type"`
	Looked      int                 `json:"looked" jsonschema_description:"How many assets were looked at."`
	Assets      int                 `json:"assets" jsonschema_description:"How many there are."`
	Traits      []TraitPreview      `json:"traits"`
	Fields      []FieldPreview      `json:"fields"`
	Suggestions []MappingSuggestion `json:"suggestions" jsonschema_description:"For Rev.io fields that are not mapped."`
	ReadOnly    string              `json:"readOnly,omitempty" jsonschema_description:"Why assets of this type are not written in IT Glue, in words."`
	Note        string              `json:"note"`
}

// previewFields shows what a mapping of step 3 would do to some assets.
func (k keeper) previewFields() component.Callable {
	return component.Func(component.Spec{Name: "preview.fields", Summary: "For step 3: show how well the traits are filled, what Rev.io would get of five assets, and what a mapping may be, live and stored nowhere.", Effect: component.Reads, Access: component.Configure},
		func(ctx context.Context, s *component.Session, in PreviewFieldsInput) (FieldPreviews, error) {
			a, err := k.answers(ctx, s, in.Answers)
			if err != nil {
				return FieldPreviews{}, err
			}
			types, err := selectedTypes(ctx, a.session, a.document)
			if err != nil {
				return FieldPreviews{}, err
			}
			i := slices.IndexFunc(types, func(t mapping.Type) bool { return t.ID == in.TypeID })
			if i < 0 {
				return FieldPreviews{}, component.Errorf(component.InvalidInput, "the flexible asset type %s is not selected", in.TypeID).Then("Select it in step 2.")
			}
			client, err := revio.Connection.Open(ctx, a.session)
			if err != nil {
				return FieldPreviews{}, err
			}
			list, err := itglue.ListFlexibleAssets.Call(ctx, a.session, itglue.ListFlexibleAssetsInput{TypeID: in.TypeID, Page: component.Page{Limit: previewPage}})
			if err != nil {
				return FieldPreviews{}, err
			}
			p := fieldPreviewer{t: types[i], fields: client.MappableFields(), fit: client.Profile().Fit, chosen: a.document.Fields["t"+in.TypeID], remembered: a.remembered, assets: list.Items}
			out := p.preview()
			out.Assets = max(list.Total, len(list.Items))
			if slices.Contains(a.document.Rules.WriteTypesWithFiles, in.TypeID) {
				out.ReadOnly = ""
			}
			return out, nil
		})
}

// fieldPreviewer makes the preview of one type's mapping.
type fieldPreviewer struct {
	t          mapping.Type
	fields     []string
	fit        func(field, value string) (string, bool)
	chosen     map[string]string
	remembered map[string]mapping.Remembered
	assets     []itglue.FlexibleAsset
}

func (p fieldPreviewer) preview() FieldPreviews {
	out := FieldPreviews{TypeID: p.t.ID, Type: p.t.Name, Looked: len(p.assets), Note: previewPageNote, Traits: []TraitPreview{}, Fields: []FieldPreview{}}
	// What changed last says most about how the type is used now.
	slices.SortStableFunc(p.assets, func(a, b itglue.FlexibleAsset) int { return b.UpdatedAt.Compare(a.UpdatedAt) })
	for _, f := range p.t.Fields {
		if f.Kind != mapping.Header {
			out.Traits = append(out.Traits, p.trait(f))
		}
	}
	m, findings := mapping.Resolve(p.t, p.chosen, p.remembered)
	for _, field := range p.fields {
		preview := FieldPreview{Field: field, Title: revio.FieldTitle(field), TraitID: p.chosen[field], Samples: []FieldSample{}}
		for _, f := range findings {
			if f.Revio == field {
				preview.Warning = f.Text
			}
		}
		if i := slices.IndexFunc(m.Fields, func(f mapping.Mapped) bool { return f.Revio == field && f.Parked == "" }); i >= 0 {
			p.field(&preview, m, m.Fields[i])
		}
		out.Fields = append(out.Fields, preview)
	}
	out.Suggestions = suggestMapping(p.t, p.fields, p.chosen)
	for _, f := range p.t.Fields {
		if f.Kind == mapping.Upload || f.Kind == mapping.Password {
			out.ReadOnly = "An asset of this type that holds a value in “" + f.Name + "” is only read in IT Glue: writing it there could lose the file or the password."
			break
		}
	}
	return out
}

func (p fieldPreviewer) trait(f mapping.Field) TraitPreview {
	out := TraitPreview{ID: f.ID, Name: f.Name, Kind: f.Kind, Direction: "never", Suits: []string{}}
	for _, field := range p.fields {
		direction, suits := mapping.Suits(f.Kind, field)
		if !suits {
			continue
		}
		out.Suits = append(out.Suits, field)
		out.Direction = "both"
		if direction == reconcile.ToRight {
			out.Direction = "toRevio"
		}
	}
	filled := 0
	for _, a := range p.assets {
		if rawText(a.Traits[f.Key]) != "" {
			filled++
		}
	}
	out.Filled = share(filled, len(p.assets))
	return out
}

// field fills in what a mapped Rev.io field would get.
func (p fieldPreviewer) field(out *FieldPreview, m mapping.Mapping, f mapping.Mapped) {
	filled, read := 0, 0
	for _, a := range p.assets {
		raw := rawText(a.Traits[f.Field.Key])
		if raw == "" {
			continue
		}
		filled++
		fields, unread, oneWay := m.Left(a.Traits)
		sample := FieldSample{Asset: a.Name, Raw: raw, Problem: cmp.Or(unread[f.Revio], oneWay[f.Revio])}
		if unread[f.Revio] == "" {
			read++
			fitted, cut := p.fit(f.Revio, fields[f.Revio])
			sample.Value = fitted
			if cut {
				sample.Problem = "it is longer than Rev.io holds, and cut there"
			}
		}
		if len(out.Samples) < previewSamples {
			out.Samples = append(out.Samples, sample)
		}
	}
	out.Filled, out.Reads = share(filled, len(p.assets)), share(read, filled)
	if filled > 0 && read < filled && out.Warning == "" {
		out.Warning = counted(filled-read, "value of ", "values of ") + counted(filled, "asset", "assets") + " cannot be read as " + f.Field.Kind + " and would not go to Rev.io."
	}
}

// rawText shows a trait as IT Glue prints it; "" when it is empty. Of a tag or a
// file it is the names.
func rawText(raw json.RawMessage) string {
	var v any
	if len(raw) == 0 || json.Unmarshal(raw, &v) != nil || v == nil {
		return ""
	}
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(v)
	case map[string]any:
		values, _ := v["values"].([]any)
		var names []string
		for _, one := range values {
			if o, ok := one.(map[string]any); ok {
				name, _ := o["name"].(string)
				names = append(names, name)
			}
		}
		return strings.Join(names, ", ")
	}
	return strings.TrimSpace(string(raw))
}

// share is a part of a whole, from 0 to 1, with as many digits as mean something.
func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return math.Round(float64(part)/float64(whole)*1000) / 1000
}
