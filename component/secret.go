package component

import (
	"encoding/json"
	"fmt"
	"log/slog"

	"github.com/invopop/jsonschema"
)

// redacted is what stands where a secret would have been printed.
const redacted = "[secret]"

// Secret is a string that does not print: every way of formatting, logging or
// encoding it gives "[secret]". Read it with Reveal, and only to hand it to the
// system it belongs to.
type Secret string

// Reveal gives the value.
func (s Secret) Reveal() string { return string(s) }

func (s Secret) String() string               { return redacted }
func (s Secret) GoString() string             { return redacted }
func (s Secret) Format(f fmt.State, _ rune)   { _, _ = f.Write([]byte(redacted)) }
func (s Secret) MarshalJSON() ([]byte, error) { return json.Marshal(redacted) }
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }
func (s Secret) LogValue() slog.Value         { return slog.StringValue(redacted) }

// UnmarshalJSON reads the value from a JSON string.
func (s *Secret) UnmarshalJSON(b []byte) error {
	var v string
	if err := json.Unmarshal(b, &v); err != nil {
		return fmt.Errorf("a secret must be a string")
	}
	*s = Secret(v)
	return nil
}

// JSONSchema says that a secret is a string that is shown to nobody.
func (Secret) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "string", Format: "password", WriteOnly: true}
}
