package mapping_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/integration/mapping"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
)

func workstations() mapping.Type {
	return mapping.Type{ID: "301", Name: "Workstations", Fields: []mapping.Field{
		{ID: "401", Name: "Serial Number", Key: "serial-number", Kind: mapping.Text},
		{ID: "402", Name: "OS", Key: "os", Kind: mapping.Select, Options: []string{"Windows 11"}},
		{ID: "403", Name: "Installed", Key: "installed", Kind: mapping.Date},
		{ID: "404", Name: "Owner", Key: "owner", Kind: mapping.Tag, TagType: "Contacts"},
		{ID: "405", Name: "Asset Tag", Key: "asset-tag", Kind: mapping.Number},
		{ID: "406", Name: "Local admin", Key: "local-admin", Kind: mapping.Password},
		{ID: "407", Name: "Photo", Key: "photo", Kind: mapping.Upload},
		{ID: "408", Name: "Twin", Key: "twin", Kind: mapping.Text},
		{ID: "409", Name: "Twin", Key: "twin", Kind: mapping.Text},
		{ID: "410", Name: "Odd", Key: "odd", Kind: "Signature"},
	}}
}

func TestMappingIsSortedAndSkipsWhatIsNotChosen(t *testing.T) {
	t.Parallel()
	chosen := map[string]string{"serialNumber": "401", "operatingSystem": "402", "installDate": "403", "description": "404", "ipAddress": ""}
	m, findings := mapping.Resolve(workstations(), chosen, nil)
	require.Empty(t, findings)
	var got []string
	for _, f := range m.Fields {
		require.Empty(t, f.Parked)
		got = append(got, f.Revio+" "+f.Field.Name+" "+string(f.Direction))
	}
	require.Equal(t, []string{"description Owner toRight", "installDate Installed both", "operatingSystem OS both", "serialNumber Serial Number both"}, got)
}

func TestRenamedFieldGoesOnAndIsReported(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ before, text string }{
		{"Serial", "Workstations: “Serial” is now called “Serial Number”; the mapping goes on."},
		{"serial number", "Workstations: “serial number” is now called “Serial Number”, which differs in capitals only; the mapping goes on."},
		{"Serial Number ", "Workstations: “Serial Number ” is now called “Serial Number”, which differs in spaces only; the mapping goes on."},
	} {
		m, findings := mapping.Resolve(workstations(), map[string]string{"serialNumber": "401"}, map[string]mapping.Remembered{"401": {Name: row.before, Kind: mapping.Text}})
		require.Equal(t, []mapping.Finding{{Type: "301", Revio: "serialNumber", Kind: mapping.Renamed, Text: row.text}}, findings)
		fields, _, _ := m.Left(map[string]json.RawMessage{"serial-number": json.RawMessage(`"5CG2217QXK"`)})
		require.Equal(t, reconcile.Fields{"serialNumber": "5CG2217QXK"}, fields)
	}
}

func TestUnchangedFieldIsNoFinding(t *testing.T) {
	t.Parallel()
	_, findings := mapping.Resolve(workstations(), map[string]string{"serialNumber": "401"}, map[string]mapping.Remembered{"401": {Name: "Serial Number", Kind: mapping.Text}})
	require.Empty(t, findings)
}

func TestFieldThatCannotServeIsParkedAndReported(t *testing.T) {
	t.Parallel()
	remembered := map[string]mapping.Remembered{"499": {Name: "Serial", Kind: mapping.Text}, "402": {Name: "OS", Kind: mapping.Text}}
	for _, row := range []struct {
		revio, id string
		kind      mapping.FindingKind
		text      string
	}{
		{"serialNumber", "499", mapping.Gone, "“Serial” was deleted in IT Glue: map another field to serialNumber"},
		{"serialNumber", "498", mapping.Gone, "the field with the id 498 was deleted in IT Glue: map another field to serialNumber"},
		{"operatingSystem", "402", mapping.Retyped, "“OS” was a Text field and is a Select field now: save the fields page again to go on with it, or map another field to operatingSystem"},
		{"serialNumber", "405", mapping.Unsuitable, "“Asset Tag” is a Number field, which cannot be mapped to serialNumber, as it would lose leading zeros: map a field of the kind Text"},
		{"description", "406", mapping.Unsuitable, "“Local admin” is a Password field, which cannot be mapped to description, as such fields are never synced: map a field of the kind Text, Textbox, Select, Number, Percent, Checkbox, Date or Tag"},
		{"installDate", "401", mapping.Unsuitable, "“Serial Number” is a Text field, which cannot be mapped to installDate: map a field of the kind Date"},
		{"description", "410", mapping.Unsuitable, "“Odd” is a Signature field, which cannot be mapped to description: map a field of the kind Text, Textbox, Select, Number, Percent, Checkbox, Date or Tag"},
		{"description", "408", mapping.Unsuitable, "the API does not tell “Twin” apart from another field: give it a name of its own in IT Glue"},
		{"name", "401", mapping.Unsuitable, "name is no Rev.io field that can be mapped: skip it"},
	} {
		m, findings := mapping.Resolve(workstations(), map[string]string{row.revio: row.id}, remembered)
		require.Equal(t, []mapping.Finding{{Type: "301", Revio: row.revio, Kind: row.kind, Text: "Workstations: " + row.text + "."}}, findings)
		require.Len(t, m.Fields, 1)
		require.Equal(t, row.text, m.Fields[0].Parked)

		fields, unread, oneWay := m.Left(map[string]json.RawMessage{"serial-number": json.RawMessage(`"x"`)})
		require.Empty(t, fields, "a parked field is not read")
		require.Empty(t, unread)
		require.Empty(t, oneWay)
		fields, unread = m.Right(map[string]string{row.revio: "x"})
		require.Empty(t, fields)
		require.Empty(t, unread)
		_, _, err := m.Trait(row.revio, "x")
		require.EqualError(t, err, row.revio+" is left alone: "+row.text)
	}
}

