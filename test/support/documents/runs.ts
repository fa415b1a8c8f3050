/** Runs the scripts of the documents, in a page or in a server of their own. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { TestContext } from 'node:test';
import express from 'express';
import { jwtVerify } from 'jose';
import { createRelay } from '../../../relay/index.js';
import type { Authorize, RelayOptions } from '../../../relay/index.js';
import { freePort } from '../daemons.js';
import type { Person } from '../person.js';
import { openWorld, panel } from '../world.js';
import type { ScriptName } from './scripts.js';

/** What sites and relays of the documents share. */
export const authSecret = (process.env.AUTH_SECRET = 'a secret that site and relay share');

/** Runs a script of a server, and answers what it has under these names. Packages are those of this project, the relay is its source. */
async function serve(t: TestContext, text: string, names: readonly string[], standIns: Record<string, unknown> = {}): Promise<any> {
  const folder = mkdtempSync(join(tmpdir(), 'script-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const key = `standIns of ${folder}`;
  Object.assign(globalThis, { [key]: standIns });
  const resolve = (name: string): string => {
    if (name.startsWith('node:')) return name;
    return name === 'video-call-elements/relay' ? import.meta.resolve('../../../relay/index.js') : import.meta.resolve(name);
  };
  const code = text
    .replaceAll(/(?<=from ')[^']+/g, resolve)
    .replace('createRelay({', 'createRelay({ stun: [],')
    .replace('server.listen(3000)', 'server.listen(0)');
  const file = join(folder, 'script.mjs');
  writeFileSync(file, `const { ${Object.keys(standIns).join()} } = globalThis['${key}'];\n${code}\nexport { ${names.join()} };`);
  return import(pathToFileURL(file).href);
}

const originOf = (server: { address(): unknown }): string => `http://localhost:${(server.address() as AddressInfo).port}`;

/** Opens a page with a panel, runs a script in it, and answers what that leaves under a name, and what it writes on the console. */
async function runInPage(t: TestContext, text: string, { name = 'undefined', standIns = '' } = {}) {
  const world = await openWorld(t);
  const person = await world.visit({ name: 'page', markup: panel({ me: 'desk' }) });
  await person.event('relay-status', { status: 'online' });
  const written: string[] = [];
  person.page.on('console', (message) => written.push(message.text()));
  const panelOfPage = `const panel = document.querySelector('video-call-panel');`;
  const own = /const panel\b/.test(text) ? '' : panelOfPage;
  const result: unknown = await person.page.evaluate(`(async () => { ${own}${standIns}\n${text}\n return ${name}; })()`);
  return { person, written, result };
}

/** How each script is run; fails unless it does what it is there for. */
export const RUN: { readonly [Name in ScriptName]: (t: TestContext, text: string) => Promise<void> } = {
  'a whole app': async (t, text) => {
    process.env.PORT = String(await freePort());
    const { server, relay, origin } = await serve(t, text, ['server', 'relay', 'origin']);
    t.after(() => void relay.close().then(() => server.closeAllConnections(server.close())));
    const world = await openWorld(t);
    const signIn = async (id: string, password: string): Promise<Person> => {
      const person = await world.visit({ name: id, url: origin as string });
      await person.page.type('input[name=id]', id);
      await person.page.type('input[name=password]', password);
      await Promise.all([person.page.waitForNavigation(), person.press('Sign in')]);
      return person;
    };
    assert.equal((await fetch(`${origin}/call-token`)).status, 401);
    const [bob, alice] = await Promise.all([signIn('bob', 'builder'), signIn('alice', 'wonderland')]);
    await alice.event('presence-change', { peer: 'bob', presence: 'online' });
    await alice.press('Call Bob');
    await bob.find('Incoming video call from Alice', 'dialog');
    await bob.press('Accept');
    await Promise.all([alice.event('call-connected'), bob.event('call-connected')]);
    assert.deepEqual([alice.complaints(), bob.complaints()], [[], []]);
  },

  tokens: async (t, text) => {
    const app = express();
    const user = { id: 'alice', name: 'Alice', friends: ['bob'] };
    app.use((request, _, next) => {
      Object.assign(request, { session: request.headers.cookie ? { user } : {} });
      next();
    });
    await serve(t, text, [], { app });
    const server = app.listen(0);
    t.after(() => server.close());
    const ask = (headers = {}): Promise<Response> =>
      fetch(`${originOf(server)}/call-token`, { headers: { connection: 'close', ...headers } });
    assert.equal((await ask()).status, 401);
    const { payload } = await jwtVerify(await (await ask({ cookie: 'session=1' })).text(), new TextEncoder().encode(authSecret));
    assert.deepEqual([payload.sub, payload['name'], payload['calls']], ['alice', 'Alice', ['bob']]);
  },

  authorize: async (t, text) => {
    let options: RelayOptions = {};
    const user = { id: 'alice', name: 'Alice', friends: ['bob'], sessionEnd: Date.now() + 3600e3 };
    await serve(t, text, [], {
      createRelay: (given: RelayOptions) => createRelay((options = given)),
      findUserBySession: async (token: string) => (token === 'hers' ? user : undefined),
    });
    const world = await openWorld(t, { authorize: options.authorize as Authorize });
    const visit = (token: string): Promise<Person> => world.visit({ name: token, markup: panel({ token, me: 'alice' }) });
    const [hers, other] = await Promise.all([visit('hers'), visit('other')]);
    await Promise.all([hers.event('relay-status', { status: 'online' }), other.event('call-error', { code: 'unauthorized' })]);
  },

  'a server': async (t, text) => {
    const { server, relay } = await serve(t, text, ['server', 'relay']);
    t.after(() => void relay.close().then(() => server.closeAllConnections(server.close())));
    const get = (path: string): Promise<string> => fetch(originOf(server) + path).then((response) => response.text());
    assert.equal(await get('/'), 'My own site');
    assert.match(await get('/video-call.js'), /video-call-button/);
  },

  words: async (t, text) => {
    const { person } = await runInPage(t, text);
    assert.match(await person.panel((shown) => JSON.stringify(shown.words)), /\{name\}/);
    assert.deepEqual(await person.events('call-error'), []);
  },

  diagnosis: async (t, text) => {
    const { result } = await runInPage(t, text, { name: 'summary' });
    assert.match(String(result), /^(?:Everything works|You can make calls|What was checked works)/);
  },

  'ends of calls': async (t, text) => {
    const { person, written } = await runInPage(t, text);
    await person.panel((shown) => void shown.call('nobody', { media: 'audio' }));
    await person.event('call-ended', { reason: 'unreachable' });
    assert.deepEqual(written, ['nobody: unreachable, 0 s']);
  },

  troubles: async (t, text) => {
    const { person, written } = await runInPage(t, text);
    await person.panel((shown) => void (shown.layout = 'upside-down'));
    await person.event('call-error', { code: 'bad-attribute' });
    assert.ok(
      written.some((line) => line.startsWith('bad-attribute ') && line.includes('layout')),
      written.join(),
    );
  },

  'a reload': async (t, text) => {
    const standIns = `
      let reloads = 0;
      const location = { reload: () => (reloads += 1) };
      const setInterval = (run, ms) => { if (ms === 86400000) run(); };`;
    const { result } = await runInPage(t, text, { name: 'reloads', standIns });
    assert.equal(result, 1);
  },
};
