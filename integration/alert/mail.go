package alert

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/hex"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"net/smtp"
	"strings"

	"github.com/itglue-revio/itglue-revio/component"
)

// send writes a message to everyone that the settings name.
func send(ctx context.Context, host *component.Host, s Mail, m Message) error {
	name, _, err := net.SplitHostPort(s.Server)
	if err != nil {
		return component.Errorf(component.InvalidInput, "the mail server is not host:port").Then("Give it as smtp.example.com:587.")
	}
	from, to, err := addresses(s)
	if err != nil {
		return err
	}
	base := "smtp://" + s.Server
	connection, err := dialer(host, base).DialContext(ctx, "tcp", s.Server)
	if err != nil {
		return unreachable("the mail server "+s.Server, base, err)
	}
	defer func() { _ = connection.Close() }()
	if err := connection.SetDeadline(deadline(ctx)); err != nil {
		return err
	}
	if s.Security == "tls" {
		connection = tls.Client(connection, &tls.Config{ServerName: name, MinVersion: tls.VersionTLS12})
	}
	if err := deliver(connection, name, s, from, to, letter(s, from, m)); err != nil {
		return component.Errorf(component.Unavailable, "the mail server %s did not take the message: %s", s.Server, firstLine(err)).Then("Check the server, its user and the addresses; it is tried again.")
	}
	return nil
}

// deliver speaks SMTP.
func deliver(connection net.Conn, name string, s Mail, from *mail.Address, to []*mail.Address, letter []byte) error {
	c, err := smtp.NewClient(connection, name)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	if s.Security != "tls" && s.Security != "none" {
		if err := c.StartTLS(&tls.Config{ServerName: name, MinVersion: tls.VersionTLS12}); err != nil {
			return fmt.Errorf("it offers no encryption (STARTTLS): %w", err)
		}
	}
	if s.Username != "" {
		if err := c.Auth(smtp.PlainAuth("", s.Username, s.Password.Reveal(), name)); err != nil {
			return err
		}
	}
	if err := c.Mail(from.Address); err != nil {
		return err
	}
	for _, t := range to {
		if err := c.Rcpt(t.Address); err != nil {
			return err
		}
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(letter); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return c.Quit()
}

func addresses(s Mail) (from *mail.Address, to []*mail.Address, err error) {
	if from, err = mail.ParseAddress(s.From); err != nil {
		return nil, nil, component.Errorf(component.InvalidInput, "the sender is not a mail address").Then("Give it as alerts@example.com.")
	}
	for i, text := range s.To {
		a, err := mail.ParseAddress(text)
		if err != nil {
			return nil, nil, component.Errorf(component.InvalidInput, "recipient %d is not a mail address", i+1).Then("Give it as ana@example.com.")
		}
		to = append(to, a)
	}
	return from, to, nil
}

// letter makes the message with its headers. Names and titles come from
// elsewhere: the encoding leaves them no way into a header.
func letter(s Mail, from *mail.Address, m Message) []byte {
	id := make([]byte, 16)
	_, _ = rand.Read(id)
	var b strings.Builder
	for _, h := range [][2]string{
		{"From", from.String()}, {"To", strings.Join(s.To, ", ")}, {"Subject", mime.QEncoding.Encode("utf-8", oneLine(m.Subject()))},
		{"Date", m.At.UTC().Format("Mon, 02 Jan 2006 15:04:05 -0700")}, {"Message-ID", "<" + hex.EncodeToString(id) + "@itglue-revio>"},
		{"MIME-Version", "1.0"}, {"Content-Type", "text/plain; charset=utf-8"}, {"Content-Transfer-Encoding", "quoted-printable"}, {"Auto-Submitted", "auto-generated"},
	} {
		b.WriteString(h[0] + ": " + oneLine(h[1]) + "\r\n")
	}
	b.WriteString("\r\n")
	q := quotedprintable.NewWriter(&b)
	_, _ = q.Write([]byte(strings.ReplaceAll(m.Words(), "\n", "\r\n")))
	_ = q.Close()
	return []byte(b.String())
}

func oneLine(s string) string { return strings.NewReplacer("\r", " ", "\n", " ").Replace(s) }

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}
