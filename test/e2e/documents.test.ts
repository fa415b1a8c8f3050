/** Every snippet of the README and the guides does what it is there for, in real pages and servers. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { tokenCommand } from '../../relay/commands/token.js';
import { blocksIn, read } from '../support/documents/blocks.js';
import type { Block } from '../support/documents/blocks.js';
import { argumentsOf, linesOf } from '../support/documents/commands.js';
import { RUN, authSecret } from '../support/documents/runs.js';
import { scriptFor } from '../support/documents/scripts.js';
import { PATIENCE } from '../support/person.js';
import type { Person } from '../support/person.js';
import { button, openWorld, panel } from '../support/world.js';
import type { Visit, World } from '../support/world.js';

const SMALL = { 'max-resolution': '360p', 'virtual-camera': true };

const tokenOf = async (sub: string): Promise<string> =>
  (await tokenCommand(['--sub', sub], { AUTH_SECRET: authSecret }, Date.now() / 1000)).trim();

// ── HTML ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** What is read from a snippet: whom it calls or who can call it, and by which words. */
function readSnippet(text: string) {
  const [, attributes = '', label = ''] = /<video-call-button([^>]*)>([^<]*)</.exec(text) ?? [];
  const value = (name: string, where: string): string | undefined => new RegExp(`\\b${name}="([^"]+)"`).exec(where)?.[1];
  const [, ofPanel = ''] = /<video-call-panel([^>]*)>/.exec(text) ?? [];
  return { calls: value('peer', attributes), label, me: value('me', ofPanel), tokens: text.includes('token-src') };
}

/** A page that has what a snippet says, from a site, with the relay of the test in place of those in the documents. */
function pageOf(world: World, text: string): string {
  const script = `<script type="module" src="${world.relay.origin}/video-call.js"></script>`;
  const markup = text.replaceAll(/https:\/\/(?:relay|calls)\.example\.com/g, world.relay.origin);
  const { me } = readSnippet(text);
  world.site.answer('/call-token', (_, response) => void tokenOf(me ?? 'somebody').then((token) => response.end(token)));
  world.site.answer('/logo.svg', (_, response) =>
    response.setHeader('content-type', 'image/svg+xml').end('<svg xmlns="http://www.w3.org/2000/svg"/>'),
  );
  return world.site.add(
    `<!doctype html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,"><title>A page</title>${text.includes('<script') ? '' : script}${markup}</html>`,
  );
}

const openSnippet = (world: World, text: string, visit: Visit = {}): Promise<Person> =>
  world.visit({ name: 'snippet', url: pageOf(world, text), ...visit });

/** Fails unless all elements of a snippet are there, have only attributes and slots that exist, are connected, and nothing is wrong. */
async function isSound(person: Person, text: string): Promise<void> {
  const ours = (name: string): boolean => name.startsWith('video-call-');
  await person.page.waitForFunction(
    () => [...document.querySelectorAll('*')].every(({ localName, shadowRoot }) => !localName.startsWith('video-call-') || shadowRoot),
    { timeout: PATIENCE },
  );
  const used = await person.page.evaluate((source) => {
    const template = document.createElement('template');
    template.innerHTML = source;
    return [...template.content.querySelectorAll('*')].map(({ localName, attributes, parentElement }) => {
      const known = (customElements.get(localName) as unknown as { observedAttributes?: string[] })?.observedAttributes ?? [];
      const names = [...attributes].map(({ name }) => name);
      return {
        localName,
        strange: names.filter((name) => !known.includes(name) && !['id', 'class', 'style', 'lang'].includes(name)),
        slot: attributes.getNamedItem('slot')?.value,
        parent: parentElement?.localName ?? '',
      };
    });
  }, text);
  for (const { localName, strange, slot, parent } of used) {
    if (ours(localName)) assert.deepEqual(strange, [], `attributes of <${localName}>`);
    if (slot && ours(parent))
      assert.match(read(`components/${parent}.ts`), new RegExp(`@slot ${slot} `), `the slot ${slot} of <${parent}>`);
  }
  if (!used.some(({ localName }) => ours(localName))) return;
  await person.page.waitForFunction(
    () => observer.frames.some(({ direction, message }) => direction === 'received' && message?.type === 'welcome'),
    { timeout: PATIENCE },
  );
  assert.deepEqual([await person.events('call-error'), person.complaints()], [[], []]);
}

/** What is done with a snippet beside what is done with all, by words in it. */
const FURTHER: readonly { readonly words: string; readonly run: (person: Person, world: World) => Promise<void> }[] = [
  {
    words: '<video-call-history>',
    run: async (person, world) => {
      const caller = await world.visit({ name: 'caller', markup: panel(SMALL) + button({ peer: 'alice' }, 'Call') });
      await caller.event('presence-change', { presence: 'online' });
      await caller.press('Call');
      await person.event('call-incoming');
      await caller.press('Cancel');
      await person.reads('Missed');
    },
  },
  {
    words: "words='",
    run: async (person) => {
      await person.panel((shown) => void shown.call('nobody'));
      await person.find('Ring the desk again');
    },
  },
];

