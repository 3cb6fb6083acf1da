package sqlstore

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io/fs"
	"os"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"
	"github.com/uptrace/bun"

	"github.com/itglue-revio/itglue-revio/component"
)

// keysetRow is an instance's keyset, wrapped by the key of that id.
type keysetRow struct {
	bun.BaseModel `bun:"table:keysets,alias:k"`

	Instance string `bun:"instance,pk"`
	KeyID    string `bun:"key_id,pk"`
	Wrapped  string `bun:"wrapped"`
	Created  moment `bun:"created"`
}

// secretRow is a secret, sealed with its instance's keyset for that key.
type secretRow struct {
	bun.BaseModel `bun:"table:secrets,alias:s"`

	Instance string `bun:"instance,pk"`
	Name     string `bun:"name,pk"`
	KeyID    string `bun:"key_id"`
	Sealed   string `bun:"sealed"`
	Updated  moment `bun:"updated"`
}

// keysetTable and secretTable are where an instance's rows are; those of the
// host, "", belong to no instance and are kept beside them.
func keysetTable(instance string) string {
	if instance == "" {
		return "host_keysets"
	}
	return "keysets"
}

func secretTable(instance string) string {
	if instance == "" {
		return "host_secrets"
	}
	return "secrets"
}

// holder names whose secret it is.
func holder(instance string) string {
	if instance == "" {
		return "the host"
	}
	return "the instance " + instance
}

// place binds what is sealed to where it is kept. As JSON, no two places are
// written alike.
func place(instance, table, column, row string) []byte {
	b, _ := json.Marshal([]string{"v1", instance, table, column, row}) // strings always marshal
	return b
}

// Seal implements [store.Instances].
func (t *tx) Seal(ctx context.Context, instance, name, secret string) error {
	if secret == "" {
		_, err := t.db.NewDelete().Model((*secretRow)(nil)).ModelTableExpr(secretTable(instance)+" AS s").Where("instance = ? AND name = ?", instance, name).Exec(ctx)
		return t.fault(err)
	}
	k, err := t.key(ctx)
	if err != nil {
		return err
	}
	keys, err := t.keyset(ctx, k, instance)
	if errors.Is(err, sql.ErrNoRows) {
		keys, err = t.newKeyset(ctx, k, instance)
	}
	if err != nil {
		return err
	}
	sealed, err := keys.Encrypt([]byte(secret), place(instance, secretTable(instance), "sealed", name))
	if err != nil {
		return component.Errorf(component.Internal, "sealing %s: %w", name, err)
	}
	row := secretRow{Instance: instance, Name: name, KeyID: k.id, Sealed: base64.StdEncoding.EncodeToString(sealed), Updated: moment(t.store.now())}
	_, err = t.db.NewInsert().Model(&row).ModelTableExpr(secretTable(instance) + " AS s").On("CONFLICT (instance, name) DO UPDATE").Exec(ctx)
	return t.fault(err)
}

// key gives the key to seal with. It is made only while nothing is sealed yet:
// beside secrets that another key opens, a new one would hide that the file is
// missing.
func (t *tx) key(ctx context.Context) (key, error) {
	_, err := os.Stat(t.store.keys.path)
	if !errors.Is(err, fs.ErrNotExist) {
		return t.store.keys.read()
	}
	sealed := false
	for _, table := range []string{"keysets", "host_keysets"} {
		some, err := t.db.NewSelect().Model((*keysetRow)(nil)).ModelTableExpr(table + " AS k").Exists(ctx)
		if err != nil {
			return key{}, t.fault(err)
		}
		sealed = sealed || some
	}
	if !sealed {
		return t.store.keys.readOrMake()
	}
	return key{}, component.Errorf(component.InvalidInput, "the key file %s is missing, and the database holds secrets that were sealed with it", t.store.keys.path).
		Then("Put it back from where it is kept apart from the backups. If it is lost for good, write 32 new random bytes in base64 there (mode 0600) and enter the secrets again.")
}

// keyset gives an instance's keyset for a key; sql.ErrNoRows when it has none.
func (t *tx) keyset(ctx context.Context, k key, instance string) (tink.AEAD, error) {
	var row keysetRow
	err := t.db.NewSelect().Model(&row).ModelTableExpr(keysetTable(instance)+" AS k").Where("instance = ? AND key_id = ?", instance, k.id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, err
	}
	if err != nil {
		return nil, t.fault(err)
	}
	wrapped, err := base64.StdEncoding.DecodeString(row.Wrapped)
	if err != nil {
		return nil, altered("the keyset of "+holder(instance), err)
	}
	handle, err := keyset.ReadWithAssociatedData(keyset.NewBinaryReader(bytes.NewReader(wrapped)), k.aead, place(instance, keysetTable(instance), "wrapped", k.id))
	if err != nil {
		return nil, altered("the keyset of "+holder(instance), err)
	}
	return aead.New(handle)
}

func (t *tx) newKeyset(ctx context.Context, k key, instance string) (tink.AEAD, error) {
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, err
	}
	var wrapped bytes.Buffer
	if err := handle.WriteWithAssociatedData(keyset.NewBinaryWriter(&wrapped), k.aead, place(instance, keysetTable(instance), "wrapped", k.id)); err != nil {
		return nil, err
	}
	row := keysetRow{Instance: instance, KeyID: k.id, Wrapped: base64.StdEncoding.EncodeToString(wrapped.Bytes()), Created: moment(t.store.now())}
	if _, err := t.db.NewInsert().Model(&row).ModelTableExpr(keysetTable(instance) + " AS k").Exec(ctx); err != nil {
		return nil, t.fault(err)
	}
	return aead.New(handle)
}

// Unseal implements [store.Instances].
func (t *tx) Unseal(ctx context.Context, instance, name string) (string, error) {
	var row secretRow
	err := t.db.NewSelect().Model(&row).ModelTableExpr(secretTable(instance)+" AS s").Where("instance = ? AND name = ?", instance, name).Scan(ctx)
	if err != nil {
		return "", t.found(err, "%s has no secret %s", holder(instance), name)
	}
	k, err := t.store.keys.read()
	if err != nil {
		return "", err
	}
	if k.id != row.KeyID {
		return "", component.Errorf(component.InvalidInput, "%s was sealed with another key (%s) than the key file %s holds (%s)", name, row.KeyID, t.store.keys.path, k.id).
			Then("Put the right key file back, or enter the secret again.")
	}
	keys, err := t.keyset(ctx, k, instance)
	if err != nil {
		return "", altered(name, err)
	}
	sealed, err := base64.StdEncoding.DecodeString(row.Sealed)
	if err != nil {
		return "", altered(name, err)
	}
	secret, err := keys.Decrypt(sealed, place(instance, secretTable(instance), "sealed", name))
	if err != nil {
		return "", altered(name, err)
	}
	return string(secret), nil
}

// altered says that something sealed does not open although its key is the
// right one.
func altered(what string, err error) error {
	var said *component.Error
	if errors.As(err, &said) {
		return err
	}
	return component.Errorf(component.InvalidInput, "%s does not open: it was altered, or moved here from elsewhere (%w)", what, err).
		Then("Enter the secret again.")
}
