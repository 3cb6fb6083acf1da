package itglue

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
)

// Organization is IT Glue's record of a client. Description, QuickNotes and
// Alert are nil when the answer did not show them; a list never shows
// QuickNotes, because IT Glue cuts them there to 250 characters (CONFIRMED).
type Organization struct {
	ID             string    `json:"id"`
	Name           string    `json:"name"`
	ShortName      string    `json:"shortName,omitempty"`
	Description    *string   `json:"description,omitempty"`
	QuickNotes     *string   `json:"quickNotes,omitempty" jsonschema_description:"Shown by get-organization only. May hold HTML."`
	Alert          *string   `json:"alert,omitempty"`
	TypeName       string    `json:"typeName,omitempty"`
	StatusID       string    `json:"statusId,omitempty"`
	StatusName     string    `json:"statusName,omitempty" jsonschema_description:"Free text of the account, such as Active or Inactive."`
	ParentID       string    `json:"parentId,omitempty"`
	Primary        bool      `json:"primary" jsonschema_description:"Whether it is the account's own organization."`
	PSAIntegration string    `json:"psaIntegration,omitempty" jsonschema_description:"As IT Glue says it: enabled for an organization that a PSA keeps."`
	CreatedAt      time.Time `json:"createdAt"`
	UpdatedAt      time.Time `json:"updatedAt"`
}

// ErrLockedByPSA: the organization is kept by a PSA, and IT Glue lets the API
// change its alert, description and quick notes only (CONFIRMED).
var ErrLockedByPSA = errors.New("the organization is kept by a PSA")

// ListOrganizationsInput asks for organizations.
type ListOrganizationsInput struct {
	component.Page
	IDs  []string `json:"ids,omitempty" jsonschema:"maxItems=100" jsonschema_description:"Only these."`
	Name string   `json:"name,omitempty" jsonschema_description:"Only those with exactly this name."`
}

// OrganizationList is organizations, and what the list says about itself.
type OrganizationList struct {
	Items []Organization `json:"items"`
	component.Listing
}

// GetOrganizationInput asks for one organization.
type GetOrganizationInput struct {
	ID string `json:"id" jsonschema:"pattern=^[0-9]+$,maxLength=19"`
}

// CreateOrganizationInput is a new organization.
type CreateOrganizationInput struct {
	Name        string `json:"name" jsonschema:"minLength=1"`
	Description string `json:"description,omitempty"`
	QuickNotes  string `json:"quickNotes,omitempty"`
	ShortName   string `json:"shortName,omitempty"`
	TypeID      string `json:"typeId,omitempty" jsonschema:"pattern=^[0-9]*$,maxLength=19"`
	StatusID    string `json:"statusId,omitempty" jsonschema:"pattern=^[0-9]*$,maxLength=19"`
}

// UpdateOrganizationInput is what to change of an organization. A nil member is
// left as it is, an empty one is cleared.
type UpdateOrganizationInput struct {
	ID                 string     `json:"id" jsonschema:"pattern=^[0-9]+$,maxLength=19"`
	Name               *string    `json:"name,omitempty" jsonschema:"minLength=1"`
	Description        *string    `json:"description,omitempty"`
	QuickNotes         *string    `json:"quickNotes,omitempty"`
	UnlessChangedSince *time.Time `json:"unlessChangedSince,omitempty" jsonschema_description:"The updatedAt that the change was decided on: with another one there now, nothing is written."`
}

// ListOrganizations lists the organizations that the API key reaches.
var ListOrganizations = component.Method(Connection, component.Spec{
	Name: "itglue.list-organizations", Summary: "List the organizations of the IT Glue account.",
	Effect: component.Reads, Access: component.View,
}, (*Client).ListOrganizations)

// GetOrganization reads one organization whole, quick notes included.
var GetOrganization = component.Method(Connection, component.Spec{
	Name: "itglue.get-organization", Summary: "Read one IT Glue organization, with its full quick notes.",
	Effect: component.Reads, Access: component.View,
}, (*Client).GetOrganization)

// CreateOrganization creates an organization.
var CreateOrganization = component.Method(Connection, component.Spec{
	Name: "itglue.create-organization", Summary: "Create an organization in IT Glue.",
	Effect: component.Writes, Access: component.Administer,
}, (*Client).CreateOrganization)

// UpdateOrganization changes an organization's name, description or quick
// notes.
var UpdateOrganization = component.Method(Connection, component.Spec{
	Name: "itglue.update-organization", Summary: "Change the name, description or quick notes of an IT Glue organization.",
	Effect: component.Writes, Access: component.Administer,
}, (*Client).UpdateOrganization)

// ListOrganizations lists organizations, with their ids as the order. Their
// quick notes are not shown.
func (c *Client) ListOrganizations(ctx context.Context, in ListOrganizationsInput) (OrganizationList, error) {
	q := listed[Organization]{
		resource: "organizations", about: "the organizations", sort: "id", query: url.Values{},
		many: "filter[id]", ids: in.IDs, of: func(o Organization) string { return o.ID },
		read: func(r record) (Organization, error) {
			o, err := readOrganization(r)
			o.QuickNotes = nil
			return o, err
		},
	}
	if in.Name != "" {
		q.query.Set("filter[name]", escaped(in.Name))
		q.fits = func(o Organization) bool { return sameName(o.Name, in.Name) }
	}
	items, listing, err := list(ctx, c, q, in.Page)
	return OrganizationList{Items: items, Listing: listing}, err
}