func TestOneFieldServesOneRevioField(t *testing.T) {
	t.Parallel()
	m, findings := mapping.Resolve(workstations(), map[string]string{"description": "401", "serialNumber": "401"}, nil)
	require.Empty(t, m.Fields[0].Parked)
	require.Equal(t, "“Serial Number” serves description already, and one field cannot hold two values: map another one", m.Fields[1].Parked)
	require.Len(t, findings, 1)
	require.Equal(t, mapping.Unsuitable, findings[0].Kind)
}

func TestKindsSuitTheRevioFieldsThatCanHoldThem(t *testing.T) {
	t.Parallel()
	want := map[string][]string{
		"description":     {mapping.Text, mapping.Textbox, mapping.Number, mapping.Percent, mapping.Date, mapping.Checkbox, mapping.Select, mapping.Tag},
		"operatingSystem": {mapping.Text, mapping.Select, mapping.Tag},
		"serialNumber":    {mapping.Text},
		"ipAddress":       {mapping.Text},
		"installDate":     {mapping.Date},
		"name":            nil,
	}
	all := []string{mapping.Text, mapping.Textbox, mapping.Number, mapping.Percent, mapping.Date, mapping.Checkbox, mapping.Select, mapping.Tag, mapping.Password, mapping.Upload, mapping.Header, "", "Signature"}
	for revio, kinds := range want {
		var suited []string
		for _, kind := range all {
			dir, ok := mapping.Suits(kind, revio)
			if ok {
				suited = append(suited, kind)
				require.Equal(t, kind == mapping.Tag, dir == reconcile.ToRight, kind)
			}
		}
		require.Equal(t, kinds, suited, revio)
	}
}

func TestFieldsAreDescribedInWords(t *testing.T) {
	t.Parallel()
	for want, f := range map[string]mapping.Field{
		"Date, both ways":                  {Kind: mapping.Date},
		"Tag (Contacts), to Rev.io only":   {Kind: mapping.Tag, TagType: "Contacts"},
		"Tag, to Rev.io only":              {Kind: mapping.Tag},
		"Password, never synced":           {Kind: mapping.Password},
		"of an unknown kind, never synced": {},
		"Textbox, both ways while it is plain text, to Rev.io only once it is formatted": {Kind: mapping.Textbox},
	} {
		require.Equal(t, want, mapping.Describe(f))
	}
}

func TestRecordThatHoldsFilesOrPasswordsSaysWhyItIsOnlyRead(t *testing.T) {
	t.Parallel()
	m := mapping.Mapping{Type: workstations()}
	for _, row := range []struct{ traits, want string }{
		{`{}`, ""},
		{`{"photo":null,"local-admin":null}`, ""},
		{`{"photo":"","local-admin":" "}`, ""},
		{`{"photo":{"type":"Upload","values":[]},"local-admin":{}}`, ""},
		{`{"photo":[],"serial-number":"x"}`, ""},
		{`{"owner":{"type":"Contacts","values":[{"id":1,"name":"Ana"}]}}`, ""},
		{`{"elsewhere":{"type":"Upload","values":[]}}`, ""},
		{`{"photo":{"type":"Upload","values":[{"id":1,"name":"desk4.png"}]}}`, "a file in “Photo”"},
		{`{"photo":{"url":"x"}}`, "a file in “Photo”"},
		{`{"photo":[{"url":"x"}]}`, "a file in “Photo”"},
		{`{"photo":"\ud800"}`, "a file in “Photo”"},
		{`{"local-admin":4901000000007703}`, "a password in “Local admin”"},
		{`{"local-admin":"4901"}`, "a password in “Local admin”"},
		{`{"photo":{"values":[1]},"local-admin":1}`, "a password in “Local admin” and a file in “Photo”"},
		{`{"elsewhere":{"type":"Upload","values":[{"id":1}]}}`, "a file in a field that its type does not show"},
	} {
		var traits map[string]json.RawMessage
		require.NoError(t, json.Unmarshal([]byte(row.traits), &traits))
		want := row.want
		if want != "" {
			want = "it holds " + want + ", which IT Glue drops when the record is written: it is only read. To write it all the same, name its type in rules.writeTypesWithFiles"
		}
		require.Equal(t, want, m.HoldsFiles(traits), row.traits)
	}
	require.NotEmpty(t, m.HoldsFiles(map[string]json.RawMessage{"photo": json.RawMessage(`{"broken`)}), "what cannot be read counts as a value")
}
