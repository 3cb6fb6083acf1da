package mapping

import (
	"slices"

	"github.com/itglue-revio/itglue-revio/integration/reconcile"
)

// The kinds of flexible asset fields, as the IT Glue API spells them
// (CONFIRMED: IT Glue API reference, flexible asset fields).
const (
	Text     = "Text"
	Textbox  = "Textbox"
	Number   = "Number"
	Percent  = "Percent"
	Date     = "Date"
	Checkbox = "Checkbox"
	Select   = "Select"
	Tag      = "Tag"
	Password = "Password"
	Upload   = "Upload"
	Header   = "Header"
)

// Field is one field of a flexible asset type.
type Field struct {
	ID          string   // the flexible asset field id, which a rename does not change
	Name        string   // "Serial Number"
	Key         string   // what traits are keyed by: "serial-number" (the API's name-key)
	Kind        string   // one of the kinds above; another one is never mapped
	TagType     string   // of a Tag: what it names, as "Contacts"
	Options     []string // of a Select: its options, as IT Glue has them
	Required    bool     // IT Glue refuses the record without it
	UseForTitle bool     // part of the asset's name
}

// Type is a flexible asset type and its fields.
type Type struct {
	ID     string
	Name   string
	Fields []Field
}

// The Rev.io fields that a flexible asset field may be mapped to. An asset's
// name is none of them: IT Glue computes it.
const (
	Description     = "description"
	OperatingSystem = "operatingSystem"
	IPAddress       = "ipAddress"
	InstallDate     = "installDate"
)

// Suits says whether a flexible asset field of a kind may be mapped to a Rev.io
// field, and which way the value then travels. A Textbox answers BothWays: on a
// record whose Textbox is formatted, [Mapping.Left] says that it does not.
//
// A serial number is mapped to Text only: a Number loses leading zeros, and a
// Select knows its serial numbers beforehand.
func Suits(kind, revioField string) (dir reconcile.Direction, ok bool) {
	return direction(kind), slices.Contains(suitable(revioField), kind)
}

// suitable lists the kinds that may be mapped to a Rev.io field.
func suitable(revioField string) []string {
	switch revioField {
	case Description:
		return []string{Text, Textbox, Select, Number, Percent, Checkbox, Date, Tag}
	case OperatingSystem:
		return []string{Text, Select, Tag}
	case reconcile.SerialField, IPAddress:
		return []string{Text}
	case InstallDate:
		return []string{Date}
	}
	return nil
}

// direction is the way that values of a kind travel, if they travel.
func direction(kind string) reconcile.Direction {
	switch kind {
	case Text, Textbox, Number, Percent, Date, Checkbox, Select:
		return reconcile.BothWays
	}
	return reconcile.ToRight
}

// Describe says in words what a field is and which way it travels: "Date, both
// ways".
func Describe(f Field) string {
	switch f.Kind {
	case Text, Number, Percent, Date, Checkbox, Select:
		return f.Kind + ", both ways"
	case Textbox:
		return "Textbox, both ways while it is plain text, to Rev.io only once it is formatted"
	case Tag:
		if f.TagType != "" {
			return "Tag (" + f.TagType + "), to Rev.io only"
		}
		return "Tag, to Rev.io only"
	case "":
		return "of an unknown kind, never synced"
	}
	return f.Kind + ", never synced"
}
