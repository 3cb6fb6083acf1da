package itgluerevio

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration"
	"github.com/itglue-revio/itglue-revio/integration/alert"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// Alerts are whom to tell what is wrong, as an instance's document keeps it.
// Secrets are written as connections' are.
type Alerts struct {
	Webhook      *AlertWebhook `json:"webhook,omitempty"`
	Mail         *AlertMail    `json:"mail,omitempty"`
	Kinds        []string      `json:"kinds,omitempty" jsonschema:"uniqueItems=true,enum=overdue,enum=failed,enum=guard,enum=mapping,enum=credentials" jsonschema_description:"Only these kinds of trouble; none: all."`
	OverdueHours int           `json:"overdueHours,omitempty" jsonschema:"minimum=0,maximum=720" jsonschema_description:"How long no cycle may go through before that is trouble; 0 is 3."`
}

// AlertWebhook is an address that messages are posted to.
type AlertWebhook struct {
	URL    string `json:"url" jsonschema:"minLength=1" jsonschema_description:"https://…, as Slack, Teams or your own service gives it."`
	Secret string `json:"secret,omitempty" jsonschema_description:"Signs each message."`
}

// AlertMail is a mail server, and whom to write to.
type AlertMail struct {
	Server   string   `json:"server" jsonschema:"pattern=^[^:/ ]+:[0-9]+$" jsonschema_description:"host:port, such as smtp.example.com:587."`
	Security string   `json:"security,omitempty" jsonschema:"enum=starttls,enum=tls,enum=none" jsonschema_description:"starttls unless it says otherwise."`
	From     string   `json:"from" jsonschema:"minLength=3"`
	To       []string `json:"to" jsonschema:"minItems=1,maxItems=50"`
	Username string   `json:"username,omitempty"`
	Password string   `json:"password,omitempty"`
}

func (a Alerts) overdue() time.Duration {
	if a.OverdueHours == 0 {
		return overdueAfter
	}
	return time.Duration(a.OverdueHours) * time.Hour
}

// alertComponents are the ways of telling as components of a document's alerts,
// so that their secrets are kept as those of connections are.
var alertComponents = []component.Component{
	{Name: "webhook", Settings: component.SchemaOf[alert.Webhook]()},
	{Name: "mail", Settings: component.SchemaOf[alert.Mail]()},
}

// sealAlerts takes the literal secrets out of a document's alerts.
func sealAlerts(ctx context.Context, tx store.Tx, instance string, document map[string]any) error {
	return integration.SealSecrets(map[string]any{"connections": document["alerts"]}, alertComponents, func(name, secret string) error {
		return tx.Seal(ctx, instance, "alerts."+name, secret)
	})
}

// alertSettings gives whom to tell, with the secrets opened.
func alertSettings(ctx context.Context, tx store.Tx, in store.Instance) (alert.Settings, error) {
	var out alert.Settings
	document, err := integration.ParseDocument(in.Document)
	if err != nil {
		return out, err
	}
	told, _ := document["alerts"].(map[string]any)
	whole := map[string]any{}
	for _, c := range alertComponents {
		if told[c.Name] == nil {
			continue
		}
		raw, err := integration.Settings(map[string]any{"connections": told}, c.Name, func(name string) (string, error) {
			return tx.Unseal(ctx, in.ID, "alerts."+name)
		})
		if err != nil {
			return out, err
		}
		whole[c.Name] = raw
	}
	whole["kinds"] = told["kinds"]
	raw, err := json.Marshal(whole)
	if err != nil {
		return out, err
	}
	return out, json.Unmarshal(raw, &out)
}

// Alert is something that is or was wrong.
type Alert struct {
	Kind  string     `json:"kind" jsonschema:"enum=overdue,enum=failed,enum=guard,enum=mapping,enum=credentials"`
	Title string     `json:"title"`
	Text  string     `json:"text"`
	Do    string     `json:"do,omitempty"`
	Since *time.Time `json:"since,omitempty"`
	Ended *time.Time `json:"ended,omitempty" jsonschema_description:"When it was over; without it, it goes on."`
	Told  *time.Time `json:"told,omitempty" jsonschema_description:"When people were told of it."`
	Fault string     `json:"fault,omitempty" jsonschema_description:"Why telling them failed, in words; it is tried again."`
}

