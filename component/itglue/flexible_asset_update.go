package itglue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
)

// Causes of a change that was not made, or not made well, for errors.Is.
var (
	// ErrHoldsFiles: the asset holds an upload or a password in a field, which
	// a change through the API would or might delete.
	ErrHoldsFiles = errors.New("the flexible asset holds files or passwords")
	// ErrCannotKeep: the asset holds a value that cannot be sent back.
	ErrCannotKeep = errors.New("the flexible asset holds a value that cannot be kept")
	// ErrTraitsLost: after a change, traits that it did not name were others.
	ErrTraitsLost = errors.New("traits changed that were not to change")
)

// UpdateFlexibleAssetInput is what to change of an asset.
type UpdateFlexibleAssetInput struct {
	ID                 string                     `json:"id" jsonschema:"pattern=^[0-9]+$,maxLength=19"`
	Set                map[string]json.RawMessage `json:"set" jsonschema:"minProperties=1" jsonschema_description:"The new value of each field to change, by the field's key, in the form for writing: a Tag is a list of ids. null clears."`
	UnlessChangedSince *time.Time                 `json:"unlessChangedSince,omitempty" jsonschema_description:"The updatedAt that the change was decided on: with another one there now, nothing is written."`
	AllowFiles         bool                       `json:"allowFiles,omitempty" jsonschema_description:"Also write to an asset that holds an upload or a password in a field. Its uploads are then lost, because IT Glue's API cannot keep them."`
}

// UpdateFlexibleAssetOutput is an asset after and before its change.
type UpdateFlexibleAssetOutput struct {
	Asset  FlexibleAsset `json:"asset"`
	Before FlexibleAsset `json:"before"`
}

// UpdateFlexibleAsset changes some traits of an asset.
var UpdateFlexibleAsset = component.Method(Connection, component.Spec{
	Name: "itglue.update-flexible-asset", Summary: "Change traits of an IT Glue flexible asset, and leave all others as they are.",
	Effect: component.Writes, Access: component.Administer,
}, (*Client).UpdateFlexibleAsset)

// UpdateFlexibleAsset changes some traits of an asset and keeps the others. IT
// Glue deletes each trait that a change leaves out (CONFIRMED), so the asset is
// read afresh, all its traits are sent with ours changed, and the answer is
// compared with what was there. If another trait changed with it, the old
// values are put back once, and the call fails with [ErrTraitsLost].
//
// It fails with component.Conflict when the asset has moved on, and with
// component.NeedsReview when it holds what cannot be kept ([ErrHoldsFiles],
// [ErrCannotKeep]); then nothing was written.
func (c *Client) UpdateFlexibleAsset(ctx context.Context, in UpdateFlexibleAssetInput) (UpdateFlexibleAssetOutput, error) {
	var out UpdateFlexibleAssetOutput
	before, err := c.GetFlexibleAsset(ctx, GetFlexibleAssetInput{ID: in.ID})
	if err != nil {
		return out, err
	}
	if since := in.UnlessChangedSince; since != nil && !sameTime(*since, before.UpdatedAt) {
		return out, component.Errorf(component.Conflict, "the flexible asset %s changed in IT Glue since it was read", in.ID).Then("Read it again and decide anew.")
	}
	fields, err := c.fieldsFor(ctx, before.TypeID, slices.Concat(slices.Collect(maps.Keys(before.Traits)), slices.Collect(maps.Keys(in.Set))))
	if err != nil {
		return out, err
	}
	if err := settable(in, fields); err != nil {
		return out, err
	}
	old, err := kept(before, fields, in.AllowFiles)
	if err != nil {
		return out, err
	}
	full := maps.Clone(old)
	maps.Copy(full, in.Set)
	after, err := c.patchTraits(ctx, in.ID, full)
	if err != nil {
		return out, err
	}
	if lost := changed(before, after, fields, in); len(lost) > 0 {
		return out, c.putBack(ctx, before, old, fields, in, lost)
	}
	return UpdateFlexibleAssetOutput{Asset: after, Before: before}, nil
}

// settable checks that what is to be set are fields that can be.
func settable(in UpdateFlexibleAssetInput, fields map[string]FlexibleAssetField) error {
	var problems []component.Problem
	for _, key := range slices.Sorted(maps.Keys(in.Set)) {
		f, known := fields[key]
		switch {
		case !known:
			problems = append(problems, component.Problem{Pointer: "/set/" + key, Message: "is not a field of the asset's type"})
		case !slices.Contains(keepable, f.Kind):
			problems = append(problems, component.Problem{Pointer: "/set/" + key, Message: "is a field of the kind " + f.Kind + ", which is not written"})
		}
	}
	switch {
	case len(problems) > 0:
		return &component.Error{Code: component.InvalidInput, Message: "the flexible asset " + in.ID + " cannot be changed like this:", Problems: problems}
	case len(in.Set) == 0:
		return component.Errorf(component.InvalidInput, "nothing of the flexible asset %s is to be changed", in.ID)
	}
	return nil
}

