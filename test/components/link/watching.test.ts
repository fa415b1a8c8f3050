import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ASK_AGAIN_AFTER, Watching } from '../../../components/link/watching.js';
import { VirtualTime } from '../../support/model/time.js';
import { MAX_WATCHED } from '../../../relay/protocol/index.js';

/** A page's watching, what it sent in words, and a listener that writes down what it hears. */
function watching() {
  const sent: string[] = [];
  const heard: string[] = [];
  const time = new VirtualTime();
  const subject = new Watching((message) => {
    sent.push(`${message.type} ${'addresses' in message ? message.addresses.join() : ''}`);
    return true;
  }, time);
  const listener = (who: string) => (presence: string, name?: string) => void heard.push(`${who}: ${presence}${name ? ` ${name}` : ''}`);
  return { subject, sent, heard, listener, time };
}

describe('An address that is watched', () => {
  test('is told to the relay once, however many follow it, and let go with the last', () => {
    const { subject, sent, listener } = watching();
    const stopFirst = subject.watch('bob', listener('1'));
    const stopSecond = subject.watch('bob', listener('2'));
    stopFirst();
    stopFirst();
    assert.deepEqual(sent, ['watch bob']);
    stopSecond();
    stopSecond();
    assert.deepEqual(sent, ['watch bob', 'unwatch bob']);
  });

  test('is told to all who follow it, at each word of the relay', () => {
    const { subject, heard, listener } = watching();
    subject.watch('bob', listener('1'));
    subject.watch('bob', listener('2'));
    subject.watch('carol', listener('3'));
    subject.heard({ address: 'bob', presence: 'online', name: 'Bob' });
    subject.heard({ address: 'bob', presence: 'online', name: 'Bob' });
    subject.heard({ address: 'dave', presence: 'online' });
    assert.deepEqual(heard, ['1: online Bob', '2: online Bob', '1: online Bob', '2: online Bob']);
  });

  test('is told at once to one who comes later, where it is known', () => {
    const { subject, heard, listener } = watching();
    subject.watch('bob', listener('1'));
    subject.watch('bob', listener('2'));
    assert.deepEqual(heard, []);
    subject.heard({ address: 'bob', presence: 'busy', name: 'Bob' });
    subject.watch('bob', listener('3'));
    assert.deepEqual(heard.slice(2), ['3: busy Bob']);
  });

  test('is told no more to one who has stopped, not even while the word goes round', () => {
    const { subject, heard, listener } = watching();
    const stop = subject.watch('bob', listener('1'));
    subject.watch('bob', () => stop());
    subject.heard({ address: 'bob', presence: 'online' });
    subject.heard({ address: 'bob', presence: 'busy' });
    assert.deepEqual(heard, ['1: online']);
  });

  test('is unknown while the relay is gone, which is said once, and told to it again when it is back', () => {
    const { subject, sent, heard, listener } = watching();
    subject.watch('bob', listener('1'));
    subject.watch('carol', listener('2'));
    subject.heard({ address: 'bob', presence: 'online' });
    subject.offline();
    subject.offline();
    assert.deepEqual(heard, ['1: online', '1: unknown']);
    subject.online();
    assert.deepEqual(sent, ['watch bob', 'watch carol', 'watch bob,carol']);
  });
});

test('Where nobody is watched, a relay that is back is told nothing', () => {
  const { subject, sent, listener } = watching();
  subject.watch('bob', listener('1'))();
  sent.splice(0);
  subject.online();
  assert.deepEqual(sent, []);
});

describe('More addresses than the relay follows', () => {
  const full = () => {
    const page = watching();
    const stops = Array.from({ length: MAX_WATCHED + 2 }, (_, i) => page.subject.watch(`peer${i}`, page.listener(String(i))));
    return { ...page, stops };
  };

  test('are not all told to it, neither at once nor when it is back', () => {
    const { subject, sent } = full();
    assert.deepEqual([sent.length, sent.at(-1)], [MAX_WATCHED, `watch peer${MAX_WATCHED - 1}`]);
    sent.splice(0);
    subject.online();
    assert.equal(sent[0]!.split(',').length, MAX_WATCHED);
  });

  test('are told as soon as others make room', () => {
    const { sent, stops } = full();
    sent.splice(0);
    stops[3]!();
    assert.deepEqual(sent, ['unwatch peer3', `watch peer${MAX_WATCHED}`]);
    stops[MAX_WATCHED]!();
    assert.deepEqual(sent.slice(2), [`unwatch peer${MAX_WATCHED}`, `watch peer${MAX_WATCHED + 1}`]);
  });

  test('are not taken back where they were never told', () => {
    const { sent, stops } = full();
    sent.splice(0);
    stops[MAX_WATCHED + 1]!();
    assert.deepEqual(sent, []);
  });
});

describe('A relay that would tell no more for now', () => {
  test('is asked again a while later, once, for those of whom nothing is known', () => {
    const { subject, sent, listener, time } = watching();
    for (const peer of ['bob', 'carol', 'dave']) subject.watch(peer, listener(peer));
    subject.heard({ address: 'bob', presence: 'online' });
    sent.splice(0);
    subject.refused();
    subject.refused();
    time.run(ASK_AGAIN_AFTER - 1);
    assert.deepEqual(sent, []);
    time.run(ASK_AGAIN_AFTER + 1);
    assert.deepEqual(sent, ['watch carol,dave']);
    subject.refused();
    time.run(2 * ASK_AGAIN_AFTER);
    assert.deepEqual(sent.length, 2);
  });

  test('is not asked while it is gone, nor where nothing is unknown any more', () => {
    const { subject, sent, listener, time } = watching();
    subject.watch('bob', listener('1'));
    subject.refused();
    subject.offline();
    assert.equal(time.waiting, 0);
    sent.splice(0);
    subject.refused();
    subject.heard({ address: 'bob', presence: 'offline' });
    time.run(2 * ASK_AGAIN_AFTER);
    assert.deepEqual(sent, []);
  });
});
