package mapping

import (
	"encoding/json"
	"fmt"

	"github.com/itglue-revio/itglue-revio/integration/reconcile"
)

// Mapped is one Rev.io field and the flexible asset field it is mapped to.
type Mapped struct {
	Revio     string              // the Rev.io field
	Field     Field               // the flexible asset field
	Direction reconcile.Direction // which way it travels; see [Suits]
	Parked    string              // why it is left alone, in words; "" when it is not
}

// Options are the canonical values that the flexible asset field takes; nil for
// any.
func (m Mapped) Options() []string {
	if m.Field.Kind != Select {
		return nil
	}
	options := []string{}
	for _, o := range m.Field.Options {
		if c := CanonicalText(o); c != "" {
			options = append(options, c)
		}
	}
	return options
}

// Mapping is what is mapped of one flexible asset type, sorted by Rev.io field.
type Mapping struct {
	Type   Type
	Fields []Mapped
}

// Left reads the traits of a flexible asset. Fields are canonical; a missing
// key, null, "" and blanks are "", which is empty and shown, as the type's
// fields are known. A value that cannot be read is in unread instead, with the
// reason. A Textbox that holds formatting is in fields as text, and in oneWay
// with the reason why it is not written back. Parked fields are in none of them.
func (m Mapping) Left(traits map[string]json.RawMessage) (fields reconcile.Fields, unread, oneWay map[string]string) {
	fields, unread, oneWay = reconcile.Fields{}, map[string]string{}, map[string]string{}
	for _, f := range m.Fields {
		if f.Parked != "" {
			continue
		}
		value, formatted, err := readTrait(f.Field.Kind, traits[f.Field.Key])
		if err != nil {
			unread[f.Revio] = err.Error()
			continue
		}
		fields[f.Revio] = value
		if formatted {
			oneWay[f.Revio] = "the Textbox is formatted in IT Glue, which plain text would undo: it goes to Rev.io as text and is not written back"
		}
	}
	return fields, unread, oneWay
}

// Right reads the fields of a Rev.io asset, given as Rev.io's own text, into the
// canonical form of the flexible asset fields they are mapped to. A field that
// is not given stays absent: it was not shown. A value that cannot be read is in
// unread instead, with the reason. Parked fields are in neither.
func (m Mapping) Right(fields map[string]string) (canonical reconcile.Fields, unread map[string]string) {
	canonical, unread = reconcile.Fields{}, map[string]string{}
	for _, f := range m.Fields {
		raw, shown := fields[f.Revio]
		if !shown || f.Parked != "" {
			continue
		}
		value, err := fromText(f.Field.Kind, raw)
		if err != nil {
			unread[f.Revio] = err.Error()
			continue
		}
		canonical[f.Revio] = value
	}
	return canonical, unread
}

// Trait gives the key and the value to send to IT Glue for a canonical value.
// "" becomes null, which empties the trait; a Select takes only its options; a
// number is sent with the digits it has. It fails, in words, when the field is
// not mapped, is parked or travels to Rev.io only, when the value does not fit
// the field, and when a required field would be emptied.
func (m Mapping) Trait(revioField, canonical string) (key string, value json.RawMessage, err error) {
	f, ok := m.field(revioField)
	switch {
	case !ok:
		return "", nil, fmt.Errorf("no field of %s is mapped to %s", m.Type.Name, revioField)
	case f.Parked != "":
		return "", nil, fmt.Errorf("%s is left alone: %s", revioField, f.Parked)
	case f.Direction != reconcile.BothWays:
		return "", nil, fmt.Errorf("“%s” travels to Rev.io only", f.Field.Name)
	}
	value, err = writeTrait(f.Field, canonical)
	if err != nil {
		return "", nil, fmt.Errorf("“%s” does not take the value: %w", f.Field.Name, err)
	}
	return f.Field.Key, value, nil
}

// Revio gives the text to send to Rev.io for a canonical value. [Mapping.Right]
// reads it as the same value.
func (m Mapping) Revio(_, canonical string) string { return canonical }

func (m Mapping) field(revioField string) (Mapped, bool) {
	for _, f := range m.Fields {
		if f.Revio == revioField {
			return f, true
		}
	}
	return Mapped{}, false
}
