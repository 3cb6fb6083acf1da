package itgluerevio

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/alert"
	"github.com/itglue-revio/itglue-revio/integration/cycle"
	"github.com/itglue-revio/itglue-revio/integration/mapping"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// Card is an instance as a card shows it.
type Card struct {
	Instance
	Health  string     `json:"health" jsonschema:"enum=good,enum=attention,enum=bad,enum=draft,enum=paused"`
	Words   string     `json:"words" jsonschema_description:"Its health in words; attention also means that it works and something waits for a person."`
	Pending int        `json:"pending" jsonschema_description:"Links that wait for a person."`
	LastRun *RunRow    `json:"lastRun,omitempty"`
	NextRun *time.Time `json:"nextRun,omitempty" jsonschema_description:"When the next cycle is due."`
}

func (k keeper) listInstances() component.Callable {
	type list struct {
		Items []Card `json:"items"`
	}
	return component.Func(host("instance.list", "List the instances, with how each is.", component.Reads, component.View),
		func(ctx context.Context, s *component.Session, _ component.NoInput) (list, error) {
			out := list{Items: []Card{}}
			err := k.read(ctx, func(tx store.Tx) error {
				all, err := tx.ListInstances(ctx)
				for _, in := range all {
					if err == nil && (s.Sees == nil || s.Sees(in.ID)) {
						var c Card
						c, err = card(ctx, tx, in, s.Clock())
						out.Items = append(out.Items, c)
					}
				}
				return err
			})
			return out, err
		})
}

// card gives an instance with its health.
func card(ctx context.Context, tx store.Tx, in store.Instance, now time.Time) (Card, error) {
	c := Card{Instance: shownInstance(in), Health: "good", Words: "Configured; nothing needs attention."}
	links, err := tx.CountLinks(ctx, in.ID)
	if err != nil {
		return c, err
	}
	runs, _, err := tx.FindRuns(ctx, in.ID, store.RunQuery{Limit: 1})
	if err != nil {
		return c, err
	}
	if c.Pending = links.Pending; len(runs) > 0 {
		row := runRow(runs[0])
		c.LastRun = &row
	}
	if in.Status == store.Active {
		c.NextRun = component.Instant(in.NextDue)
	}
	wrong, err := instanceTroubles(ctx, tx, in, now)
	if err != nil {
		return c, err
	}
	waits, err := waiting(ctx, tx, in, links)
	switch {
	case err != nil:
		return c, err
	case in.Status == store.Draft:
		c.Health, c.Words = "draft", "The wizard is not finished."
	case in.Status == store.Paused:
		c.Health, c.Words = "paused", "A person paused it; nothing is synced."
	case len(wrong) > 0:
		c.Health, c.Words = "attention", inShort(wrong[0])
		if wrong[0].Kind == credentialsKind {
			c.Health = "bad"
		}
	case links.Accepted == 0 && links.Pending > 0:
		c.Health, c.Words = "attention", "No data flows until you review and accept the suggested links."
	case waits != "":
		c.Health, c.Words = "attention", "It works; "+waits+" for you."
	}
	return c, nil
}

// waiting words what waits for a person in an instance that works, such as "3
// links, 8 conflicts and 23 held assets wait"; empty when nothing does.
func waiting(ctx context.Context, tx store.Tx, in store.Instance, links store.LinkCounts) (string, error) {
	conflicts, err := openConflicts(ctx, tx, in.ID)
	if err != nil {
		return "", err
	}
	last, err := lastCycle(ctx, tx, in.ID)
	if err != nil {
		return "", err
	}
	var parts []string
	for _, p := range []struct {
		n         int
		one, many string
	}{{links.Pending, "link", "links"}, {conflicts, "conflict", "conflicts"}, {last.Held, "held asset", "held assets"}} {
		if p.n > 0 {
			parts = append(parts, counted(p.n, p.one, p.many))
		}
	}
	verb := " wait"
	if links.Pending+conflicts+last.Held == 1 {
		verb = " waits"
	}
	return joined(parts, verb), nil
}

