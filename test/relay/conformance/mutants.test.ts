/** The kit can fail: each relay with a fault is caught by the rule that is meant for it, and by that rule a good one is let be. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RULES } from '../../../relay/conformance/rules/index.js';
import { runConformance } from '../../../relay/conformance/run.js';
import { startRelay } from '../../support/relay.js';
import { openMutant } from '../support/mutant-relay.js';
import type { Fault } from '../support/mutant-relay.js';

const without =
  (...names: readonly string[]) =>
  <T extends object>(message: T): T =>
    Object.fromEntries(Object.entries(message).filter(([name]) => !names.includes(name))) as T;

/** What is wrong, by the rule that must find it. */
const FAULTS: Readonly<Record<string, readonly [what: string, fault: Fault]>> = {
  stamp: ['forges the stamp', { toPage: (message) => (message['from'] ? { ...message, from: 'mallory/m1' } : message) }],
  'no-forged-stamp': ['lets pages write a stamp', { toRelay: without('from') }],
  'as-it-was': ['passes on what it knows alone', { toRelay: without('later') }],
  'every-message': ['drops a message that it does not know', { toRelay: (message) => (message.type === 'media' ? undefined : message) }],
  'to-a-peer': [
    'brings what is for a peer to its sender too',
    {
      toRelay(message, page) {
        if (message.type === 'hangup')
          page.say({ ...message, from: `${String(page.welcome?.['peer'])}/${String(page.welcome?.['device'])}` });
        return message;
      },
    },
  ],
  'to-a-device': [
    'brings what is for a device to all of the peer',
    { toRelay: (message) => (message['to'] ? { ...message, to: String(message['to']).split('/')[0] } : message) },
  ],
  'not-to-oneself': ['does not mind who calls himself', { toPage: (message) => (message.type === 'error' ? undefined : message) }],
  unreachable: ['keeps to itself that nobody was there', { toPage: (message) => (message.type === 'unreachable' ? undefined : message) }],
  'ack-unanswered': [
    'answers an acknowledgement',
    {
      toRelay: (message, page) => {
        if (message.type === 'ack') page.say({ type: 'unreachable', to: message['to'], call: message['call'], n: message['n'] });
        return message;
      },
    },
  ],
  ping: ['does not answer a ping', { toRelay: (message) => (message.type === 'ping' ? undefined : message) }],
  welcome: [
    'leaves out how often to ping',
    { toPage: (message) => (message.type === 'welcome' ? without('pingEvery')(message) : message) },
  ],
  resume: ['knows nobody again', { toRelay: (message) => (message.type === 'hello' ? without('resume')(message) : message) }],
  'address-in-use': [
    'gives an address away to whoever asks',
    {
      toPage: (message) => (message.type === 'welcome' ? { ...message, device: 'd1' } : message),
      toRelay: (message) => (message.type === 'hello' ? { ...message, device: 'd1' } : message),
    },
  ],
  'presence-grace': ['takes a cut for a goodbye', { hasty: true }],
  'presence-at-once': [
    'tells of whoever is there only',
    { toPage: (message) => (message['presence'] === 'offline' ? undefined : message) },
  ],
  status: [
    'never says that somebody is busy',
    { toPage: (message) => (message['presence'] === 'busy' ? { ...message, presence: 'online' } : message) },
  ],
  unwatch: ['goes on telling', { toRelay: (message) => (message.type === 'unwatch' ? undefined : message) }],
  'watched-at-most': ['lets a page watch without end', { toPage: (message) => (message.type === 'error' ? undefined : message) }],
  roster: ['lists nobody', { toPage: (message) => (message.type === 'roster' ? { ...message, peers: [] } : message) }],
  'error-says-which': [
    'does not say which message was wrong',
    { toPage: (message) => (message.type === 'error' ? without('re')(message) : message) },
  ],
  binary: ['passes over binary frames', { patient: true }],
  'largest-message': [
    'makes the kit itself stumble',
    { toPage: (message) => (message.type === 'welcome' ? { ...message, maxMessage: -1 } : message) },
  ],
  'too-large': ['closes with another code', { closes: (code) => (code === 1009 ? 1011 : code) }],
  'hello-first': ['closes as if all were well', { closes: () => 1000 }],
  'subprotocol-needed': ['takes every handshake', { lenient: true }],
  'invited-at-most': [
    'lets everybody be invited',
    { toPage: (message) => (message.type === 'error' ? { type: 'unreachable', to: 'nobody', ...(message['re'] as object) } : message) },
  ],
};

describe('a relay', { concurrency: true }, () => {
  for (const [rule, [what, fault]] of Object.entries(FAULTS)) {
    test(`that ${what} is caught by the rule ${rule}`, async (t) => {
      const relay = await startRelay({ roster: true });
      const [mutant, good] = [await openMutant(relay.socketUrl, fault), await openMutant(relay.socketUrl)];
      t.after(() => Promise.all([mutant.close(), good.close(), relay.close()]));
      const look = ({ url }: { readonly url: string }) => runConformance({ url, only: [rule] });
      const found = RULES.find(({ id }) => id === rule);
      assert.ok(found, 'the rule exists');
      // A rule that waits for long finds a good relay good in the tests of the whole kit.
      const [caught, spared] = await Promise.all([look(mutant), found.slow ? undefined : look(good)]);
      assert.deepEqual([caught.failed, caught.passed], [1, 0], JSON.stringify(caught.rules));
      if (spared) assert.deepEqual([spared.failed, spared.passed], [0, 1], JSON.stringify(spared.rules));
    });
  }
});
