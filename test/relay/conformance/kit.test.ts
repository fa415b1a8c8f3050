/** The conformance kit: our own relay keeps every rule, however it is started, and each rule stands in PROTOCOL.md. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { signToken } from '../../../relay/conformance/people.js';
import { textOf } from '../../../relay/conformance/report.js';
import { RULES } from '../../../relay/conformance/rules/index.js';
import { RelayUnavailable, runConformance } from '../../../relay/conformance/run.js';
import type { ConformanceReport } from '../../../relay/conformance/run.js';
import { withoutRedis } from '../../support/redis.js';
import { startRelay, startRelays } from '../../support/relay.js';
import type { RelayOptions } from '../../support/relay.js';
import { SECRET } from '../support/tokens.js';

const ORIGIN = 'https://www.example.com';
const withTokens: RelayOptions = { authSecret: SECRET, authAudience: 'calls', authIssuer: 'https://www.example.com', origins: [ORIGIN] };
const credentials = { secret: SECRET, audience: 'calls', issuer: 'https://www.example.com', origin: ORIGIN };

/** Fails unless every rule was kept, and none was skipped but these. */
function ensureKept(report: ConformanceReport, skipped: RegExp): void {
  assert.equal(report.failed, 0, textOf(report));
  const wrongly = report.rules.filter(({ id, outcome }) => outcome === 'skipped' && !skipped.test(id));
  assert.deepEqual(
    wrongly.map(({ id, detail }) => `${id}: ${detail}`),
    [],
  );
  assert.ok(report.passed > 40);
}

const WITHOUT_TOKENS = /^(token-|calls|foreign-origin$)/;

describe('every rule is kept', { concurrency: true }, () => {
  test('by a relay that takes everybody at their word, within ten seconds', async (t) => {
    const relay = await startRelay({ roster: true });
    t.after(() => relay.close());
    const report = await runConformance({ url: relay.origin });
    ensureKept(report, WITHOUT_TOKENS);
    assert.ok(report.milliseconds < 15_000, `it took ${report.milliseconds} ms`);
  });

  test('by a relay that asks for tokens, knows its site, and lets guests in', async (t) => {
    const relay = await startRelay({ ...withTokens, guests: ['support'] });
    t.after(() => relay.close());
    ensureKept(await runConformance({ url: relay.socketUrl, ...credentials }), /^roster-too-soon$/);
  });

  test('by relays that are joined by a Redis, with tokens too', { skip: withoutRedis }, async (t) => {
    const [plain, asking] = [await startRelays(2, { roster: true }), await startRelays(2, withTokens)];
    t.after(() => Promise.all([plain.close(), asking.close()]));
    const [one, other] = await Promise.all([
      runConformance({ url: plain.socketUrl }),
      runConformance({ url: asking.socketUrl, ...credentials }),
    ]);
    ensureKept(one, WITHOUT_TOKENS);
    ensureKept(other, /^(guest|roster-too-soon)$/);
  });

  test('by a relay whose secret the kit does not know, as far as two tokens go', async (t) => {
    const relay = await startRelay({ authSecret: SECRET, origins: '*' });
    t.after(() => relay.close());
    const exp = Math.floor(Date.now() / 1000) + 600;
    const tokens = ['alice', 'bob'].map((sub) => signToken({ sub, exp }, SECRET));
    const only = ['stamp', 'to-a-peer', 'presence-comes', 'status', 'token-every-time', 'token-fresh-bad', 'invited-at-most', 'calls'];
    const report = await runConformance({ url: relay.socketUrl, tokens, only });
    const outcomes = Object.fromEntries(report.rules.map(({ id, outcome }) => [id, outcome]));
    const kept = Object.fromEntries(only.map((id) => [id, 'passed']));
    assert.deepEqual(outcomes, { ...kept, 'invited-at-most': 'skipped', calls: 'skipped' }, textOf(report));
  });
});

test('At a relay that asks for tokens, a kit without any looks at what it can, and says why not at the rest', async (t) => {
  const relay = await startRelay({ authSecret: SECRET, origins: '*' });
  t.after(() => relay.close());
  const report = await runConformance({ url: relay.socketUrl, only: ['subprotocol', 'token-missing', 'stamp'] });
  assert.deepEqual(
    report.rules.map(({ outcome }) => outcome),
    ['passed', 'skipped', 'passed'],
  );
  assert.match(report.rules[1]!.detail!, /--auth-secret/);
});

