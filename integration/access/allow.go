package access

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
)

// StepUpWithin is how long a proof of who somebody is counts for what reveals
// or administers.
const StepUpWithin = 10 * time.Minute

// NeedsStepUp reports whether an action asks a person to have proved who they
// are within [StepUpWithin]: it reveals, its output is sensitive, or it changes
// what administers.
func NeedsStepUp(d component.Description) bool {
	return d.Sensitive || d.Access == component.Reveal || d.Access == component.Administer && d.Effect == component.Writes
}

// personal are the actions that no token may call, as nobody is there to prove
// anything: those that reveal, those that change what administers, and those
// that change somebody's own account (writes of the host that need no more than
// to be signed in).
func personal(d component.Description) bool {
	switch {
	case d.Access == component.Reveal:
		return true
	case d.Effect != component.Writes:
		return false
	}
	return d.Access == component.Administer || d.Access == component.View && d.Scope == component.OnHost
}

// whileUnready are the actions for somebody who must set up a second factor.
var whileUnready = map[string]bool{
	"account.show": true, "account.change-password": true,
	"account.begin-second-factor": true, "account.confirm-second-factor": true,
}

// Allow decides whether a subject may call an action on an instance, given by
// its id ("" for actions of the host), with an input. It fails with a [Refusal],
// or with component.NotFound for an instance that the subject may not see: ask
// [Subject.Sees] first, as the answer must be the same as for one that does not
// exist.
func (g *Gate) Allow(s Subject, d component.Description, instance string, input json.RawMessage) error {
	if d.Scope == component.OnHost {
		instance = ""
	} else if !s.Sees(instance) {
		return NoInstance(instance)
	}
	switch {
	case s.ID == "":
		return notSignedIn(nil)
	case !s.Can(instance, d.Access), s.limit != nil && !s.limit.fits(d.Name, input), s.Token && personal(d):
		return noRight(s, d, instance)
	case s.Unready && !whileUnready[d.Name]:
		return &Refusal{Status: http.StatusForbidden, Code: CodeSecondFactor, Message: "your account needs a second factor before it may do anything", Do: "Set up an authenticator app."}
	case !s.Token && NeedsStepUp(d) && g.now().Sub(s.SteppedUp) > StepUpWithin:
		return &Refusal{Status: http.StatusForbidden, Code: CodeStepUp, Message: d.Name + " needs you to prove again who you are", Do: "Enter your password, and the code of your second factor if you have one."}
	}
	return nil
}

// NoInstance says that there is no such instance, in the words of the store: an
// instance that somebody may not see is answered with the same.
func NoInstance(idOrName string) error {
	return component.Errorf(component.NotFound, "there is no instance %s", idOrName)
}

func noRight(s Subject, d component.Description, instance string) error {
	r := &Refusal{Status: http.StatusForbidden, Code: CodeNoRight, Message: fmt.Sprintf("%s needs the right to %s", d.Name, d.Access)}
	switch {
	case s.Token && personal(d):
		r.Message += ", and a person who proves who they are: a token cannot call it"
		r.Do = "Sign in to the console."
	case s.Token:
		r.Do = "Make a token that has it."
	case instance == "":
		r.Message += " everywhere"
		r.Do = "Ask an administrator for a role that has it on all instances."
	default:
		r.Do = "Ask an administrator for a role that has it on this instance."
	}
	return r
}

// fits reports whether a token that is bound to certain calls may make this one.
func (l *limit) fits(action string, input json.RawMessage) bool {
	if l.bound == nil {
		return true
	}
	b, ok := l.bound[action]
	if !ok {
		return false
	}
	var members map[string]json.RawMessage
	var value string
	return json.Unmarshal(input, &members) == nil && json.Unmarshal(members[b.member], &value) == nil && value == b.value
}
