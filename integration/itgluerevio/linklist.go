package itgluerevio

import (
	"context"
	"encoding/base64"
	"slices"
	"strconv"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// ListLinksInput narrows the list of links.
type ListLinksInput struct {
	component.Page
	State     string   `json:"state,omitempty" jsonschema:"enum=pending,enum=accepted,enum=rejected"`
	Attention bool     `json:"attention,omitempty" jsonschema_description:"Only links that are paused by themselves."`
	Band      []string `json:"band,omitempty" jsonschema:"enum=exact,enum=strong,enum=likely,enum=weak" jsonschema_description:"Only suggestions that are so sure."`
	Search    string   `json:"search,omitempty" jsonschema_description:"Part of a name of either side."`
	Parent    string   `json:"parent,omitempty" jsonschema_description:"Only the organizations directly below this one."`
	Sort      string   `json:"sort,omitempty" jsonschema:"enum=name,enum=score,enum=decided,enum=tree" jsonschema_description:"name is the default; score: the surest first; decided: the last decided first; tree: parents first, each followed by those below it."`
}

// LinkList is a page of links.
type LinkList struct {
	Items []Link `json:"items"`
	Next  string `json:"next,omitempty"`
}

func (k keeper) listLinks() component.Callable {
	return component.Func(component.Spec{Name: "links.list", Summary: "List the links between organizations and customers, with the reasons of each suggestion.", Effect: component.Reads, Access: component.View},
		func(ctx context.Context, s *component.Session, in ListLinksInput) (LinkList, error) {
			out := LinkList{Items: []Link{}}
			q := store.LinkQuery{Search: in.Search, Bands: in.Band, Attention: in.Attention, After: in.Cursor, Limit: in.Limit}
			if in.State != "" {
				q.States = []store.LinkState{store.LinkState(in.State)}
			}
			if in.Parent != "" {
				q.Parents = []string{in.Parent}
			}
			err := k.read(ctx, func(tx store.Tx) error {
				if in.Sort == "tree" {
					var err error
					out, err = treePage(ctx, tx, s.Instance, q)
					return err
				}
				q.Sort = store.LinkSort(in.Sort)
				links, next, err := tx.ListLinks(ctx, s.Instance, q)
				if err != nil {
					return err
				}
				out.Next = next
				out.Items, err = shownLinks(ctx, tx, s.Instance, links)
				return err
			})
			return out, err
		})
}

// shownLinks shows links with the pending parents that they wait for.
func shownLinks(ctx context.Context, tx store.Tx, instance string, links []store.Link) ([]Link, error) {
	shown, above := []Link{}, []string{}
	for _, l := range links {
		shown = append(shown, shownLink(l))
		if l.State == store.Pending && l.Organization.Parent != "" && !slices.Contains(above, l.Organization.Parent) {
			above = append(above, l.Organization.Parent)
		}
	}
	parents, _, err := tx.ListLinks(ctx, instance, store.LinkQuery{IDs: above, States: []store.LinkState{store.Pending}})
	for i, l := range links {
		for _, p := range parents {
			if l.State == store.Pending && p.ID == l.Organization.Parent {
				shown[i].WaitsFor = &p.Organization
			}
		}
	}
	return shown, err
}

// treePage gives a page of the links that a query finds in the order of their
// hierarchy. An organization whose parent has no link, or that is its own
// ancestor, stands at the top. The cursor is how many rows came before.
func treePage(ctx context.Context, tx store.Tx, instance string, q store.LinkQuery) (LinkList, error) {
	out := LinkList{Items: []Link{}}
	start, err := treeCursor(q.After)
	if err != nil {
		return out, err
	}
	all, err := tx.LinkTree(ctx, instance, store.LinkQuery{})
	if err != nil {
		return out, err
	}
	found := all
	if q.Bands != nil || q.Parents != nil || q.Attention || q.Search != "" {
		if found, err = tx.LinkTree(ctx, instance, q); err != nil {
			return out, err
		}
	}
	wanted := make(map[string]bool, len(found))
	for _, n := range found {
		wanted[n.ID] = q.States == nil || slices.Contains(q.States, n.State)
	}
	order, depth := hierarchy(all)
	order = slices.DeleteFunc(order, func(id string) bool { return !wanted[id] })
	page := order[min(start, len(order)):]
	if q.Limit > 0 && len(page) > q.Limit {
		page = page[:q.Limit]
		out.Next = base64.RawURLEncoding.EncodeToString([]byte("tree" + strconv.Itoa(start+q.Limit)))
	}
	links, _, err := tx.ListLinks(ctx, instance, store.LinkQuery{IDs: append([]string{}, page...)})
	if err != nil {
		return out, err
	}
	slices.SortFunc(links, func(a, b store.Link) int { return slices.Index(page, a.ID) - slices.Index(page, b.ID) })
	out.Items, err = shownLinks(ctx, tx, instance, links)
	for i := range out.Items {
		out.Items[i].Depth = depth[out.Items[i].ID]
	}
	return out, err
}

func treeCursor(after string) (start int, err error) {
	if after == "" {
		return 0, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(after)
	if err == nil && len(text) > len("tree") && string(text[:len("tree")]) == "tree" {
		if start, err = strconv.Atoi(string(text[len("tree"):])); err == nil && start >= 0 {
			return start, nil
		}
	}
	return 0, component.Errorf(component.InvalidInput, "the list cannot go on after %q: that is not the next of an answer to it", after).Then("Leave it out to begin at the start of the list.")
}

// hierarchy puts organizations that are sorted by name into the order of their
// tree, and says how deep each stands.
func hierarchy(sorted []store.LinkNode) (order []string, depth map[string]int) {
	known, below, roots := make(map[string]bool, len(sorted)), map[string][]string{}, []string{}
	for _, n := range sorted {
		known[n.ID] = true
	}
	for _, n := range sorted {
		if n.Parent == "" || !known[n.Parent] || n.Parent == n.ID {
			roots = append(roots, n.ID)
			continue
		}
		below[n.Parent] = append(below[n.Parent], n.ID)
	}
	depth = make(map[string]int, len(sorted))
	var walk func(id string, at int)
	walk = func(id string, at int) {
		if _, seen := depth[id]; seen {
			return
		}
		depth[id], order = at, append(order, id)
		for _, child := range below[id] {
			walk(child, at+1)
		}
	}
	for _, id := range roots {
		walk(id, 0)
	}
	for _, n := range sorted { // what is left are circles
		walk(n.ID, 0)
	}
	return order, depth
}

func (k keeper) countLinks() component.Callable {
	return component.Func(component.Spec{Name: "links.counts", Summary: "Count the links in each state.", Effect: component.Reads, Access: component.View},
		func(ctx context.Context, s *component.Session, _ component.NoInput) (out LinkCounts, err error) {
			err = k.read(ctx, func(tx store.Tx) error {
				n, err := tx.CountLinks(ctx, s.Instance)
				out = shownCounts(n)
				return err
			})
			return out, err
		})
}
