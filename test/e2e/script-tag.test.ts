/** The script tag in all its forms: classic, with a version, from elsewhere with checksums, twice, and in a frame. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { tagsFor } from '../../scripts/integrity.mjs';
import { bobAlone, bothEnd, talk, together } from '../support/people.js';
import { openSite, type Site } from '../support/pages.js';
import type { Person } from '../support/person.js';
import { button, openWorld, panel } from '../support/world.js';

interface Integrity {
  readonly version: string;
  readonly files: Readonly<Record<string, string>>;
}
const integrity = JSON.parse(readFileSync('dist/integrity.json', 'utf8')) as Integrity;

const alices = (more: Record<string, string> = {}): string =>
  panel({ me: 'alice', 'max-resolution': '360p', ...more }) + button({ peer: 'bob' }, 'Call Bob');

const pageOf = (head: string, body = alices()): string =>
  `<!doctype html><html lang="en"><head><link rel="icon" href="data:," />${head}</head><body>${body}</body></html>`;

/** Puts the built widget on a site, as a server of packages or a site of one's own has it. */
function copyTo(site: Site, base: string, change = (_name: string, content: string): string => content): string {
  for (const name of Object.keys(integrity.files)) {
    const content = change(name, readFileSync(`dist/${name}`, 'utf8'));
    site.answer(base + name, (_request, response) =>
      response.writeHead(200, { 'content-type': 'text/javascript', 'access-control-allow-origin': '*' }).end(content),
    );
  }
  return `${site.origin}${base}`;
}

/** What this page has loaded of the widget, without hashes. */
const loaded = (person: Person): Promise<string[]> =>
  person.page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name.replace(/-[\w-]{6}(?=\.js$)/, '')));

/** What comes on the console of a page from now on. */
function consoleOf({ page }: Person): string[] {
  const lines: string[] = [];
  page.on('console', (message) => lines.push(message.text()));
  return lines;
}

/** Waits for a line of the console. */
function lineOf({ page }: Person, wanted: RegExp): Promise<string> {
  return new Promise((resolve) => page.on('console', (message) => wanted.test(message.text()) && resolve(message.text())));
}

test('A page with a classic script makes a whole call, under strict policies, and one with both kinds of tag has the code once', async (t) => {
  const world = await openWorld(t);
  const { relay, site } = world;
  const classic = `<script src="${relay.origin}/video-call.classic.js?ver=6.5"></script>`;
  const sources = `script-src ${relay.origin}; connect-src ${relay.origin} ${relay.origin.replace(/^http/, 'ws')}`;
  const headers = {
    'Content-Security-Policy': `default-src 'none'; ${sources}; img-src data:; require-trusted-types-for 'script'; trusted-types lit-html`,
    'Cross-Origin-Embedder-Policy': 'require-corp',
  };
  const bob = await bobAlone(world, {}, { url: site.add(pageOf(classic, panel({ me: 'bob', 'max-resolution': '360p' })), headers) });
  const both = `${classic}<script type="module" src="${relay.origin}/video-call.js"></script>`;
  const alice = await world.visit({ name: 'alice', url: site.add(pageOf(both), headers) });
  await talk(alice, bob);
  await alice.press('Hang up');
  await bothEnd(alice, bob, 'hung-up');
  for (const person of [alice, bob]) {
    const entries = (await loaded(person)).filter((url) => url.includes('/video-call.js'));
    assert.deepEqual([...new Set(entries)], [`${relay.origin}/video-call.js`], `${person.name} has one copy`);
  }
});

