package sqlstore

import (
	"context"
	"database/sql"
	"embed"
	"io/fs"

	"github.com/pressly/goose/v3"

	"github.com/itglue-revio/itglue-revio/component"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the tables up to what this program knows. The caller holds a
// lock against other processes that do the same.
func migrate(ctx context.Context, dialect goose.Dialect, db *sql.DB) error {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(dialect, db, dir, goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return err
	}
	have, know, err := p.GetVersions(ctx)
	if err != nil {
		return err
	}
	if have > know {
		return component.Errorf(component.InvalidInput, "the database was written by a newer version of this program (its tables are at version %d, this program knows %d)", have, know).
			Then("Use the newer program, or restore a backup that was made before it ran.")
	}
	_, err = p.Up(ctx)
	return err
}
