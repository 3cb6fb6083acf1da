package itglue

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/itglue-revio/itglue-revio/component"
)

// RevealPasswordInput asks for the value of one password.
type RevealPasswordInput struct {
	ID string `json:"id" jsonschema:"pattern=^[0-9]+$,maxLength=19"`
}

// RevealPasswordOutput is a password and its value, as they are now.
type RevealPasswordOutput struct {
	Password Password `json:"password"`
	Value    string   `json:"value"`
}

// RevealPassword reads the value of one password. Each call is an access that
// IT Glue records. The value is held by nothing but the answer.
var RevealPassword = component.Method(Connection, component.Spec{
	Name: "itglue.reveal-password", Summary: "Read the value of one IT Glue password, live; IT Glue records the access.",
	Effect: component.Reads, Access: component.Reveal, Sensitive: true,
}, (*Client).RevealPassword)

// RevealPassword reads the value of one password. It fails with
// component.Forbidden where IT Glue gives none, for which there are two known
// reasons: the key lacks Password Access, or the password lies in a vault.
func (c *Client) RevealPassword(ctx context.Context, in RevealPasswordInput) (RevealPasswordOutput, error) {
	k := &call{
		method: http.MethodGet, path: "/passwords/" + in.ID, id: in.ID, about: "the value of the password " + in.ID,
		query: url.Values{"show_password": {"true"}}, reveal: true,
	}
	out, err := show(ctx, c, k, func(r record) (RevealPasswordOutput, error) {
		p, err := c.readPassword(r)
		if err != nil {
			return RevealPasswordOutput{}, err
		}
		a, err := attributes[struct {
			Value json.RawMessage `json:"password"`
		}](r, "passwords")
		var value string
		if err == nil && json.Unmarshal(a.Value, &value) != nil {
			value = "" // missing, or not a string: not shown
		}
		return RevealPasswordOutput{Password: p, Value: value}, err
	})
	switch {
	case err != nil:
		return RevealPasswordOutput{}, err
	case out.Password.VaultID != "":
		return RevealPasswordOutput{}, component.Errorf(component.Forbidden, "the password %s lies in a vault, whose values IT Glue's API does not give", in.ID).Then("Open it in IT Glue.")
	case out.Value == "":
		return RevealPasswordOutput{}, passwordAccess(k)
	}
	return out, nil
}

// passwordAccess is the error of a reveal that gave no value, by a key that
// works. How IT Glue answers a key without Password Access is ASSUMED: without
// the value, with null, or with 401 or 403.
func passwordAccess(k *call) error {
	e := component.Errorf(component.Forbidden, "IT Glue does not give %s: the API key lacks Password Access, or the password is empty or kept from the API", k.about)
	e.Err = ErrThisRecordOnly
	return e.Then("Turn on Password Access for the key under Account > Settings > API Keys, or open the password in IT Glue.")
}
