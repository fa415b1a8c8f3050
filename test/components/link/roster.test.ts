import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ANSWER_WITHIN, GOOD_FOR, RosterQuestions } from '../../../components/link/roster.js';
import type { Person } from '../../../relay/protocol/index.js';

/** Questions to a relay that is there, keeps a list and takes its time. */
function desk({ kept = true, reachable = true } = {}) {
  let now = 0;
  const timers = new Set<{ at: number; act: () => void }>();
  const sent: unknown[] = [];
  const questions = new RosterQuestions((message) => (sent.push(message), reachable), {
    now: () => now,
    wall: () => now,
    after(ms, act) {
      const timer = { at: now + ms, act };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
  });
  questions.online(kept);
  const pass = (ms: number) => {
    now += ms;
    for (const timer of [...timers]) if (timer.at <= now && timers.delete(timer)) timer.act();
  };
  return { questions, sent, pass, timers };
}

const BOB: readonly Person[] = [{ peer: 'bob', presence: 'online' }];

describe('The question who is there', () => {
  it('is put once for all who ask meanwhile, and its answer is good for a moment', async () => {
    const { questions, sent, pass, timers } = desk();
    const [one, two] = [questions.ask(), questions.ask()];
    questions.heard(BOB);
    assert.deepEqual(await Promise.all([one, two]), [BOB, BOB]);
    assert.deepEqual(sent, [{ type: 'roster' }]);
    assert.equal(timers.size, 0, 'nothing is waited for any more');
    pass(GOOD_FOR - 1);
    assert.equal(await questions.ask(), BOB);
    assert.equal(sent.length, 1);
    pass(1);
    const three = questions.ask();
    questions.heard([]);
    assert.deepEqual(await three, []);
    assert.equal(sent.length, 2);
  });

  it('is put again as soon as the relay allows', async () => {
    const { questions, sent, pass } = desk();
    for (const again of [700, undefined]) {
      const asked = questions.ask();
      questions.heard(BOB, again);
      assert.equal(await asked, BOB);
      assert.equal(questions.again, again);
      pass(699);
      assert.equal(await questions.ask(), BOB);
      pass(1);
    }
    assert.equal(await questions.ask(), BOB, 'where it does not say when, the answer is good for longer');
    assert.equal(sent.length, 2);
  });

  it('is not put to a relay that keeps no list', async () => {
    const { questions, sent } = desk({ kept: false });
    assert.equal(await questions.ask(), null);
    assert.deepEqual(sent, []);
  });

  it('has no answer while the relay is away, and is put again when it is back', async () => {
    const { questions, sent } = desk();
    const asked = questions.ask();
    questions.offline();
    assert.equal(await asked, undefined);
    assert.equal(await questions.ask(), undefined);
    assert.equal(sent.length, 1);
    questions.online(true);
    const again = questions.ask();
    questions.heard(BOB);
    assert.equal(await again, BOB);
  });

  it('is given up where no answer comes', async () => {
    const { questions, sent, pass } = desk();
    const asked = questions.ask();
    pass(ANSWER_WITHIN);
    assert.equal(await asked, undefined);
    void questions.ask();
    assert.equal(sent.length, 2);
  });

  it('waits for nothing that could not be sent', async () => {
    const { questions, timers } = desk({ reachable: false });
    assert.equal(await questions.ask(), undefined);
    assert.equal(timers.size, 0);
  });
});