test('A classic script works wherever a page puts it, and says what to write where it cannot know its address', async (t) => {
  const world = await openWorld(t);
  const { relay, site } = world;
  const src = `src="${relay.origin}/video-call.classic.js"`;
  const together = `/* another script */;${readFileSync('dist/video-call.classic.js', 'utf8')}`;
  site.answer('/all.js', (_request, response) => response.writeHead(200, { 'content-type': 'text/javascript' }).end(together));
  const named = `<meta name="video-call-script" content="${relay.origin}/video-call.js">`;
  const evil = `${site.origin}/evil/video-call`;
  const clobbering = ['currentScript', 'head', 'baseURI'].map((name) => `<img name="${name}" alt="" src="${evil}.classic.js">`).join('');
  const strangers = `${clobbering}<meta name="video-call-script" content="${evil}.js">`;
  const pages = [
    pageOf(`<script defer ${src}></script>`),
    pageOf(`<script async ${src}></script>`),
    pageOf('', `${alices()}<script ${src}></script>`),
    pageOf(`${named}<script src="/all.js"></script>`),
    // What strangers may write into a page names no script of theirs.
    pageOf('', `${strangers}${alices()}<script ${src}></script>`),
    pageOf(named, `${strangers}${alices()}<script src="/all.js"></script>`),
  ];
  for (const html of pages) {
    const alice = await world.visit({ name: 'alice', url: site.add(html) });
    await alice.event('relay-status', { status: 'online' });
    await alice.closeTab();
  }
  const lost = await world.visit({ name: 'a page that puts scripts together', url: site.add(pageOf('')) });
  const said = lineOf(lost, /video-call\.classic\.js/);
  await lost.page.addScriptTag({ url: `${site.origin}/all.js` });
  assert.match(await said, /it came as http:\S+\/all\.js\. Put <meta name="video-call-script" content=.+ into the head/);
});

test('A script with its version in the path calls over the relay that it came from, and loads every part below that version', async (t) => {
  const world = await openWorld(t);
  const fixed = `${world.relay.origin}/v${integrity.version}/`;
  const bob = await bobAlone(world);
  const alice = await world.visit({ name: 'alice', markup: alices(), script: `${fixed}video-call.js` });
  await talk(alice, bob);
  const parts = (await loaded(alice)).filter((url) => url.endsWith('.js'));
  assert.deepEqual(
    parts.filter((url) => !url.startsWith(fixed)),
    [],
  );
  assert.deepEqual(
    (await alice.frames('sent', 'hello')).map(({ url }) => url),
    [world.relay.socketUrl],
  );
});

test('From a server of packages a page calls with checksums for every part, is told that it must name a relay, and refuses a part that was changed', async (t) => {
  const world = await openWorld(t);
  const [cdn, forged] = await Promise.all([openSite(), openSite()]);
  t.after(() => Promise.all([cdn.close(), forged.close()]));
  const path = `/npm/video-call-elements@${integrity.version}/dist/`;
  const { map, preload, module } = tagsFor(integrity, copyTo(cdn, path));
  const bob = await bobAlone(world);

  const head = map + preload + module;
  const alice = await world.visit({ name: 'alice', url: world.site.add(pageOf(head, alices({ relay: world.relay.origin }))) });
  await talk(alice, bob);
  assert.ok(
    (await loaded(alice)).every((url) => !url.startsWith(world.relay.origin)),
    'the relay has given no file',
  );
  const times = (name: string) =>
    alice.page.evaluate((part) => {
      const files = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
      return files.filter((file) => file.name.includes(part)).map(({ startTime, responseEnd }) => ({ startTime, responseEnd }));
    }, name);
  const [script, ...next] = await Promise.all(['/video-call.js', '/chunks/connected-', '/chunks/speech-'].map(times));
  assert.deepEqual(
    [script, ...next].map((files) => files!.length),
    [1, 1, 1],
  );
  for (const [file] of next) assert.ok(file!.startTime < script![0]!.responseEnd, 'what is needed next begins beside the script');

  const nameless = await world.visit({ name: 'a page without relay=""', url: world.site.add(pageOf(map + module)) });
  const { message } = await nameless.event('call-error', { code: 'bad-attribute' });
  assert.match(String(message), new RegExp(`came from ${new URL(cdn.origin).host}, as a file of the package.*relay="wss://`));
  assert.equal((await nameless.live()).sockets, 0);

  const changed = copyTo(forged, path, (name, text) => (name.includes('panel') ? `${text}\nglobalThis.forged = true;` : text));
  const pasted = readFileSync('dist/script-tag.html', 'utf8').replaceAll(`https://cdn.jsdelivr.net${path}`, changed);
  assert.ok(pasted.includes(`src="${changed}video-call.js"`), 'the tags to paste are those of this copy');
  assert.ok(pasted.indexOf('type="importmap"') < pasted.indexOf('type="module"'), 'the map stands before the module');
  const deceived = await world.visit({
    name: 'a page of a forged copy',
    url: world.site.add(pageOf('', alices({ relay: world.relay.origin }))),
  });
  const refused = lineOf(deceived, /Calls cannot be loaded.*video-call-panel/);
  await deceived.page.setContent(pageOf(pasted, alices({ relay: world.relay.origin })));
  await refused;
  assert.ok(!(await loaded(deceived)).some((url) => url.endsWith('.classic.js')), 'the other kind of tag is a comment');
  assert.equal(await deceived.page.evaluate(() => 'forged' in globalThis), false);
});

