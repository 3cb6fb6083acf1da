package itgluerevio

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue"
	"github.com/itglue-revio/itglue-revio/component/revio"
)

// The previews are read live while a person fills in the wizard: at most one
// page of a type's assets and one of the password list. Nothing of them is
// stored.
const (
	previewPage     = 500 // records of that page
	previewsAtOnce  = 4
	previewSamples  = 5
	previewPageNote = "Counts and samples are read live, from one page a type, and stored nowhere."
)

// PreviewTypesInput says of which types.
type PreviewTypesInput struct {
	AnswersInput
	TypeIDs []string `json:"typeIds,omitempty" jsonschema_description:"Only of these types, so that a page can be filled bit by bit. Empty: all enabled ones."`
}

// TypeCount is what one flexible asset type holds.
type TypeCount struct {
	ID         string     `json:"id"`
	Name       string     `json:"name"`
	Icon       string     `json:"icon,omitempty"`
	Selected   bool       `json:"selected"`
	Assets     int        `json:"assets" jsonschema_description:"How many assets there are, as IT Glue says."`
	Passwords  int        `json:"passwords" jsonschema_description:"How many passwords are attached to them, of those looked at."`
	AtLeast    bool       `json:"atLeast" jsonschema_description:"Whether there may be more passwords than were looked at."`
	LastChange *time.Time `json:"lastChange,omitempty" jsonschema_description:"When one of the assets looked at last changed."`
	Invisible  string     `json:"invisible,omitempty" jsonschema_description:"What stays invisible while the type is not selected, in words."`
	Fault      string     `json:"fault,omitempty" jsonschema_description:"Why it could not be counted, in words."`
}

// TypeCounts is what the enabled types hold.
type TypeCounts struct {
	Items      []TypeCount `json:"items"`
	Standalone int         `json:"standalone" jsonschema_description:"Passwords that belong to no asset, of those looked at: they are not synced."`
	Invisible  string      `json:"invisible,omitempty" jsonschema_description:"How many passwords the types that are not selected hide, in words."`
	Note       string      `json:"note"`
}

// previewAssetTypes counts what the types of step 2 hold.
func (k keeper) previewAssetTypes() component.Callable {
	return component.Func(component.Spec{Name: "preview.asset-types", Summary: "For step 2: count the assets and passwords of each flexible asset type, live and stored nowhere.", Effect: component.Reads, Access: component.Configure},
		func(ctx context.Context, s *component.Session, in PreviewTypesInput) (TypeCounts, error) {
			a, err := k.answers(ctx, s, in.Answers)
			if err != nil {
				return TypeCounts{}, err
			}
			types, err := enabledTypes(ctx, a.session)
			if err != nil {
				return TypeCounts{}, err
			}
			types = slices.DeleteFunc(types, func(t itglue.FlexibleAssetType) bool {
				return len(in.TypeIDs) > 0 && !slices.Contains(in.TypeIDs, t.ID)
			})
			passwords, err := itglue.ListPasswords.Call(ctx, a.session, itglue.ListPasswordsInput{Page: component.Page{Limit: previewPage}})
			if err != nil {
				return TypeCounts{}, err
			}
			return a.countTypes(ctx, types, passwords)
		})
}

func (a pageAnswers) countTypes(ctx context.Context, types []itglue.FlexibleAssetType, passwords itglue.PasswordList) (TypeCounts, error) {
	out := TypeCounts{Items: make([]TypeCount, len(types)), Note: previewPageNote}
	var work errgroup.Group
	work.SetLimit(previewsAtOnce)
	for i, t := range types {
		work.Go(func() error {
			out.Items[i] = a.countType(ctx, t, passwords)
			return ctx.Err()
		})
	}
	if err := work.Wait(); err != nil {
		return TypeCounts{}, err
	}
	hidden, more := 0, ""
	for _, c := range out.Items {
		if !c.Selected {
			hidden += c.Passwords
		}
	}
	if passwords.Total > len(passwords.Items) {
		more = "At least "
	}
	if hidden > 0 {
		out.Invisible = more + counted(hidden, "password stays", "passwords stay") + " invisible with the types that are not selected."
	}
	for _, p := range passwords.Items {
		if p.Linkage == itglue.LinkageNone {
			out.Standalone++
		}
	}
	return out, nil
}

