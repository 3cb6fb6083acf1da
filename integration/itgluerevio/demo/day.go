package demo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/component/itglue/itgluetest"
	"github.com/itglue-revio/itglue-revio/integration/cycle"
	"github.com/itglue-revio/itglue-revio/integration/itgluerevio"
)

func (j *Journey) edits(ctx context.Context) error {
	w := j.Stage.World
	a, b, c := j.pairs[0], j.pairs[1], j.pairs[2]
	settled()
	before, _ := w.ITGlue.Asset(b.left)
	w.ITGlue.SetTrait(a.left, "ip-address", "10.99.0.1")
	w.Revio.SetAsset(b.right, "operatingSystem", "Windows 11 Pro 24H2") // as an RMM does
	w.Revio.SetAsset(c.right, "installDate", "2026-11-01")
	organization := a.organization
	w.ITGlue.RenameOrganization(organization, "Renamed "+organization[len(organization)-3:])
	r, err := j.cycle(ctx)
	if err != nil {
		return err
	}
	l1, r1 := j.value(a, "ip-address", "ipAddress")
	l2, r2 := j.value(b, "operating-system", "operatingSystem")
	l3, r3 := j.value(c, "install-date", "installDate")
	customer, _ := w.Revio.Customer(j.accepted[organization])
	j.say("edited in IT Glue: IP address %s is %s in Rev.io", l1, r1)
	j.say("edited in Rev.io by the RMM: operating system %s is %s in IT Glue", r2, l2)
	j.say("edited in Rev.io: install date %s is %s in IT Glue", r3, l3)
	j.say("renamed in IT Glue: the customer is “%s” now", customer.Name)
	after, _ := w.ITGlue.Asset(b.left)
	for key, v := range before.Traits {
		if key != "operating-system" && !bytes.Equal(v, after.Traits[key]) {
			return must(false, "every other trait is as it was: %s", key)
		}
	}
	j.say("Every other trait of the written IT Glue record is as it was.")
	j.saw("report", r)
	return must(l1 == r1 && l2 == r2 && l3 == r3 && r1 == "10.99.0.1" && r.ToITGlue == 2 && r.ToRevio == 2, "each edit reaches the other side, and nothing else is written (%d to IT Glue, %d to Rev.io)", r.ToITGlue, r.ToRevio)
}

func (j *Journey) conflict(ctx context.Context) error {
	w, p := j.Stage.World, j.pairs[3]
	settled()
	w.ITGlue.SetTrait(p.left, "ip-address", "10.1.1.1")
	w.Revio.SetAsset(p.right, "ipAddress", "10.2.2.2")
	if _, err := j.cycle(ctx); err != nil {
		return err
	}
	l, r := j.value(p, "ip-address", "ipAddress")
	if err := must(l == "10.1.1.1" && r == "10.2.2.2", "neither value is overwritten"); err != nil {
		return err
	}
	var list itgluerevio.ConflictList
	if err := j.call(ctx, "conflicts.list", map[string]any{"field": "ipAddress"}, &list); err != nil {
		return err
	}
	for _, c := range list.Items {
		if c.ITGlue != "10.1.1.1" {
			continue
		}
		j.say("%s, %s: IT Glue holds %s, Rev.io holds %s. Neither is overwritten.", c.Record, c.Field, c.ITGlue, c.Revio)
		if err := j.call(ctx, "conflicts.resolve", map[string]any{"id": c.ID, "take": "revio"}, nil); err != nil {
			return err
		}
		if _, err := j.cycle(ctx); err != nil {
			return err
		}
		l, r = j.value(p, "ip-address", "ipAddress")
		j.say("A person takes Rev.io's: both sides hold %s and %s.", l, r)
		return must(l == "10.2.2.2" && r == "10.2.2.2", "the chosen value is on both sides")
	}
	return must(false, "the conflict is listed")
}

func (j *Journey) rename(ctx context.Context) error {
	w, p := j.Stage.World, j.pairs[4]
	settled()
	w.ITGlue.RenameField(w.Fields[w.Workstations]["ipAddress"], "LAN Address")
	w.ITGlue.SetTrait(p.left, "lan-address", "10.77.7.7")
	r, err := j.cycle(ctx)
	if err != nil {
		return err
	}
	for _, n := range r.Notes {
		if bytes.Contains([]byte(n), []byte("LAN Address")) {
			j.say("%s", n)
		}
	}
	_, right := j.value(p, "lan-address", "ipAddress")
	j.say("The value under the new name, 10.77.7.7, is %s in Rev.io.", right)
	j.saw("notes", r.Notes)
	return must(right == "10.77.7.7" && r.ToRevio == 1, "a renamed trait goes on syncing, and nothing is emptied (%d written)", r.ToRevio)
}

func (j *Journey) button(ctx context.Context) error {
	w := j.Stage.World
	var out cycle.Pressed
	if err := j.call(ctx, "sync.customer", map[string]any{"customerId": w.NewCustomer}, &out); err != nil {
		return err
	}
	o, _ := w.ITGlue.Organization(out.Organization)
	j.accepted[out.Organization] = w.NewCustomer
	j.say("IT Glue has the organization “%s” now, linked in the presser's name; %d of its assets were made there.", o.Name, out.AssetsMade)
	for _, n := range out.NotMade {
		j.say("not made: %s", n)
	}
	j.saw("made", out.Made)
	j.saw("assetsMade", out.AssetsMade)
	j.saw("notMade", out.NotMade)
	if err := j.call(ctx, "sync.customer", map[string]any{"customerId": w.NewCustomer}, &out); err != nil {
		return err
	}
	same := 0
	for _, other := range w.ITGlue.Organizations() {
		if other.Name == o.Name {
			same++
		}
	}
	j.say("Pressed again: it is synced, and there is still one such organization.")
	return must(!out.Made && same == 1 && o.Name != "", "pressing twice makes one organization")
}

