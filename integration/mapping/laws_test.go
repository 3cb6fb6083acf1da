package mapping_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itglue-revio/itglue-revio/component/componenttest"
	"github.com/itglue-revio/itglue-revio/integration/mapping"
	"github.com/itglue-revio/itglue-revio/integration/reconcile"
)

var synced = []string{mapping.Text, mapping.Textbox, mapping.Number, mapping.Percent, mapping.Date, mapping.Checkbox, mapping.Select, mapping.Tag}

// texts are drawn to be near what each kind reads, and often beside it.
func texts(kind string) *rapid.Generator[string] {
	pieces := map[string]string{
		mapping.Number: `[ ]?[-+]?[0-9]{0,20}(\.[0-9]{0,12})?([eE][-+]?[0-9]{1,2})?`, mapping.Percent: `-?[0-9]{1,3}(\.[0-9]{1,3})? ?%?`,
		mapping.Date: `[12][0-9]{3}-[01][0-9]-[0-3][0-9](T[0-2][0-9]:[0-5][0-9]:00(Z|[-+]1[0-4]:00))?`, mapping.Checkbox: `(?i:yes|no|true|false|0|1|)`,
		mapping.Select: `( )?Windows 1[01]( )?`, mapping.Textbox: `(<(br|b|p|div|li|script|td)/?>|</p>|</div>|&amp;|&nbsp;|&lt;|[ \n]|[a-z]){0,12}`,
	}
	if p, ok := pieces[kind]; ok {
		return rapid.OneOf(rapid.StringMatching(p), rapid.String())
	}
	return rapid.OneOf(rapid.String(), rapid.StringOfN(rapid.RuneFrom([]rune{'a', 'é', '\u0301', ' ', '\u00a0', '\u200b', '\r', '\n', '\x00', '\u2028', '\ufeff', ','}), 0, 12, -1))
}

func TestCanonicalFormIsItsOwnCanonicalForm(t *testing.T) {
	t.Parallel()
	for _, kind := range synced {
		m := one(t, kind)
		rapid.Check(t, func(t *rapid.T) {
			once, _ := m.Right(map[string]string{"description": texts(kind).Draw(t, "text")})
			twice, unread := m.Right(once)
			if len(unread) > 0 || fmt.Sprint(once) != fmt.Sprint(twice) {
				t.Fatalf("%s: %q then %q, %v", kind, once, twice, unread)
			}
			c, shown := once["description"]
			if !shown {
				return
			}
			back, _ := m.Right(map[string]string{"description": m.Revio("description", c)})
			if back["description"] != c {
				t.Fatalf("%s: wrote %q to Rev.io and read %q", kind, c, back["description"])
			}
		})
	}
}

func TestWhatIsWrittenToATraitIsReadFromIt(t *testing.T) {
	t.Parallel()
	for _, kind := range synced[:len(synced)-1] {
		m := one(t, kind)
		rapid.Check(t, func(t *rapid.T) {
			fields, _ := m.Right(map[string]string{"description": texts(kind).Draw(t, "text")})
			c, shown := fields["description"]
			if !shown {
				return
			}
			key, value, err := m.Trait("description", c)
			if err != nil {
				if kind != mapping.Select {
					t.Fatalf("%s: %q is canonical and not written: %v", kind, c, err)
				}
				return
			}
			back, unread, oneWay := m.Left(map[string]json.RawMessage{key: value})
			if back["description"] != c || len(unread)+len(oneWay) > 0 {
				t.Fatalf("%s: wrote %q as %s and read %q, %v, %v", kind, c, value, back, unread, oneWay)
			}
		})
	}
}