func (a pageAnswers) countType(ctx context.Context, t itglue.FlexibleAssetType, passwords itglue.PasswordList) TypeCount {
	out := TypeCount{ID: t.ID, Name: t.Name, Icon: t.Icon, Selected: slices.Contains(a.document.AssetTypes.TypeIDs, t.ID), AtLeast: passwords.Total > len(passwords.Items)}
	list, err := itglue.ListFlexibleAssets.Call(ctx, a.session, itglue.ListFlexibleAssetsInput{TypeID: t.ID, Page: component.Page{Limit: previewPage}})
	if err != nil {
		out.Fault, _ = said(err)
		return out
	}
	assets, latest := map[string]bool{}, time.Time{}
	for _, asset := range list.Items {
		assets[asset.ID] = true
		if asset.UpdatedAt.After(latest) {
			latest = asset.UpdatedAt
		}
	}
	out.Assets, out.LastChange = max(list.Total, len(list.Items)), component.Instant(latest)
	out.AtLeast = out.AtLeast || out.Assets > len(list.Items)
	for _, p := range passwords.Items {
		attached := p.Linkage == itglue.LinkageEmbedded || p.Linkage == itglue.LinkageField
		if !p.Archived && attached && (assets[p.AssetID] || p.AssetID == "" && p.CachedResourceTypeName == t.Name) {
			out.Passwords++
		}
	}
	if out.Passwords > 0 && !out.Selected {
		out.Invisible = counted(out.Passwords, "password stays", "passwords stay") + " invisible"
	}
	return out
}

// CreatePreview is what a type may lead to in Rev.io.
type CreatePreview struct {
	TypeID        string `json:"typeId"`
	Type          string `json:"type"`
	Assets        int    `json:"assets" jsonschema_description:"How many assets it has in IT Glue, over all organizations."`
	RevioTypeID   string `json:"revioTypeId,omitempty"`
	RevioType     string `json:"revioType,omitempty" jsonschema_description:"What they become in Rev.io; empty while it is not mapped."`
	SuggestedID   string `json:"suggestedId,omitempty" jsonschema_description:"The Rev.io asset type that fits by name, where none is chosen."`
	SuggestedWhy  string `json:"suggestedWhy,omitempty"`
	SuggestedName string `json:"suggestedName,omitempty"`
}

// CreatePreviews says what Finish may lead to.
type CreatePreviews struct {
	Items []CreatePreview `json:"items"`
	Words string          `json:"words" jsonschema_description:"Such as: will create up to 312 Equipment, 48 License."`
	Note  string          `json:"note"`
}

// previewTypes counts what step 4 may lead to.
func (k keeper) previewTypes() component.Callable {
	return component.Func(component.Spec{Name: "preview.types", Summary: "For step 4: count how many Rev.io assets of each type may be created at most, live and stored nowhere.", Effect: component.Reads, Access: component.Configure},
		func(ctx context.Context, s *component.Session, in AnswersInput) (CreatePreviews, error) {
			a, err := k.answers(ctx, s, in.Answers)
			if err != nil {
				return CreatePreviews{}, err
			}
			types, err := selectedTypes(ctx, a.session, a.document)
			if err != nil {
				return CreatePreviews{}, err
			}
			list, err := revio.ListAssetTypes.Call(ctx, a.session, component.NoInput{})
			if err != nil {
				return CreatePreviews{}, err
			}
			out := CreatePreviews{Items: make([]CreatePreview, len(types)), Note: "Assets that are in Rev.io already, found by serial number, are linked and not created. Nothing is created before a link is accepted."}
			for i, t := range types {
				count, err := itglue.ListFlexibleAssets.Call(ctx, a.session, itglue.ListFlexibleAssetsInput{TypeID: t.ID, Page: component.Page{Limit: 1}})
				if err != nil {
					return CreatePreviews{}, err
				}
				out.Items[i] = CreatePreview{TypeID: t.ID, Type: t.Name, Assets: max(count.Total, len(count.Items)), RevioTypeID: a.document.Types["t"+t.ID]}
				out.Items[i].name(list.Items)
			}
			out.Words = createWords(out.Items)
			return out, nil
		})
}

// name fills in the chosen Rev.io type's name, or one that fits by name.
func (p *CreatePreview) name(types []revio.AssetType) {
	for _, t := range types {
		if t.ID == p.RevioTypeID {
			p.RevioType = t.Name
		}
	}
	if p.RevioTypeID != "" {
		return
	}
	for _, t := range types {
		if why := typeFits(p.Type, t.Name); t.Active && why != "" {
			p.SuggestedID, p.SuggestedName, p.SuggestedWhy = t.ID, t.Name, why
			return
		}
	}
}

func createWords(items []CreatePreview) string {
	upTo := map[string]int{}
	for _, i := range items {
		if i.RevioType != "" {
			upTo[i.RevioType] += i.Assets
		}
	}
	var parts []string
	for name, n := range upTo {
		parts = append(parts, fmt.Sprintf("%d %s", n, name))
	}
	if len(parts) == 0 {
		return ""
	}
	slices.SortFunc(parts, func(a, b string) int {
		var x, y int
		_, _ = fmt.Sscan(a, &x)
		_, _ = fmt.Sscan(b, &y)
		return cmp.Or(cmp.Compare(y, x), cmp.Compare(a, b))
	})
	return "will create up to " + strings.Join(parts, ", ")
}