func joined(parts []string, verb string) string {
	if len(parts) == 0 {
		return ""
	}
	last := len(parts) - 1
	if last == 0 {
		return parts[0] + verb
	}
	return strings.Join(parts[:last], ", ") + " and " + parts[last] + verb
}

func openConflicts(ctx context.Context, tx store.Tx, instance string) (n int, err error) {
	fields, err := tx.CountConflicts(ctx, instance)
	for _, one := range fields {
		n += one
	}
	return n, err
}

// instanceTroubles is troubles with what the instance's document says of alerts.
func instanceTroubles(ctx context.Context, tx store.Tx, in store.Instance, now time.Time) ([]alert.Trouble, error) {
	d, err := parse(in.Document)
	if err != nil {
		return nil, err
	}
	return troubles(ctx, tx, in, now, d.Alerts.overdue())
}

// Tile is one figure of an instance's page.
type Tile struct {
	Name  string `json:"name" jsonschema:"enum=connections,enum=mapping,enum=links,enum=last-run"`
	Title string `json:"title"`
	State string `json:"state" jsonschema:"enum=good,enum=attention,enum=bad,enum=unknown"`
	Words string `json:"words"`
	Count int    `json:"count" jsonschema_description:"How many things wait for a person."`
}

// LinkCounts says how many links there are in each state.
type LinkCounts struct {
	All       int `json:"all"`
	Pending   int `json:"pending"`
	Suggested int `json:"suggested" jsonschema_description:"Pending ones with a suggestion."`
	Accepted  int `json:"accepted"`
	Rejected  int `json:"rejected"`
	Attention int `json:"attention" jsonschema_description:"Paused by themselves, whatever their state."`
}

func shownCounts(n store.LinkCounts) LinkCounts {
	return LinkCounts{All: n.Pending + n.Accepted + n.Rejected, Pending: n.Pending, Suggested: n.Suggested, Accepted: n.Accepted, Rejected: n.Rejected, Attention: n.Attention}
}

// Overview is all that an instance's page shows.
type Overview struct {
	Card
	Tiles     []Tile     `json:"tiles"`
	Links     LinkCounts `json:"links"`
	Conflicts int        `json:"conflicts" jsonschema_description:"Open conflicts."`
	Held      int        `json:"held" jsonschema_description:"Records that the last cycle held."`
	Active    *RunRow    `json:"active,omitempty" jsonschema_description:"The run that is queued or working."`
	Alerts    []Alert    `json:"alerts" jsonschema_description:"What is wrong now."`
	Findings  []string   `json:"findings" jsonschema_description:"What the last cycle found of the mapped fields, in words."`
	Timeline  []Event    `json:"timeline" jsonschema_description:"Runs, configuration and decisions, newest first."`
}

func (k keeper) overview() component.Callable {
	return component.Func(component.Spec{Name: "instance.overview", Summary: "Show how an instance is: its health, what waits for a person, and what happened lately.", Effect: component.Reads, Access: component.View},
		func(ctx context.Context, s *component.Session, _ component.NoInput) (out Overview, err error) {
			err = k.read(ctx, func(tx store.Tx) error {
				in, err := tx.Instance(ctx, s.Instance)
				if err == nil {
					out, err = overview(ctx, tx, in, s.Clock())
				}
				return err
			})
			return out, err
		})
}

func overview(ctx context.Context, tx store.Tx, in store.Instance, now time.Time) (out Overview, err error) {
	out = Overview{Alerts: []Alert{}, Findings: []string{}, Timeline: []Event{}}
	if out.Card, err = card(ctx, tx, in, now); err != nil {
		return out, err
	}
	counts, err := tx.CountLinks(ctx, in.ID)
	if err != nil {
		return out, err
	}
	out.Links = shownCounts(counts)
	if out.Conflicts, err = openConflicts(ctx, tx, in.ID); err != nil {
		return out, err
	}
	for _, f := range cycle.Findings(in) {
		out.Findings = append(out.Findings, f.Text)
	}
	wrong, err := instanceTroubles(ctx, tx, in, now)
	if err != nil {
		return out, err
	}
	for _, t := range wrong {
		out.Alerts = append(out.Alerts, Alert{Kind: t.Kind, Title: t.Title, Text: t.Text, Do: t.Do})
	}
	last, err := lastCycle(ctx, tx, in.ID)
	if err != nil {
		return out, err
	}
	out.Held = last.Held
	if r, err := tx.ActiveRun(ctx, in.ID); err == nil {
		row := runRow(r)
		out.Active = &row
	} else if !errors.Is(err, store.ErrNotFound) {
		return out, err
	}
	out.Tiles = tiles(in, out, wrong)
	out.Timeline, err = timeline(ctx, tx, in.ID)
	return out, err
}

