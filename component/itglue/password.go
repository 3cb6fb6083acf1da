package itglue

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
)

// Password is what IT Glue says about a password, without its value and
// without its notes, which often hold secrets: neither is ever read.
//
// Linkage says what it belongs to. "embedded": it lies in the flexible asset
// AssetID. "field": it is a Password field of that asset; ResourceID is then
// the id of the trait, not of the asset (CONFIRMED), and AssetID is read off
// ParentURL, or empty when that has another form. "none": it belongs to its
// organization alone. "other": it belongs to something that is no flexible
// asset, or is not known.
type Password struct {
	ID                     string     `json:"id"`
	OrganizationID         string     `json:"organizationId"`
	Name                   string     `json:"name"`
	Username               string     `json:"username,omitempty"`
	URL                    string     `json:"url,omitempty"`
	Category               string     `json:"category,omitempty"`
	CategoryID             string     `json:"categoryId,omitempty"`
	ResourceID             string     `json:"resourceId,omitempty"`
	ResourceType           string     `json:"resourceType,omitempty"`
	ParentURL              string     `json:"parentUrl,omitempty"`
	CachedResourceTypeName string     `json:"cachedResourceTypeName,omitempty"`
	CachedResourceName     string     `json:"cachedResourceName,omitempty"`
	Linkage                string     `json:"linkage" jsonschema:"enum=embedded,enum=field,enum=none,enum=other"`
	AssetID                string     `json:"assetId,omitempty"`
	OTPEnabled             bool       `json:"otpEnabled"`
	Archived               bool       `json:"archived"`
	VaultID                string     `json:"vaultId,omitempty"`
	PasswordUpdatedAt      *time.Time `json:"passwordUpdatedAt,omitempty"`
	CreatedAt              time.Time  `json:"createdAt"`
	UpdatedAt              time.Time  `json:"updatedAt"`
}

// What a password belongs to.
const (
	LinkageEmbedded = "embedded"
	LinkageField    = "field"
	LinkageNone     = "none"
	LinkageOther    = "other"
)

// ListPasswordsInput asks for passwords.
type ListPasswordsInput struct {
	component.Page
	OrganizationIDs []string `json:"organizationIds,omitempty" jsonschema:"maxItems=100" jsonschema_description:"Only those of these organizations, at most 100 a call."`
	Name            string   `json:"name,omitempty" jsonschema_description:"Only those with exactly this name."`
}

// PasswordList is passwords without values, and what the list says about
// itself.
type PasswordList struct {
	Items []Password `json:"items"`
	component.Listing
}

// GetPasswordInput asks for one password.
type GetPasswordInput struct {
	ID string `json:"id" jsonschema:"pattern=^[0-9]+$,maxLength=19"`
}

// ListPasswords lists passwords without their values.
var ListPasswords = component.Method(Connection, component.Spec{
	Name: "itglue.list-passwords", Summary: "List IT Glue passwords without their values.",
	Effect: component.Reads, Access: component.Operate,
}, (*Client).ListPasswords)

// GetPassword reads what IT Glue says about one password, not its value.
var GetPassword = component.Method(Connection, component.Spec{
	Name: "itglue.get-password", Summary: "Read what IT Glue says about one password, without its value.",
	Effect: component.Reads, Access: component.Operate,
}, (*Client).GetPassword)

// ListPasswords lists passwords. A list never holds values (CONFIRMED).
func (c *Client) ListPasswords(ctx context.Context, in ListPasswordsInput) (PasswordList, error) {
	q := listed[Password]{
		resource: "passwords", about: "the passwords", sort: "id", query: url.Values{},
		many: "filter[organization_id]", ids: in.OrganizationIDs, of: func(p Password) string { return p.OrganizationID },
		read: c.readPassword,
	}
	if in.Name != "" {
		q.query.Set("filter[name]", escaped(in.Name))
		q.fits = func(p Password) bool { return sameName(p.Name, in.Name) }
	}
	items, listing, err := list(ctx, c, q, in.Page)
	return PasswordList{Items: items, Listing: listing}, err
}

// GetPassword reads one password without its value. IT Glue shows the value
// unless it is told not to (CONFIRMED).
func (c *Client) GetPassword(ctx context.Context, in GetPasswordInput) (Password, error) {
	return show(ctx, c, &call{
		method: http.MethodGet, path: "/passwords/" + in.ID, id: in.ID, about: "the password " + in.ID,
		query: url.Values{"show_password": {"false"}},
	}, c.readPassword)
}

func (c *Client) readPassword(r record) (Password, error) {
	a, err := attributes[struct {
		OrganizationID         id     `json:"organization-id"`
		Name                   string `json:"name"`
		Username               string `json:"username"`
		URL                    string `json:"url"`
		Category               string `json:"password-category-name"`
		CategoryID             id     `json:"password-category-id"`
		ResourceID             id     `json:"resource-id"`
		ResourceType           string `json:"resource-type"`
		ParentURL              string `json:"parent-url"`
		CachedResourceTypeName string `json:"cached-resource-type-name"`
		CachedResourceName     string `json:"cached-resource-name"`
		OTPEnabled             bool   `json:"otp-enabled"`
		Archived               bool   `json:"archived"`
		VaultID                id     `json:"vault-id"`
		PasswordUpdatedAt      moment `json:"password-updated-at"`
		CreatedAt              moment `json:"created-at"`
		UpdatedAt              moment `json:"updated-at"`
	}](r, "passwords")
	p := Password{
		ID: string(r.ID), OrganizationID: string(a.OrganizationID), Name: a.Name, Username: a.Username, URL: a.URL,
		Category: a.Category, CategoryID: string(a.CategoryID), ResourceID: string(a.ResourceID), ResourceType: a.ResourceType, ParentURL: a.ParentURL,
		CachedResourceTypeName: a.CachedResourceTypeName, CachedResourceName: a.CachedResourceName,
		OTPEnabled: a.OTPEnabled, Archived: a.Archived, VaultID: string(a.VaultID),
		PasswordUpdatedAt: component.Instant(a.PasswordUpdatedAt.time()), CreatedAt: a.CreatedAt.time(), UpdatedAt: a.UpdatedAt.time(),
	}
	p.Linkage, p.AssetID = c.linkage(p)
	return p, err
}

var (
	separators = strings.NewReplacer(" ", "", "-", "", "_", "")
	recordPath = regexp.MustCompile(`/records/([0-9]+)(?:[/?#].*)?$`)
)

// linkage says what a password belongs to. The spellings of resource-type are
// ASSUMED for embedded passwords and CONFIRMED for fields; the profile names
// them.
func (c *Client) linkage(p Password) (kind, assetID string) {
	spelling := strings.TrimSuffix(separators.Replace(strings.ToLower(p.ResourceType)), "s")
	switch {
	case slices.Contains(c.profile.Assumed.EmbeddedTypes, spelling):
		return LinkageEmbedded, p.ResourceID
	case slices.Contains(c.profile.Assumed.FieldTypes, spelling):
		if m := recordPath.FindStringSubmatch(p.ParentURL); m != nil {
			return LinkageField, m[1]
		}
		return LinkageField, ""
	case spelling == "" && p.ResourceID == "":
		return LinkageNone, ""
	}
	return LinkageOther, ""
}
