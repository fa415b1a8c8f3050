import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isCallMessage, parseFromPage, parseFromPartner, parseFromRelay } from '../../../relay/protocol/index.js';
import type { Parsed } from '../../../relay/protocol/index.js';
import { CALL, FROM, betweenPages, every, fromRelay, stamped, toRelay } from './samples.js';
import type { Sample } from './samples.js';

type Parser = (text: string) => Parsed<{ type: string }>;

const text = (message: object): string => JSON.stringify(message);
const label = (sample: Sample): string => `${sample.type} of ${text(sample).length} characters`;

/** Why a message is refused; fails when it is not. */
function refusalOf(parse: Parser, source: string): string {
  const { message, refusal } = parse(source);
  assert.equal(message, undefined);
  assert.ok(refusal && refusal.message.length <= 200, 'a refusal is a short sentence');
  return refusal.message;
}

function accepts(parse: Parser, sample: Sample): void {
  const { message, refusal } = parse(text(sample));
  assert.equal(refusal, undefined, `${label(sample)}: ${refusal?.message}`);
  assert.deepEqual(message, sample);
}

describe('the parser takes every message in its own direction', () => {
  it('a relay takes what a page says to it', () => {
    for (const sample of every(toRelay)) accepts(parseFromPage, sample);
  });
  it('a relay takes what a page says to another', () => {
    for (const sample of every(betweenPages)) accepts(parseFromPage, sample);
  });
  it('a page takes what the relay says', () => {
    for (const sample of every(fromRelay)) accepts(parseFromRelay, sample);
  });
  it('a page takes what another page says with the stamp of the relay', () => {
    for (const sample of every(betweenPages)) accepts(parseFromRelay, stamped(sample));
  });
  it('a page takes what its partner says over the data channel, without a stamp', () => {
    for (const sample of every(betweenPages)) accepts(parseFromPartner, sample);
  });
});

describe('the parser refuses every message in the wrong direction', () => {
  const nowhere = 'This type of message does not exist, or not in this direction.';

  it('a relay refuses what only a relay says', () => {
    for (const sample of every(fromRelay)) if (!(sample.type in toRelay)) assert.equal(refusalOf(parseFromPage, text(sample)), nowhere);
  });
  it('a page refuses what only a page says to a relay', () => {
    for (const sample of every(toRelay)) if (!(sample.type in fromRelay)) assert.equal(refusalOf(parseFromRelay, text(sample)), nowhere);
  });
  it('a partner is refused everything that is not said between pages', () => {
    for (const sample of [...every(toRelay), ...every(fromRelay)]) assert.equal(refusalOf(parseFromPartner, text(sample)), nowhere);
  });
  it('a page refuses what another page says without the stamp of the relay', () => {
    for (const sample of every(betweenPages)) assert.match(refusalOf(parseFromRelay, text(sample)), /^The field "from" of /);
  });
  it('a page refuses a stamp that names no device', () => {
    for (const from of ['alice', 'alice/', '/d', 'a/b/c', '', 1, null, {}])
      assert.match(refusalOf(parseFromRelay, text({ ...betweenPages.ack.least, from })), /^The field "from" of /);
  });
});

describe('the parser lets nobody forge the sender', () => {
  const forged = 'The field "from" is written by the relay alone.';
  const body = text(betweenPages.ack.least).slice(0, -1);
  const spellings: Record<string, string> = {
    plainly: `${body},"from":"${FROM}"}`,
    'with one escaped letter': `${body},"\\u0066rom":"${FROM}"}`,
    'with all letters escaped': `${body},"\\u0066\\u0072\\u006F\\u006d":"${FROM}"}`,
    'twice, the second time empty': `${body},"from":"${FROM}","from":null}`,
    'as its first field': `{"from":"${FROM}",${body.slice(1)}}`,
    'as null': `${body},"from":null}`,
    'as a list': `${body},"from":["${FROM}"]}`,
  };
  for (const [how, source] of Object.entries(spellings))
    it(`a from that a page writes ${how} is refused, at the relay and on the data channel`, () => {
      assert.equal(refusalOf(parseFromPage, source), forged);
      assert.equal(refusalOf(parseFromPartner, source), forged);
    });

  it('a from is refused in messages to the relay itself, too', () => {
    for (const sample of every(toRelay)) assert.equal(refusalOf(parseFromPage, text(stamped(sample))), forged);
  });
  it('a stamp that is appended last wins over any from before it', () => {
    const { message } = parseFromRelay(`${body},"from":"mallory/1","\\u0066rom":"mallory/2","from":"${FROM}"}`);
    assert.equal((message as { from?: string }).from, FROM);
  });
  it('a from in another spelling or place is an unknown field, and no sender', () => {
    for (const field of ['"From":"x/y"', '"from ":"x/y"', '"fr\\u0000om":"x/y"', '"re":{"from":"x/y"}', '"__proto__":{"from":"x/y"}']) {
      const { message } = parseFromPage(`${body},${field}}`);
      assert.ok(message && (message as { from?: string }).from === undefined, field);
    }
  });
});