test('A copy on a server that is no relay says where it looked for one, and why there', async (t) => {
  const world = await openWorld(t);
  const script = `${copyTo(world.site, '/static/')}video-call.js`;
  const alice = await world.visit({ name: 'alice', url: world.site.add(pageOf('')) });
  const said = lineOf(alice, /relay-unreachable/);
  await alice.page.setContent(pageOf(`<script type="module" src="${script}"></script>`));
  const address = `${world.site.origin.replace(/^http/, 'ws')}/static/ws`;
  assert.match(await said, new RegExp(`The relay at ${address} cannot be reached. That is where the script came from; .*relay="wss://`));
});

test('Of two versions on a page the first one goes on working, and the console names both, with their addresses', async (t) => {
  const world = await openWorld(t);
  const older = (name: string, content: string): string =>
    name === 'video-call.js' ? content.replaceAll(`"${integrity.version}"`, '"0.0.9"') : content;
  const old = `${copyTo(world.site, '/old/', older)}video-call.js`;
  const bob = await bobAlone(world);
  // As some sites write every address of a script; its parts ask for it by the plain one, and so load another copy.
  const script = `${world.relay.origin}/video-call.js?ver=6.5`;
  const alice = await world.visit({ name: 'alice', markup: alices(), script });
  await alice.event('presence-change', { presence: 'online' });
  const lines = consoleOf(alice);
  const said = lineOf(alice, /is not used/);
  await alice.page.addScriptTag({ url: `${world.relay.origin}/video-call.js?again`, type: 'module' });
  await alice.page.addScriptTag({ url: old, type: 'module' });
  const first = `version ${integrity.version} from ${script}`;
  assert.equal(await said, `<video-call-button> is ${first} on this page already; version 0.0.9 from ${old} is not used.`);
  await talk(alice, bob);
  assert.equal(lines.filter((line) => line.includes('is not used')).length, 1, 'another copy of the same version is not worth a word');
});

test('In a frame without “allow” a call says which words are missing there, and with them it is made', async (t) => {
  const world = await openWorld(t);
  const outer = await openSite();
  t.after(() => outer.close());
  const bob = await bobAlone(world);
  const inner = world.site.add(pageOf(`<script type="module" src="${world.relay.origin}/video-call.js"></script>`));
  const framing = (allow: string): string => outer.add(pageOf('', `<iframe ${allow} width="700" height="600" src="${inner}"></iframe>`));

  const barred = (await world.visit({ name: 'alice', url: framing('') })).inFrame(inner);
  await barred.event('presence-change', { presence: 'online' });
  await barred.press('Call Bob');
  const { message } = await barred.event('call-error', { code: 'media-denied' });
  const words = /allow="([^"]+)"/.exec(String(message))?.[1] ?? '';
  assert.deepEqual(words.split('; ').sort(), ['autoplay', 'camera', 'display-capture', 'fullscreen', 'microphone']);
  await barred.event('call-ended', { reason: 'media-denied' });
  await barred.reads(`allow="${words}"`);

  const alice = (await world.visit({ name: 'alice', url: framing(`allow="${words}"`) })).inFrame(inner);
  await alice.event('presence-change', { presence: 'online' });
  await alice.press('Call Bob');
  await bob.press('Accept');
  await together(alice, bob);
});
