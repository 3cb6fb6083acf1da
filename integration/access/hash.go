package access

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"fmt"

	"golang.org/x/crypto/argon2"
)

// Hash says what one argon2id hash of a password costs.
type Hash struct {
	MemoryKiB uint32
	Passes    uint32
	AtOnce    int // how many are computed at the same time, each with its memory
}

// DefaultHash is 64 MiB and three passes, two hashes at once (RFC 9106's second
// choice with one lane).
var DefaultHash = Hash{MemoryKiB: 64 * 1024, Passes: 3, AtOnce: 2}

const saltLength, hashLength = 16, 32

// hasher computes hashes of passwords, a few at a time.
type hasher struct {
	cost  Hash
	slots chan struct{}
	dummy string // the hash of no password, for accounts that are not there
}

func newHasher(cost Hash) *hasher {
	if cost == (Hash{}) {
		cost = DefaultHash
	}
	h := &hasher{cost: cost, slots: make(chan struct{}, max(1, cost.AtOnce))}
	h.dummy = h.encode(random(saltLength), make([]byte, hashLength))
	return h
}

func (h *hasher) encode(salt, sum []byte) string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1$%s$%s", argon2.Version, h.cost.MemoryKiB, h.cost.Passes, b64.EncodeToString(salt), b64.EncodeToString(sum))
}

// make hashes a password with a new salt.
func (h *hasher) make(ctx context.Context, password string) (string, error) {
	if err := h.wait(ctx); err != nil {
		return "", err
	}
	defer h.done()
	salt := random(saltLength)
	return h.encode(salt, argon2.IDKey([]byte(password), salt, h.cost.Passes, h.cost.MemoryKiB, 1, hashLength)), nil
}

// check reports whether a password is the one that was hashed, and whether the
// hash was made at another cost than today's. An empty hash is nobody's, and
// takes as long as any other.
func (h *hasher) check(ctx context.Context, hash, password string) (ok, stale bool, err error) {
	if hash == "" {
		hash = h.dummy
	}
	var version int
	var memory, passes uint32
	var lanes uint8
	var salt64, sum64 string
	parts := splitHash(hash)
	if len(parts) == 3 {
		_, err = fmt.Sscanf(parts[0], "$argon2id$v=%d$m=%d,t=%d,p=%d", &version, &memory, &passes, &lanes)
		salt64, sum64 = parts[1], parts[2]
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(salt64)
	sum, err2 := base64.RawStdEncoding.DecodeString(sum64)
	if err != nil || err1 != nil || err2 != nil || version != argon2.Version || passes == 0 || lanes == 0 || memory > 1<<20 || len(sum) < 16 {
		return false, false, fmt.Errorf("a password's hash in the database is not one")
	}
	if err := h.wait(ctx); err != nil {
		return false, false, err
	}
	defer h.done()
	got := argon2.IDKey([]byte(password), salt, passes, memory, lanes, uint32(len(sum)))
	ok = subtle.ConstantTimeCompare(got, sum) == 1 && hash != h.dummy
	return ok, memory != h.cost.MemoryKiB || passes != h.cost.Passes, nil
}

// splitHash takes the salt and the sum off a hash.
func splitHash(hash string) []string {
	var at []int
	for i, c := range hash {
		if c == '$' {
			at = append(at, i)
		}
	}
	if len(at) != 5 {
		return nil
	}
	return []string{hash[:at[3]], hash[at[3]+1 : at[4]], hash[at[4]+1:]}
}

// wait takes one of the slots.
func (h *hasher) wait(ctx context.Context) error {
	select {
	case h.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (h *hasher) done() { <-h.slots }

// random gives n random bytes.
func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // it never fails: see crypto/rand
	return b
}

// digest is what a token of enough random bits is stored as.
func digest(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
