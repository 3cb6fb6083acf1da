// Command itglue-revio keeps IT Glue and Rev.io PSA in step: it serves the
// schedule, and gives every action of the integration as a command. It only
// joins the parts; what there is to do is in package itgluerevio.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/user"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration"
	"github.com/itglue-revio/itglue-revio/integration/access"
	"github.com/itglue-revio/itglue-revio/integration/itgluerevio"
	"github.com/itglue-revio/itglue-revio/integration/runner"
	"github.com/itglue-revio/itglue-revio/integration/serve"
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is the program as a function: it gives the exit status.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	p := &program{stderr: stderr}
	root := p.command(stdin, stdout)
	root.SetArgs(args)
	status := serve.Execute(ctx, root)
	if err := p.store.Close(); err != nil {
		p.log.Error("the database was not closed", "error", err)
	}
	return status
}

// program is what all commands share. The flags fill it in before a command
// runs; nothing is opened before it is used.
type program struct {
	flags      flags
	stderr     io.Writer
	level      slog.LevelVar
	log        *slog.Logger
	host       *component.Host
	store      *lazyStore
	definition integration.Definition
	gate       *access.Gate
}

type flags struct {
	data, instance              string
	revioProfile, itglueProfile string
	endpoints, egress           []string
	verbose                     bool
}

// command makes the whole command line.
func (p *program) command(stdin io.Reader, stdout io.Writer) *cobra.Command {
	p.level.Set(slog.LevelError) // a command says what failed by itself
	p.log = slog.New(slog.NewTextHandler(p.stderr, &slog.HandlerOptions{Level: &p.level, ReplaceAttr: redact}))
	p.host = &component.Host{Log: p.log}
	p.store = &lazyStore{open: p.openStore}
	p.definition = itgluerevio.Define(p.store)
	p.gate = access.New(access.Options{Store: p.store, Log: p.log})
	work := runner.New(p.options())
	catalog := catalogOf(work, p.gate)
	root := serve.Command(serve.Options{
		Name: "itglue-revio", Summary: "Keep IT Glue and Rev.io PSA in step.", Version: version(), Catalog: catalog,
		Open: func(ctx context.Context, scope component.Scope) (*component.Session, error) {
			return p.session(ctx, work, scope)
		},
		Stdin: stdin, Stdout: stdout, Stderr: p.stderr,
		StdoutIsTerminal: isTerminal(stdout), StderrIsTerminal: isTerminal(p.stderr),
	})
	p.declare(root)
	root.PersistentPreRunE = func(*cobra.Command, []string) error { return p.prepare() }
	root.AddCommand(p.serveCommand(), p.demoCommand(), schemaCommand(catalog), matchCommand())
	return root
}

func (p *program) declare(root *cobra.Command) {
	f := root.PersistentFlags()
	f.StringVar(&p.flags.data, "data", dataFolder(), "`folder` of the database and the key (ITGLUE_REVIO_DATA)")
	f.StringVar(&p.flags.instance, "instance", os.Getenv("ITGLUE_REVIO_INSTANCE"), "`name` or id of the instance; not needed when there is one (ITGLUE_REVIO_INSTANCE)")
	f.StringArrayVar(&p.flags.endpoints, "allow-endpoint", nil, "base `URL` that settings and profiles may name beside the vendors' own; repeatable")
	f.StringVar(&p.flags.revioProfile, "revio-profile", "", "`file` that replaces what is assumed of Rev.io's API")
	f.StringVar(&p.flags.itglueProfile, "itglue-profile", "", "`file` that replaces what is assumed of IT Glue's API")
	f.StringSliceVar(&p.flags.egress, "egress-address", nil, "`address` that calls come from, to name in hints about allow-lists")
	f.BoolVar(&p.flags.verbose, "verbose", false, "say on stderr what is done")
}

// prepare reads what the flags name.
func (p *program) prepare() error {
	if p.flags.verbose {
		p.level.Set(slog.LevelDebug)
	}
	p.host.AllowedEndpoints, p.host.EgressAddresses = p.flags.endpoints, p.flags.egress
	for name, file := range map[string]string{"revio": p.flags.revioProfile, "itglue": p.flags.itglueProfile} {
		if file == "" {
			continue
		}
		raw, err := os.ReadFile(file)
		if err != nil {
			return component.Errorf(component.InvalidInput, "the profile cannot be read: %w", err).
				Then("Name a JSON file with --%s-profile.", name)
		}
		if !json.Valid(raw) {
			return component.Errorf(component.InvalidInput, "the profile %s is not JSON", file)
		}
		if p.host.Profiles == nil {
			p.host.Profiles = map[string]json.RawMessage{}
		}
		p.host.Profiles[name] = raw
	}
	return nil
}

func (p *program) options() runner.Options {
	return runner.Options{Store: p.store, Host: p.host, Definition: p.definition, Log: p.log}
}

// session makes the session of one command: of the instance that --instance
// names, or of the only one.
func (p *program) session(ctx context.Context, work *runner.Runner, scope component.Scope) (*component.Session, error) {
	instance := ""
	if scope != component.OnHost {
		instance = p.flags.instance
		if instance == "" {
			only, err := work.OnlyInstance(ctx)
			if err != nil {
				return nil, err
			}
			instance = only
		}
	}
	return work.Session(ctx, instance, actor())
}

// actor is who the command line acts as.
func actor() string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return "os:" + u.Username
	}
	return fmt.Sprintf("os:%d", os.Getuid())
}

func dataFolder() string {
	if dir := os.Getenv("ITGLUE_REVIO_DATA"); dir != "" {
		return dir
	}
	state := os.Getenv("XDG_STATE_HOME")
	if state == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return "itglue-revio"
		}
		state = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(state, "itglue-revio")
}

func isTerminal(f any) bool {
	file, ok := f.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// version is what the Go tool wrote into the binary.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	text := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && !strings.Contains(text, s.Value[:min(12, len(s.Value))]) {
			text += " " + s.Value[:min(12, len(s.Value))]
		}
	}
	return text + " " + info.GoVersion
}

// secretKeys are parts of the names of attributes that are not logged. It is a
// second line: what holds a secret is a component.Secret, which does not print.
var secretKeys = []string{"secret", "password", "token", "apikey", "api-key", "authorization"}

func redact(_ []string, a slog.Attr) slog.Attr {
	key := strings.ToLower(a.Key)
	for _, s := range secretKeys {
		if strings.Contains(key, s) {
			return slog.String(a.Key, "[secret]")
		}
	}
	return a
}
