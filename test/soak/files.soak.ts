/** Large files in a video call: how fast they are, whether the sound suffers, and what they cost in memory. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { exposeLanes, openChat, savedFile, sendFile, soundOf } from '../support/chatting.js';
import { talk, twoPeople } from '../support/people.js';
import { openWorld } from '../support/world.js';
import { heapOf } from './support/own-browser.js';

const MEGABYTE = 1_000_000;
/** Milliseconds for which the sound is measured before there is a file. */
const LISTEN = 5000;
const SIZES = (process.env.SOAK_MEGABYTES ?? '50 100').split(' ').map(Number);

for (const megabytes of SIZES)
  test(`A file of ${megabytes} MB arrives as it was sent while both go on talking`, async (t) => {
    const world = await openWorld(t);
    const [alice, bob] = await twoPeople(world);
    await exposeLanes(bob);
    await talk(alice, bob);
    await Promise.all([openChat(alice), openChat(bob)]);
    const sum = await sendFile(alice, 'large.bin', megabytes * MEGABYTE);
    await bob.find('Receive large.bin');
    const first = await soundOf(bob);
    await wait(LISTEN);
    const [quiet, before] = await Promise.all([heapOf(bob), soundOf(bob)]);
    const from = performance.now();
    await bob.press('Receive large.bin');
    let most = 0;
    for (let done = false; !done;) {
      done = await bob.has('Save large.bin', 'link');
      most = Math.max(most, await heapOf(bob));
      if (performance.now() - from > 300_000) assert.fail('It has not arrived after five minutes.');
    }
    const seconds = (performance.now() - from) / 1000;
    const after = await soundOf(bob);
    assert.equal(await savedFile(bob, 'large.bin'), sum);
    const share = (from: typeof before, to: typeof before) => (to.madeUp - from.madeUp) / (to.played - from.played);
    const [usual, meanwhile] = [share(first, before), share(before, after)];
    t.diagnostic(
      `${seconds.toFixed(1)} s, ${(megabytes / seconds).toFixed(1)} MB/s; receiver's memory ${quiet.toFixed(0)} MB before, ${most.toFixed(0)} MB at most`,
    );
    const percent = (part: number) => `${(100 * part).toFixed(1)} %`;
    t.diagnostic(
      `of the sound ${percent(usual)} was made up before, ${percent(meanwhile)} meanwhile; ${after.lost - before.lost} packets lost`,
    );
    assert.ok(most - quiet < 40, `the receiver's memory grew by ${(most - quiet).toFixed(0)} MB`);
    assert.ok(meanwhile < usual + 0.05, `${percent(meanwhile)} of the sound was made up, and ${percent(usual)} before`);
    await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
  });
