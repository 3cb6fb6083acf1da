package itgluerevio

import (
	"context"
	"fmt"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue"
	"github.com/itglue-revio/itglue-revio/component/revio"
)

// AnswersInput is answers of the wizard that are not stored yet.
type AnswersInput struct {
	Answers map[string]any `json:"answers,omitempty" jsonschema_description:"Answers of the wizard's pages that are not stored yet, by page name."`
}

// ConnectionCheck is one line of the test of both connections.
type ConnectionCheck struct {
	Name    string `json:"name" jsonschema_description:"For programs: itglue.region, revio.token."`
	System  string `json:"system" jsonschema:"enum=itglue,enum=revio"`
	Title   string `json:"title"`
	Result  string `json:"result" jsonschema:"enum=pass,enum=warn,enum=fail,enum=untested"`
	Message string `json:"message" jsonschema_description:"What was found, in words."`
	Do      string `json:"do,omitempty" jsonschema_description:"What to do next, in words."`
	Detail  bool   `json:"detail,omitempty" jsonschema_description:"A line that is of interest only if it does not pass."`
	Fix     *Fix   `json:"fix,omitempty"`
}

// Fix is a remedy that the page can offer as a button.
type Fix struct {
	Title string            `json:"title" jsonschema_description:"What the button says."`
	Set   map[string]string `json:"set" jsonschema_description:"Answers to set, by JSON pointer into the answers."`
}

// ConnectionsChecked is what the test of both connections found.
type ConnectionsChecked struct {
	Ready  string            `json:"ready" jsonschema:"enum=yes,enum=warnings,enum=no" jsonschema_description:"Whether the wizard may go on; with warnings a person decides."`
	Checks []ConnectionCheck `json:"checks"`
	Egress []string          `json:"egress" jsonschema_description:"The addresses that calls come from, for IT Glue's allow-list; empty when the operator named none."`
}

// checkConnections tests the connections as they are typed, before they are saved.
func (k keeper) checkConnections() component.Callable {
	return component.Func(component.Spec{Name: "connections.check", Summary: "Test both connections with the answers as they are typed, line by line, with a remedy for each fault.", Effect: component.Reads, Access: component.Configure},
		func(ctx context.Context, s *component.Session, in AnswersInput) (ConnectionsChecked, error) {
			a, err := k.answers(ctx, s, in.Answers)
			if err != nil {
				return ConnectionsChecked{}, err
			}
			return checkBoth(ctx, a), ctx.Err()
		})
}

// checkBoth runs the checks of both connectors side by side.
func checkBoth(ctx context.Context, a pageAnswers) ConnectionsChecked {
	var left, right component.CheckReport
	var leftErr, rightErr error
	var both errgroup.Group
	both.Go(func() error {
		left, leftErr = itglue.CheckConnection.Call(ctx, a.session, component.NoInput{})
		return nil
	})
	both.Go(func() error {
		right, rightErr = revio.CheckConnection.Call(ctx, a.session, component.NoInput{})
		return nil
	})
	_ = both.Wait() // what each found is in its report
	out := ConnectionsChecked{Ready: "yes", Checks: []ConnectionCheck{}, Egress: append([]string{}, a.session.Host.EgressAddresses...)}
	out.add("itglue", "IT Glue", left, leftErr)
	out.add("revio", "Rev.io", right, rightErr)
	out.addEgress()
	for _, c := range out.Checks {
		switch {
		case c.Result == "fail":
			out.Ready = "no"
		case c.Result == "warn" && out.Ready == "yes":
			out.Ready = "warnings"
		}
	}
	return out
}

// shownChecks are the lines that a person always sees.
var shownChecks = []string{"host", "key", "region", "password-access", "types", "token", "paths.customers", "paths.assetTypes", "production"}

func (r *ConnectionsChecked) add(system, title string, report component.CheckReport, err error) {
	if err != nil {
		c := ConnectionCheck{Name: system + ".settings", System: system, Title: title + ": the settings can be used", Result: "fail"}
		c.Message, c.Do = said(err)
		r.Checks = append(r.Checks, c)
		return
	}
	for _, line := range report.Checks {
		c := ConnectionCheck{Name: system + "." + line.Name, System: system, Title: line.Title, Result: result(line), Message: line.Message, Do: line.Do}
		c.Detail = c.Result == "pass" || c.Result == "untested"
		for _, name := range shownChecks {
			c.Detail = c.Detail && name != line.Name
		}
		if len(line.Fix) > 0 {
			c.Fix = &Fix{Title: strings.TrimSuffix(line.Do, "."), Set: map[string]string{}}
			for name, value := range line.Fix {
				c.Fix.Set["/connections/"+system+"/"+name] = value
			}
		}
		r.Checks = append(r.Checks, c)
	}
}

func result(line component.Check) string {
	switch {
	case line.State == component.Works:
		return "pass"
	case line.State == component.NotTested:
		return "untested"
	case line.State == component.Failed || line.Needed:
		return "fail"
	}
	return "warn"
}

// addEgress names the addresses to allow in IT Glue, as a key that works from
// here may be refused elsewhere.
func (r *ConnectionsChecked) addEgress() {
	c := ConnectionCheck{Name: "itglue.egress", System: "itglue", Title: "The address that calls come from", Result: "untested",
		Message: "If your IT Glue account restricts API access by source IP, this server's address must be on the allowlist, on the same screen as your API key. The operator has not said which address that is."}
	if len(r.Egress) > 0 {
		c.Result = "pass"
		c.Message = fmt.Sprintf("Calls come from %s. If your IT Glue account restricts API access by source IP, add that to the allowlist on the same screen as your API key.", strings.Join(r.Egress, " and "))
	}
	r.Checks = append(r.Checks, c)
}

// said parts an error into what happened and what to do.
func said(err error) (message, do string) {
	e, ok := asError(err)
	if !ok {
		return err.Error(), ""
	}
	message = e.Message
	for _, p := range e.Problems {
		message += " " + p.Pointer + " " + p.Message + "."
	}
	return message, e.Do
}