/** One of two presses its button, the other one answers. */
async function call(caller: Person, callee: Person, label: string): Promise<void> {
  await caller.event('presence-change', { presence: 'online' });
  await caller.press(label);
  await callee.press('Accept');
  await Promise.all([caller.event('call-connected'), callee.event('call-connected')]);
  assert.deepEqual([...caller.complaints(), ...callee.complaints()], []);
}

const snippets = blocksIn('html');
const snippetWith = (words: string) => snippets.find(({ text }) => text.includes(words))!;
const [kiosk, frame, visitor, desk] = ['auto-answer', '<iframe', 'class="closed"', 'me="support"'].map(snippetWith) as [
  Block,
  Block,
  Block,
  Block,
];

describe('A snippet of HTML works as it stands', { concurrency: 4 }, () => {
  for (const { path, place, text } of snippets.filter((each) => ![kiosk, frame, visitor, desk].includes(each))) {
    test(place, async (t) => {
      const { calls, label, me, tokens } = readSnippet(text);
      const world = await openWorld(t, tokens ? { authSecret, origins: '*', guests: [me!] } : {});
      const person = await openSnippet(world, text);
      await isSound(person, text);
      for (const { run } of FURTHER.filter(({ words }) => text.includes(words))) await run(person, world);
      if (calls === undefined || path !== 'README.md') return;
      const other = await world.visit({ name: calls, markup: panel({ me: calls, ...SMALL }) });
      await call(person, other, label);
    });
  }

  test(`${visitor.place} and ${desk.place}: a visitor who was told that nobody is at the desk calls it when somebody is`, async (t) => {
    const world = await openWorld(t, { authSecret, origins: '*', guests: ['support'] });
    const calling = await openSnippet(world, visitor.text);
    await calling.reads('Nobody is at the desk now.');
    const called = await openSnippet(world, desk.text);
    await Promise.all([isSound(calling, visitor.text), isSound(called, desk.text)]);
    await call(calling, called, 'Talk to us');
    assert.equal(await calling.page.$eval('.closed', (line) => line.checkVisibility()), false);
  });

  test(`${frame.place}: the frame hands on camera and microphone, and nothing does without its allow`, async (t) => {
    const world = await openWorld(t, { demo: true });
    const inner = `${world.relay.origin}/pair.html?me=desk&peer=nobody`;
    const outer = frame.text.replace(/src="[^"]+"/, `src="${inner}"`);
    const opens = async (text: string): Promise<string> => {
      const person = await openSnippet(world, text);
      const [, within] = person.page.frames();
      await within!.waitForFunction(() => document.querySelector('video-call-panel')?.shadowRoot);
      return within!.evaluate(() =>
        navigator.mediaDevices.getUserMedia({ audio: true, video: true }).then(
          (stream) =>
            stream
              .getTracks()
              .map(({ kind }) => kind)
              .sort()
              .join(),
          ({ name }: Error) => name,
        ),
      );
    };
    assert.deepEqual(await Promise.all([opens(outer), opens(outer.replace(/ allow="[^"]+"/, ''))]), ['audio,video', 'NotAllowedError']);
  });

  test(`${kiosk.place}: with the browser's flags of the guide it answers and is seen and heard, and nobody has clicked`, async (t) => {
    const line = blocksIn('sh')
      .flatMap(({ text }) => linesOf(text))
      .find((each) => each.startsWith('chromium'))!;
    const flags = argumentsOf(line).filter((each) => each.startsWith('--') && each !== '--kiosk');
    const world = await openWorld(t, { authSecret, origins: '*', guests: ['hall'] });
    const hall = await openSnippet(world, kiosk.text, { flags });
    await isSound(hall, kiosk.text);
    const caller = await world.visit({
      name: 'caller',
      markup: panel({ ...SMALL, 'virtual-camera': false }) + button({ peer: 'hall' }, 'Call'),
    });
    await caller.event('presence-change', { presence: 'online' });
    await caller.press('Call');
    await Promise.all([caller.seesAndHears(), hall.seesAndHears()]);
    assert.equal(await hall.page.evaluate(() => new AudioContext().state), 'running');
  });
});

describe('A script works as it stands', { concurrency: 4 }, () => {
  for (const { place, text } of blocksIn('js')) {
    const name = scriptFor(text);
    // What nobody runs is told of by test/scripts/documents.test.ts.
    if (name) test(`${place}, ${name}`, (t) => RUN[name](t, text));
  }
});
