/** The peer of `video-call-elements/testing` against real pages, and the site's test of TESTING.md as it stands there. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { connectPeer } from '../../testing/index.js';
import { requireChromium } from '../support/browsers.mjs';
import { button, openWorld, panel } from '../support/world.js';
import { writeExample } from '../testing/examples.js';

test('A peer without media rings a panel and is rung by it; taken calls stand in connecting until somebody hangs up', async (t) => {
  const world = await openWorld(t);
  const robot = await connectPeer({ relay: world.relay.origin, me: 'robot', displayName: 'Robot' });
  t.after(() => robot.close());
  const bob = await world.visit({ name: 'bob', markup: panel({ me: 'bob', peer: 'robot' }) });
  await robot.presence('bob', 'online');

  const call = robot.call('bob');
  await bob.find('Incoming video call from Robot', 'dialog');
  await call.ringing();
  await bob.press('Accept');
  await call.accepted();
  await bob.press('Hang up');
  assert.equal(await call.ended(), 'hung-up');

  await bob.press('Call again');
  const incoming = await robot.incomingCall();
  await bob.state('ringing');
  incoming.accept();
  await bob.state('connecting');
  incoming.hangUp();
  await bob.event('call-ended', { reason: 'hung-up' });
  assert.deepEqual(
    (await bob.events('call-error')).map(({ code }) => code),
    [],
  );
  await bob.holdsNothing();
});

test('The site of TESTING.md tests that its button rings support', async (t) => {
  const world = await openWorld(t);
  const { pageWith } = await import('../support/pages.js');
  const site = world.site.add(pageWith(button({ peer: 'support' }, 'Talk to us'), `${world.relay.origin}/video-call.js`));
  const env = { ...process.env, SITE: site, RELAY: world.relay.origin, CHROME_PATH: await requireChromium(), NODE_TEST_CONTEXT: undefined };
  const { code, output } = await new Promise<{ code: number; output: string }>((resolve) => {
    const args = ['--import=tsx', '--test', '--test-reporter=tap', writeExample(t, 'site.test.mjs')];
    const child = execFile(process.execPath, args, { env }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode!, output: stdout + stderr }),
    );
  });
  assert.equal(code, 0, output);
  assert.match(output, /# pass 1/);
});
