package itgluerevio

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// AuditEntry is one line of the audit log.
type AuditEntry struct {
	Seq     int64             `json:"seq"`
	At      time.Time         `json:"at"`
	Actor   string            `json:"actor"`
	Action  string            `json:"action"`
	Subject string            `json:"subject"`
	Detail  map[string]string `json:"detail,omitempty"`
	Hash    string            `json:"hash"`
}

// AuditFilter narrows the audit log.
type AuditFilter struct {
	Actor  string     `json:"actor,omitempty" jsonschema_description:"Only of this person, such as user:ana."`
	Action string     `json:"action,omitempty" jsonschema_description:"Only this action, or all whose name begins so, such as links."`
	Search string     `json:"search,omitempty" jsonschema_description:"Part of who, what or the details."`
	Since  *time.Time `json:"since,omitempty" jsonschema_description:"Not before this time."`
	Until  *time.Time `json:"until,omitempty" jsonschema_description:"Before this time."`
}

func (f AuditFilter) query() store.AuditQuery {
	q := store.AuditQuery{Actor: f.Actor, Action: f.Action, Search: f.Search}
	if f.Since != nil {
		q.Since = *f.Since
	}
	if f.Until != nil {
		q.Until = *f.Until
	}
	return q
}

// ListAuditInput asks for a part of the audit log: oldest first after a number,
// or newest first.
type ListAuditInput struct {
	AuditFilter
	After  int64  `json:"after,omitempty" jsonschema_description:"Oldest first: only what comes after this number."`
	Newest bool   `json:"newest,omitempty" jsonschema_description:"Newest first, page by page; the filters work with it only."`
	Cursor string `json:"cursor,omitempty" jsonschema_description:"Newest first: the next of an earlier answer."`
	Limit  int    `json:"limit,omitempty" jsonschema:"minimum=0,maximum=10000"`
}

func (k keeper) listAudit() component.Callable {
	type list struct {
		Items []AuditEntry `json:"items"`
		Next  string       `json:"next,omitempty"`
	}
	return component.Func(component.Spec{Name: "audit.list", Summary: "List who decided and revealed what.", Effect: component.Reads, Access: component.Administer},
		func(ctx context.Context, s *component.Session, in ListAuditInput) (list, error) {
			out := list{Items: []AuditEntry{}}
			if in.AuditFilter != (AuditFilter{}) && !in.Newest {
				return out, component.Errorf(component.InvalidInput, "the audit log is filtered newest first only").Then("Add newest.")
			}
			err := k.read(ctx, func(tx store.Tx) (err error) {
				var entries []store.Entry
				if in.Newest {
					q := in.query()
					q.After, q.Limit = in.Cursor, in.Limit
					entries, out.Next, err = tx.FindAudit(ctx, s.Instance, q)
				} else {
					entries, err = tx.ListAudit(ctx, s.Instance, in.After, in.Limit)
				}
				for _, e := range entries {
					out.Items = append(out.Items, shownEntry(e))
				}
				return err
			})
			return out, err
		})
}

func shownEntry(e store.Entry) AuditEntry {
	return AuditEntry{Seq: e.Seq, At: e.At, Actor: e.Actor, Action: e.Action, Subject: e.Subject, Detail: e.Detail, Hash: e.Hash}
}

// ExportAuditInput says what to export.
type ExportAuditInput struct {
	AuditFilter
	Format string `json:"format" jsonschema:"enum=jsonl,enum=csv" jsonschema_description:"jsonl holds all that the hash chain is made of; csv is for tables."`
}

// AuditExport is a part of the audit log as a file.
type AuditExport struct {
	Name    string `json:"name" jsonschema_description:"What to call the file."`
	Type    string `json:"type" jsonschema_description:"Its media type."`
	Content string `json:"content"`
	Entries int    `json:"entries"`
	Whole   bool   `json:"whole" jsonschema_description:"Whether it holds every entry of the instance: only then nothing is left out of the chain but other instances' entries."`
	Head    string `json:"head" jsonschema_description:"The hash of the newest entry: keep it apart from the file, and a later change of the log can be shown."`
}

// exportAudit gives the audit log as a file, oldest first.
func (k keeper) exportAudit() component.Callable {
	return component.Func(component.Spec{Name: "audit.export", Summary: "Give the audit log as a file, with the hashes of its chain.", Effect: component.Reads, Access: component.Administer},
		func(ctx context.Context, s *component.Session, in ExportAuditInput) (AuditExport, error) {
			out := AuditExport{Whole: in.AuditFilter == AuditFilter{}}
			var entries []store.Entry
			err := k.read(ctx, func(tx store.Tx) (err error) {
				entries, _, err = tx.FindAudit(ctx, s.Instance, in.query())
				return err
			})
			if err != nil {
				return out, err
			}
			if out.Entries = len(entries); len(entries) > 0 {
				out.Head = entries[0].Hash
			}
			out.Name = "audit-" + s.Clock().UTC().Format("20060102-150405") + "." + in.Format
			if in.Format == "csv" {
				out.Type = "text/csv; charset=utf-8"
				out.Content, err = auditCSV(entries)
				return out, err
			}
			out.Type = "application/jsonl"
			out.Content, err = auditLines(entries)
			return out, err
		})
}

// auditLines gives entries, which are newest first, oldest first as JSON lines.
func auditLines(entries []store.Entry) (string, error) {
	var b strings.Builder
	for i := len(entries) - 1; i >= 0; i-- {
		line, err := json.Marshal(entries[i])
		if err != nil {
			return "", err
		}
		b.Write(append(line, '\n'))
	}
	return b.String(), nil
}

func auditCSV(entries []store.Entry) (string, error) {
	var b strings.Builder
	w := csv.NewWriter(&b)
	rows := [][]string{{"seq", "at", "actor", "action", "subject", "detail", "hash"}}
	for i := len(entries) - 1; i >= 0; i-- {
		e := entries[i]
		detail, err := json.Marshal(e.Detail)
		if err != nil {
			return "", err
		}
		rows = append(rows, []string{strconv.FormatInt(e.Seq, 10), e.At.UTC().Format(time.RFC3339Nano), cell(e.Actor), cell(e.Action), cell(e.Subject), cell(string(detail)), e.Hash})
	}
	err := w.WriteAll(rows)
	return b.String(), err
}

// cell is a text that no spreadsheet takes for a formula.
func cell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n", rune(s[0])) {
		return "'" + s
	}
	return s
}

func (k keeper) verifyAudit() component.Callable {
	type verdict struct {
		OK      bool   `json:"ok"`
		Entries int    `json:"entries"`
		Message string `json:"message"`
	}
	return component.Func(host("audit.verify", "Walk the audit log's hash chain and say whether anything was changed, dropped or reordered.", component.Reads, component.Administer),
		func(ctx context.Context, _ *component.Session, _ component.NoInput) (out verdict, err error) {
			err = k.read(ctx, func(tx store.Tx) error {
				bad, count, err := tx.VerifyAudit(ctx)
				out = verdict{OK: bad == 0, Entries: count, Message: "the chain is whole"}
				if err == nil && bad != 0 {
					return component.Errorf(component.Internal, "the audit log was changed: entry %d does not follow from the one before it", bad).
						Then("Keep a copy of the database, and compare it with the last export.")
				}
				return err
			})
			return out, err
		})
}