// kept is all that an asset holds, in the form for writing.
func kept(a FlexibleAsset, fields map[string]FlexibleAssetField, allowFiles bool) (map[string]json.RawMessage, error) {
	full := map[string]json.RawMessage{}
	for _, key := range slices.Sorted(maps.Keys(a.Traits)) {
		value := a.Traits[key]
		if blank(value) {
			continue
		}
		f := fields[key]
		switch {
		case f.Kind == KindUpload || f.Kind == KindPassword:
			if !allowFiles {
				return nil, holdsFiles(a, f)
			}
			if f.Kind == KindPassword {
				full[key] = value // that the id keeps the password is ASSUMED
			}
		case !slices.Contains(keepable, f.Kind):
			return nil, cannotKeep(a, key, "it is of no field or kind that is known")
		default:
			back, err := sentBack(f.Kind, value)
			if err != nil {
				return nil, cannotKeep(a, key, err.Error())
			}
			full[key] = back
		}
	}
	return full, nil
}

func holdsFiles(a FlexibleAsset, f FlexibleAssetField) error {
	what := "an upload, which IT Glue deletes at each change through its API"
	if f.Kind == KindPassword {
		what = "a password, which a change through IT Glue's API might delete"
	}
	e := component.Errorf(component.NeedsReview, "the flexible asset %s is read-only: its field %q holds %s", a.ID, f.Name, what)
	e.Err = ErrHoldsFiles
	return e.Then("Make the change in IT Glue, or allow writing to assets of the type %s.", a.TypeID)
}

func cannotKeep(a FlexibleAsset, key, why string) error {
	e := component.Errorf(component.NeedsReview, "the flexible asset %s is read-only: its trait %q could not be kept: %s", a.ID, key, why)
	e.Err = ErrCannotKeep
	return e.Then("Make the change in IT Glue.")
}

// patchTraits writes the full map of an asset's traits, never an empty one: it
// would delete them all.
func (c *Client) patchTraits(ctx context.Context, id string, full map[string]json.RawMessage) (FlexibleAsset, error) {
	if len(full) == 0 {
		return FlexibleAsset{}, component.Errorf(component.Internal, "the flexible asset %s would lose all its traits; nothing was written", id)
	}
	return show(ctx, c, &call{
		method: http.MethodPatch, path: "/flexible_assets/" + id, id: id, about: "the flexible asset " + id, member: "set",
		model: &flexibleAssetBody{Traits: full},
	}, readFlexibleAsset)
}

// changed gives the traits that another state of an asset should share with the
// one before, and does not. Uploads that were given up are not among them.
func changed(before, after FlexibleAsset, fields map[string]FlexibleAssetField, in UpdateFlexibleAssetInput) []string {
	var lost []string
	for _, key := range slices.Sorted(maps.Keys(before.Traits)) {
		_, ours := in.Set[key]
		kind := fields[key].Kind
		if !ours && !(kind == KindUpload && in.AllowFiles) && !sameTrait(kind, before.Traits[key], after.Traits[key]) {
			lost = append(lost, key)
		}
	}
	return lost
}

// putBack writes the old traits once more, after a change took others along.
func (c *Client) putBack(ctx context.Context, before FlexibleAsset, old map[string]json.RawMessage, fields map[string]FlexibleAssetField, in UpdateFlexibleAssetInput, lost []string) error {
	full := maps.Clone(old)
	for key := range in.Set {
		if _, was := old[key]; !was {
			full[key] = json.RawMessage("null")
		}
	}
	e := &component.Error{Code: component.Unsettled, Err: ErrTraitsLost,
		Message: fmt.Sprintf("a change of the flexible asset %s took other traits along: %s", in.ID, strings.Join(lost, ", "))}
	again, err := c.patchTraits(context.WithoutCancel(ctx), in.ID, full)
	nothing := UpdateFlexibleAssetInput{ID: in.ID, AllowFiles: in.AllowFiles}
	if still := changed(before, again, fields, nothing); err == nil && len(still) == 0 {
		e.Message += "; the old values were put back"
		return e.Then("Make the change in IT Glue, and report this.")
	}
	e.Message += "; they could not all be put back"
	return e.Then("Restore the record from its revisions in IT Glue, and report this.")
}
