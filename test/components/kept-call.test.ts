import assert from 'node:assert/strict';
import { beforeEach, describe, mock, test } from 'node:test';
import type { CallRecord } from '../../components/call/record.js';
import { KeptCall } from '../../components/kept-call.js';
import { RECORD, RINGING_RECORD } from '../support/call/scenes.js';

const NOW = 1_700_000_001_000;

/** What one page after the other finds and does. */
class Desk {
  stored: string | undefined;
  refuses = false;
  readonly done: string[] = [];

  /** A page of the same tab. */
  page(): KeptCall {
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- the getter needs it
    const desk = this;
    const identity = {
      device: 'a1',
      isKept: true,
      get call() {
        return desk.stored ?? null;
      },
      keepCall: (call: string | undefined) => void (desk.stored = call),
    };
    const certificate = { recall: async () => {}, keep: () => {}, forget: () => {} };
    const devices = { areVirtual: false, areGranted: async () => true };
    return new KeptCall(identity as never, { certificate } as never, devices as never, {
      refuses: () => desk.refuses,
      comeBack: (record, ask) => void desk.done.push(`${record.rings ? 'rings' : 'talks'} on${ask ? ', after a question' : ''}`),
      callOff: () => void desk.done.push('calls off'),
      givenUp: ({ name, direction }, at) => void desk.done.push(`gave up ${name}, ${direction}, ${at - RINGING_RECORD.rings.leftAt}`),
    });
  }

  /** The record of a call that rings, or with other fields. */
  ring(fields: Partial<CallRecord['rings']> = {}): this {
    this.stored = JSON.stringify({ ...RINGING_RECORD, rings: { ...RINGING_RECORD.rings, ...fields } });
    return this;
  }
}

const GIVEN_UP = ['calls off', 'gave up Bob, outgoing, 0'];

describe('The call of the last page', () => {
  beforeEach((t) => {
    mock.timers.reset();
    mock.timers.enable({ apis: ['Date'], now: NOW });
    (t as { after?: (end: () => void) => void }).after?.(() => mock.timers.reset());
  });

  test('is taken up, whether it rings or talks', async () => {
    const desk = new Desk().ring();
    const page = desk.page();
    await page.recall();
    assert.equal(page.isWanted, true);
    page.takeUp();
    desk.stored = JSON.stringify(RECORD);
    page.takeUp();
    assert.deepEqual(desk.done, ['rings on', 'talks on']);
    desk.stored = undefined;
    page.takeUp();
    assert.deepEqual([page.isWanted, desk.done.length], [false, 2]);
  });

  test('is given up where it rings and is not wanted, once, and never where it talks', () => {
    const desk = new Desk().ring();
    desk.refuses = true;
    const page = desk.page();
    assert.equal(page.isWanted, false);
    page.giveUp(true);
    page.giveUp(true);
    assert.deepEqual([desk.done, desk.stored], [GIVEN_UP, undefined]);
    desk.stored = JSON.stringify(RECORD);
    page.giveUp(true);
    assert.deepEqual([desk.done, desk.stored], [GIVEN_UP, JSON.stringify(RECORD)]);
  });

  test('that rang long ago is in the history alone: it rings nowhere, and nobody would know what is called off', () => {
    const desk = new Desk().ring({ until: NOW - 5000 });
    desk.page().giveUp(true);
    assert.deepEqual(desk.done, GIVEN_UP.slice(1));
    desk.done.length = 0;
    desk
      .ring({ until: NOW - 4999 })
      .page()
      .giveUp(true);
    assert.deepEqual(desk.done, GIVEN_UP);
  });

  test('whose place another one has taken is given up as soon as that can be said, by the page after this one if need be', () => {
    const desk = new Desk().ring();
    const page = desk.page();
    page.setAside();
    assert.deepEqual([page.isWanted, desk.stored, desk.done], [false, undefined, []]);
    // The relay has not been heard yet.
    assert.equal(page.leave(undefined), false);
    page.keep(undefined);
    page.leaveAside(undefined);
    const next = desk.page();
    assert.equal(next.isWanted, false, 'nobody takes it up any more');
    next.giveUp(true);
    assert.deepEqual([desk.done, desk.stored], [GIVEN_UP, undefined]);
  });

  test('that was given up as its page went is in the history of the next one, and called off no more', () => {
    const desk = new Desk();
    desk.page().leaveAside(RINGING_RECORD);
    const next = desk.page();
    assert.equal(next.isWanted, false);
    next.giveUp(true);
    assert.deepEqual([desk.done, desk.stored], [GIVEN_UP.slice(1), undefined]);
    next.leaveAside(RECORD);
    assert.equal(desk.stored, undefined, 'a call that talks is in the history already');
  });

  test('is nothing to whoever has signed in since', () => {
    const desk = new Desk().ring();
    const page = desk.page();
    page.setAside();
    page.giveUp(false);
    page.giveUp(true);
    page.leaveAside(undefined);
    assert.deepEqual([desk.done, desk.stored], [[], undefined]);
  });

  test('is given up by the next page also where this one had a call of its own, of which nobody has heard', () => {
    const desk = new Desk().ring();
    const page = desk.page();
    page.setAside();
    assert.equal(page.leave({ ...RINGING_RECORD, peer: 'carol', heard: [] }), false);
    page.leaveAside(undefined);
    desk.page().giveUp(true);
    assert.deepEqual(desk.done, GIVEN_UP);
  });

  test('is left to the next page where that may take it up', () => {
    const desk = new Desk();
    assert.equal(desk.page().leave(RECORD), true);
    assert.equal(desk.stored, JSON.stringify(RECORD));
    desk.stored = undefined;
    desk.refuses = true;
    assert.deepEqual([desk.page().leave(RECORD), desk.stored], [false, undefined]);
  });

  test('rings on at once in a page that was put aside and is shown again', () => {
    const desk = new Desk().ring();
    desk.page().takeUpAgain();
    assert.deepEqual(desk.done, ['rings on, after a question']);
  });
});
