package sqlstore

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/tink"

	"github.com/itglue-revio/itglue-revio/component"
)

// keyFile is the file that holds the key which wraps the keysets: 32 random
// bytes in base64.
type keyFile struct {
	path string
	made func(path string)
}

// key is what a key file holds. Its id is a digest, so that a keyset can say
// which key wrapped it.
type key struct {
	id   string
	aead tink.AEAD
}

// read reads the key; fs.ErrNotExist is in the chain of the error when there is
// no file.
func (k keyFile) read() (key, error) {
	text, err := os.ReadFile(k.path)
	if err != nil {
		return key{}, component.Errorf(component.InvalidInput, "the key file %s cannot be read: %w", k.path, err).
			Then("Put the file back from where it is kept apart from the backups, readable by this user.")
	}
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(raw) != 32 {
		return key{}, component.Errorf(component.InvalidInput, "the key file %s does not hold 32 bytes in base64", k.path).
			Then("Put the right file back from where it is kept apart from the backups.")
	}
	aead, err := subtle.NewAESGCM(raw)
	if err != nil {
		return key{}, component.Errorf(component.Internal, "the key file %s: %w", k.path, err)
	}
	sum := sha256.Sum256(append([]byte("itglue-revio key id|"), raw...))
	return key{id: hex.EncodeToString(sum[:8]), aead: aead}, nil
}

// readOrMake reads the key, and makes the file first when there is none. Of two
// processes that do so at once, one makes it.
func (k keyFile) readOrMake() (key, error) {
	if _, err := os.Stat(k.path); errors.Is(err, fs.ErrNotExist) {
		made, err := k.make()
		if err != nil {
			return key{}, component.Errorf(component.InvalidInput, "the key file %s cannot be made: %w", k.path, err).
				Then("Name a folder that this user may write to, in ITGLUE_REVIO_KEK_FILE.")
		}
		if made && k.made != nil {
			k.made(k.path)
		}
	}
	return k.read()
}

// make writes a new key beside its place and links it there whole: a reader
// never sees half a key, and a key that is there is never replaced.
func (k keyFile) make() (bool, error) {
	if err := os.MkdirAll(filepath.Dir(k.path), 0o700); err != nil {
		return false, err
	}
	f, err := os.CreateTemp(filepath.Dir(k.path), ".kek-*") // 0600
	if err != nil {
		return false, err
	}
	defer func() { _ = os.Remove(f.Name()) }()
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // it never fails: see crypto/rand
	_, err = f.WriteString(base64.StdEncoding.EncodeToString(raw) + "\n")
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return false, err
	}
	if err := os.Link(f.Name(), k.path); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return false, nil
		}
		return false, err
	}
	return true, syncFolder(filepath.Dir(k.path))
}

// syncFolder makes a new name in a folder outlast a power cut: a secret that is
// sealed with a key that got lost is lost.
func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	_ = d.Sync() // not every file system can
	return d.Close()
}