test('Every rule has a name of its own, and a heading of PROTOCOL.md', () => {
  const text = readFileSync(new URL('../../../relay/PROTOCOL.md', import.meta.url), 'utf8');
  const headings = new Set([...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading));
  for (const { id, section } of RULES) assert.ok(headings.has(section), `${id}: there is no heading “${section}”`);
  assert.equal(new Set(RULES.map(({ id }) => id)).size, RULES.length);
});

test('Every rule stands in CONFORMANCE.md by its count', () => {
  const text = readFileSync(new URL('../../../relay/CONFORMANCE.md', import.meta.url), 'utf8');
  assert.match(text, new RegExp(`\\b${RULES.length} rules\\b`));
});

describe('where there is nothing to look at, the kit says so', () => {
  const fails = (url: string, why: RegExp, options = {}): Promise<void> =>
    assert.rejects(runConformance({ url, ...options }), (error) => error instanceof RelayUnavailable && why.test(error.message));

  test('a URL that is none', () => fails('relay.example.com', /is no URL of a relay/));

  test('nobody who listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    await fails(`ws://127.0.0.1:${port}`, /no connection/);
  });

  test('a relay that asks for pages of another origin', async (t) => {
    const relay = await startRelay({ origins: [ORIGIN] });
    t.after(() => relay.close());
    await fails(relay.socketUrl, /403\. It asks for pages of a certain origin: name one with --origin/);
  });

  test('a token that is none', () =>
    assert.rejects(runConformance({ url: 'ws://127.0.0.1:1', tokens: ['nonsense'] }), /no JSON Web Token/));
});

describe('its command line', { concurrency: true }, () => {
  const cli = fileURLToPath(new URL('../../../relay/conformance/cli.ts', import.meta.url));
  const run = (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
    new Promise((resolve) => {
      const child = execFile(process.execPath, ['--import=tsx', cli, ...args], (_error, stdout, stderr) =>
        resolve({ code: child.exitCode!, stdout, stderr }),
      );
    });

  test('prints each rule with its section and ends with 0 where none is broken', async (t) => {
    const relay = await startRelay();
    t.after(() => relay.close());
    const { code, stdout } = await run(relay.socketUrl, '--only', 'ping,stamp,roster-too-soon');
    assert.equal(code, 0, stdout);
    assert.match(stdout, /`ping`\n {2}✔ ping +A `ping` is answered with a `pong`\./);
    assert.match(stdout, /– roster-too-soon +skipped: this relay keeps no roster\./);
    assert.match(stdout, /2 passed, 0 failed, 1 skipped/);
  });

  test('prints JSON, and ends with 1 where a rule is broken', async (t) => {
    const { openMutant } = await import('../support/mutant-relay.js');
    const relay = await startRelay();
    const mutant = await openMutant(relay.socketUrl, { closes: () => 1000 });
    t.after(() => Promise.all([mutant.close(), relay.close()]));
    const { code, stdout } = await run(mutant.url, '--only=binary', '--json');
    assert.equal(code, 1);
    const { rules, failed } = JSON.parse(stdout) as ConformanceReport;
    assert.equal(failed, 1);
    assert.equal(rules[0]!.detail, 'the close code 1000 (This protocol speaks text frames.)');
  });

  test('ends with 2 and a sentence for options that cannot be, and where nobody answers', async () => {
    const all = await Promise.all([
      run(),
      run('ws://127.0.0.1:1'),
      run('ws://127.0.0.1:1', '--onyl', 'x'),
      run('ws://x', '--only=nothing'),
    ]);
    assert.deepEqual(
      all.map(({ code }) => code),
      [2, 2, 2, 2],
    );
    assert.match(all[0].stderr, /the URL of the relay comes first/);
    assert.match(all[1].stderr, /no connection: .*ECONNREFUSED/);
    assert.match(all[2].stderr, /There is no option --onyl\./);
    assert.match(all[3].stderr, /there is no rule "nothing"/);
  });
});
