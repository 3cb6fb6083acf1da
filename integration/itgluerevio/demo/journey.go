package demo

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/cycle"
	"github.com/itglue-revio/itglue-revio/integration/itgluerevio"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// Step is one thing that the journey did, and what was seen.
type Step struct {
	Title string         `json:"title"`
	Lines []string       `json:"lines"`
	Seen  map[string]any `json:"seen"`
}

// Report is the whole journey as one document.
type Report struct {
	Organizations int    `json:"organizations"`
	Assets        int    `json:"assets"`
	Passwords     int    `json:"passwords"`
	Steps         []Step `json:"steps"`
	OK            bool   `json:"ok"`
}

// Journey goes through everything that an installer, an operator and a builder
// do on their first day. Each step checks what it promises, and the journey
// ends with an error at the first promise that does not hold.
type Journey struct {
	Stage *Stage
	Words io.Writer // the narration; nil: none

	report   Report
	step     *Step
	instance string
	accepted map[string]string // organization to customer
	pairs    []linked          // some linked assets to edit
}

// linked is an asset on both sides.
type linked struct{ left, right, organization string }

// Run goes through the journey.
func (j *Journey) Run(ctx context.Context) (Report, error) {
	w := j.Stage.World
	j.report = Report{Organizations: len(w.ITGlue.Organizations()), Assets: len(w.ITGlue.Assets()), Passwords: len(w.ITGlue.Passwords())}
	j.accepted = map[string]string{}
	steps := []struct {
		title string
		do    func(context.Context) error
	}{
		{"Connections are checked, and a wrong region is named", j.connections},
		{"Flexible asset types are selected, fields and types are mapped", j.wizard},
		{"Organizations are matched to customers; all links are pending", j.match},
		{"Links are accepted, one is rejected, one is reassigned", j.decide},
		{"Assets are discovered", j.discover},
		{"Edits on both sides travel with the next cycle", j.edits},
		{"Both sides edit the same field: a conflict, settled by a person", j.conflict},
		{"A trait is renamed in IT Glue, and the mapping goes on", j.rename},
		{"The Sync button makes a new customer's organization", j.button},
		{"A password is revealed live, and found nowhere afterwards", j.reveal},
		{"A second cycle writes nothing, and costs what the APIs allow", j.quiet},
	}
	for i, s := range steps {
		j.report.Steps = append(j.report.Steps, Step{Title: s.title, Lines: []string{}, Seen: map[string]any{}})
		j.step = &j.report.Steps[i]
		j.print("\n%d. %s\n", i+1, s.title)
		if err := s.do(ctx); err != nil {
			return j.report, fmt.Errorf("step %d, %s: %w", i+1, s.title, err)
		}
	}
	j.report.OK = true
	return j.report, nil
}

func (j *Journey) print(format string, args ...any) {
	if j.Words != nil {
		_, _ = fmt.Fprintf(j.Words, format, args...)
	}
}

func (j *Journey) say(format string, args ...any) {
	line := fmt.Sprintf(format, args...)
	j.step.Lines = append(j.step.Lines, line)
	j.print("   %s\n", strings.ReplaceAll(line, "\n", "\n   "))
}

func (j *Journey) saw(name string, value any) { j.step.Seen[name] = value }

// must fails the journey when a promise does not hold.
func must(holds bool, format string, args ...any) error {
	if holds {
		return nil
	}
	return fmt.Errorf("a promise does not hold: "+format, args...)
}

func (j *Journey) call(ctx context.Context, action string, in, out any) error {
	return j.Stage.Call(ctx, j.instance, action, in, out)
}

func (j *Journey) cycle(ctx context.Context) (r cycle.Report, err error) {
	return r, j.call(ctx, "sync.cycle", component.NoInput{}, &r)
}

func (j *Journey) connections(ctx context.Context) error {
	draft, err := j.Stage.Document(func(d map[string]any) {
		delete(d, "assetTypes")
		delete(d, "fields")
		delete(d, "types")
	})
	if err != nil {
		return err
	}
	var in itgluerevio.Instance
	if err := j.call(ctx, "instance.apply", map[string]any{"document": draft, "offline": true}, &in); err != nil {
		return err
	}
	j.instance = in.ID
	j.say("The instance %s is a %s: nothing of it runs yet.", in.Name, in.Status)
	wrong := map[string]any{"connections": map[string]any{
		"revio":  map[string]any{"tenant": Tenant, "clientId": ClientID, "clientSecret": ClientSecret, "production": true},
		"itglue": map[string]any{"region": "us", "apiKey": APIKey}}}
	var report component.CheckReport
	if err := j.call(ctx, "doctor", map[string]any{"answers": wrong}, &report); err != nil {
		return err
	}
	named := ""
	for _, c := range report.Checks {
		if c.State == component.Failed && strings.Contains(c.Message+c.Do, "EU") {
			named = c.Message
			j.say("With the region US: %s → %s", c.Message, c.Do)
			break
		}
	}
	if err := must(!report.OK && named != "", "a wrong region is named"); err != nil {
		return err
	}
	if err := j.call(ctx, "doctor", map[string]any{}, &report); err != nil {
		return err
	}
	counts := map[component.State]int{}
	for _, c := range report.Checks {
		counts[c.State]++
	}
	j.say("With the region EU: %d checks work, %d are not tested, %d differ or are missing.", counts[component.Works], counts[component.NotTested], counts[component.Differs]+counts[component.Missing])
	j.saw("wrongRegion", named)
	j.saw("checksThatWork", counts[component.Works])
	return must(report.OK, "the right region passes")
}