func (k keeper) listAlerts() component.Callable {
	type list struct {
		Items []Alert `json:"items"`
	}
	return component.Func(component.Spec{Name: "alerts.list", Summary: "List what is wrong now, and what was in the last 30 days, newest first.", Effect: component.Reads, Access: component.View},
		func(ctx context.Context, s *component.Session, _ component.NoInput) (list, error) {
			out := list{Items: []Alert{}}
			err := k.read(ctx, func(tx store.Tx) error {
				all, err := tx.ListAlerts(ctx, s.Instance)
				for _, a := range all {
					out.Items = append(out.Items, Alert{Kind: a.Kind, Title: a.Title, Text: a.Text, Do: a.Do, Since: component.Instant(a.Since), Ended: component.Instant(a.Ended), Told: component.Instant(a.Told), Fault: a.Fault})
				}
				return err
			})
			return out, err
		})
}

// AlertKind is one kind of trouble.
type AlertKind struct {
	Name  string `json:"name"`
	Title string `json:"title"`
}

// ShownAlerts are whom to tell, without secrets.
type ShownAlerts struct {
	Alerts  Alerts      `json:"alerts" jsonschema_description:"A stored secret stands as ${sealed}, which keeps it."`
	Kinds   []AlertKind `json:"kinds" jsonschema_description:"All kinds that there are."`
	Version int64       `json:"version"`
}

func shownAlerts(in store.Instance) (ShownAlerts, error) {
	d, err := parse(in.Document)
	out := ShownAlerts{Alerts: d.Alerts, Version: in.Version, Kinds: []AlertKind{}}
	for _, kind := range alertKinds {
		out.Kinds = append(out.Kinds, AlertKind{Name: kind.name, Title: kind.title})
	}
	return out, err
}

func (k keeper) showAlerts() component.Callable {
	return component.Func(component.Spec{Name: "alerts.show", Summary: "Show who is told what is wrong, and how.", Effect: component.Reads, Access: component.Configure},
		func(ctx context.Context, s *component.Session, _ component.NoInput) (ShownAlerts, error) {
			in, err := k.instance(ctx, s)
			if err != nil {
				return ShownAlerts{}, err
			}
			return shownAlerts(in)
		})
}

// SetAlertsInput says whom to tell from now on.
type SetAlertsInput struct {
	Alerts  Alerts `json:"alerts"`
	Version int64  `json:"version,omitempty" jsonschema:"minimum=0" jsonschema_description:"The version that the person saw: another one is a conflict. 0: whatever it is."`
}

func (k keeper) setAlerts() component.Callable {
	return component.Func(component.Spec{Name: "alerts.set", Summary: "Say who is told what is wrong: a webhook, mail, or both.", Effect: component.Writes, Access: component.Configure},
		func(ctx context.Context, s *component.Session, in SetAlertsInput) (out ShownAlerts, err error) {
			err = k.store.Write(ctx, store.Fence{}, func(tx store.Tx) error {
				inst, err := tx.Instance(ctx, s.Instance)
				if err != nil {
					return err
				}
				inst, err = k.amendIn(ctx, tx, s, inst, "alerts.set", in.Version, func(document map[string]any) error {
					if err := put(document, "alerts", in.Alerts); err != nil {
						return err
					}
					return sealAlerts(ctx, tx, inst.ID, document)
				})
				if err != nil {
					return err
				}
				out, err = shownAlerts(inst)
				return err
			})
			return out, err
		})
}

// put sets a member of a document to a value as JSON has it.
func put(document map[string]any, name string, v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	var plain any
	if err := json.Unmarshal(raw, &plain); err != nil {
		return err
	}
	document[name] = plain
	return nil
}

// TestAlertsInput may name settings that are not stored yet.
type TestAlertsInput struct {
	Alerts *Alerts `json:"alerts,omitempty" jsonschema_description:"Settings to try instead of the stored ones."`
}

