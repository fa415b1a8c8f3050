/** What every implementation of `Switchboard` must do. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';

import { PRESENCE_GRACE } from '../../../relay/protocol/index.js';
import type { Page, Switchboard } from '../../../relay/switchboard.js';
import { CALL } from './relay.js';

/**
 * A switchboard to be tested, and power over its time. Where it is one of several relays, pages come to them in turn,
 * and whoever asks asks another one each time: a test must not see a difference.
 */
export interface Rig {
  readonly switchboard: Switchboard;
  /** Lets seconds pass, as far as pages notice. */
  pass(seconds: number): void;
  /** Resolves when everything that was asked for has happened. At once for an implementation that never waits. */
  settled(): Promise<void>;
}

/** A page that keeps what it is told. */
export class FakePage implements Page {
  readonly heard: string[] = [];
  wasReplaced = false;

  constructor(
    readonly peer: string,
    readonly device = 'd1',
    readonly name?: string,
  ) {}

  receive(text: string): boolean {
    this.heard.push(text);
    return true;
  }

  replaced(): void {
    this.wasReplaced = true;
  }

  /** What it was told about others since it was last asked: `bob online`. */
  presences(): string[] {
    return this.heard.splice(0).map((text) => {
      const { address, presence, name } = JSON.parse(text) as { address: string; presence: string; name?: string };
      return [address, presence, ...(name === undefined ? [] : [name])].join(' ');
    });
  }
}

/** A message as a session hands it to the switchboard. */
export const messageTo = (to: string, n = 1): string => JSON.stringify({ type: 'ack', to, call: CALL, n, ack: 0, from: 'alice/a1' });

