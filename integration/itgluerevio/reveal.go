package itgluerevio

import (
	"context"
	"encoding/json"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// How many values one person may be shown.
const (
	revealsPerMinute = 10
	revealsPerHour   = 60
	revealsNote      = "reveals" // when each person last asked, in the instance's notes, as JSON
)

// RevealInput asks for one password's value.
type RevealInput struct {
	ID     string `json:"id" jsonschema:"minLength=1" jsonschema_description:"The password, from passwords list."`
	Reason string `json:"reason" jsonschema:"minLength=5,maxLength=500" jsonschema_description:"Why it is needed; kept in the audit log."`
}

// RevealOutput is a password's value. It is stored nowhere.
type RevealOutput struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Username string `json:"username,omitempty"`
	Value    string `json:"value"`
}

// reveal fetches one value live: the limit, the audit line, the fetch, whether
// it is still the password that was listed, another audit line, the value. If
// an audit line cannot be written there is no value.
func (k keeper) reveal() component.Callable {
	return component.Func(component.Spec{Name: "passwords.reveal", Summary: "Fetch one password's value live from IT Glue, recorded as an access.", Effect: component.Reads, Access: component.Reveal, Sensitive: true},
		func(ctx context.Context, s *component.Session, in RevealInput) (RevealOutput, error) {
			listed, err := k.askReveal(ctx, s, in)
			if err != nil {
				return RevealOutput{}, err
			}
			live, err := itglue.RevealPassword.Call(ctx, s, itglue.RevealPasswordInput{ID: in.ID})
			if err == nil && !fits(live.Password, listed) {
				err = component.Errorf(component.Conflict, "the password %s belongs to something else in IT Glue now, so it is not shown", listed.Name).Then("Run a cycle, and look at the list again.")
			}
			if err != nil {
				return RevealOutput{}, k.refused(ctx, s, in, err)
			}
			if err := k.decide(ctx, s, "passwords.reveal.shown", "password "+in.ID, nil, func(store.Tx) error { return nil }); err != nil {
				return RevealOutput{}, err
			}
			return RevealOutput{ID: in.ID, Name: live.Password.Name, Username: live.Password.Username, Value: live.Value}, nil
		})
}

func fits(live itglue.Password, listed store.Password) bool {
	return live.OrganizationID == listed.Organization && (listed.Linkage == store.Mentioned || live.AssetID == listed.Asset)
}

// askReveal checks that the password may be shown at all, counts the request,
// and records that it was asked for.
func (k keeper) askReveal(ctx context.Context, s *component.Session, in RevealInput) (p store.Password, err error) {
	detail := map[string]string{"reason": in.Reason}
	err = k.decide(ctx, s, "passwords.reveal.asked", "password "+in.ID, detail, func(tx store.Tx) error {
		if p, err = tx.Password(ctx, s.Instance, in.ID); err != nil {
			return err
		}
		if p.Linkage == store.Standalone {
			return component.Errorf(component.Forbidden, "the password %s is not attached to a flexible asset, so it is not shown here", p.Name).
				Then("Embed it in an asset of a selected type in IT Glue, and run a cycle.")
		}
		l, err := tx.Link(ctx, s.Instance, p.Organization)
		if err != nil {
			return err
		}
		if l.State != store.Accepted {
			return component.Errorf(component.Forbidden, "the link of %s is %s, so its passwords are not shown", l.Organization.Name, l.State)
		}
		return k.limit(ctx, tx, s)
	})
	return p, err
}

// limit counts a person's requests of the last hour.
func (k keeper) limit(ctx context.Context, tx store.Tx, s *component.Session) error {
	inst, err := tx.Instance(ctx, s.Instance)
	if err != nil {
		return err
	}
	asked := map[string][]int64{}
	if raw := inst.Notes[revealsNote]; raw != "" {
		if err := json.Unmarshal([]byte(raw), &asked); err != nil {
			return err
		}
	}
	now := s.Clock()
	recent, minute := []int64{}, 0
	for _, at := range asked[s.Actor] {
		age := now.Sub(time.UnixMilli(at))
		if age < time.Hour {
			recent = append(recent, at)
		}
		if age < time.Minute {
			minute++
		}
	}
	if minute >= revealsPerMinute || len(recent) >= revealsPerHour {
		return &component.Error{Code: component.RateLimited, Message: "you have been shown as many passwords as one person may see (10 a minute, 60 an hour)", Do: "Wait, or ask a colleague.", RetryAfter: time.Minute}
	}
	asked[s.Actor] = append(recent, now.UnixMilli())
	raw, err := json.Marshal(asked)
	if err != nil {
		return err
	}
	if inst.Notes == nil {
		inst.Notes = map[string]string{}
	}
	inst.Notes[revealsNote] = string(raw)
	return tx.NoteInstance(ctx, inst)
}

// refused records that a value was not shown.
func (k keeper) refused(ctx context.Context, s *component.Session, in RevealInput, cause error) error {
	err := k.decide(ctx, s, "passwords.reveal.refused", "password "+in.ID, map[string]string{"code": string(component.CodeOf(cause))}, func(store.Tx) error { return nil })
	if err != nil {
		return err
	}
	return cause
}