func TestLeftAndRightShareOneDomain(t *testing.T) {
	t.Parallel()
	for _, kind := range synced {
		m := one(t, kind)
		rapid.Check(t, func(t *rapid.T) {
			raw, err := json.Marshal(texts(kind).Draw(t, "text"))
			if err != nil {
				t.Fatal(err)
			}
			left, _, _ := m.Left(map[string]json.RawMessage{"notes": raw})
			right, unread := m.Right(left)
			if len(unread) > 0 || fmt.Sprint(left) != fmt.Sprint(right) {
				t.Fatalf("%s: IT Glue's %s reads as %q and comes back from Rev.io as %q, %v", kind, raw, left, right, unread)
			}
		})
	}
}

func TestNoCalendarDateShifts(t *testing.T) {
	t.Parallel()
	m := one(t, mapping.Date)
	forms := []string{"2006-01-02", "2006-01-02T00:00:00Z", "2006-01-02T23:59:59.999-11:00", "2006-01-02T00:00:00+14:00", "2006-01-02 00:00:00"}
	days := 0
	for day := time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() <= 2100; day = day.AddDate(0, 0, 1) {
		days++
		want := day.Format("2006-01-02")
		for _, form := range forms {
			text := day.Format("2006-01-02") + form[len("2006-01-02"):]
			left, _, _ := m.Left(map[string]json.RawMessage{"notes": json.RawMessage(`"` + text + `"`)})
			right, _ := m.Right(map[string]string{"description": text})
			if left["description"] != want || right["description"] != want {
				t.Fatalf("%s reads as %v and %v", text, left, right)
			}
		}
		_, value, err := m.Trait("description", want)
		if err != nil || string(value) != `"`+want+`"` {
			t.Fatalf("%s is written as %s, %v", want, value, err)
		}
	}
	require.Equal(t, 73414, days)
}

func TestOnlyDaysOfTheCalendarAreDates(t *testing.T) {
	t.Parallel()
	m := one(t, mapping.Date)
	for year := 1895; year <= 2105; year++ {
		for month := 0; month <= 13; month++ {
			for day := 0; day <= 32; day++ {
				text := fmt.Sprintf("%04d-%02d-%02d", year, month, day)
				_, err := time.Parse("2006-01-02", text)
				fields, unread := m.Right(map[string]string{"description": text})
				if _, read := fields["description"]; read != (err == nil) || len(unread) == len(fields) {
					t.Fatalf("%s: %v, %v", text, fields, unread)
				}
			}
		}
	}
}

func TestNumbersKeepTheirValue(t *testing.T) {
	t.Parallel()
	m := one(t, mapping.Number)
	rapid.Check(t, func(t *rapid.T) {
		whole := rapid.StringMatching(`[1-9][0-9]{0,30}`).Draw(t, "whole")
		fraction := rapid.StringMatching(`([0-9]{0,20}[1-9])?`).Draw(t, "fraction")
		want, point := whole, ""
		if fraction != "" {
			want, point = whole+"."+fraction, "."
		}
		for _, text := range []string{want, "+" + want, "000" + whole + "." + fraction + "000",
			fmt.Sprintf("%s%se-%d", whole, fraction, len(fraction)), fmt.Sprintf("0.%s%se%d", whole, fraction, len(whole)), whole + point + fraction + "E0"} {
			fields, unread := m.Right(map[string]string{"description": text})
			if fields["description"] != want {
				t.Fatalf("%s reads as %v, %v, want %s", text, fields, unread, want)
			}
		}
	})
}

var corpus = []string{"", `null`, `""`, `"x"`, `" "`, `" 5cg2217qxm "`, `"\ud800"`, `"\u0000"`, `"\u202e"`, `"a\r\nb"`, `0`, `-0.0`, `1e5`, `1E999999`, `true`, `false`,
	`"1/2/03"`, `"0000-00-00"`, `"2024-02-29"`, `"2026-03-08T02:30:00-05:00"`, `"24:00"`, `1767225600000`, `[]`, `{}`, `[457,676]`, `{"type":"Contacts","values":[{"id":1,"name":"Main"}]}`,
	`{"type":"Upload","values":[{"url":"x"}]}`, `{"values":[null]}`, `"<p>&nbsp;</p>"`, `"<script>x</script>"`, `"=HYPERLINK(1)"`, `"{{7*7}}"`, `"open`, "\"\xff\"", `{`, `[`, `"\u`, `"10.0.0.1/24"`, `"999.1.1.1"`}

