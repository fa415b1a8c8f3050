/** The package as `npm pack` makes it, in an empty project of each framework: installed, built with Vite, and called with. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import type { TestContext } from 'node:test';
import type { Page } from 'puppeteer-core';
import { bobAlone, bothEnd, ready, release, talk } from '../support/people.js';
import { PATIENCE } from '../support/person.js';
import type { Person } from '../support/person.js';
import { startRelay, type RunningRelay } from '../support/relay.js';
import { openWorld } from '../support/world.js';
import { serveFolder } from './support/folder-site.js';
import { buildExample, buildPages, FRAMEWORKS, makeProject, NoRegistry, pack } from './support/projects.js';
import type { Framework, Project } from './support/projects.js';

/** What was made of a framework's example, and of the pages that make life hard. */
interface Built {
  readonly project: Project;
  readonly example: string;
  readonly pages: string | undefined;
  /** The relay that the example was built for. */
  readonly relay: RunningRelay;
}

const HARD: readonly Framework[] = ['react', 'vue', 'svelte'];
const TITLES = { react: 'React', vue: 'Vue', svelte: 'Svelte', angular: 'Angular', plain: 'plain HTML' };

const built = new Map<Framework, Built>();
let tarball = '';
let missing: string | undefined;

async function build(framework: Framework): Promise<void> {
  const project = await makeProject(framework, tarball);
  const relay = await startRelay();
  const pages = HARD.includes(framework) ? buildPages(project) : undefined;
  built.set(framework, { project, relay, example: await buildExample(project, relay.socketUrl), pages: await pages });
}

before(async () => {
  tarball = await pack();
  const results = await Promise.allSettled(FRAMEWORKS.map(build));
  for (const { reason } of results.filter((result) => result.status === 'rejected')) {
    if (!(reason instanceof NoRegistry)) throw reason;
    missing = reason.message;
  }
});

after(async () => {
  await Promise.all([...built.values()].map(({ relay }) => relay.close()));
  if (tarball) rmSync(dirname(tarball), { recursive: true, force: true, maxRetries: 3 });
});

/** Collects what a page writes on its console of errors and warnings. */
function listenTo(said: string[]): (page: Page) => void {
  return (page) =>
    page.on('console', (message) => {
      const isTrouble = ['error', 'warn'].includes(message.type()) && !message.text().startsWith('Lit is in dev mode');
      if (isTrouble) said.push(`${message.type()}: ${message.text()}`);
    });
}

/** What was built, or undefined where nothing can be, which skips the test. */
function builtFor(t: TestContext, framework: Framework): Built | undefined {
  if (missing) t.skip(missing);
  return built.get(framework);
}

/** Waits until a property of the first element with this tag has this value. */
async function hasValue(person: Person, tag: string, name: string, value: unknown): Promise<void> {
  const has = (of: string, property: string, wanted: unknown) => Reflect.get(document.querySelector(of)!, property) === wanted;
  await person.page.waitForFunction(has, { timeout: PATIENCE }, tag, name, value).catch(() => {
    throw new Error(`${person.name} waited ${PATIENCE} ms for a <${tag}> whose ${name} is ${String(value)}.`);
  });
}

for (const framework of FRAMEWORKS) {
  test(`${TITLES[framework]}: the example has a call, which goes on while its page shows something else`, async (t) => {
    const { example, relay } = builtFor(t, framework) ?? {};
    if (!example) return;
    const world = await openWorld(t, {}, relay);
    const origin = await serveFolder(t, example);
    const said: string[] = [];
    const bob = await bobAlone(world);
    const alice = await ready(world, { name: 'alice', url: `${origin}/?me=alice`, watch: listenTo(said) });
    await alice.event('presence-change', { peer: 'bob', presence: 'online' });
    await alice.reads('You can be called');
    await hasValue(alice, 'video-call-panel', 'dataSaver', false);
    await alice.press('Save data', 'checkbox');
    await alice.press('Voice calls only', 'checkbox');
    await hasValue(alice, 'video-call-panel', 'dataSaver', true);
    await hasValue(alice, 'video-call-button', 'media', 'audio');
    await alice.press('Voice calls only', 'checkbox');
    await hasValue(alice, 'video-call-button', 'media', 'video');

    await talk(alice, bob);
    await alice.reads('In a call with Bob');
    await alice.press('Notes', 'link');
    await alice.find('Notes', 'textbox');
    await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
    await alice.press('People', 'link');
    await alice.find('Voice calls only', 'checkbox');
    await alice.press('Hang up');
    await bothEnd(alice, bob, 'hung-up');
    await alice.reads('Call ended (hung-up)');
    await release(alice, bob);
    assert.deepEqual(said, [], 'the console stays empty');
  });
}

for (const framework of HARD) {
  const rendered = framework === 'svelte' ? '' : ', rendered on a server before';
  test(`${TITLES[framework]}: a call goes on when its panel is moved and when another takes its place${rendered}`, async (t) => {
    const { pages, project } = builtFor(t, framework) ?? {};
    if (!pages || !project) return;
    const world = await openWorld(t);
    const markup = rendered && (await project.run('node', [join('pages', 'render.js'), world.relay.socketUrl]));
    const served = `${markup}</div><script>served = document.querySelector('video-call-panel')</script>`;
    const origin = await serveFolder(t, pages, (page) => page.replace('<!--markup--></div>', served));
    const said: string[] = [];
    const bob = await bobAlone(world);
    const url = `${origin}/?relay=${encodeURIComponent(world.relay.socketUrl)}`;
    const alice = await ready(world, { name: 'alice', url, watch: listenTo(said) });
    if (rendered) assert.ok(await alice.panel((panel) => panel === Reflect.get(globalThis, 'served')), 'what came from the server is kept');
    await alice.event('presence-change', { presence: 'online' });
    assert.equal((await alice.live()).sockets, 1, 'one connection to the relay');
    const settings = await alice.panel(({ displayName, dataSaver, virtualCamera }) => ({ displayName, dataSaver, virtualCamera }));
    assert.deepEqual(settings, { displayName: 'Alice', dataSaver: false, virtualCamera: false });

    await talk(alice, bob);
    await alice.reads('talks to bob');
    for (const change of ['Turn round', 'Begin anew', 'Turn round']) {
      await alice.press(change);
      await Promise.all([alice.seesAndHears(), bob.seesAndHears()]).catch((error: Error) => {
        throw new Error(`after “${change}”: ${error.message}`);
      });
    }
    assert.deepEqual(await bob.events('call-ended'), [], 'it is one call all the time');
    assert.equal((await alice.live()).peerConnections, 1);
    assert.equal((await alice.frames('sent', 'hello')).length, 1, 'and one connection to the relay');

    await alice.press('Go away');
    await bob.event('call-ended', { reason: 'hung-up' });
    await release(alice, bob);
    await alice.page.waitForFunction(() => observer.live().sockets === 0);
    assert.deepEqual(said, [], 'the console stays empty');
  });
}
