package integration

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/itglue-revio/itglue-revio/component"
)

// Sealed stands in a document for a literal secret that the store keeps. A
// document that is applied with it keeps the secret that is there.
const Sealed = "${sealed}"

var reference = regexp.MustCompile(`^\$\{(env|file):([^}]+)\}$`)

// SealedName is the name under which the secret of a connection's setting is
// sealed.
func SealedName(connection, setting string) string {
	return "connections." + connection + "." + setting
}

// SecretSettings gives the names of a connection's settings that are secrets
// (writeOnly in its schema).
func SecretSettings(settings *component.Schema) []string {
	var schema struct {
		Properties map[string]struct {
			WriteOnly bool `json:"writeOnly"`
		} `json:"properties"`
	}
	raw, _ := settings.MarshalJSON()
	if err := json.Unmarshal(raw, &schema); err != nil {
		return nil
	}
	var names []string
	for name, p := range schema.Properties {
		if p.WriteOnly {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// SealSecrets takes the literal secrets out of a document's connections: each
// is given to seal and replaced by [Sealed]. References such as ${env:NAME} and
// ${file:PATH} stay as they are written.
func SealSecrets(document map[string]any, components []component.Component, seal func(name, secret string) error) error {
	connections, _ := document["connections"].(map[string]any)
	for _, c := range components {
		settings, _ := connections[c.Name].(map[string]any)
		if c.Settings == nil {
			continue
		}
		for _, name := range SecretSettings(c.Settings) {
			value, ok := settings[name].(string)
			if !ok || value == "" || value == Sealed || reference.MatchString(value) {
				continue
			}
			if err := seal(SealedName(c.Name, name), value); err != nil {
				return err
			}
			settings[name] = Sealed
		}
	}
	return nil
}

// Settings gives the settings of one connection of a document, with references
// resolved and sealed secrets opened by unseal.
func Settings(document map[string]any, connection string, unseal func(name string) (string, error)) (json.RawMessage, error) {
	connections, _ := document["connections"].(map[string]any)
	settings, ok := connections[connection].(map[string]any)
	if !ok {
		return nil, component.Errorf(component.InvalidInput, "the configuration has no settings for the connection %s", connection).
			Then("Fill in step 1 of the wizard, or connections.%s in the instance file.", connection)
	}
	resolved := make(map[string]any, len(settings))
	for name, value := range settings {
		text, ok := value.(string)
		if !ok {
			resolved[name] = value
			continue
		}
		v, err := resolve(text, connection, name, unseal)
		if err != nil {
			return nil, err
		}
		resolved[name] = v
	}
	return json.Marshal(resolved)
}

func resolve(text, connection, name string, unseal func(name string) (string, error)) (string, error) {
	where := "connections." + connection + "." + name
	if text == Sealed {
		secret, err := unseal(SealedName(connection, name))
		if err != nil {
			return "", &component.Error{Code: component.InvalidInput, Message: "the secret " + where + " is not stored here", Err: err,
				Do: "Apply the instance file once with the secret itself, or with a reference such as ${env:NAME} or ${file:PATH}."}
		}
		return secret, nil
	}
	m := reference.FindStringSubmatch(text)
	if m == nil {
		return text, nil
	}
	switch m[1] {
	case "env":
		if v, ok := os.LookupEnv(m[2]); ok && v != "" {
			return v, nil
		}
		return "", component.Errorf(component.InvalidInput, "%s refers to the environment variable %s, which is not set", where, m[2]).
			Then("Set it for the process that runs this command, or write another reference.")
	default:
		b, err := os.ReadFile(m[2])
		if err != nil {
			return "", component.Errorf(component.InvalidInput, "%s refers to the file %s, which cannot be read", where, m[2]).
				Then("Check that it exists and that this user may read it.")
		}
		v := strings.TrimRight(string(b), "\r\n")
		if v == "" {
			return "", component.Errorf(component.InvalidInput, "%s refers to the file %s, which is empty", where, m[2])
		}
		return v, nil
	}
}

// ParseDocument reads a stored document.
func ParseDocument(raw []byte) (map[string]any, error) {
	document := map[string]any{}
	if len(raw) == 0 {
		return document, nil
	}
	if err := json.Unmarshal(raw, &document); err != nil {
		return nil, fmt.Errorf("the stored configuration cannot be read: %w", err)
	}
	return document, nil
}
