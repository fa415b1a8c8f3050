/** Why calls do not get through, found out by real pages: the right finding for each thing that is wrong, in one sentence. */
import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { json } from 'node:stream/consumers';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { Diagnosis, Finding } from '../../components/diagnosis/findings.js';
import { freePort, startTurn, withoutTurn } from '../support/daemons.js';
import { openSite, pageWith } from '../support/pages.js';
import type { Site } from '../support/pages.js';
import { PATIENCE } from '../support/person.js';
import type { Person } from '../support/person.js';
import { startRelay } from '../support/relay.js';
import { openWorld, panel } from '../support/world.js';
import type { Visit } from '../support/world.js';

/** A page that makes its diagnosis by itself, without a gesture of anybody. */
const ITSELF = `<script type="module">
  await customElements.whenDefined('video-call-panel');
  const panel = document.querySelector('video-call-panel');
  await panel.updateComplete;
  const since = performance.now();
  window.diagnosis = { ...(await panel.diagnose()), took: performance.now() - since };
</script>`;
const diagnosing = (values: Record<string, string | number | boolean> = {}): string => panel(values) + ITSELF;

type Told = Diagnosis & { readonly took: number };

/** What a page, or a frame of it, has found out. */
async function toldBy(person: Person, inFrame = false): Promise<Told> {
  let { page }: { page: Pick<Person['page'], 'waitForFunction'> } = person;
  if (inFrame) {
    const frame = await person.page.waitForFrame((each) => each !== person.page.mainFrame() && /page-/.test(each.url()), {
      timeout: PATIENCE,
    });
    page = frame;
  }
  const told = await page.waitForFunction(() => (window as unknown as { diagnosis?: object }).diagnosis, { timeout: 20_000 });
  return (await told.jsonValue()) as Told;
}

/** What was found of one check, as `outcome code about`. */
function of({ findings }: Diagnosis, check: string): string {
  const { outcome, code, about = '' } = findings.find((each) => each.check === check) as Finding;
  return `${outcome} ${code} ${about}`.trim();
}

async function siteFor(t: TestContext, host: string): Promise<Site> {
  const site = await openSite(host);
  t.after(() => site.close());
  return site;
}

const AUTH = 'a secret that site and relay share';

/** An address of this machine that browsers do not trust as they do its own loopback. */
const outer = Object.values(networkInterfaces())
  .flat()
  .find((at) => at?.family === 'IPv4' && !at.internal)?.address;

