// A stage for a suite: the demo's world, the runner as it is shipped beside it,
// and a browser. All of it ends with the suite, and is searched for what must
// not be left behind.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtemp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

// The folder of both programs, the runner and the world.
const programs = process.env.CONSOLE_PROGRAMS ?? join(import.meta.dirname, '../../../../bin');

// A wait that is never reached unless something hangs.
export const patience = Number(process.env.PATIENCE ?? 60_000);

export const password = 'a long enough word for tests';

// startStage starts everything. With browse: false there is no browser.
export async function startStage({ assets = 240, organizations = 0, browse = true } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'console-'));
  for (const f of ['world', 'data', 'profile']) await mkdir(join(folder, f));
  const world = await startWorld(join(folder, 'world'), assets, organizations);
  const server = await startServer(join(folder, 'data'), world);
  const stage = new Stage(folder, world, server);
  await stage.begin();
  if (browse) await stage.browse();
  return stage;
}

class Stage {
  constructor(folder, world, server) {
    Object.assign(this, { folder, world, server, url: server.url, faults: [], dialogs: [], expected: [] });
  }

  // begin makes the first administrator, and ana, who may do all.
  async begin() {
    this.first = new Person(this.url);
    await this.first.setUp(this.server.firstToken, 'root');
    this.ana = await this.person('ana', [{ instance: '*', roles: ['administrator', 'revealer'] }]);
  }

  // person makes an account with grants, signed in.
  async person(name, grants) {
    const { token } = await this.first.call('users.create', null, { name, grants });
    const someone = new Person(this.url);
    await someone.setUp(token, '');
    return someone;
  }

  // instance makes a complete instance, and has its organizations matched.
  async instance(name = 'kestrel-msp') {
    await this.ana.call('instance.apply', null, { document: JSON.stringify({ ...JSON.parse(this.world.document), name }) });
    await this.ana.run('sync.match-organizations', name, {});
    return name;
  }

  // typical is an instance with links in every state, synced assets, and a
  // conflict.
  async typical(name = 'kestrel-msp') {
    await this.instance(name);
    await this.ana.call('links.accept', name, { minScore: 0.9, withParents: true });
    const pending = await this.ana.call('links.list', name, { state: 'pending', limit: 5 });
    await this.ana.call('links.reject', name, { id: [pending.items[0].id] });
    await this.ana.run('sync.discover-assets', name, {});
    return name;
  }

  async browse() {
    this.har = join(this.folder, 'profile', 'all.har');
    this.context = await chromium.launchPersistentContext(join(this.folder, 'profile'), {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
      baseURL: this.url,
      viewport: { width: 1280, height: 900 },
      reducedMotion: 'reduce',
      recordHar: { path: this.har },
    });
    this.context.setDefaultTimeout(patience);
    this.context.on('page', (p) => this.watch(p));
    this.page = this.context.pages()[0] ?? (await this.context.newPage());
    this.watch(this.page);
  }

  // watch keeps what must not happen on a page: faults, console errors, dialogs.
  watch(page) {
    if (page.watched) return;
    page.watched = true;
    page.on('pageerror', (e) => this.faults.push(`${page.url()}: ${e.stack ?? e}`));
    page.on('response', async (r) => {
      if (r.status() < 400 || this.expected.includes(r.status())) return;
      this.faults.push(`${page.url()}: ${r.request().method()} ${r.url()} ${r.request().postData() ?? ''}: ${r.status()} ${await r.text().catch(() => '')}`);
    });
    page.on('console', (m) => {
      // What a server refuses is kept by the answer, above.
      if (m.type() !== 'error' || m.text().startsWith('Failed to load resource: the server responded')) return;
      this.faults.push(`${page.url()}: ${m.text()} (${m.location().url})`);
    });
    page.on('dialog', (d) => {
      this.dialogs.push(d.message());
      void d.dismiss();
    });
  }

  // as signs the browser in as somebody.
  async as(person) {
    await this.context.clearCookies();
    const [name, value] = person.cookie.split('=');
    await this.context.addCookies([{ name, value, url: this.url, httpOnly: true, sameSite: 'Lax' }]);
  }

  async open(path, heading) {
    await this.page.goto(path);
    if (heading) await this.page.getByRole('heading', { level: 1, name: heading }).waitFor();
    return this.page;
  }

  // look reads records of the simulators; edit changes one.
  async look(path) {
    return (await fetch(this.world.control + path)).json();
  }

  async edit(system, kind, id, key, value) {
    const answer = await fetch(this.world.control + '/edit', { method: 'POST', body: JSON.stringify({ system, kind, id, key, value }) });
    assert.equal(answer.status, 200);
  }

  // close ends all, and checks what holds for every suite.
  async close() {
    try {
      const reports = await this.ana.must('GET', '/v1/csp-report');
      assert.equal(reports.reports, 0, `content security policy reports: ${JSON.stringify(reports)}`);
      await this.context?.close();
      assert.deepEqual(this.faults, [], 'faults and console errors');
      assert.deepEqual(this.dialogs, [], 'dialogs of the browser');
      await this.server.stop();
      assert.deepEqual(await this.canaries(), [], 'password values where they must not be');
    } finally {
      await this.context?.close();
      await this.server.stop();
      await this.world.stop();
      await rm(this.folder, { recursive: true, force: true });
    }
  }