// AlertsTested says that a message was delivered.
type AlertsTested struct {
	Message string `json:"message"`
}

// testAlerts sends a message that says that it is a test.
func (k keeper) testAlerts() component.Callable {
	return component.Func(component.Spec{Name: "alerts.test", Summary: "Send a test message to those who are told what is wrong.", Effect: component.Writes, Access: component.Configure},
		func(ctx context.Context, s *component.Session, in TestAlertsInput) (out AlertsTested, err error) {
			var settings alert.Settings
			var inst store.Instance
			err = k.decide(ctx, s, "alerts.test", "instance "+s.Instance, nil, func(tx store.Tx) error {
				if inst, err = tx.Instance(ctx, s.Instance); err != nil {
					return err
				}
				tried := inst
				if in.Alerts != nil {
					document := map[string]any{}
					if err := put(document, "alerts", in.Alerts); err != nil {
						return err
					}
					if tried.Document, err = json.Marshal(document); err != nil {
						return err
					}
				}
				settings, err = alertSettings(ctx, tx, tried)
				return err
			})
			if err != nil {
				return out, err
			}
			message := alert.Message{Instance: inst.Name, At: s.Clock(), Items: []alert.Item{{Event: alert.Test, Kind: "test", Title: "This is a test", Text: "Nothing is wrong: " + s.Actor + " tried who is told when something is."}}}
			if err := alert.Tell(ctx, s.Host, settings, message); err != nil {
				return out, err
			}
			return AlertsTested{Message: "The message was delivered."}, nil
		})
}

// watch tells people what is wrong with the session's instance, and what is over.
func (k keeper) watch(ctx context.Context, s *component.Session) error {
	in, settings, due, err := k.dueAlerts(ctx, s)
	if err != nil || len(due) == 0 {
		return err
	}
	now := s.Clock()
	message := alert.Message{Instance: in.Name, At: now}
	for _, a := range due {
		message.Items = append(message.Items, alert.ItemOf(a))
	}
	told := alert.Tell(ctx, s.Host, settings, message)
	return k.store.Write(context.WithoutCancel(ctx), store.Fence{}, func(tx store.Tx) error {
		for _, a := range due {
			if told == nil {
				a = alert.Delivered(a, now)
			} else {
				what, _ := said(told)
				a = alert.Undelivered(a, what, now)
			}
			if err := tx.SaveAlert(ctx, s.Instance, a); err != nil {
				return err
			}
		}
		return nil
	})
}

// dueAlerts remembers what is wrong now, and claims what is to be told. Where
// nobody is named it is remembered all the same, for the pages.
func (k keeper) dueAlerts(ctx context.Context, s *component.Session) (in store.Instance, settings alert.Settings, due []store.Alert, err error) {
	now := s.Clock()
	err = k.store.Write(ctx, store.Fence{}, func(tx store.Tx) error {
		due = nil
		if in, err = tx.Instance(ctx, s.Instance); err != nil || in.Status != store.Active {
			return err // of what a person paused nothing is told
		}
		wrong, err := instanceTroubles(ctx, tx, in, now)
		if err != nil {
			return err
		}
		known, err := tx.ListAlerts(ctx, in.ID)
		if err != nil {
			return err
		}
		changed, forget := alert.Step(known, wrong, now)
		byKey := map[string]store.Alert{}
		for _, a := range append(known, changed...) {
			byKey[a.Key] = a
		}
		if settings, err = alertSettings(ctx, tx, in); err != nil {
			return err
		}
		if !settings.None() {
			due = alert.Due(slices.SortedFunc(maps.Values(byKey), func(a, b store.Alert) int { return a.Since.Compare(b.Since) }), settings.Kinds, now)
			for _, a := range due {
				changed = append(changed, alert.Claimed(a, now))
			}
		}
		for _, a := range changed {
			if err := tx.SaveAlert(ctx, in.ID, a); err != nil {
				return err
			}
		}
		for _, key := range forget {
			if err := tx.ForgetAlert(ctx, in.ID, key); err != nil {
				return err
			}
		}
		return nil
	})
	return in, settings, due, err
}