func FuzzTrait(f *testing.F) {
	for i, raw := range corpus {
		f.Add(uint8(i), []byte(raw))
		f.Add(uint8(i/3), []byte(raw))
	}
	for i, raw := range append(componenttest.Corpus("json"), componenttest.Corpus("texts")...) {
		f.Add(uint8(i), []byte(raw))
		quoted, err := json.Marshal(raw)
		require.NoError(f, err)
		f.Add(uint8(i), quoted)
	}
	f.Fuzz(func(t *testing.T, kind uint8, raw []byte) {
		m := one(t, synced[int(kind)%len(synced)])
		traits := map[string]json.RawMessage{"notes": raw}
		_ = m.HoldsFiles(traits)
		fields, unread, _ := m.Left(traits)
		require.Equal(t, 1, len(fields)+len(unread), "a field is read or not, never both and never neither")
		again, lost := m.Right(fields)
		require.Empty(t, lost)
		require.Equal(t, fields, again)
	})
}

func FuzzTextbox(f *testing.F) {
	for _, raw := range []string{"", "plain", "a<br>b", "<div>a</div>", "<p>&nbsp;</p>", "<script>x</script>y", "<script/>y", "<img src=x onerror=y>", "<pre>\n a</pre>", "<ul><li>a<li>b</ol>", "<table><tr><td>a<td>b", "&#0;&#xd800;&copy", "<!--", "<![CDATA[x]]>", "<svg><script>x</svg>", "<plaintext><b>", "\x00<\x00", "<a\xff>"} {
		f.Add(raw)
	}
	for _, raw := range append(componenttest.Corpus("html"), componenttest.Corpus("texts")...) {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		m := one(t, mapping.Textbox)
		value, err := json.Marshal(raw)
		require.NoError(t, err)
		fields, unread, oneWay := m.Left(map[string]json.RawMessage{"notes": value})
		require.Empty(t, unread)
		text := fields["description"]
		require.Equal(t, mapping.CanonicalText(text), text)
		require.LessOrEqual(t, len(text), 8*len(raw)+8)
		if len(oneWay) > 0 {
			return
		}
		key, written, err := m.Trait("description", text)
		require.NoError(t, err)
		again, _, formatted := m.Left(map[string]json.RawMessage{key: written})
		require.Equal(t, reconcile.Fields{"description": text}, again)
		require.Empty(t, formatted)
	})
}

// FuzzRevioText reads any text of Rev.io in a field of any kind: it is read or
// there is a reason; what is read is its own canonical form; and what can be
// written to IT Glue is read there as the same.
func FuzzRevioText(f *testing.F) {
	for _, kind := range []string{"texts", "dates", "html"} {
		for i, s := range componenttest.Corpus(kind) {
			f.Add(uint8(i), s)
			f.Add(uint8(i/3), s)
		}
	}
	f.Fuzz(func(t *testing.T, kind uint8, raw string) {
		m := one(t, synced[int(kind)%len(synced)])
		fields, unread := m.Right(map[string]string{"description": raw})
		require.Equal(t, 1, len(fields)+len(unread))
		for _, why := range unread {
			require.Less(t, len(why), 1000)
			return
		}
		again, lost := m.Right(fields)
		require.Empty(t, lost)
		require.Equal(t, fields, again)
		key, value, err := m.Trait("description", fields["description"])
		if err != nil {
			return
		}
		back, lost, _ := m.Left(map[string]json.RawMessage{key: value})
		require.Empty(t, lost)
		require.Equal(t, fields, back)
	})
}