describe('the parser refuses what is no message', () => {
  it('text that is not JSON', () => {
    for (const source of [
      '',
      ' ',
      '{',
      '{"type":"ping"',
      '{"type":"ping"},',
      "{'type':'ping'}",
      '{"type":NaN}',
      'undefined',
      '\u0000',
      '{"type":"ping",}',
      '\ufeff{"type":"ping"}',
    ])
      assert.equal(refusalOf(parseFromPage, source), 'The message is not JSON.');
  });
  it('JSON that is not an object', () => {
    for (const source of ['null', 'true', '0', '"ping"', '[]', '[{"type":"ping"}]', '-0', '1e400'])
      assert.equal(refusalOf(parseFromPage, source), 'The message is not a JSON object.');
  });
  it('an object without a type that is a text', () => {
    for (const source of [
      '{}',
      '{"type":null}',
      '{"type":1}',
      '{"type":["ping"]}',
      '{"type":{"toString":"ping"}}',
      '{"Type":"ping"}',
      '{"__proto__":{"type":"ping"}}',
    ])
      assert.equal(refusalOf(parseFromPage, source), 'The field "type" is missing or not a text.');
  });
  it('a type that does not exist, also one that every JavaScript object knows', () => {
    for (const type of [
      '',
      'Ping',
      'ping ',
      'pi\u0000ng',
      '__proto__',
      'constructor',
      'toString',
      'hasOwnProperty',
      'valueOf',
      '0',
      'x'.repeat(60_000),
    ])
      for (const parse of [parseFromPage, parseFromRelay, parseFromPartner] as Parser[])
        assert.equal(
          refusalOf(parse, text({ type, to: 'bob', call: CALL, n: 1, ack: 0 })),
          'This type of message does not exist, or not in this direction.',
        );
  });
  it('brackets nested 30,000 deep, alone, as a field and inside a field', () => {
    const bomb = '['.repeat(30_000) + ']'.repeat(30_000);
    assert.equal(refusalOf(parseFromPage, '['.repeat(30_000)), 'The message is not JSON.');
    assert.equal(refusalOf(parseFromPage, bomb), 'The message is not a JSON object.');
    assert.match(refusalOf(parseFromPage, `{"type":"watch","addresses":${bomb}}`), /"addresses\[0\]"/);
    assert.equal(refusalOf(parseFromPage, `{"type":${bomb}}`), 'The field "type" is missing or not a text.');
    assert.ok(parseFromPage(`{"type":"ping","more":${bomb}}`).message, 'an unknown field is not looked into');
    const objects = '{"re":'.repeat(9_000) + '1' + '}'.repeat(9_000);
    assert.match(refusalOf(parseFromRelay, `{"type":"error","code":"protocol","message":"","re":{"type":${objects}}}`), /"re\.type"/);
  });
});

describe('a refusal tells what is wrong and nothing else', () => {
  it('names type, call and number where they are well-formed, so that the sender knows which message it was', () => {
    const { refusal } = parseFromPage(text({ ...betweenPages.hangup.least, n: 7, reason: 'No' }));
    assert.deepEqual(refusal, {
      message: 'The field "reason" of "hangup" is missing or not as the protocol says.',
      type: 'hangup',
      call: CALL,
      n: 7,
    });
  });
  it('names call and number of a message of unknown type, but not the type', () => {
    const { refusal } = parseFromPage(text({ type: 'hold', to: 'bob', call: CALL, n: 7, ack: 0 }));
    assert.deepEqual(refusal, { message: 'This type of message does not exist, or not in this direction.', call: CALL, n: 7 });
  });
  it('leaves out a call and a number that are not well-formed', () => {
    for (const [call, n] of [
      ['<script>', -1],
      [CALL.toUpperCase(), 1.5],
      [{}, '7'],
      [null, 2 ** 31],
      [[CALL], [7]],
    ])
      assert.deepEqual(Object.keys(parseFromPage(text({ type: 'hangup', to: 'bob', call, n, ack: 0, reason: 'left' })).refusal!), [
        'message',
        'type',
      ]);
  });
  it('never quotes a value or the name of an unknown field', () => {
    const marker = 'SECRET';
    const sources = [
      marker,
      text({ type: marker }),
      text({ type: 'token', token: [marker] }),
      text({ type: 'hello', device: `${marker} ` }),
      text({ type: 'status', presence: marker }),
      text({ ...betweenPages.invite.least, to: `${marker}/`, [marker]: marker }),
      text({ ...betweenPages.hangup.least, call: marker }),
      text({ ...betweenPages.candidates.least, candidates: [{ [marker]: marker }] }),
    ];
    for (const source of sources) assert.ok(!JSON.stringify(parseFromPage(source)).includes(marker), source);
  });
});

describe('the parser is open to what newer clients add', () => {
  it('an unknown field is ignored, wherever it stands, whatever it is called', () => {
    const extra = '"more":{"a":[1,null]},"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"toString":1,"":0';
    for (const sample of [...every(toRelay), ...every(betweenPages)]) {
      const { message } = parseFromPage(`{${extra},${text(sample).slice(1)}`);
      assert.equal(message?.type, sample.type);
    }
    const { message } = parseFromPage(text({ ...betweenPages.description.least, description: { type: 'offer', sdp: '', newer: true } }));
    assert.equal(message?.type, 'description');
    assert.equal(({} as { polluted?: boolean }).polluted, undefined);
    assert.equal(Object.prototype.toString.call(message), '[object Object]');
  });
  it('a reason may be a word that this version does not know', () => {
    for (const type of ['decline', 'cancel', 'hangup'] as const)
      accepts(parseFromPage, { ...betweenPages[type].least, reason: 'do-not-disturb' });
  });
});

describe('a message between pages can be told from one of the relay', () => {
  it('by its type', () => {
    for (const sample of every(betweenPages)) assert.equal(isCallMessage(sample), true);
    for (const sample of [...every(toRelay), ...every(fromRelay)]) assert.equal(isCallMessage(sample), false);
    for (const type of ['__proto__', 'constructor', 'toString']) assert.equal(isCallMessage({ type }), false);
  });
});