  // canaries gives the files that hold a password's value: of the runner's data
  // and log, of the browser's profile, and of all its requests but the answers to
  // a reveal.
  async canaries() {
    await writeFile(join(this.folder, 'data', 'runner.log'), this.server.log.join(''));
    if (this.har) {
      const { log } = JSON.parse(await readFile(this.har, 'utf8'));
      for (const e of log.entries) if (/\/actions\/passwords\.reveal$/.test(e.request.url)) delete e.response.content.text;
      await writeFile(this.har, JSON.stringify(log));
    }
    const found = [];
    let searched = 0;
    for (const root of ['data', 'profile']) {
      for (const file of await readdir(join(this.folder, root), { recursive: true, withFileTypes: true })) {
        if (!file.isFile()) continue;
        const path = join(file.parentPath ?? file.path, file.name);
        const text = (await readFile(path)).toString('latin1').replaceAll('\0', ''); // UTF-16, too
        searched++;
        for (const c of this.world.canaries) if (text.includes(c)) found.push(`${path}: ${c}`);
      }
    }
    assert.ok(searched > 2);
    return found;
  }
}

// Person calls the server as somebody does, without a browser.
export class Person {
  constructor(url) {
    this.url = url;
    this.cookie = '';
  }

  async send(method, path, body, headers = {}) {
    return fetch(this.url + path, {
      method,
      headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...(this.cookie ? { cookie: this.cookie } : {}), ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }

  async must(method, path, body, headers) {
    const answer = await this.send(method, path, body, headers);
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
    const cookie = answer.headers.getSetCookie()[0]?.split(';')[0];
    if (cookie) this.cookie = cookie;
    return text === '' ? undefined : JSON.parse(text);
  }

  call(action, instance, input, headers) {
    return this.must('POST', instance === null ? `/v1/actions/${action}` : `/v1/instances/${encodeURIComponent(instance)}/actions/${action}`, input, headers);
  }

  // run starts a flow and waits for its end.
  async run(flow, instance, input) {
    let answer = await this.call(flow, instance, input, { prefer: 'wait=10' });
    while (answer.run) {
      const run = await this.must('GET', `/v1/instances/${encodeURIComponent(instance)}/runs/${answer.run.id}`);
      assert.ok(!['failed', 'stopped'].includes(run.state), JSON.stringify(run));
      if (['done', 'succeeded', 'ended', 'ok'].includes(run.state)) return run;
      await new Promise((r) => setTimeout(r, 200));
    }
    return answer;
  }

  // setUp uses a one-time token, and sets up a second factor where one is asked for.
  async setUp(token, name) {
    const session = await this.must('POST', '/v1/setup', { token, name, password });
    if (session.unready) {
      const { secret } = await this.call('account.begin-second-factor', null, {});
      await this.call('account.confirm-second-factor', null, { code: codeOf(secret) });
      this.secret = secret;
    }
    return this.must('GET', '/v1/session');
  }
}

// codeOf is what an authenticator app shows (RFC 6238).
export function codeOf(secret, at = Date.now()) {
  const bits = [...secret].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const digest = createHmac('sha1', key).update(step).digest();
  const from = digest[19] & 15;
  return String((digest.readUInt32BE(from) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

async function startWorld(folder, assets, organizations) {
  const child = spawn(join(programs, 'world'), ['--folder', folder, '--assets', String(assets), '--organizations', String(organizations)], { stdio: ['pipe', 'pipe', 'inherit'] });
  let text = '';
  const place = await new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('the world ended')));
    child.once('error', reject);
    child.stdout.on('data', (d) => {
      text += d;
      if (text.endsWith('\n')) resolve(JSON.parse(text));
    });
  });
  return { ...place, stop: () => ended(child, () => child.stdin.end()) };
}

async function startServer(data, world) {
  const child = spawn(join(programs, 'itglue-revio'), ['serve', '--verbose', '--data', data, '--address', '127.0.0.1:0', ...world.flags], { stdio: ['ignore', 'pipe', 'pipe'] });
  const log = [];
  const found = await new Promise((resolve, reject) => {
    child.once('exit', (status) => reject(new Error(`the runner ended with ${status}: ${log.join('')}`)));
    child.once('error', reject);
    const hear = (d) => {
      log.push(String(d));
      const all = log.join('');
      const url = /listening on (http:\/\/\S+)/.exec(all)?.[1];
      const firstToken = /#token=(\S+)/.exec(all)?.[1];
      if (url && firstToken) resolve({ url, firstToken });
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
  });
  return { ...found, log, stop: () => ended(child, () => child.kill('SIGTERM')) };
}

// ended ends a program that this one started, and waits for it.
function ended(child, end) {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', resolve);
    end();
  });
}

// until waits for something that is asked for again and again.
export async function until(holds, what) {
  for (const end = Date.now() + patience; ; ) {
    if (await holds()) return;
    assert.ok(Date.now() < end, `it never came: ${what}`);
    await new Promise((r) => setTimeout(r, 100));
  }
}

// steps gives test() for a suite whose tests follow on each other: after one that
// failed, the rest fail at once and say so.
export function steps(test) {
  let failed = '';
  return (name, body) =>
    test(name, async () => {
      assert.equal(failed, '', 'a step before it failed');
      failed = name;
      await body();
      failed = '';
    });
}
