package mapping_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/integration/mapping"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
)

// one is a mapping of description to one field of a kind.
func one(t *testing.T, kind string) mapping.Mapping {
	t.Helper()
	field := mapping.Field{ID: "1", Name: "Notes", Key: "notes", Kind: kind}
	if kind == mapping.Select {
		field.Options = []string{"Windows 11", " Windows 10\r", ""}
	}
	m, findings := mapping.Resolve(mapping.Type{ID: "7", Name: "Servers", Fields: []mapping.Field{field}}, map[string]string{"description": "1"}, nil)
	require.Empty(t, findings)
	return m
}

func TestTraitsReadAsOneCanonicalForm(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ kind, trait, want string }{
		{mapping.Text, `"BWH-LT-014"`, "BWH-LT-014"},
		{mapping.Text, `null`, ""},
		{mapping.Text, ``, ""},
		{mapping.Text, `""`, ""},
		{mapping.Text, `"  \t "`, ""},
		{mapping.Text, `"\u00a0\u200b\ufeff"`, ""},
		{mapping.Text, `" 5cg2217qxm "`, "5cg2217qxm"},
		{mapping.Text, `"a\r\nb\rc"`, "a\nb\nc"},
		{mapping.Text, `"Cafe\u0301"`, "Café"},
		{mapping.Text, `"e\u0000\u0301"`, "é"},
		{mapping.Text, `"A\u0000B\u0007"`, "AB"},
		{mapping.Text, `"\ud83d\udda5 desk"`, "🖥 desk"},
		{mapping.Text, `"Ａcme ı İ ß Аcme"`, "Ａcme ı İ ß Аcme"},
		{mapping.Text, `"\u202egnp"`, "\u202egnp"},
		{mapping.Text, `"=HYPERLINK(\"x\")"`, `=HYPERLINK("x")`},
		{mapping.Text, `"{{7*7}} ${jndi:ldap://x}"`, "{{7*7}} ${jndi:ldap://x}"},
		{mapping.Text, `"00042"`, "00042"},
		{mapping.Text, `"1E5"`, "1E5"},
		{mapping.Text, `9007199254740993`, "9007199254740993"},
		{mapping.Text, `"10.0.0.1/24, fe80::1%eth0"`, "10.0.0.1/24, fe80::1%eth0"},
		{mapping.Text, `"<b>not markup here</b>"`, "<b>not markup here</b>"},
		{mapping.Text, `"\ufffd"`, "\ufffd"},
		{mapping.Text, `"\\ud800"`, `\ud800`},
		{mapping.Number, `31.8`, "31.8"},
		{mapping.Number, `16`, "16"},
		{mapping.Number, `"16.0"`, "16"},
		{mapping.Number, `-0.00`, "0"},
		{mapping.Number, `1e5`, "100000"},
		{mapping.Number, `12.5e-3`, "0.0125"},
		{mapping.Number, `1.25e1`, "12.5"},
		{mapping.Number, `"007"`, "7"},
		{mapping.Number, `9007199254740993`, "9007199254740993"},
		{mapping.Number, `0.1000000000000000055511151231257827`, "0.1000000000000000055511151231257827"},
		{mapping.Percent, `62`, "62"},
		{mapping.Percent, `"62.50 %"`, "62.5"},
		{mapping.Percent, `0`, "0"},
		{mapping.Checkbox, `true`, "Yes"},
		{mapping.Checkbox, `false`, "No"},
		{mapping.Checkbox, `"true"`, "Yes"},
		{mapping.Checkbox, `"1"`, "Yes"},
		{mapping.Checkbox, `1`, "Yes"},
		{mapping.Checkbox, `0`, "No"},
		{mapping.Checkbox, `null`, ""},
		{mapping.Date, `"2024-01-15"`, "2024-01-15"},
		{mapping.Date, `"2024-02-29"`, "2024-02-29"},
		{mapping.Date, `"2025-03-01T00:00:00Z"`, "2025-03-01"},
		{mapping.Date, `"2025-03-01T00:00:00.000-11:00"`, "2025-03-01"},
		{mapping.Date, `"2025-12-31T23:59:59+14:00"`, "2025-12-31"},
		{mapping.Date, `"2026-03-08T02:30:00-05:00"`, "2026-03-08"},
		{mapping.Date, `"2026-03-08 02:30:00 UTC"`, "2026-03-08"},
		{mapping.Date, `""`, ""},
		{mapping.Select, `"Windows 10"`, "Windows 10"},
		{mapping.Select, `" Windows 10"`, "Windows 10"},
		{mapping.Tag, `{"type":"Contacts","values":[{"id":5160533,"name":"Ana Ruiz"},{"id":2,"name":" Bo Li "}]}`, "Ana Ruiz, Bo Li"},
		{mapping.Tag, `{"type":"FlexibleAssetTypes","values":[{"id":4901000000006602,"name":"CAD Suite 2026"}]}`, "CAD Suite 2026"},
		{mapping.Tag, `{"type":"Contacts","values":[]}`, ""},
		{mapping.Tag, `{"type":"Contacts","values":null}`, ""},
		{mapping.Tag, `[{"name":"Main"}]`, "Main"},
		{mapping.Tag, `[]`, ""},
		{mapping.Tag, `""`, ""},
		{mapping.Tag, `{"values":[{"name":"null"}]}`, "null"},
		{mapping.Textbox, `"Reception PC"`, "Reception PC"},
		{mapping.Textbox, `"AT&amp;T, a &lt; b &amp;&nbsp;c"`, "AT&T, a < b & c"},
		{mapping.Textbox, `"AT&T, 3 < 4"`, "AT&T, 3 < 4"},
		{mapping.Textbox, `"one<br>two<br/>\nthree\nfour"`, "one\ntwo\nthree\nfour"},
		{mapping.Textbox, `"<p>&nbsp;</p>"`, ""},
		{mapping.Textbox, `"<div><br></div>"`, ""},
	} {
		fields, unread, oneWay := one(t, row.kind).Left(map[string]json.RawMessage{"notes": json.RawMessage(row.trait)})
		require.Empty(t, unread, "%s %s", row.kind, row.trait)
		require.Empty(t, oneWay, "%s %s", row.kind, row.trait)
		require.Equal(t, reconcile.Fields{"description": row.want}, fields, "%s %s", row.kind, row.trait)
	}
}