func (j *Journey) wizard(ctx context.Context) error {
	w := j.Stage.World
	var form component.Form
	if err := j.call(ctx, "pages.asset-types", map[string]any{"answers": map[string]any{}}, &form); err != nil {
		return err
	}
	items, _ := form.Schema["properties"].(map[string]any)["typeIds"].(map[string]any)["items"].(map[string]any)
	choices, _ := items["oneOf"].([]any)
	j.say("%d enabled flexible asset types are offered; the one that is not enabled is not.", len(choices))
	document, err := j.Stage.Document(nil)
	if err != nil {
		return err
	}
	var in itgluerevio.Instance
	if err := j.call(ctx, "instance.apply", map[string]any{"document": document}, &in); err != nil {
		return err
	}
	for _, id := range w.Types() {
		t, _ := w.ITGlue.Type(id)
		var mapped []string
		for _, f := range []string{"serialNumber", "operatingSystem", "ipAddress", "installDate", "description"} {
			for _, trait := range t.Fields {
				if trait.ID == w.Fields[id][f] {
					mapped = append(mapped, fmt.Sprintf("%s → %s", trait.Name, f))
				}
			}
		}
		j.say("%s: name → name, %s", t.Name, strings.Join(mapped, ", "))
	}
	for _, page := range []string{"pages.connections", "pages.fields", "pages.types"} {
		form = component.Form{}
		if err := j.call(ctx, page, map[string]any{"answers": map[string]any{}}, &form); err != nil {
			return err
		}
		if err := must(len(form.Errors) == 0, "%s has no error: %v", page, form.Errors); err != nil {
			return err
		}
	}
	j.say("The instance is %s.", in.Status)
	j.saw("types", len(w.Types()))
	return must(len(choices) == 5 && in.Status == "active", "only enabled types are offered, and a complete instance is active")
}

func (j *Journey) match(ctx context.Context) error {
	w := j.Stage.World
	w.ITGlue.ResetRequests()
	w.Revio.ResetRequests()
	var r cycle.Report
	if err := j.call(ctx, "sync.match-organizations", component.NoInput{}, &r); err != nil {
		return err
	}
	var links itgluerevio.LinkList
	if err := j.call(ctx, "links.list", map[string]any{}, &links); err != nil {
		return err
	}
	bands, pending := map[string]int{}, 0
	for _, l := range links.Items {
		if l.State == "pending" {
			pending++
		}
		if l.Customer != nil {
			bands[l.Band]++
		}
	}
	j.say("%d organizations, %d customers: %d suggestions (%d exact, %d strong, %d likely, %d weak).", r.Organizations, r.Customers, r.Suggested, bands["exact"], bands["strong"], bands["likely"], bands["weak"])
	shown := 0
	for _, l := range links.Items {
		if l.Customer != nil && l.Customer.Name != l.Organization.Name && l.Band != "exact" && len(l.Reasons) > 0 && shown < 3 {
			j.say("“%s” ↔ “%s”: %s, %.2f: %s", l.Organization.Name, l.Customer.Name, l.Band, l.Score, strongest(l.Reasons))
			shown++
		}
	}
	assets := w.ITGlue.Count("GET", "/flexible_assets") + w.ITGlue.Count("GET", "/passwords")
	writes := len(w.ITGlue.Writes()) + len(w.Revio.Writes())
	for _, q := range w.Revio.Requests() {
		if strings.HasSuffix(q.Path, "/assets") {
			assets++
		}
	}
	j.say("The systems' own logs: %d assets or passwords were asked for, %d records were written.", assets, writes)
	j.saw("suggested", r.Suggested)
	j.saw("pending", pending)
	j.saw("assetAndPasswordRequests", assets)
	j.saw("writes", writes)
	return must(assets == 0 && writes == 0 && pending == len(links.Items), "no data flows before a link is accepted")
}

// strongest is the reason that speaks most for a suggestion.
func strongest(reasons []store.Reason) string {
	best := reasons[0]
	for _, r := range reasons {
		if r.Weight > best.Weight {
			best = r
		}
	}
	return best.Text
}

