package itgluerevio

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue"
)

// Precondition is one thing that must be in place before the integration is
// configured.
type Precondition struct {
	Name    string `json:"name"`
	System  string `json:"system" jsonschema:"enum=itglue,enum=revio,enum=here"`
	Text    string `json:"text" jsonschema_description:"What must be in place."`
	State   string `json:"state" jsonschema:"enum=done,enum=open,enum=unknown" jsonschema_description:"unknown: it cannot be looked at yet, or only a person can."`
	Message string `json:"message,omitempty" jsonschema_description:"What was found, in words."`
	Do      string `json:"do,omitempty"`
}

// Preconditions are what must be in place, and whether it is.
type Preconditions struct {
	Items []Precondition `json:"items"`
	Note  string         `json:"note" jsonschema_description:"Who should sign in, in words."`
}

const serviceAccountNote = "We recommend creating a dedicated “service account” user. When configuring this integration, sign in using the service account rather than your personal user account, so that audit logs show the service account running the integration instead of the user who originally installed it."

// preconditions are those of the help article, in its order and in its words.
var preconditions = []Precondition{
	{Name: "types", System: "itglue", Text: "Flexible Asset Types exist for each category you want to sync, such as Workstations or Servers, with the trait fields you intend to map. Trait field names are case-sensitive."},
	{Name: "passwords", System: "itglue", Text: "Passwords you want surfaced in Rev.io are attached to a Flexible Asset in IT Glue. Standalone passwords in the vault are not synced."},
	{Name: "key", System: "itglue", Text: "An IT Glue API key with Password Access enabled. To generate one, navigate to Account > Settings > API Keys in IT Glue."},
	{Name: "region", System: "itglue", Text: "Your IT Glue regional endpoint: US (api.itglue.com), EU (api.eu.itglue.com) or AU (api.au.itglue.com)."},
	{Name: "allowlist", System: "itglue", Text: "If your IT Glue account restricts API access by source IP: the address of this server is on the allowlist, on the same screen as your API key."},
	{Name: "credentials", System: "revio", Text: "Your Rev.io Client ID and Client Secret, provided by your account team."},
	{Name: "asset-types", System: "revio", Text: "Asset Types are configured in Rev.io for the categories you will be syncing, such as Equipment, License, Other, or custom types."},
	{Name: "service-account", System: "here", Text: "A dedicated service account that unattended runs act as."},
}

// beforeYouBegin walks the help article's list. What can be looked at with the
// answers so far ticks itself.
func (k keeper) beforeYouBegin() component.Callable {
	return component.Func(component.Spec{Name: "before-you-begin", Summary: "Say what must be in place before the wizard, and which of it is.", Effect: component.Reads, Access: component.Configure},
		func(ctx context.Context, s *component.Session, in AnswersInput) (Preconditions, error) {
			a, err := k.answers(ctx, s, in.Answers)
			if err != nil {
				return Preconditions{}, err
			}
			checks := map[string]ConnectionCheck{}
			if a.document.Connections.ITGlue.APIKey+a.document.Connections.Revio.ClientSecret != "" {
				for _, c := range checkBoth(ctx, a).Checks {
					checks[c.Name] = c
				}
			}
			out := Preconditions{Items: slices.Clone(preconditions), Note: serviceAccountNote}
			for i := range out.Items {
				out.Items[i].State = "unknown"
				a.tick(ctx, &out.Items[i], checks)
			}
			return out, ctx.Err()
		})
}

// tick says whether a precondition holds, as far as it can be told.
func (a pageAnswers) tick(ctx context.Context, p *Precondition, checks map[string]ConnectionCheck) {
	switch p.Name {
	case "types":
		p.take(checks["itglue.types"])
	case "key":
		p.take(checks["itglue.key"])
		if c := checks["itglue.password-access"]; p.State == "done" && c.Result != "pass" {
			p.State = "unknown"
			p.take(c)
		}
	case "region":
		p.take(checks["itglue.region"])
	case "allowlist":
		c := checks["itglue.egress"]
		p.Message = c.Message
		if checks["itglue.key"].Result == "pass" {
			p.State, p.Message = "done", "IT Glue answers calls from this server."
		}
	case "credentials":
		p.take(checks["revio.token"])
	case "asset-types":
		p.take(checks["revio.paths.assetTypes"])
	case "passwords":
		if checks["itglue.key"].Result == "pass" {
			a.tickPasswords(ctx, p)
		}
	case "service-account":
		p.State, p.Message = "open", "None is named yet."
		if a.document.RunAs != "" {
			p.State, p.Message = "done", "Unattended runs act as "+a.document.RunAs+"."
		}
	}
}

func (p *Precondition) take(c ConnectionCheck) {
	p.Message, p.Do = c.Message, c.Do
	switch c.Result {
	case "pass":
		p.State = "done"
	case "fail", "warn":
		p.State = "open"
	}
}

// tickPasswords counts on one page of the password list how many belong to a
// flexible asset.
func (a pageAnswers) tickPasswords(ctx context.Context, p *Precondition) {
	list, err := itglue.ListPasswords.Call(ctx, a.session, itglue.ListPasswordsInput{Page: component.Page{Limit: previewPage}})
	if err != nil {
		p.Message, p.Do = said(err)
		return
	}
	attached, standalone := 0, 0
	for _, pw := range list.Items {
		switch pw.Linkage {
		case itglue.LinkageEmbedded, itglue.LinkageField:
			attached++
		case itglue.LinkageNone:
			standalone++
		}
	}
	p.State = "done"
	var words []string
	if list.Total > len(list.Items) {
		words = append(words, fmt.Sprintf("Of the first %d passwords:", len(list.Items)))
	}
	words = append(words, fmt.Sprintf("%d attached to a Flexible Asset, %d standalone in the vault.", attached, standalone))
	p.Message = strings.Join(words, " ")
	if attached == 0 {
		p.State, p.Do = "open", "Embed the passwords that you want to see in Rev.io in a Flexible Asset."
	}
}