// lastCycle gives the report of the last whole cycle.
func lastCycle(ctx context.Context, tx store.Tx, instance string) (report cycle.Report, err error) {
	runs, _, err := tx.FindRuns(ctx, instance, store.RunQuery{Flows: []string{"sync.cycle", "sync.discover-assets"}, States: []store.RunState{store.Succeeded}, Limit: 1})
	if err != nil || len(runs) == 0 {
		return report, err
	}
	r, err := tx.Run(ctx, instance, runs[0].ID)
	if err == nil && len(r.Output) > 0 {
		err = json.Unmarshal(r.Output, &report)
	}
	return report, err
}

// tiles are the four figures of an instance's page.
func tiles(in store.Instance, o Overview, wrong []alert.Trouble) []Tile {
	of := func(kind string) (alert.Trouble, bool) {
		i := slices.IndexFunc(wrong, func(t alert.Trouble) bool { return t.Kind == kind })
		if i < 0 {
			return alert.Trouble{}, false
		}
		return wrong[i], true
	}
	connections := Tile{Name: "connections", Title: "Connections", State: "good", Words: "Both systems answered the last run."}
	if t, ok := of(credentialsKind); ok {
		connections.State, connections.Words, connections.Count = "bad", t.Text, 1
	} else if o.LastRun == nil {
		connections.State, connections.Words = "unknown", "Nothing has run yet; test the connections."
	}
	links := Tile{Name: "links", Title: "Links pending", State: "good", Words: "No link waits for you.", Count: o.Links.Pending}
	switch {
	case o.Links.All == 0:
		links.State, links.Words = "unknown", "Organizations were not matched yet."
	case o.Links.Pending > 0:
		links.State, links.Words = "attention", counted(o.Links.Pending, "link waits", "links wait")+" for you; no data of them flows."
	}
	return []Tile{connections, mappingTile(in, of), links, runTile(o, of)}
}

func mappingTile(in store.Instance, of func(string) (alert.Trouble, bool)) Tile {
	tile := Tile{Name: "mapping", Title: "Mapping", State: "good", Words: "Every mapped field is there."}
	if t, ok := of(mappingKind); ok {
		tile.State, tile.Words = "bad", t.Text
	}
	for _, f := range cycle.Findings(in) {
		tile.Count++
		if f.Kind == mapping.Renamed && tile.State == "good" {
			tile.State, tile.Words = "attention", f.Text
		}
	}
	if in.Status == store.Draft {
		tile.State, tile.Words = "unknown", "The wizard is not finished."
	}
	return tile
}

func runTile(o Overview, of func(string) (alert.Trouble, bool)) Tile {
	tile := Tile{Name: "last-run", Title: "Last run", State: "good", Count: o.Conflicts + o.Held}
	if o.LastRun == nil {
		tile.State, tile.Words = "unknown", "Nothing has run yet."
		return tile
	}
	tile.Words = o.LastRun.Words
	for _, kind := range []string{guardKind, overdueKind, failedKind, credentialsKind} {
		if t, ok := of(kind); ok {
			tile.State, tile.Words = "attention", inShort(t)
			if kind != guardKind && kind != overdueKind {
				tile.State = "bad"
			}
		}
	}
	if tile.State == "good" && tile.Count > 0 {
		tile.State = "attention"
		tile.Words = fmt.Sprintf("It went through; %s and %s wait for you.", counted(o.Conflicts, "conflict", "conflicts"), counted(o.Held, "held asset", "held assets"))
	}
	return tile
}
