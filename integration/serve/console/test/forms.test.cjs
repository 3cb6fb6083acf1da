// The four forms of schemas/forms, rendered and edited by JSON Forms as it comes
// from the registry, with its material renderers and with Ajv: nothing of ours
// stands between, not even a build.
const assert = require('node:assert/strict');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { after, test } = require('node:test');
const { JSDOM } = require('jsdom');

const dom = new JSDOM('<!doctype html><html lang="en"><body><div id="root"></div></body></html>', { pretendToBeVisual: true, url: 'http://127.0.0.1/' });
for (const name of ['window', 'document', 'navigator', 'HTMLElement', 'HTMLInputElement', 'Element', 'Node', 'MouseEvent', 'Event', 'MutationObserver', 'DocumentFragment', 'getComputedStyle', 'requestAnimationFrame', 'cancelAnimationFrame']) {
  Object.defineProperty(globalThis, name, { value: dom.window[name], configurable: true, writable: true });
}
globalThis.IS_REACT_ACT_ENVIRONMENT = true;

const { act, createElement } = require('react');
const { createRoot } = require('react-dom/client');
const { JsonForms } = require('@jsonforms/react');
const { materialCells, materialRenderers } = require('@jsonforms/material-renderers');

const root = createRoot(document.getElementById('root'));
after(async () => {
  await act(async () => root.unmount());
  dom.window.close();
});

const soon = (ms) => new Promise((done) => setTimeout(done, ms));

// render shows a form, and gives what JSON Forms holds of it at any time.
async function render({ schema, uiSchema: uischema, data }) {
  let seen = { data, errors: [] };
  const onChange = (now) => (seen = now);
  await act(async () => {
    root.render(createElement(JsonForms, { key: JSON.stringify(uischema), schema, uischema, data, renderers: materialRenderers, cells: materialCells, onChange }));
    await soon(100);
  });
  return () => seen;
}

// titles are those of the fields that hold one value.
const titles = (schema) => Object.values(schema.properties ?? {}).flatMap((p) => (p.properties ? titles(p) : p.title && !p.readOnly && p.type !== 'array' ? [p.title] : []));

// read gives all words of a form, tab by tab, and ends on the first tab.
async function read() {
  let words = document.body.textContent;
  const tabs = [...document.querySelectorAll('[role="tab"]')];
  for (const tab of [...tabs.slice(1), ...tabs.slice(0, 1)]) {
    await act(async () => tab.click());
    words += document.body.textContent;
  }
  return words;
}

// edit changes what can be changed until one change is seen: it writes, ticks or picks.
async function edit(changed) {
  for (const input of document.querySelectorAll('input:not([disabled])')) {
    await act(async () => {
      const picker = input.parentElement.querySelector('[role="combobox"]');
      if (input.type === 'checkbox' || input.type === 'radio') input.click();
      else if (picker) {
        picker.dispatchEvent(new MouseEvent('mousedown', { bubbles: true }));
        await soon(100);
        [...document.querySelectorAll('[role="option"]')].find((o) => o.getAttribute('aria-selected') !== 'true' && o.textContent)?.click();
      } else {
        Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(input, `${input.value}x`);
        input.dispatchEvent(new Event('input', { bubbles: true }));
      }
      await soon(600); // a line of text is given back a moment later
    });
    if (changed()) return;
  }
}

for (const name of ['connections', 'assetTypes', 'fields', 'types']) {
  test(`stock JSON Forms renders and edits the form of ${name}`, async () => {
    const form = JSON.parse(readFileSync(join(__dirname, `../../../../schemas/forms/${name}.example.json`), 'utf8'));
    const seen = await render(form);
    const text = await read();
    assert.ok(!text.includes('No applicable renderer found'), text);
    assert.deepEqual(seen().errors, []);
    for (const title of titles(form.schema)) assert.ok(text.includes(title), `${title} is shown`);
    const before = JSON.stringify(form.data);
    await edit(() => JSON.stringify(seen().data) !== before);
    assert.notEqual(JSON.stringify(seen().data), before, 'an edit changes the data');
  });
}