func TestMissingTraitIsEmptyAndShown(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{mapping.Text, mapping.Textbox, mapping.Number, mapping.Percent, mapping.Date, mapping.Checkbox, mapping.Select, mapping.Tag} {
		fields, unread, oneWay := one(t, kind).Left(nil)
		require.Equal(t, reconcile.Fields{"description": ""}, fields, kind)
		require.Empty(t, unread)
		require.Empty(t, oneWay)
	}
}

func TestUnreadableTraitsAreReportedAndNotGuessed(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ kind, trait, reason string }{
		{mapping.Text, `{"a":1}`, "a group of values"},
		{mapping.Text, `["a"]`, "a list"},
		{mapping.Text, `"\ud800"`, "not valid Unicode"},
		{mapping.Text, `"\udc00\ud800"`, "not valid Unicode"},
		{mapping.Text, `"\ud800\u0041"`, "not valid Unicode"},
		{mapping.Text, "\"\xff\"", "not valid Unicode"},
		{mapping.Text, `"open`, "not valid JSON"},
		{mapping.Number, `"31.8 GB"`, "is not a number"},
		{mapping.Number, `"1,234"`, "holds a comma"},
		{mapping.Number, `"0x1F"`, "is not a number"},
		{mapping.Number, `"NaN"`, "is not a number"},
		{mapping.Number, `"-"`, "is not a number"},
		{mapping.Number, `"--1"`, "is not a number"},
		{mapping.Number, `"."`, "is not a number"},
		{mapping.Number, `"１２"`, "is not a number"},
		{mapping.Number, `true`, "is not a number"},
		{mapping.Number, `1e999999999`, "not a number that can be written out"},
		{mapping.Number, `11e399`, "more than 400 digits"},
		{mapping.Percent, `"%"`, "is not a number"},
		{mapping.Checkbox, `"maybe"`, "neither Yes nor No"},
		{mapping.Checkbox, `2`, "neither Yes nor No"},
		{mapping.Date, `"1/2/03"`, "does not say which is the day"},
		{mapping.Date, `"31/12/1999"`, "does not say which is the day"},
		{mapping.Date, `"03-04-2020"`, "does not say which is the day"},
		{mapping.Date, `"0000-00-00"`, "no date of the calendar"},
		{mapping.Date, `"0001-01-01T00:00:00"`, "no date of the calendar"},
		{mapping.Date, `"2023-02-29"`, "no date of the calendar"},
		{mapping.Date, `"1900-02-29"`, "no date of the calendar"},
		{mapping.Date, `"2023-04-31"`, "no date of the calendar"},
		{mapping.Date, `"2023-13-01"`, "no date of the calendar"},
		{mapping.Date, `"10000-01-01"`, "is not a date"},
		{mapping.Date, `"2026-01-01T24:00:00Z"`, "is not a date"},
		{mapping.Date, `1767225600000`, "is a bare number"},
		{mapping.Date, `"20260101"`, "is a bare number"},
		{mapping.Date, `"January 2026"`, "is not a date"},
		{mapping.Tag, `569`, "does not say what it names"},
		{mapping.Tag, `[457,676]`, "does not say what it names"},
		{mapping.Tag, `"569"`, "does not say what it names"},
		{mapping.Tag, `{"values":[{"id":1}]}`, "does not say what it names"},
		{mapping.Tag, `{"values":[{"id":1,"name":null}]}`, "does not say what it names"},
		{mapping.Tag, `{"values":[{"id":1,"name":" "}]}`, "does not say what it names"},
		{mapping.Tag, `{"values":[{"id":1,"name":["x"]}]}`, "a list"},
		{mapping.Tag, `{"values":7}`, "does not say what it names"},
		{mapping.Tag, `{"values"`, "does not say what it names"},
	} {
		fields, unread, _ := one(t, row.kind).Left(map[string]json.RawMessage{"notes": json.RawMessage(row.trait)})
		require.Empty(t, fields, "%s %s", row.kind, row.trait)
		require.Contains(t, unread["description"], row.reason, "%s %s", row.kind, row.trait)
	}
}

