package mapping

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A Textbox holds HTML (CONFIRMED by public clients: it is read as
// "<div>…</div>"). It is plain while its only mark is a bare <br>: that, and
// escaped <, > and &, is all that plain text needs, and what writeTextbox makes.
// Everything is read by a tokenizer: nothing is executed, fetched or nested, so
// hostile input costs no more than its length.

// readTextbox gives the text of a Textbox, and whether it holds more than text.
// Marks around nothing ("<p>&nbsp;</p>") hold nothing.
func readTextbox(raw string) (text string, formatted bool) {
	plain, embeds := inspect(raw)
	if plain {
		return CanonicalText(plainText(raw)), false
	}
	text = CanonicalText(formattedText(raw))
	return text, text != "" || embeds
}

// writeTextbox writes plain text as the HTML that readTextbox reads as plain.
func writeTextbox(text string) string {
	return plainEscapes.Replace(text)
}

var plainEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\n", "<br>")

// inspect says whether the HTML is plain, and whether it embeds something
// beside text.
func inspect(raw string) (plain, embeds bool) {
	plain = true
	for z := html.NewTokenizer(strings.NewReader(raw)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return plain, embeds
		case html.TextToken:
		case html.StartTagToken, html.SelfClosingTagToken:
			name, hasAttributes := z.TagName()
			a := atom.Lookup(name)
			plain = plain && a == atom.Br && !hasAttributes
			embeds = embeds || embedded(a)
		default:
			plain = false
		}
	}
}

// plainText reads HTML whose only mark is <br>. A line break in the source that
// follows the mark belongs to it.
func plainText(raw string) string {
	var b strings.Builder
	afterBreak := false
	for z := html.NewTokenizer(strings.NewReader(raw)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return b.String()
		case html.TextToken:
			text := z.Token().Data
			if afterBreak {
				text = strings.TrimPrefix(text, "\n")
			}
			b.WriteString(text)
			afterBreak = false
		default:
			b.WriteByte('\n')
			afterBreak = true
		}
	}
}

// formattedText reads the text of any HTML: blocks on lines of their own, list
// items behind a dash or their number, cells parted by bars, scripts and styles
// dropped.
func formattedText(raw string) string {
	var p page
	drop := false
	for z := html.NewTokenizer(strings.NewReader(raw)); ; {
		kind := z.Next()
		switch kind {
		case html.ErrorToken:
			return p.String()
		case html.TextToken:
			if !drop {
				p.text(z.Token().Data)
			}
			drop = false
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			a := atom.Lookup(name)
			drop = unseen(a)
			p.open(a)
		case html.EndTagToken:
			name, _ := z.TagName()
			drop = false
			p.close(atom.Lookup(name))
		}
	}
}

// unseen elements hold one run of text that no reader sees.
func unseen(a atom.Atom) bool {
	switch a {
	case atom.Script, atom.Style, atom.Title, atom.Iframe, atom.Noembed, atom.Noframes, atom.Noscript:
		return true
	}
	return false
}

// embedded elements are content without text.
func embedded(a atom.Atom) bool {
	switch a {
	case atom.Img, atom.Iframe, atom.Video, atom.Audio, atom.Object, atom.Embed, atom.Svg, atom.Math, atom.Canvas, atom.Input, atom.Hr:
		return true
	}
	return false
}

// block elements start and end a line.
func block(a atom.Atom) bool {
	switch a {
	case atom.Address, atom.Article, atom.Aside, atom.Blockquote, atom.Caption, atom.Dd, atom.Details, atom.Div, atom.Dl, atom.Dt,
		atom.Figcaption, atom.Figure, atom.Footer, atom.Form, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Header, atom.Hr,
		atom.Li, atom.Main, atom.Nav, atom.Ol, atom.P, atom.Pre, atom.Section, atom.Summary, atom.Table, atom.Tbody, atom.Tfoot, atom.Thead,
		atom.Tr, atom.Ul:
		return true
	}
	return false
}
