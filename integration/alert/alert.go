// Package alert tells people what is wrong: by a webhook, by mail or by both.
// What can be wrong it does not know; that is for who asks [Step] to say.
//
// Trouble is told once and not again while it lasts, and once more when it is
// over. What comes within [Quiet] of the last message waits and is told
// together. A message that cannot be delivered is tried again, ever more
// rarely; which troubles were told is kept in the store, so that neither a
// restart nor a second process repeats one.
package alert

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
)

// Trouble is something that is wrong now.
type Trouble struct {
	Key   string // the same trouble has the same key
	Kind  string // what it is an instance of, for those who want some kinds only
	Title string
	Text  string
	Do    string // what to do next, as a sentence
}

// Settings say whom to tell, and of what.
type Settings struct {
	Webhook *Webhook `json:"webhook,omitempty" jsonschema_description:"An address that messages are posted to."`
	Mail    *Mail    `json:"mail,omitempty" jsonschema_description:"A mail server, and whom to write to."`
	Kinds   []string `json:"kinds,omitempty" jsonschema:"uniqueItems=true" jsonschema_description:"Only these kinds of trouble; none: all."`
}

// Webhook is an address that messages are posted to as JSON. Slack and Teams
// show its text.
type Webhook struct {
	URL    string           `json:"url" jsonschema:"minLength=1,format=uri" jsonschema_description:"https://…, as Slack, Teams or your own service gives it."`
	Secret component.Secret `json:"secret,omitempty" jsonschema_description:"Signs each message, so that the receiver knows who sent it; see the guide."`
}

// Mail is a mail server, and whom to write to.
type Mail struct {
	Server   string           `json:"server" jsonschema:"pattern=^[^:/ ]+:[0-9]+$" jsonschema_description:"host:port, such as smtp.example.com:587."`
	Security string           `json:"security,omitempty" jsonschema:"enum=starttls,enum=tls,enum=none" jsonschema_description:"starttls (the default, port 587), tls (port 465) or none."`
	From     string           `json:"from" jsonschema:"minLength=3"`
	To       []string         `json:"to" jsonschema:"minItems=1,maxItems=50"`
	Username string           `json:"username,omitempty"`
	Password component.Secret `json:"password,omitempty"`
}

// None reports whether nobody is to be told.
func (s Settings) None() bool { return s.Webhook == nil && s.Mail == nil }

// Event says why a message is sent.
type Event string

// The events.
const (
	Started Event = "trouble"  // something is wrong
	Over    Event = "recovery" // what was wrong is over
	Test    Event = "test"     // a person tries the settings
)

// Item is one trouble in a message.
type Item struct {
	Event Event      `json:"event"`
	Kind  string     `json:"kind"`
	Title string     `json:"title"`
	Text  string     `json:"text,omitempty"`
	Do    string     `json:"do,omitempty"`
	Since *time.Time `json:"since,omitempty"`
	Ended *time.Time `json:"ended,omitempty"`
}

// Message is what people are told at one time.
type Message struct {
	Instance string    `json:"instance"` // its name
	Link     string    `json:"link,omitempty"`
	At       time.Time `json:"at"`
	Items    []Item    `json:"items"`
}

// Subject is the message in one line.
func (m Message) Subject() string {
	started, over := 0, 0
	for _, i := range m.Items {
		if i.Event == Over {
			over++
		} else {
			started++
		}
	}
	switch {
	case len(m.Items) == 1 && over == 1:
		return fmt.Sprintf("[%s] over: %s", m.Instance, m.Items[0].Title)
	case len(m.Items) == 1:
		return fmt.Sprintf("[%s] %s", m.Instance, m.Items[0].Title)
	case started == 0:
		return fmt.Sprintf("[%s] %d troubles are over", m.Instance, over)
	case over == 0:
		return fmt.Sprintf("[%s] %d things need attention", m.Instance, started)
	}
	return fmt.Sprintf("[%s] need attention: %d, over: %d", m.Instance, started, over)
}

// Words is the message as plain text.
func (m Message) Words() string {
	var b strings.Builder
	b.WriteString(m.Subject() + "\n")
	for _, i := range m.Items {
		title := i.Title
		if i.Event == Over {
			title = "Over: " + title
		}
		if len(m.Items) > 1 {
			b.WriteString("\n• " + title + "\n")
		}
		for _, line := range []string{i.Text, i.Do} {
			if line != "" && i.Event != Over {
				b.WriteString(line + "\n")
			}
		}
		if i.Event == Over && i.Since != nil && i.Ended != nil {
			fmt.Fprintf(&b, "It lasted from %s to %s.\n", stamp(*i.Since), stamp(*i.Ended))
		}
	}
	if m.Link != "" {
		b.WriteString("\n" + m.Link + "\n")
	}
	return b.String()
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

// timeout is how long one delivery may take.
const timeout = 15 * time.Second

// Tell delivers a message to everyone that the settings name. Its errors say
// in words which way failed, and hold no answer's body and no secret.
func Tell(ctx context.Context, host *component.Host, s Settings, m Message) error {
	if s.None() {
		return component.Errorf(component.InvalidInput, "nobody is named to be told").Then("Name a webhook or a mail server.")
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	var posted, mailed error
	if s.Webhook != nil {
		posted = post(ctx, host, *s.Webhook, m)
	}
	if s.Mail != nil {
		mailed = send(ctx, host, *s.Mail, m)
	}
	if posted != nil && mailed != nil {
		return component.Errorf(component.CodeOf(posted), "%s; %s", plain(posted), plain(mailed)).Then("%s", cmp.Or(do(posted), do(mailed), "Try again later."))
	}
	return cmp.Or(posted, mailed)
}

func plain(err error) string {
	var e *component.Error
	if errors.As(err, &e) {
		return e.Message
	}
	return err.Error()
}

func do(err error) string {
	var e *component.Error
	if errors.As(err, &e) {
		return e.Do
	}
	return ""
}