func TestRevioTextReadsInTheDomainOfTheMappedKind(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ kind, text, want string }{
		{mapping.Date, "2025-03-01T00:00:00Z", "2025-03-01"},
		{mapping.Date, " ", ""},
		{mapping.Number, "16.00", "16"},
		{mapping.Percent, "62%", "62"},
		{mapping.Checkbox, "yes", "Yes"},
		{mapping.Checkbox, "FALSE", "No"},
		{mapping.Select, "Windows 12", "Windows 12"},
		{mapping.Tag, " Ana Ruiz, Bo Li\r\n", "Ana Ruiz, Bo Li"},
		{mapping.Textbox, "<b>as typed</b> &amp;", "<b>as typed</b> &amp;"},
		{mapping.Text, "a\r\nb", "a\nb"},
	} {
		fields, unread := one(t, row.kind).Right(map[string]string{"description": row.text, "serialNumber": "not mapped"})
		require.Empty(t, unread, "%s %s", row.kind, row.text)
		require.Equal(t, reconcile.Fields{"description": row.want}, fields, "%s %s", row.kind, row.text)
	}
}

func TestRevioFieldThatIsNotShownStaysAbsent(t *testing.T) {
	t.Parallel()
	fields, unread := one(t, mapping.Date).Right(map[string]string{"name": "WS-014"})
	require.Empty(t, fields)
	require.Empty(t, unread)
}

