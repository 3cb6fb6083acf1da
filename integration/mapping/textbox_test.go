package mapping_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itglue-revio/itglue-revio/integration/mapping"
)

func textbox(t *testing.T, raw string) (text string, oneWay bool) {
	t.Helper()
	value, err := json.Marshal(raw)
	require.NoError(t, err)
	fields, unread, reasons := one(t, mapping.Textbox).Left(map[string]json.RawMessage{"notes": value})
	require.Empty(t, unread)
	_, oneWay = reasons["description"]
	return fields["description"], oneWay
}

func TestFormattedTextboxTravelsAsTextAndOneWay(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ raw, want string }{
		{`<div>Docking station at desk 4.<br>Call <b>before</b> remoting in.</div>`, "Docking station at desk 4.\nCall before remoting in."},
		{`<p>one</p><p>two</p>`, "one\ntwo"},
		{`<div>one</div><div><br></div><div>two</div>`, "one\n\ntwo"},
		{"<p>white\n   space\t folds</p>", "white space folds"},
		{"<pre>kept  as\n  it is</pre>", "kept  as\n  it is"},
		{`<b>a</b><i>b</i> <u>c</u>`, "ab c"},
		{`<ul><li>one</li><li></li><li><p>two</p></li></ul>after`, "- one\n- two\nafter"},
		{`<ol><li>one<li>two<ul><li>in</ul><li>three</ol>`, "1. one\n2. two\n- in\n3. three"},
		{`<table><tr><th>Name<th>IP</tr><tr><td>a</td><td>10.0.0.1</td></tr></table>`, "Name | IP\na | 10.0.0.1"},
		{`before<script>alert("x")</script>after`, "beforeafter"},
		{`<style>p{color:red}</style><p>x</p>`, "x"},
		{`<script>never closed`, ""},
		{`<img src=x onerror=alert(1)>caption`, "caption"},
		{`<a href="javascript:alert(1)">click</a>`, "click"},
		{`<!-- hidden -->shown`, "shown"},
		{`<p>a&nbsp;&nbsp;b &eacute; &#x41; &amp;lt;</p>`, "a  b é A &lt;"},
		{`<p>un<closed <b>mark`, "unmark"},
		{`</p></ul></li></pre>x`, "x"},
		{`<br class="x">line`, "line"},
		{`<span style="color:red">red</span>`, "red"},
		{strings.Repeat("<table><tr><td>", 500) + "deep", "deep"},
		{`<div>` + strings.Repeat("<br>", 50) + `x</div>` + strings.Repeat("<p></p>", 50) + "y", "x\ny"},
		{`<img src="data:image/png;base64,` + strings.Repeat("A", 2<<20) + `">photo`, "photo"},
	} {
		text, oneWay := textbox(t, row.raw)
		shown := row.raw[:min(len(row.raw), 80)]
		require.Equal(t, row.want, text, shown)
		require.Equal(t, row.want != "", oneWay, shown)
	}
}

func TestTextboxWithAPictureOnlyIsNotOverwritten(t *testing.T) {
	t.Parallel()
	text, oneWay := textbox(t, `<p><img src="desk.png"></p>`)
	require.Empty(t, text)
	require.True(t, oneWay)
}

func TestPlainTextboxStaysPlainAfterItIsWritten(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"a\nb", "a\n\n\nb", "<script>x</script>", "a & b &amp; c", "&nbsp", "x<br>y", "1 < 2 > 0", "two  spaces\n  indented", "<!-- -->"} {
		_, value, err := one(t, mapping.Textbox).Trait("description", s)
		require.NoError(t, err)
		var raw string
		require.NoError(t, json.Unmarshal(value, &raw))
		text, oneWay := textbox(t, raw)
		require.Equal(t, s, text)
		require.False(t, oneWay, s)
	}
}