func (j *Journey) decide(ctx context.Context) error {
	var out itgluerevio.Decided
	if err := j.call(ctx, "links.accept", map[string]any{"minScore": 0.95, "dryRun": true}, &out); err != nil {
		return err
	}
	j.say("`links accept --min-score 0.95 --dry-run` would accept %d.", len(out.Items))
	if err := j.call(ctx, "links.accept", map[string]any{"minScore": 0.95}, &out); err != nil {
		return err
	}
	right := 0
	for _, l := range out.Items {
		j.accepted[l.ID] = l.Customer.ID
		if j.Stage.World.Customer[l.ID] == l.Customer.ID {
			right++
		}
	}
	j.say("%d links are accepted; %d of them are right.", len(out.Items), right)
	if err := must(right == len(out.Items), "what is offered for bulk accept is right"); err != nil {
		return err
	}
	rejected := out.Items[len(out.Items)-1]
	if err := j.call(ctx, "links.reject", map[string]any{"id": []string{rejected.ID}}, nil); err != nil {
		return err
	}
	delete(j.accepted, rejected.ID)
	j.say("“%s” is rejected: paused, and nothing of it is deleted.", rejected.Organization.Name)
	if err := j.reassign(ctx); err != nil {
		return err
	}
	j.saw("accepted", len(j.accepted))
	return nil
}

// reassign links an organization that the matcher was not sure of by hand.
func (j *Journey) reassign(ctx context.Context) error {
	var links itgluerevio.LinkList
	if err := j.call(ctx, "links.list", map[string]any{"state": "pending"}, &links); err != nil {
		return err
	}
	for _, l := range links.Items {
		customer := j.Stage.World.Customer[l.ID]
		if customer == "" {
			continue
		}
		var out itgluerevio.Reassigned
		if err := j.call(ctx, "links.reassign", map[string]any{"id": l.ID, "customerId": customer, "accept": true}, &out); err != nil {
			return err
		}
		j.accepted[l.ID] = customer
		j.say("“%s” is reassigned to “%s”, and accepted.", l.Organization.Name, out.Link.Customer.Name)
		return nil
	}
	return must(false, "there is a link to reassign")
}

func (j *Journey) discover(ctx context.Context) error {
	w := j.Stage.World
	w.Revio.ResetRequests()
	var r cycle.Report
	if err := j.call(ctx, "sync.discover-assets", component.NoInput{}, &r); err != nil {
		return err
	}
	j.say("%d links: %d IT Glue assets, of which %d were matched by serial number, %d were created in Rev.io, %d are held.", r.Discovered, r.Assets, r.Matched, r.Created, r.Held)
	j.say("%d conflicts wait for a person; %d Rev.io assets are in Rev.io only.", r.Conflicts, r.OnlyInRevio)
	j.say("Passwords: %d attached and listed, %d mentioned, %d standalone, %d of what is not selected.", r.Passwords.Attached, r.Passwords.Mentioned, r.Passwords.Standalone, r.Passwords.Dropped)
	var list itgluerevio.AssetList
	if err := j.call(ctx, "assets.list", map[string]any{"state": "held"}, &list); err != nil {
		return err
	}
	shown := map[string]bool{}
	for _, a := range list.Items {
		if reason := a.Reasons[0]; !shown[reason[:min(40, len(reason))]] && len(shown) < 4 {
			shown[reason[:min(40, len(reason))]] = true
			j.say("held: %s: %s.", a.Name, reason)
		}
	}
	posts := 0
	for _, q := range w.Revio.Writes() {
		if q.Method == "POST" {
			posts++
		}
	}
	if err := j.findLinked(ctx); err != nil {
		return err
	}
	j.saw("report", r)
	j.saw("posts", posts)
	return must(posts == r.Created && r.Matched > 0 && r.Created > 0 && r.Held > 0, "each created asset was sent once")
}

// findLinked chooses linked workstations that may be written, to edit them.
func (j *Journey) findLinked(ctx context.Context) error {
	var list itgluerevio.AssetList
	if err := j.call(ctx, "assets.list", map[string]any{"state": "linked"}, &list); err != nil {
		return err
	}
	for _, a := range list.Items {
		if a.Side != "left" || len(a.Reasons) > 0 {
			continue
		}
		asset, _ := j.Stage.World.ITGlue.Asset(a.ID)
		if asset.TypeID == j.Stage.World.Workstations && asset.Traits["photo"] == nil && asset.Traits["local-admin"] == nil && a.Fields["serialNumber"] != "" {
			j.pairs = append(j.pairs, linked{a.ID, a.LinkedWith, a.Organization})
		}
	}
	return must(len(j.pairs) > 5, "there are linked workstations to edit")
}

// value is what both sides hold of a field of a linked asset.
func (j *Journey) value(p linked, key, field string) (left, right string) {
	r, _ := j.Stage.World.Revio.Asset(p.right)
	return j.Stage.World.trait(p.left, key), r.Fields[field]
}

// settled waits until the systems' clocks have moved on, so that an edit is
// newer than what was read before it.
func settled() { time.Sleep(2 * time.Millisecond) }
