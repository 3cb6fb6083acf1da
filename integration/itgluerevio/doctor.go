package itgluerevio

import (
	"context"
	"fmt"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue"
	"github.com/itglue-revio/itglue-revio/component/revio"
	"github.com/itglue-revio/itglue-revio/integration/mapping"
)

// doctor walks the article's "Before you begin" and everything else that the
// sync needs, and says of each line whether it works and what to do.
func (k keeper) doctor() component.Callable {
	return component.Func(component.Spec{Name: "doctor", Summary: "Check everything the sync needs, each with what to do.", Effect: component.Reads, Access: component.View},
		func(ctx context.Context, s *component.Session, in struct {
			Answers map[string]any `json:"answers,omitempty" jsonschema_description:"Answers of the wizard to check instead of the stored ones, by page name."`
		}) (component.CheckReport, error) {
			a, err := k.answers(ctx, s, in.Answers)
			if err != nil {
				return component.CheckReport{}, err
			}
			d := diagnosis{}
			left, err := itglue.CheckConnection.Call(ctx, a.session, component.NoInput{})
			d.connection("itglue", "IT Glue", left, err)
			right, err := revio.CheckConnection.Call(ctx, a.session, component.NoInput{})
			d.connection("revio", "Rev.io", right, err)
			d.install(a)
			d.twins(ctx, k, s.Instance)
			if !d.failed {
				d.mapping(ctx, a)
				d.reach(ctx, k, s.Instance, a)
			}
			return component.CheckReport{OK: !d.failed, Checks: d.checks}, ctx.Err()
		})
}

// diagnosis gathers the lines of doctor.
type diagnosis struct {
	checks []component.Check
	failed bool
}

func (d *diagnosis) add(name, title string, state component.State, message, do string) {
	d.checks = append(d.checks, component.Check{Name: name, Title: title, State: state, Message: message, Do: do})
	d.failed = d.failed || state == component.Failed
}

// connection takes the lines of a connector's own check over.
func (d *diagnosis) connection(name, title string, r component.CheckReport, err error) {
	if err != nil {
		d.add(name+".settings", title+" settings", component.Failed, err.Error(), "")
		return
	}
	for _, c := range r.Checks {
		c.Name, c.Title = name+"."+c.Name, title+": "+c.Title
		d.checks = append(d.checks, c)
	}
	d.failed = d.failed || !r.OK
}

// install checks how the instance is set up.
func (d *diagnosis) install(a pageAnswers) {
	if a.document.RunAs == "" {
		d.add("service-account", "Service account", component.Missing, "unattended runs act as no named service account",
			"Make a dedicated service account and name it in runAs, so that audit logs show the integration and not a person.")
	} else {
		d.add("service-account", "Service account", component.Works, "unattended runs act as "+a.document.RunAs, "")
	}
	if missing := a.document.complete(); missing != "" {
		d.add("configuration", "Configuration", component.Missing, missing+" has no answers yet", "Finish the wizard, or complete the instance file.")
		return
	}
	d.add("configuration", "Configuration", component.Works, fmt.Sprintf("complete; %d flexible asset types are selected", len(a.document.AssetTypes.TypeIDs)), "")
}

// mapping checks every mapped field against the types as they are now.
func (d *diagnosis) mapping(ctx context.Context, a pageAnswers) {
	if len(a.document.AssetTypes.TypeIDs) == 0 {
		return
	}
	types, err := selectedTypes(ctx, a.session, a.document)
	if err != nil {
		d.add("mapping", "Mapped fields", component.Failed, err.Error(), "")
		return
	}
	if len(types) < len(a.document.AssetTypes.TypeIDs) {
		d.add("types", "Selected types", component.Failed, fmt.Sprintf("%d of %d selected flexible asset types are gone or no longer enabled in IT Glue", len(a.document.AssetTypes.TypeIDs)-len(types), len(a.document.AssetTypes.TypeIDs)), "Enable them there, or take them out in step 2.")
	}
	for _, t := range types {
		_, findings := mapping.Resolve(t, a.document.Fields["t"+t.ID], a.remembered)
		for _, f := range findings {
			state := component.Failed
			if f.Kind == mapping.Renamed {
				state = component.Differs
			}
			d.add("mapping."+t.Name+"."+f.Revio, t.Name+": "+revio.FieldTitle(f.Revio), state, f.Text, "")
		}
		if len(findings) == 0 {
			d.add("mapping."+t.Name, t.Name, component.Works, fmt.Sprintf("%d fields are mapped, and all are there", len(a.document.Fields["t"+t.ID])), "")
		}
		if a.document.Fields["t"+t.ID]["serialNumber"] == "" {
			d.add("serial."+t.Name, t.Name+": Serial Number", component.Missing, "no trait is mapped to Serial Number, so assets of this type are matched to none in Rev.io and created once each",
				"Map it in step 3 if the type has serial numbers.")
		}
	}
}
