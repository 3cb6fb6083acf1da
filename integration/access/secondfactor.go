package access

import (
	"context"
	"crypto/subtle"
	"encoding/base32"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration/store"
)

// The codes of an authenticator app (RFC 6238): six digits of SHA-1, a new one
// every 30 seconds, and one step to either side for clocks that differ.
const (
	codeEvery     = 30 * time.Second
	recoveryCodes = 10
)

// The names of the sealed secrets of a user: the one that counts, and one that
// was begun and is not confirmed.
func secondFactorOf(user string) string { return "users." + user + ".second-factor" }
func begunFactorOf(user string) string  { return "users." + user + ".second-factor.begun" }

// newSecondFactor makes a secret, and the address that an app reads from a QR
// code.
func newSecondFactor(user, host string) (secret, address string, err error) {
	key, err := totp.Generate(totp.GenerateOpts{Issuer: "itglue-revio " + host, AccountName: user})
	if err != nil {
		return "", "", err
	}
	return key.Secret(), key.URL(), nil
}

// stepOf gives the time step whose code was entered, among those that are near;
// 0 for none.
func stepOf(secret, code string, at time.Time) int64 {
	code = strings.ReplaceAll(strings.TrimSpace(code), " ", "")
	for _, d := range []time.Duration{0, -codeEvery, codeEvery} {
		t := at.Add(d)
		want, err := totp.GenerateCodeCustom(secret, t, totp.ValidateOpts{Period: uint(codeEvery / time.Second), Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			return t.Unix() / int64(codeEvery/time.Second)
		}
	}
	return 0
}

// newRecoveryCodes makes codes of 80 random bits each, and their digests.
func newRecoveryCodes() (codes, digests []string) {
	for range recoveryCodes {
		text := strings.ToLower(base32.StdEncoding.EncodeToString(random(10)))
		codes = append(codes, text[:4]+"-"+text[4:8]+"-"+text[8:12]+"-"+text[12:])
		digests = append(digests, digest(text))
	}
	return codes, digests
}

// useCode uses up a code of the second factor or a recovery code, in the
// transaction that keeps u. It reports whether the code was right, and whether
// it was a recovery code.
func useCode(ctx context.Context, tx store.Tx, u *store.User, code string, at time.Time) (right, recovery bool, err error) {
	plain := strings.ToLower(strings.NewReplacer("-", "", " ", "").Replace(code))
	if i := slices.Index(u.Recovery, digest(plain)); i >= 0 {
		u.Recovery = slices.Delete(slices.Clone(u.Recovery), i, i+1)
		return true, true, nil
	}
	secret, err := tx.Unseal(ctx, "", secondFactorOf(u.ID))
	if errors.Is(err, store.ErrNotFound) {
		return false, false, component.Errorf(component.Internal, "the second factor of %s is missing", u.Name).Then("Let an administrator reset it.")
	}
	if err != nil {
		return false, false, err
	}
	step := stepOf(secret, code, at)
	if step == 0 || step <= u.CodeStep {
		return false, false, nil // wrong, or used before
	}
	u.CodeStep = step
	return true, false, nil
}