func TestRevioTextThatDoesNotReadIsReported(t *testing.T) {
	t.Parallel()
	fields, unread := one(t, mapping.Date).Right(map[string]string{"description": "next week"})
	require.Empty(t, fields)
	require.Equal(t, "“next week” is not a date; write it as year-month-day, as in 2026-03-14", unread["description"])

	_, unread = one(t, mapping.Text).Right(map[string]string{"description": "\xff"})
	require.Contains(t, unread["description"], "not valid Unicode")
}

func TestTraitsAreWrittenInTheFormOfTheirKind(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ kind, canonical, want string }{
		{mapping.Text, "00042", `"00042"`},
		{mapping.Text, "", `null`},
		{mapping.Textbox, "a < b & c\nd", `"a &lt; b &amp; c<br>d"`},
		{mapping.Number, "9007199254740993", `9007199254740993`},
		{mapping.Number, "0.10", `0.1`},
		{mapping.Percent, "62", `62`},
		{mapping.Percent, "", `null`},
		{mapping.Checkbox, "Yes", `true`},
		{mapping.Checkbox, "No", `false`},
		{mapping.Date, "2024-02-29", `"2024-02-29"`},
		{mapping.Select, "Windows 10", `" Windows 10"`},
	} {
		key, value, err := one(t, row.kind).Trait("description", row.canonical)
		require.NoError(t, err, "%s %s", row.kind, row.canonical)
		require.Equal(t, "notes", key)
		require.JSONEq(t, row.want, string(value), "%s %s", row.kind, row.canonical)
		if row.kind == mapping.Number {
			require.Equal(t, row.want, string(value))
		}
	}
}

func TestTraitThatCannotBeWrittenSaysWhy(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ kind, canonical, reason string }{
		{mapping.Select, "Windows 12", "“Windows 12” is none of its options (Windows 11, Windows 10)"},
		{mapping.Select, "windows 11", "is none of its options"},
		{mapping.Number, "many", "is not a number"},
		{mapping.Date, "1/2/03", "does not say which is the day"},
		{mapping.Checkbox, "perhaps", "neither Yes nor No"},
		{mapping.Tag, "Ana Ruiz", "travels to Rev.io only"},
		{mapping.Text, "\xff", "not valid Unicode"},
	} {
		_, value, err := one(t, row.kind).Trait("description", row.canonical)
		require.ErrorContains(t, err, row.reason, row.kind)
		require.ErrorContains(t, err, "“Notes”", row.kind)
		require.Nil(t, value)
	}
	_, _, err := one(t, mapping.Text).Trait("installDate", "2024-01-01")
	require.EqualError(t, err, "no field of Servers is mapped to installDate")
}

func TestRequiredFieldIsNotEmptied(t *testing.T) {
	t.Parallel()
	m := one(t, mapping.Text)
	m.Fields[0].Field.Required = true
	_, _, err := m.Trait("description", "")
	require.ErrorContains(t, err, "IT Glue requires one")
}

func TestSelectNamesAtMostTenOptions(t *testing.T) {
	t.Parallel()
	m := one(t, mapping.Select)
	m.Fields[0].Field.Options = nil
	_, _, err := m.Trait("description", "x")
	require.ErrorContains(t, err, "has no options")
	require.Equal(t, []string{}, m.Fields[0].Options(), "no option is not the same as any value")

	for range 12 {
		m.Fields[0].Field.Options = append(m.Fields[0].Field.Options, "o")
	}
	_, _, err = m.Trait("description", "x")
	require.ErrorContains(t, err, "(o, o, o, o, o, o, o, o, o, o, 2 more)")
}

func TestOptionsAreCanonicalAndOnlyASelectHasThem(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{"Windows 11", "Windows 10"}, one(t, mapping.Select).Fields[0].Options())
	require.Nil(t, one(t, mapping.Text).Fields[0].Options())
}