/** Runs the contract against an implementation. */
export function describeSwitchboard(title: string, createRig: (t: TestContext) => Rig | Promise<Rig>, skip: string | false = false): void {
  const rigged = (statement: string, run: (rig: Rig) => Promise<void>) =>
    test(statement, { skip }, async (t) => {
      const rig = await createRig(t);
      try {
        await run(rig);
      } finally {
        await rig.switchboard.close();
      }
    });

  describe(title, () => {
    rigged('a message for a peer reaches all of its devices, one for a device that device alone', async ({ switchboard, settled }) => {
      const [one, two, other] = [new FakePage('bob', 'd1'), new FakePage('bob', 'd2'), new FakePage('carol', 'd1')];
      for (const page of [one, two, other]) assert.equal(await switchboard.join(page, 'new-device'), 'joined');
      const [toAll, toOne] = [messageTo('bob'), messageTo('bob/d2')];
      assert.ok((await switchboard.deliver('bob', toAll)) >= 1);
      await settled();
      assert.equal(await switchboard.deliver('bob/d2', toOne), 1);
      await settled();
      assert.deepEqual([one.heard, two.heard, other.heard], [[toAll], [toAll, toOne], []]);
    });

    rigged('a message for somebody who is not there reaches nobody, and says so', async ({ switchboard }) => {
      await switchboard.join(new FakePage('bob'), 'new-device');
      assert.equal(await switchboard.deliver('nobody', messageTo('nobody')), 0);
      assert.equal(await switchboard.deliver('bob/d9', messageTo('bob/d9')), 0);
    });

    rigged('messages to one address keep their order', async ({ switchboard, settled }) => {
      const page = new FakePage('bob');
      await switchboard.join(page, 'new-device');
      const texts = Array.from({ length: 50 }, (_, n) => messageTo('bob', n));
      await Promise.all(texts.map(async (text) => switchboard.deliver('bob', text)));
      await settled();
      assert.deepEqual(page.heard, texts);
    });

    rigged('IDs that are names of object members are people like any other', async ({ switchboard }) => {
      for (const peer of ['__proto__', 'constructor', 'toString']) {
        assert.equal(await switchboard.deliver(peer, messageTo(peer)), 0);
        assert.equal(await switchboard.join(new FakePage(peer), 'new-device'), 'joined');
        assert.equal(await switchboard.deliver(peer, messageTo(peer)), 1);
      }
    });

    rigged('an address that a page has is given to no other page', async ({ switchboard }) => {
      const page = new FakePage('bob');
      await switchboard.join(page, 'new-device');
      assert.equal(await switchboard.join(new FakePage('bob'), 'new-device'), 'taken');
      assert.equal(await switchboard.deliver('bob', messageTo('bob')), 1);
      assert.equal(page.wasReplaced, false);
    });

    rigged('a peer that is there is joined by no page that wants to be alone', async ({ switchboard }) => {
      await switchboard.join(new FakePage('bob', 'd1'), 'new-peer');
      assert.equal(await switchboard.join(new FakePage('bob', 'd2'), 'new-peer'), 'taken');
      assert.equal(await switchboard.join(new FakePage('bob', 'd2'), 'new-device'), 'joined');
    });

    rigged('the roster lists nobody else where it is asked about some, and nobody who is not there', async ({ switchboard, settled }) => {
      for (const peer of ['alice', 'bob', 'carol']) await switchboard.join(new FakePage(peer), 'new-device');
      await settled();
      const { people: listed } = await switchboard.roster((peer) => peer !== 'carol', new Set(['dave', 'bob', 'carol']));
      assert.deepEqual(
        listed.map(({ peer }) => peer),
        ['bob'],
      );
    });

    rigged('whoever takes an address over gets its messages, and the page before is told once', async ({ switchboard, settled }) => {
      const [before, after] = [new FakePage('bob'), new FakePage('bob')];
      await switchboard.join(before, 'new-device');
      assert.equal(await switchboard.join(after, 'take-over'), 'joined');
      await settled();
      assert.equal(before.wasReplaced, true);
      switchboard.leave(before, true);
      assert.equal(await switchboard.deliver('bob', messageTo('bob')), 1);
      await settled();
      assert.deepEqual([before.heard, after.heard], [[], [messageTo('bob')]]);
    });

    rigged(
      'a page that dropped gets nothing, keeps its address for the grace time, and then loses it',
      async ({ switchboard, pass, settled }) => {
        const page = new FakePage('bob');
        await switchboard.join(page, 'new-device');
        switchboard.leave(page, false);
        await settled();
        assert.equal(await switchboard.deliver('bob', messageTo('bob')), 0);
        assert.equal(await switchboard.join(new FakePage('bob'), 'new-device'), 'taken');
        pass(PRESENCE_GRACE + 1);
        await settled();
        assert.equal(await switchboard.join(new FakePage('bob'), 'new-device'), 'joined');
      },
    );

    rigged(
      'a watcher hears at once, when somebody comes, and when he has gone for the grace time',
      async ({ switchboard, pass, settled }) => {
        const [watcher, bob] = [new FakePage('alice'), new FakePage('bob', 'd1', 'Bob')];
        await switchboard.join(watcher, 'new-device');
        switchboard.watch('bob', watcher);
        switchboard.watch('bob/d1', watcher);
        await settled();
        assert.deepEqual(watcher.presences(), ['bob offline', 'bob/d1 offline']);
        await switchboard.join(bob, 'new-device');
        await settled();
        assert.deepEqual(watcher.presences(), ['bob online Bob', 'bob/d1 online Bob']);
        switchboard.leave(bob, false);
        pass(PRESENCE_GRACE - 1);
        await settled();
        assert.deepEqual(watcher.presences(), []);
        pass(2);
        await settled();
        assert.deepEqual(watcher.presences(), ['bob offline', 'bob/d1 offline']);
      },
    );

    rigged('a page that leaves for good is offline at once', async ({ switchboard, settled }) => {
      const [watcher, bob] = [new FakePage('alice'), new FakePage('bob')];
      await switchboard.join(bob, 'new-device');
      switchboard.watch('bob', watcher);
      await settled();
      switchboard.leave(bob, true);
      await settled();
      assert.deepEqual(watcher.presences(), ['bob online', 'bob offline']);
    });

    rigged(
      'a page that returns within the grace time was never offline, and its return is told',
      async ({ switchboard, pass, settled }) => {
        const [watcher, bob] = [new FakePage('alice'), new FakePage('bob')];
        await switchboard.join(bob, 'new-device');
        switchboard.watch('bob', watcher);
        await settled();
        switchboard.leave(bob, false);
        pass(PRESENCE_GRACE - 1);
        await switchboard.join(new FakePage('bob'), 'take-over');
        pass(PRESENCE_GRACE * 2);
        await settled();
        assert.deepEqual(watcher.presences(), ['bob online', 'bob online']);
      },
    );

    rigged(
      'a person has the name of the page that came last, or none where that one gave none, and whoever watches is told when that changes',
      async ({ switchboard, pass, settled }) => {
        const watcher = new FakePage('alice');
        const [old, other, nameless] = [new FakePage('bob', 'd1', 'Old'), new FakePage('bob', 'd2', 'New'), new FakePage('bob', 'd3')];
        const named = async () => (await switchboard.roster()).people.find(({ peer }) => peer === 'bob')?.name;
        switchboard.watch('bob', watcher);
        await settled();
        for (const page of [old, other, nameless]) {
          await switchboard.join(page, 'new-device');
          await settled();
          assert.equal(await named(), page.name);
        }
        assert.deepEqual(watcher.presences(), ['bob offline', 'bob online Old', 'bob online New', 'bob online']);
        switchboard.leave(nameless, true);
        await settled();
        assert.deepEqual(watcher.presences(), ['bob online New']);
        switchboard.leave(other, false);
        await settled();
        pass(PRESENCE_GRACE + 1);
        await settled();
        assert.deepEqual(watcher.presences(), ['bob online Old']);
        switchboard.leave(old, true);
        await switchboard.join(new FakePage('bob', 'd4'), 'new-device');
        await settled();
        assert.deepEqual(watcher.presences().at(-1), 'bob online');
        assert.equal(await named(), undefined);
      },
    );

    rigged('every further device is told, even where the word stays the same', async ({ switchboard, settled }) => {
      const watcher = new FakePage('alice');
      switchboard.watch('bob', watcher);
      await settled();
      await switchboard.join(new FakePage('bob', 'd1'), 'new-device');
      await switchboard.join(new FakePage('bob', 'd2'), 'new-device');
      await settled();
      assert.deepEqual(watcher.presences(), ['bob offline', 'bob online', 'bob online']);
    });

    rigged('a person is busy while any of his devices is', async ({ switchboard, settled }) => {
      const [watcher, one, two] = [new FakePage('alice'), new FakePage('bob', 'd1'), new FakePage('bob', 'd2')];
      await switchboard.join(one, 'new-device');
      await switchboard.join(two, 'new-device');
      switchboard.watch('bob', watcher);
      switchboard.watch('bob/d2', watcher);
      await settled();
      // What is known first may be told before what is found out elsewhere.
      assert.deepEqual(new Set(watcher.presences()), new Set(['bob online', 'bob/d2 online']));
      for (const act of [
        () => switchboard.setStatus(one, 'busy'),
        () => switchboard.setStatus(two, 'busy'),
        () => switchboard.setStatus(one, 'online'),
        () => switchboard.leave(two, true),
      ]) {
        await settled();
        act();
      }
      await settled();
      assert.deepEqual(watcher.presences(), ['bob busy', 'bob/d2 busy', 'bob online', 'bob/d2 offline']);
    });

    rigged('who returns to his address is as busy as he was, unless he does not confirm it', async ({ switchboard, pass, settled }) => {
      const [watcher, page] = [new FakePage('alice'), new FakePage('bob')];
      await switchboard.join(page, 'new-device');
      switchboard.setStatus(page, 'busy');
      switchboard.leave(page, false);
      switchboard.watch('bob', watcher);
      await settled();
      await switchboard.join(new FakePage('bob'), 'take-over');
      await settled();
      assert.deepEqual(watcher.presences(), ['bob busy', 'bob busy']);
      pass(PRESENCE_GRACE + 1);
      await settled();
      assert.deepEqual(watcher.presences(), ['bob online']);
    });

    rigged('who confirms that he is busy stays so', async ({ switchboard, pass, settled }) => {
      const [watcher, page, again] = [new FakePage('alice'), new FakePage('bob'), new FakePage('bob')];
      await switchboard.join(page, 'new-device');
      switchboard.setStatus(page, 'busy');
      await switchboard.join(again, 'take-over');
      switchboard.setStatus(again, 'busy');
      pass(PRESENCE_GRACE * 2);
      switchboard.watch('bob', watcher);
      await settled();
      assert.deepEqual(watcher.presences(), ['bob busy']);
    });

    rigged('a watcher that has ended it hears no more', async ({ switchboard, settled }) => {
      const watcher = new FakePage('alice');
      switchboard.watch('bob', watcher);
      await settled();
      switchboard.unwatch('bob', watcher);
      switchboard.unwatch('bob', watcher);
      await switchboard.join(new FakePage('bob'), 'new-device');
      await settled();
      assert.deepEqual(watcher.presences(), ['bob offline']);
    });

    rigged('the roster lists each person once, with name and presence, and no guests', async ({ switchboard, settled }) => {
      const bob = new FakePage('bob', 'd1', 'Robert');
      await switchboard.join(bob, 'new-device');
      await switchboard.join(new FakePage('bob', 'd2', 'Bob'), 'new-device');
      await switchboard.join(new FakePage('guest-1'), 'new-device');
      switchboard.setStatus(bob, 'busy');
      await settled();
      assert.deepEqual((await switchboard.roster()).people, [{ peer: 'bob', name: 'Bob', presence: 'busy' }]);
      assert.deepEqual((await switchboard.roster((peer) => peer !== 'bob')).people, []);
    });

    rigged('a roster says how many people were looked through, also those whom it may not show', async ({ switchboard, settled }) => {
      for (const peer of ['alice', 'bob', 'carol', 'guest-1']) await switchboard.join(new FakePage(peer), 'new-device');
      await settled();
      assert.deepEqual(await switchboard.roster(() => false), { people: [], of: 3 });
    });

    rigged(
      'whoever takes over a device that is there is let in, however many pages the person has, and its page is told',
      async ({ switchboard, settled }) => {
        const pages = ['d1', 'd2', 'd3'].map((device) => new FakePage('bob', device));
        for (const page of pages) await switchboard.join(page, 'new-device');
        await settled();
        const back = new FakePage('bob', 'd1');
        assert.equal(await switchboard.join(back, 'take-over', 2), 'joined');
        await settled();
        assert.equal(pages[0]!.wasReplaced, true);
        assert.equal(await switchboard.deliver('bob/d1', messageTo('bob/d1')), 1);
        await settled();
        assert.deepEqual(back.heard, [messageTo('bob/d1')]);
        assert.equal(await switchboard.join(new FakePage('bob', 'd4'), 'take-over', 2), 'full');
      },
    );

    rigged(
      'a person has no more pages than he may, those whose return is awaited included, and comes back to one of them',
      async ({ switchboard, pass, settled }) => {
        const pages = ['d1', 'd2'].map((device) => new FakePage('bob', device));
        for (const page of pages) assert.equal(await switchboard.join(page, 'new-device', 2), 'joined');
        const third = new FakePage('bob', 'd3');
        for (const as of ['new-device', 'take-over'] as const) assert.equal(await switchboard.join(third, as, 2), 'full');
        assert.equal(await switchboard.join(pages[0]!, 'new-device', 2), 'taken');
        switchboard.leave(pages[0]!, false);
        await settled();
        assert.equal(await switchboard.join(third, 'new-device', 2), 'full');
        assert.equal(await switchboard.join(new FakePage('bob', 'd1'), 'take-over', 2), 'joined');
        switchboard.leave(pages[1]!, false);
        await settled();
        assert.equal(await switchboard.join(third, 'new-device', 2), 'full');
        pass(PRESENCE_GRACE + 1);
        await settled();
        assert.equal(await switchboard.join(third, 'new-device', 2), 'joined');
        assert.equal(await switchboard.deliver('bob/d3', messageTo('bob/d3')), 1);
      },
    );

    rigged('of two pages that ask for one address in the same moment, one gets it', async ({ switchboard }) => {
      for (const as of ['new-device', 'new-peer'] as const) {
        const pages = [new FakePage(as), new FakePage(as)];
        const got = await Promise.all(pages.map(async (page) => switchboard.join(page, as)));
        assert.deepEqual([...got].sort(), ['joined', 'taken']);
        assert.equal(await switchboard.join(new FakePage(as, 'd2'), 'new-device', 1), 'full');
        assert.equal(await switchboard.deliver(`${as}/d1`, messageTo(`${as}/d1`)), 1);
      }
    });

    rigged('a page that moves on again and again is where it came last, and busy as it was', async ({ switchboard, settled }) => {
      const watcher = new FakePage('alice');
      const pages = Array.from({ length: 5 }, () => new FakePage('bob', 'd1', 'Bob'));
      await switchboard.join(pages[0]!, 'new-device');
      switchboard.watch('bob/d1', watcher);
      await settled();
      switchboard.setStatus(pages[0]!, 'busy');
      await settled();
      assert.deepEqual(watcher.presences(), ['bob/d1 online Bob', 'bob/d1 busy Bob']);
      for (const page of pages.slice(1)) {
        assert.equal(await switchboard.join(page, 'take-over'), 'joined');
        await settled();
        assert.deepEqual(watcher.presences(), ['bob/d1 busy Bob']);
      }
      assert.deepEqual(
        pages.map(({ wasReplaced }) => wasReplaced),
        [true, true, true, true, false],
      );
      assert.equal(await switchboard.join(new FakePage('bob', 'd2'), 'new-device', 1), 'full');
      switchboard.leave(pages[4]!, true);
      await settled();
      assert.deepEqual(watcher.presences(), ['bob/d1 offline']);
    });

    rigged('who watches an address that nobody can have is told that nobody is there', async ({ switchboard, settled }) => {
      const watcher = new FakePage('alice');
      switchboard.watch('!', watcher);
      assert.equal(await switchboard.deliver('!', messageTo('!')), 0);
      await settled();
      assert.deepEqual(watcher.presences(), ['! offline']);
    });
  });
}