func (j *Journey) reveal(ctx context.Context) error {
	w := j.Stage.World
	var list itgluerevio.PasswordList
	if err := j.call(ctx, "passwords.list", map[string]any{"linkage": "attached"}, &list); err != nil {
		return err
	}
	p := list.Items[0]
	truth, _ := w.ITGlue.Password(p.ID)
	w.ITGlue.SetPassword(p.ID, func(p *itgluetest.Password) { p.Value += "-changed-a-moment-ago" })
	var out itgluerevio.RevealOutput
	if err := j.call(ctx, "passwords.reveal", map[string]any{"id": p.ID, "reason": "demo of the journey"}, &out); err != nil {
		return err
	}
	j.say("%d passwords are listed. “%s” is revealed live: %d characters, as it was changed a moment ago.", len(list.Items), p.Name, len(out.Value))
	if err := must(out.Value == truth.Value+"-changed-a-moment-ago", "the value is the live one"); err != nil {
		return err
	}
	found, searched, err := j.search()
	if err != nil {
		return err
	}
	j.say("All %d values were searched for in the %d files on disk: %d found.", len(w.Canaries), searched, found)
	var entries struct {
		Items []itgluerevio.AuditEntry `json:"items"`
	}
	if err := j.call(ctx, "audit.list", map[string]any{}, &entries); err != nil {
		return err
	}
	for _, e := range entries.Items[max(0, len(entries.Items)-2):] {
		j.say("audit %d: %s %s %s %s", e.Seq, e.Actor, e.Action, e.Subject, e.Detail["reason"])
	}
	j.saw("foundOnDisk", found)
	j.saw("filesSearched", searched)
	return must(found == 0 && searched > 0, "no value of a password is stored")
}

// search looks for every password value in everything on disk.
func (j *Journey) search() (found, searched int, err error) {
	err = filepath.WalkDir(j.Stage.Folder, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if errors.Is(err, os.ErrNotExist) {
			return nil
		}
		searched++
		for _, value := range j.Stage.World.Canaries {
			if bytes.Contains(raw, []byte(value)) {
				found++
			}
		}
		return err
	})
	return found, searched, err
}

func (j *Journey) quiet(ctx context.Context) error {
	w := j.Stage.World
	if _, err := j.cycle(ctx); err != nil {
		return err
	}
	w.ITGlue.ResetRequests()
	w.Revio.ResetRequests()
	r, err := j.cycle(ctx)
	if err != nil {
		return err
	}
	writes := len(w.ITGlue.Writes()) + len(w.Revio.Writes())
	left, right := len(w.ITGlue.Requests()), len(w.Revio.Requests())
	leastLeft, leastRight := j.least()
	j.say("%d records were written. %d assets are in step, %d records wait for a person.", writes, r.Steady, r.Attention)
	j.say("Requests: %d to IT Glue (the least possible is %d), %d to Rev.io (the least possible is %d).", left, leastLeft, right, leastRight)
	j.saw("writes", writes)
	j.saw("requests", map[string]int{"itglue": left, "itglueLeast": leastLeft, "revio": right, "revioLeast": leastRight})
	ratio := float64(left+right) / float64(leastLeft+leastRight)
	j.say("That is %.2f times the least.", ratio)
	var plan itgluerevio.Plan
	if err := j.call(ctx, "plan.create", component.NoInput{}, &plan); err != nil {
		return err
	}
	j.say("`plan create` says the same: %d writes are planned.", plan.Report.Planned)
	return must(writes == 0 && plan.Report.Planned == 0, "a second cycle writes nothing (%d, and %d planned)", writes, plan.Report.Planned)
}

// least is the number of requests that lists of whole pages need at least: for
// each list its records by the page size, and one closing page for each Rev.io
// list that does not say how many there are.
func (j *Journey) least() (left, right int) {
	w := j.Stage.World
	const leftPage = 1000
	profile := w.RevioProfile()
	pages := func(records, size int) int { return max(1, (records+size-1)/size) }
	left = pages(len(w.ITGlue.Organizations()), leftPage) + 1 // organizations; types with their fields
	lists := pages(len(j.accepted), 100)
	for _, t := range w.Types() {
		n := 0
		for _, a := range w.ITGlue.Assets() {
			if _, ok := j.accepted[a.OrganizationID]; ok && a.TypeID == t {
				n++
			}
		}
		left += max(lists, pages(n, leftPage))
	}
	n := 0
	for _, p := range w.ITGlue.Passwords() {
		if _, ok := j.accepted[p.OrganizationID]; ok {
			n++
		}
	}
	left += max(lists, pages(n, leftPage))
	closing := 0
	if w.NoTotal {
		closing = 1
	}
	right = pages(len(w.Revio.Customers()), profile.PerPage) + closing
	for _, customer := range j.accepted {
		right += pages(len(w.Revio.Assets(customer)), profile.PerPage) + closing
	}
	return left, right
}

// String gives the report in a line.
func (r Report) String() string {
	return fmt.Sprintf("%d organizations, %d assets, %d passwords, %d steps", r.Organizations, r.Assets, r.Passwords, len(r.Steps))
}
