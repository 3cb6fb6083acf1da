package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/itglue-revio/itglue-revio/component"
	"github.com/itglue-revio/itglue-revio/integration"
	"github.com/itglue-revio/itglue-revio/integration/access"
	"github.com/itglue-revio/itglue-revio/integration/itgluerevio"
	"github.com/itglue-revio/itglue-revio/integration/itgluerevio/demo"
	"github.com/itglue-revio/itglue-revio/integration/serve"
)

// seed is the demo world that the examples show.
const seed = 1

// files makes every published file, by its path below the folder. Root is the
// module's root, where the built-in profiles are.
func files(ctx context.Context, root string) (map[string][]byte, error) {
	definition := itgluerevio.Define(nil)
	catalog := component.NewCatalog(append(definition.Catalog(nil).Components(), access.New(access.Options{}).Component())...)
	documents := map[string]any{
		definition.Name + ".json": definition.Publish(),
		"instance.json":           itgluerevio.DocumentSchema(),
	}
	for _, d := range catalog.Describe() {
		documents["actions/"+d.Name+".input.json"] = d.Input
		documents["actions/"+d.Name+".output.json"] = d.Output
	}
	if err := profiles(documents, root, catalog.Components()); err != nil {
		return nil, err
	}
	if err := forms(ctx, documents, definition); err != nil {
		return nil, err
	}
	api, err := serve.OpenAPI(definition, catalog)
	if err != nil {
		return nil, err
	}
	made := map[string][]byte{"README.md": readme(definition, catalog), "openapi.json": api}
	for name, document := range documents {
		content, err := canonical(document)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		made[name] = content
	}
	return made, nil
}

// canonical gives a document as JSON with its members sorted, indented and with
// a newline at its end, so that the same document is always the same bytes.
func canonical(document any) ([]byte, error) {
	raw, err := json.Marshal(document)
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	err = e.Encode(v)
	return b.Bytes(), err
}

// profiles adds the schema and the built-in lines of each connector's profile.
func profiles(documents map[string]any, root string, components []component.Component) error {
	for _, c := range components {
		if c.Profile == nil {
			continue
		}
		raw, err := os.ReadFile(filepath.Join(root, "component", c.Name, "profile-default.json"))
		if err != nil {
			return err
		}
		documents["profiles/"+c.Name+".json"] = c.Profile
		documents["profiles/"+c.Name+".default.json"] = json.RawMessage(raw)
	}
	return nil
}

// forms adds each page's form as the demo's MSP sees it once it has answered,
// and those answers.
func forms(ctx context.Context, documents map[string]any, definition integration.Definition) (err error) {
	dir, err := os.MkdirTemp("", "itglue-revio-generate-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	stage, err := demo.Serve(ctx, demo.NewWorld(demo.Options{Seed: seed}), dir, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stage.Close()) }()
	document, err := stage.Document(nil)
	if err != nil {
		return err
	}
	var instance itgluerevio.Instance
	if err := stage.Call(ctx, "", "instance.apply", map[string]any{"document": document}, &instance); err != nil {
		return err
	}
	for _, p := range definition.Pages {
		var form json.RawMessage
		if err := stage.Call(ctx, instance.Name, p.Form.Describe().Name, integration.PageInput{Answers: map[string]any{}}, &form); err != nil {
			return err
		}
		documents["forms/"+p.Name+".example.json"] = form
	}
	answers, err := answers(stage, definition)
	documents["forms/answers.example.json"] = integration.PageInput{Answers: answers}
	return err
}

// answers are the demo's, page by page, with references in place of secrets.
func answers(stage *demo.Stage, definition integration.Definition) (map[string]any, error) {
	text, err := stage.Document(func(document map[string]any) {
		connections, _ := document["connections"].(map[string]any)
		for _, c := range definition.Components {
			settings, _ := connections[c.Name].(map[string]any)
			for _, name := range integration.SecretSettings(c.Settings) {
				settings[name] = fmt.Sprintf("${file:/run/secrets/%s-%s}", c.Name, name)
			}
		}
	})
	if err != nil {
		return nil, err
	}
	document, err := integration.ParseDocument([]byte(text))
	if err != nil {
		return nil, err
	}
	given := map[string]any{}
	for _, p := range definition.Pages {
		given[p.Name] = document[p.Name]
	}
	return given, nil
}
