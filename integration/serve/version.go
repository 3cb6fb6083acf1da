package serve

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/itglue-revio/itglue-revio/component"
)

// versionProperty is how actions say at which version a thing is: an output
// that has it at its root gets an ETag, and the If-Match of a request goes into
// an input that takes it. An action that meets another version fails with
// component.Conflict and has changed nothing.
const versionProperty = "version"

// hasProperty says whether a schema's root object names a property.
func hasProperty(s *component.Schema, name string) bool {
	var root struct {
		Properties map[string]json.RawMessage `json:"properties"`
	}
	raw, _ := s.MarshalJSON()
	_ = json.Unmarshal(raw, &root)
	_, ok := root.Properties[name]
	return ok
}

// etagOf gives the ETag of an output; "" when it has no version.
func etagOf(output json.RawMessage) string {
	var v struct {
		Version int64 `json:"version"`
	}
	if err := json.Unmarshal(output, &v); err != nil || v.Version == 0 {
		return ""
	}
	return strconv.Quote(strconv.FormatInt(v.Version, 10))
}

// versionOf reads the version of an If-Match; false when it is none of ours.
func versionOf(ifMatch string) (int64, bool) {
	text, err := strconv.Unquote(strings.TrimSpace(ifMatch))
	if err != nil {
		return 0, false
	}
	v, err := strconv.ParseInt(text, 10, 64)
	return v, err == nil && v > 0
}

// withVersion puts the version that a caller read into the input of an action.
func withVersion(input json.RawMessage, version int64) (json.RawMessage, error) {
	members := map[string]json.RawMessage{}
	if err := json.Unmarshal(input, &members); err != nil {
		return input, nil // the action says what is wrong with it
	}
	members[versionProperty] = json.RawMessage(strconv.FormatInt(version, 10))
	return json.Marshal(members)
}