test(
  'A diagnosis finds what is wrong with relay, devices, frame and TURN, leaves nothing open, and names nobody',
  { skip: withoutTurn },
  async (t) => {
    const [turn, world, guarded, nowhere] = await Promise.all([
      startTurn(t),
      openWorld(t),
      startRelay({ authSecret: AUTH, origins: '*' }),
      freePort(),
    ]);
    t.after(() => guarded.close());
    const frames = await siteFor(t, 'localhost');
    const inner = world.site.add(pageWith(diagnosing(), `${world.relay.origin}/video-call.js`));
    const framing = frames.add(`<!doctype html><link rel="icon" href="data:," /><iframe src="${inner}"></iframe>`);
    const servers = JSON.parse(turn.iceServers) as [{ credential: string }];
    const wrong = JSON.stringify([{ ...servers[0], credential: 'wrong' }]);
    const here = `stun:127.0.0.1:${turn.port}`;
    const good = JSON.stringify([...(JSON.parse(turn.serversOver(`udp ${turn.port}`, `tcp ${turn.port}`)) as object[]), { urls: here }]);

    const [fine, down, refused, locked, silenced, framed, fenced, lost, near] = await Promise.all([
      world.visit({ name: 'fine', markup: diagnosing({ me: 'alice', 'ice-servers': good }) }),
      world.visit({ name: 'down', markup: diagnosing({ relay: `ws://127.0.0.1:${nowhere}/ws` }) }),
      world.visit({ name: 'refused', markup: diagnosing({ relay: guarded.socketUrl, me: 'bob', token: 'no-token-at-all' }) }),
      world.visit({ name: 'locked', markup: diagnosing({ 'ice-servers': wrong }) }),
      world.visit({ name: 'denied', markup: diagnosing(), permission: 'denied' }),
      world.visit({ name: 'framed', url: framing }),
      world.visit({ name: 'fenced', markup: diagnosing(), headers: { 'content-security-policy': "connect-src 'self'" } }),
      world.visit({ name: 'lost', markup: diagnosing({ relay: `${world.relay.origin}/elsewhere` }) }),
      world.visit({ name: 'near', markup: diagnosing({ relay: `${world.site.origin}/elsewhere` }) }),
    ]);

    await t.test('Everything is fine, and each way measured', async () => {
      const told = await toldBy(fine);
      assert.deepEqual(
        // Whoever drives a browser counts as a gesture sooner or later, after which every page may sound.
        told.findings
          .filter(({ check }) => check !== 'sound')
          .map(({ check }) => `${check}: ${of(told, check).split(' ').slice(0, 2).join(' ')}`),
        [
          'secure-context: ok ok',
          'browser: ok ok',
          'permissions: ok ok',
          'microphone: ok ok',
          'camera: ok ok',
          'relay: ok ok',
          'stun: ok ok',
          'turn-udp: ok ok',
          'turn-tcp: ok ok',
          'turn-tls: skipped not-offered',
          'media: ok ok',
        ],
      );
      assert.equal(told.summary, 'Everything works: you can make calls.');
      for (const check of ['relay', 'turn-udp', 'turn-tcp', 'media'])
        assert.ok(told.findings.find((each) => each.check === check)!.milliseconds! < 4000, check);
      for (const secret of ['127.0.0.1', 'alice', servers[0].credential, 'fake_device']) assert.ok(!told.report.includes(secret), secret);
      await fine.holdsNothing();
      assert.equal((await fine.live()).sockets, 1, 'only the page’s own connection to the relay is left');
    });

    await t.test('A relay that is down does not answer', async () => {
      const told = await toldBy(down);
      assert.equal(of(told, 'relay'), 'failed unreachable');
      assert.equal(told.summary, 'Call service: The call service does not answer: check your connection, or tell the owner of this site.');
      assert.equal(of(told, 'turn-udp'), 'skipped not-checked');
    });

    await t.test('A relay that refuses a token says so', async () => {
      const told = await toldBy(refused);
      assert.equal(of(told, 'relay'), 'failed unauthorized 4401');
      assert.match(told.summary, /does not accept who you are/);
    });

    await t.test('A policy of the page that forbids to connect is told from a relay that is down, and so is a wrong address', async () => {
      assert.equal(of(await toldBy(fenced), 'relay'), 'failed csp');
      assert.equal(of(await toldBy(lost), 'relay'), 'failed no-websocket');
      assert.equal(of(await toldBy(near), 'relay'), 'failed no-relay 404', 'of its own server a page learns that nothing is there');
    });

    await t.test('A TURN server refuses a wrong password', async () => {
      const told = await toldBy(locked);
      assert.equal(of(told, 'turn-udp'), 'failed turn-refused 401');
      assert.match(told.summary, /refuses the password of this site/);
      assert.equal(of(told, 'media'), 'skipped not-checked');
    });

    await t.test('Devices that are denied are denied, and a relay without TURN is a limit', async () => {
      const told = await toldBy(silenced);
      assert.deepEqual([of(told, 'microphone'), of(told, 'camera')], ['failed denied', 'failed denied']);
      assert.match(told.summary, /^Microphone: This page may not use it: click the icon beside the address/);
      assert.equal(of(told, 'turn-udp'), 'warning no-turn');
      assert.deepEqual(await silenced.captures(), [], 'nobody is asked for what was denied');
    });

    await t.test('A frame without allow names what it lacks', async () => {
      const told = await toldBy(framed, true);
      assert.match(of(told, 'permissions'), /^failed frame-blocks microphone; camera/);
      assert.match(told.summary, /the owner of the site must add allow="microphone; camera/);
      assert.equal(of(told, 'camera'), 'skipped not-checked');
    });
  },
);

test('A page without https needs it', { skip: !outer && 'This machine has no address but its own.' }, async (t) => {
  const [world, relay, plain] = await Promise.all([
    openWorld(t),
    startRelay({ host: outer!, open: true, origins: '*' }),
    siteFor(t, outer!),
  ]);
  t.after(() => relay.close());
  const url = plain.add(pageWith(diagnosing(), `${relay.origin}/video-call.js`));
  const told = await toldBy(await world.visit({ name: 'insecure', url, permission: 'denied' }));
  assert.deepEqual(
    [of(told, 'secure-context'), of(told, 'camera'), of(told, 'relay')],
    ['failed insecure-context', 'skipped not-checked', 'ok ok'],
  );
  assert.equal(told.summary, 'Secure page: Calls need a secure page: open this page with https.');
});

/** A page that hands in what it has found: whoever asks it by a debugger's way counts as a gesture, after which every page may sound. */
const HANDS_IN = `<script type="module">
  await customElements.whenDefined('video-call-panel');
  const told = await document.querySelector('video-call-panel').diagnose();
  await fetch('/told/' + navigator.userActivation.hasBeenActive, { method: 'POST', body: JSON.stringify(told) });
</script>`;

/** What a page finds that nobody has touched. */
async function toldUntouched(t: TestContext, variant: Pick<Visit, 'autoplay' | 'devices'>): Promise<Diagnosis> {
  const world = await openWorld(t);
  const told = new Promise<Diagnosis>((resolve) => {
    world.site.answer('/told/false', async (request, response) => {
      resolve((await json(request)) as Diagnosis);
      response.end();
    });
  });
  await world.visit({ markup: panel() + HANDS_IN, ...variant });
  return told;
}

test('A page that nobody has touched sounds only after a click, unless its browser lets it; a machine without a camera has none', async (t) => {
  const [usual, blind] = await Promise.all([
    toldUntouched(t, { autoplay: 'gesture' }),
    toldUntouched(t, { autoplay: 'allowed', devices: 'no-camera' }),
  ]);
  assert.deepEqual([of(usual, 'sound'), of(usual, 'camera')], ['warning sound-after-click', 'ok ok']);
  assert.equal(usual.ok, true);
  assert.deepEqual([of(blind, 'sound'), of(blind, 'microphone').split(' ')[0], of(blind, 'camera')], ['ok ok', 'ok', 'warning no-camera']);
  assert.equal(blind.ok, true);
});