// GetOrganization reads one organization.
func (c *Client) GetOrganization(ctx context.Context, in GetOrganizationInput) (Organization, error) {
	return show(ctx, c, &call{method: http.MethodGet, path: "/organizations/" + in.ID, id: in.ID, about: "the organization " + in.ID}, readOrganization)
}

// organizationBody is what is written of an organization.
type organizationBody struct {
	ID          string          `jsonapi:"primary,organizations"`
	Name        json.RawMessage `jsonapi:"attr,name,omitempty"`
	Description json.RawMessage `jsonapi:"attr,description,omitempty"`
	QuickNotes  json.RawMessage `jsonapi:"attr,quick-notes,omitempty"`
	ShortName   json.RawMessage `jsonapi:"attr,short-name,omitempty"`
	TypeID      int64           `jsonapi:"attr,organization-type-id,omitempty"`
	StatusID    int64           `jsonapi:"attr,organization-status-id,omitempty"`
}

// CreateOrganization creates an organization. IT Glue knows no key against
// doubles: after component.Unsettled, look before creating again.
func (c *Client) CreateOrganization(ctx context.Context, in CreateOrganizationInput) (Organization, error) {
	return show(ctx, c, &call{
		method: http.MethodPost, path: "/organizations", about: "the new organization",
		model: &organizationBody{
			Name: given(in.Name), Description: given(in.Description), QuickNotes: given(in.QuickNotes), ShortName: given(in.ShortName),
			TypeID: number(in.TypeID), StatusID: number(in.StatusID),
		},
	}, readOrganization)
}

// UpdateOrganization reads the organization, and changes it unless it has moved
// on. It fails with [ErrLockedByPSA] where a PSA keeps the organization's name.
func (c *Client) UpdateOrganization(ctx context.Context, in UpdateOrganizationInput) (Organization, error) {
	now, err := c.GetOrganization(ctx, GetOrganizationInput{ID: in.ID})
	if err != nil {
		return Organization{}, err
	}
	if in.Name == nil && in.Description == nil && in.QuickNotes == nil {
		return now, nil
	}
	if since := in.UnlessChangedSince; since != nil && !sameTime(*since, now.UpdatedAt) {
		return now, component.Errorf(component.Conflict, "the organization %s changed in IT Glue since it was read", in.ID).Then("Read it again and decide anew.")
	}
	after, err := show(ctx, c, &call{
		method: http.MethodPatch, path: "/organizations/" + in.ID, id: in.ID, about: "the organization " + in.ID,
		model: &organizationBody{Name: cleared(in.Name), Description: cleared(in.Description), QuickNotes: cleared(in.QuickNotes)},
	}, readOrganization)
	if in.Name != nil && component.CodeOf(err) == component.InvalidInput && c.keptByPSA(now, err) {
		e := component.Errorf(component.InvalidInput, "the organization %s is kept by a PSA, so IT Glue does not let its name be changed", in.ID)
		e.Err = ErrLockedByPSA
		return now, e.Then("Change the name in the PSA, or unlink the organization from it.")
	}
	return after, err
}

var psaWords = regexp.MustCompile(`(?i)\bsynced\b|\bpsa\b`)

// keptByPSA judges the refusal of a change: the words of the refusal and the
// values of psa-integration are both ASSUMED, so either will do.
func (c *Client) keptByPSA(o Organization, refusal error) bool {
	return slices.Contains(c.profile.Assumed.SyncedFromPSA, strings.ToLower(o.PSAIntegration)) || psaWords.MatchString(refusal.Error())
}

func readOrganization(r record) (Organization, error) {
	a, err := attributes[struct {
		Name           string `json:"name"`
		ShortName      string `json:"short-name"`
		Description    shown  `json:"description"`
		QuickNotes     shown  `json:"quick-notes"`
		Alert          shown  `json:"alert"`
		TypeName       string `json:"organization-type-name"`
		StatusID       id     `json:"organization-status-id"`
		StatusName     string `json:"organization-status-name"`
		ParentID       id     `json:"parent-id"`
		Primary        bool   `json:"primary"`
		PSAIntegration loose  `json:"psa-integration"`
		CreatedAt      moment `json:"created-at"`
		UpdatedAt      moment `json:"updated-at"`
	}](r, "organizations")
	return Organization{
		ID: string(r.ID), Name: a.Name, ShortName: a.ShortName,
		Description: a.Description.text, QuickNotes: a.QuickNotes.text, Alert: a.Alert.text,
		TypeName: a.TypeName, StatusID: string(a.StatusID), StatusName: a.StatusName,
		ParentID: string(a.ParentID), Primary: a.Primary, PSAIntegration: string(a.PSAIntegration),
		CreatedAt: a.CreatedAt.time(), UpdatedAt: a.UpdatedAt.time(),
	}, err
}
