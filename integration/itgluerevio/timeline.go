package itgluerevio

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/itglue-revio/itglue-revio/integration/reconcile"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// Event is one line of an instance's timeline.
type Event struct {
	At    time.Time `json:"at"`
	Kind  string    `json:"kind" jsonschema:"enum=run,enum=configuration,enum=decision,enum=alert"`
	Title string    `json:"title" jsonschema_description:"What happened, in words, with the names of what it happened to."`
	Actor string    `json:"actor,omitempty"`
	State string    `json:"state,omitempty" jsonschema_description:"Of a run."`
	ID    string    `json:"id,omitempty" jsonschema_description:"The run, or the number of the audit entry."`
}

// timelineLength is how many runs and how many entries the timeline shows.
const timelineLength = 15

// timeline joins runs and what people did, newest first.
func timeline(ctx context.Context, tx store.Tx, instance string) ([]Event, error) {
	runs, _, err := tx.FindRuns(ctx, instance, store.RunQuery{Limit: timelineLength})
	if err != nil {
		return nil, err
	}
	events := []Event{}
	for _, r := range runs {
		row := runRow(r)
		events = append(events, Event{At: row.At, Kind: "run", Title: row.Words, Actor: r.Actor, State: row.State, ID: r.ID})
	}
	entries, _, err := tx.FindAudit(ctx, instance, store.AuditQuery{Limit: timelineLength})
	if err != nil {
		return nil, err
	}
	names, err := subjectNames(ctx, tx, instance, entries)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		kind := "decision"
		switch {
		case hasPrefix(e.Action, "instance.", "alerts."):
			kind = "configuration"
		case hasPrefix(e.Action, "passwords."):
			continue // who saw what is on the page of the audit log
		}
		events = append(events, Event{At: e.At, Kind: kind, Title: entryWords(e, names), Actor: e.Actor, ID: fmt.Sprint(e.Seq)})
	}
	slices.SortStableFunc(events, func(a, b Event) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.ID, a.ID)) })
	return events, nil
}

// entryTitles say what an entry of the audit log is of; %s stands for the name
// of its subject.
var entryTitles = map[string]string{
	"links.accept": "Accepted the link of %s", "links.reject": "Rejected the link of %s", "links.reassign": "Linked %s with another customer",
	"links.undo": "Took back the decision about %s", "conflicts.resolve": "Settled a conflict of %s", "conflicts.set-rule": "Made a rule for conflicts",
	"assets.link": "Said which Rev.io asset %s is", "assets.create": "Let %s be made in Rev.io", "assets.ignore": "Said to leave %s alone", "assets.restore": "Put back a value of %s",
	"plan.create": "Made a plan", "plan.apply": "Had a plan carried out", "runs.stop": "Stopped a run",
	"instance.draft": "Began the setup", "instance.save": "Went on with the setup", "instance.finish": "Put the setup into force", "instance.discard": "Discarded changes of the setup",
	"instance.apply": "Changed the configuration", "instance.set-rules": "Changed the rules", "instance.pause": "Paused the instance", "instance.resume": "Let the instance go on",
	"instance.resync": "Asked for everything to be read again", "alerts.set": "Changed who is told what is wrong", "alerts.test": "Sent a test message", "embed.create-token": "Made a page of a customer for another site",
}

// entryWords gives an entry to people: its words, or its action's own name, and
// the name of what it is about, or its id.
func entryWords(e store.Entry, names map[string]string) string {
	title, ok := entryTitles[e.Action]
	if !ok {
		return e.Action + ": " + cmp.Or(names[e.Subject], e.Subject)
	}
	if strings.Contains(title, "%s") {
		return fmt.Sprintf(title, cmp.Or(names[e.Subject], e.Subject))
	}
	return title
}

// subjectNames gives the names of the organizations, assets and conflicts that
// entries are about, by subject. What is gone has none.
func subjectNames(ctx context.Context, tx store.Tx, instance string, entries []store.Entry) (map[string]string, error) {
	names := map[string]string{}
	links, assets := []string{}, map[reconcile.Side][]string{}
	for _, e := range entries {
		kind, id, _ := strings.Cut(e.Subject, " ")
		switch kind {
		case "link", "organization":
			links = append(links, id)
		case "asset":
			side := reconcile.Side(cmp.Or(e.Detail["side"], "left"))
			assets[side] = append(assets[side], id)
		case "conflict":
			c, err := tx.Conflict(ctx, instance, id)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return nil, err
			}
			names[e.Subject] = c.Record
		}
	}
	found, _, err := tx.ListLinks(ctx, instance, store.LinkQuery{IDs: links})
	if err != nil {
		return nil, err
	}
	for _, l := range found {
		names["link "+l.ID], names["organization "+l.ID] = l.Organization.Name, l.Organization.Name
	}
	for side, ids := range assets {
		records, _, err := tx.ListRecords(ctx, instance, store.RecordQuery{Side: side, IDs: ids})
		if err != nil {
			return nil, err
		}
		for _, r := range records {
			names["asset "+r.ID] = r.Name
		}
	}
	return names, nil
}
