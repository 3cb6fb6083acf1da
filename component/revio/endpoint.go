package revio

import (
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/itglue-revio/itglue-revio/component"
)

// vendorDomain is the domain of Rev.io PSA's own hosts. CONFIRMED
// (developer-portal.reviopsa.com: api.psarev.io, apim.psarev.io, and the
// tenants' sites).
const vendorDomain = "psarev.io"

// namedURL is an address that a profile names, with the line that names it.
type namedURL struct{ pointer, value string }

// urls lists the absolute addresses that the profile names.
func (p *Profile) urls() []namedURL {
	all := []namedURL{{"/baseURL", p.BaseURL}}
	if p.SandboxBaseURL != "" {
		all = append(all, namedURL{"/sandboxBaseURL", p.SandboxBaseURL})
	}
	for module, base := range p.ModuleBase {
		if base != "" {
			all = append(all, namedURL{"/moduleBase/" + module, base})
		}
	}
	if !strings.HasPrefix(p.Token.URL, "/") {
		all = append(all, namedURL{"/token/url", p.Token.URL})
	}
	slices.SortFunc(all, func(a, b namedURL) int { return strings.Compare(a.pointer, b.pointer) })
	return all
}

// parseBase reads an absolute address.
func parseBase(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http"):
		return nil, errors.New("is not an address such as https://api.psarev.io")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("must be an address without user, query and fragment")
	}
	return u, nil
}

// allowEndpoints refuses addresses that are neither the vendor's nor allowed by
// the operator: the credentials go there.
func allowEndpoints(p *Profile, allowed []string) error {
	var ps []component.Problem
	for _, named := range p.urls() {
		u, err := parseBase(named.value)
		if err != nil || !vendors(u) && !slices.ContainsFunc(allowed, func(a string) bool { return sameOrigin(u, a) }) {
			ps = append(ps, component.Problem{Pointer: named.pointer, Message: "names a host that is not Rev.io's: " + named.value})
		}
	}
	if ps == nil {
		return nil
	}
	return &component.Error{Code: component.InvalidInput, Message: "the Rev.io profile names addresses that are not allowed:", Problems: ps,
		Do: "If they are meant, the operator starts the program with --allow-endpoint URL for each."}
}

// vendors reports whether u is one of Rev.io's own hosts, reached safely.
func vendors(u *url.URL) bool {
	host := strings.ToLower(u.Hostname())
	return u.Scheme == "https" && u.Port() == "" && (host == vendorDomain || strings.HasSuffix(host, "."+vendorDomain))
}

func sameOrigin(u *url.URL, base string) bool {
	b, err := url.Parse(base)
	return err == nil && strings.EqualFold(u.Scheme, b.Scheme) && strings.EqualFold(u.Host, b.Host)
}

// address gives the absolute address of a path: the sandbox's, its module's, or
// the base's.
func (c *Client) address(path string) string {
	if !strings.HasPrefix(path, "/") {
		return path
	}
	base := c.profile.BaseURL
	if c.sandbox() {
		base = c.profile.SandboxBaseURL
	} else {
		module, _, _ := strings.Cut(path[1:], "/")
		if own := c.profile.ModuleBase[module]; own != "" {
			base = own
		}
	}
	return strings.TrimRight(base, "/") + path
}

// sandbox reports whether calls go to the profile's sandbox.
func (c *Client) sandbox() bool { return !c.settings.Production && c.profile.SandboxBaseURL != "" }
