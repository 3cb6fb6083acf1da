package mapping

import (
	"strconv"
	"strings"

	"golang.org/x/net/html/atom"
)

// page is text as it grows while HTML is read.
type page struct {
	b       strings.Builder
	written bool   // the line holds something
	space   bool   // a space is due before the next word
	blanks  int    // line ends in a row
	pre     int    // <pre> elements that are open
	lists   []int  // open lists: how many items they had; -1 without numbers
	marker  string // of a list item: due before its first word
}

func (p *page) String() string { return p.b.String() }

// text adds text, its white space folded unless it is preformatted.
func (p *page) text(s string) {
	if p.pre > 0 {
		for i, line := range strings.Split(s, "\n") {
			if i > 0 {
				p.end()
			}
			p.word(line)
		}
		return
	}
	for i, w := range strings.FieldsFunc(s, foldable) {
		p.space = p.space || (i > 0 || foldable(rune(s[0])))
		p.word(w)
	}
	if s != "" && foldable(rune(s[len(s)-1])) {
		p.space = true
	}
}

// foldable is the white space of HTML, which a no-break space is not.
func foldable(r rune) bool {
	return r == ' ' || r == '\n' || r == '\t' || r == '\r' || r == '\f'
}

func (p *page) word(w string) {
	if w == "" {
		return
	}
	if p.space && p.written {
		p.b.WriteByte(' ')
	}
	p.b.WriteString(p.marker + w)
	p.marker = ""
	p.written, p.space, p.blanks = true, false, 0
}

// end ends the line, leaving at most one blank line in a row.
func (p *page) end() {
	if p.blanks < 2 {
		p.b.WriteByte('\n')
		p.blanks++
	}
	p.written, p.space = false, false
}

// fresh goes to the start of a line.
func (p *page) fresh() {
	if p.written {
		p.end()
	}
	p.space = false
}

func (p *page) open(a atom.Atom) {
	if block(a) {
		p.fresh()
	}
	switch a {
	case atom.Br:
		p.end()
	case atom.Pre:
		p.pre++
	case atom.Ul:
		p.lists = append(p.lists, -1)
	case atom.Ol:
		p.lists = append(p.lists, 0)
	case atom.Li:
		p.marker = p.item()
	case atom.Td, atom.Th:
		if p.written {
			p.b.WriteString(" |")
			p.space = true
		}
	}
}

func (p *page) close(a atom.Atom) {
	if block(a) {
		p.fresh()
	}
	switch a {
	case atom.Pre:
		p.pre = max(0, p.pre-1)
	case atom.Li:
		p.marker = ""
	case atom.Ul, atom.Ol:
		p.lists, p.marker = p.lists[:max(0, len(p.lists)-1)], ""
	}
}

// item is what stands before the next item of the innermost list.
func (p *page) item() string {
	last := len(p.lists) - 1
	if last < 0 || p.lists[last] < 0 {
		return "- "
	}
	p.lists[last]++
	return strconv.Itoa(p.lists[last]) + ". "
}
