/** Calls at every point of their lives, brought there by what really brings them there; and steps, in words. */
import { incoming, outgoing, returned } from '../../../components/call/call-state.js';
import { step } from '../../../components/call/machine.js';
import type { CallState, Step } from '../../../components/call/call-state.js';
import type { CallRecord } from '../../../components/call/record.js';
import type { CallEvent, Effect } from '../../../components/call/events.js';
import type { CallContent, Description } from '../../../relay/protocol/index.js';

export const OFFER: Description = { type: 'offer', sdp: 'the offer' };
export const ANSWER: Description = { type: 'answer', sdp: 'the answer' };

/** A candidate that can be told from others. */
export const candidate = (name: string): { candidate: string } => ({ candidate: name });

/** The device of bob's that takes alice's calls, and another one of his. */
export const BOB = 'bob/b1';
export const OTHER_BOB = 'bob/b2';
export const ALICE = 'alice/a1';

/** Something that a device of the other side said. */
export const heard = (from: string, content: CallContent): CallEvent => ({ type: 'heard', from, content });

/** One thing after the other, without what it causes. */
export const after = (state: CallState, ...events: CallEvent[]): CallState =>
  events.reduce((before, event) => step(before, event).state, state);

const fromAlice = (content: CallContent): CallEvent => heard(ALICE, content);
const fromBob = (content: CallContent): CallEvent => heard(BOB, content);

export const INVITE = {
  type: 'invite',
  media: 'video',
  name: 'Alice',
  expires: 60,
  description: OFFER,
  candidates: [candidate('a')],
  gen: 0,
} as const satisfies CallContent;
export const ACCEPT = {
  type: 'accept',
  media: 'video',
  name: 'Bob',
  description: ANSWER,
  candidates: [candidate('b')],
  gen: 0,
} as const satisfies CallContent;
export const RINGING_EARLY = {
  type: 'ringing',
  alert: 'sound',
  name: 'Bob',
  description: ANSWER,
  candidates: [candidate('b')],
  gen: 0,
} as const satisfies CallContent;
const ACCEPT_EARLY: CallContent = { type: 'accept', media: 'video', name: 'Bob' };
export const CAPTURED: CallEvent = { type: 'captured', microphone: true, camera: true };
const OFFERED: CallEvent = { type: 'offered', description: OFFER, candidates: [candidate('a')] };
const ANSWERED: CallEvent = { type: 'answered', description: ANSWER, candidates: [candidate('b')] };
const FLOWING: CallEvent = { type: 'flowing', kind: 'video' };
const BROKEN_OFF: CallEvent = { type: 'path', state: 'disconnected' };
const FAILED: CallEvent = { type: 'path', state: 'failed' };
const PROVEN: CallEvent = { type: 'proven' };
const PARTED: CallEvent = { type: 'parted' };
const OVER_PAUSE: CallEvent = { type: 'over', timer: 'pause' };
const description = (kind: Description, gen: number): CallContent => ({ type: 'description', description: kind, gen });

/** What a page of bob's wrote down of the call that it was in. */
export const RECORD: CallRecord = {
  id: '6f1c0a52-9d3e-4b7a-8c21-0e5d4f3a2b19',
  peer: 'alice',
  partner: ALICE,
  direction: 'incoming',
  media: 'video',
  name: 'Alice',
  startedAt: 1_700_000_000_000,
  gen: 2,
  n: 7,
  received: 9,
  local: { microphone: false, camera: true, screen: false },
  remote: { microphone: true, camera: true, screen: false },
};

/** What a page of alice's wrote down of the call that rang at bob's when it was left. */
export const RINGING_RECORD = {
  id: '6f1c0a52-9d3e-4b7a-8c21-0e5d4f3a2b19',
  peer: 'bob',
  direction: 'outgoing',
  media: 'video',
  name: 'Bob',
  startedAt: 0,
  gen: 0,
  n: 3,
  received: 0,
  local: { microphone: false, camera: true, screen: false },
  remote: { microphone: false, camera: false, screen: false },
  heard: [
    { from: BOB, received: 2 },
    { from: OTHER_BOB, received: 1 },
  ],
  rings: { alert: 'visual', leftAt: 1_700_000_000_000, until: 1_700_000_050_000 },
} as const satisfies CallRecord;
const comeBack = (ask: boolean): CallEvent => ({ type: 'return', ask });

const toCall = outgoing({ media: 'video', me: ALICE, myName: 'Alice', ringFor: 60 });
const toBeCalled = incoming({ me: BOB, myName: 'Bob' });
const preparing = after(toCall, { type: 'dial' });
const callingEarly = after(
  outgoing({ media: 'video', me: ALICE, myName: 'Alice', ringFor: 60, early: true }),
  { type: 'dial' },
  CAPTURED,
  OFFERED,
);
const answeredEarly = after(callingEarly, fromBob(RINGING_EARLY));
const calling = after(preparing, CAPTURED, OFFERED);
const ringing = after(calling, fromBob({ type: 'ringing', alert: 'visual', name: 'Bob' }));
const connectingCaller = after(ringing, fromBob(ACCEPT));
const connectedCaller = after(connectingCaller, FLOWING);
const rung = after(toBeCalled, fromAlice(INVITE));
const rungEarly = after(toBeCalled, fromAlice({ ...INVITE, early: true }));
const makingEarly = after(rungEarly, { type: 'rings', alert: 'sound', early: true });
const madeEarly = after(makingEarly, { type: 'prepared', description: ANSWER, candidates: [candidate('b')], narrow: true });
const heardAgain = after(madeEarly, fromAlice({ ...INVITE, early: true, gen: 1 }));
const standsEarly = after(madeEarly, { type: 'path', state: 'connected' });
const taken = after(rung, { type: 'take', media: 'video' });
const connectingCallee = after(taken, CAPTURED, ANSWERED);
const connectedCallee = after(connectingCallee, FLOWING);

const offering = after(connectedCaller, FAILED, PROVEN);
const followed = after(connectedCallee, FAILED, fromAlice(description(OFFER, 1)));
const toReturn = returned(RECORD, 0, { me: BOB, myName: 'Bob' });
const toRingOn = returned(RINGING_RECORD, RINGING_RECORD.rings.leftAt + 2000, { me: ALICE, myName: 'Alice', early: true });
const ringingOn = after(toRingOn, comeBack(false));

/** Alice's side of a call to bob and bob's side of it, at every point. */
export const SCENES = {
  'idle, about to call': toCall,
  'idle, about to be called': toBeCalled,
  'calling, still preparing': preparing,
  calling,
  ringing,
  'calling, an answer may come early': callingEarly,
  'ringing, answered early': answeredEarly,
  'ringing, what was prepared is of no use': after(answeredEarly, PARTED),
  'ringing, a page that follows': ringingOn,
  'ringing, a page that follows and has offered': after(ringingOn, OFFERED),
  incoming: rung,
  'incoming, and it rings': after(rung, { type: 'rings', alert: 'sound' }),
  'incoming, an answer may go early': rungEarly,
  'incoming, the early answer is being made': makingEarly,
  'incoming, the early answer is told': madeEarly,
  'incoming, the prepared path stands': standsEarly,
  'incoming, the caller has just gone to another page': heardAgain,
  'incoming, the caller goes from page to page': after(heardAgain, fromAlice({ ...INVITE, gen: 2 })),
  'connecting, just taken over a path that stands': after(standsEarly, { type: 'take', media: 'video' }),
  'connecting, the caller over a prepared path': after(answeredEarly, fromBob(ACCEPT_EARLY)),
  'connecting, the caller who makes a new connection': after(answeredEarly, PARTED, fromBob(ACCEPT)),
  'connecting, just taken': taken,
  'connecting, the caller': connectingCaller,
  'connecting, the callee': connectingCallee,
  'connected, the caller': connectedCaller,
  'connected, the callee': connectedCallee,
  'connected, the caller whose path has gone quiet': after(connectedCaller, { type: 'quiet' }, PROVEN),
  'connected, the callee whose path has gone quiet': after(connectedCallee, { type: 'quiet' }, PROVEN),
  'reconnecting, the caller': after(connectedCaller, BROKEN_OFF),
  'reconnecting, the callee': after(connectedCallee, BROKEN_OFF),
  'reconnecting, the caller who restarts': after(connectedCaller, BROKEN_OFF, PROVEN),
  'reconnecting, the caller who is to rebuild': after(connectedCaller, FAILED),
  'reconnecting, the caller who has just offered': offering,
  'reconnecting, the caller who offers': after(offering, OVER_PAUSE),
  'reconnecting, the caller who is answered': after(offering, OVER_PAUSE, fromBob(description(ANSWER, 1))),
  'reconnecting, the callee who offers': after(connectedCallee, FAILED, { type: 'over', timer: 'lead' }, PROVEN, OVER_PAUSE),
  'reconnecting, the callee who has just followed': followed,
  'reconnecting, the callee who is led further at once': after(followed, fromAlice(description(OFFER, 2))),
  'reconnecting, the caller whose path stands': after(connectedCaller, BROKEN_OFF, { type: 'path', state: 'connected' }),
  'reconnecting, the caller whom the other side left': after(connectedCaller, PARTED),
  'reconnecting, a page that came back': after(toReturn, comeBack(false)),
  'reconnecting, a page that came back and asks': after(toReturn, comeBack(true)),
  'connected, a page that asks': after(toReturn, comeBack(true), PROVEN, OFFERED, OVER_PAUSE, FLOWING),
  ended: after(connectedCaller, { type: 'hang-up' }),
  'idle, about to come back': toReturn,
  'idle, about to ring on': toRingOn,
  'idle, after a call': after(connectedCallee, { type: 'hang-up' }, { type: 'over', timer: 'rest' }),
} as const satisfies Record<string, CallState>;
export type SceneName = keyof typeof SCENES;

const listed = (...words: readonly (string | number | boolean | undefined)[]): string =>
  words.filter((word) => word !== undefined && word !== '' && word !== false).join(' ');
const names = (candidates: readonly { candidate: string }[] = []): string => candidates.map(({ candidate: name }) => name).join('+');
const lanes = (of: { microphone: boolean; camera: boolean }): string =>
  `${of.microphone ? 'mic' : 'no-mic'} ${of.camera ? 'cam' : 'no-cam'}`;

const ofGen = (gen: number | undefined): string => (gen ? `of gen ${gen}` : '');

/** What is said, in words. */
function wordsOf(content: CallContent): string {
  switch (content.type) {
    case 'invite':
      return listed(
        ...[content.type, content.media, content.name, content.expires, content.description.sdp, names(content.candidates)],
        content.early && 'early',
        ofGen(content.gen),
      );
    case 'ringing':
      return listed(content.type, content.alert, content.name, content.description?.sdp, names(content.candidates), ofGen(content.gen));
    case 'accept':
      return listed(content.type, content.media, content.name, content.description?.sdp, names(content.candidates), ofGen(content.gen));
    case 'cancel':
      return listed(content.type, content.reason, content.winner);
    case 'decline':
    case 'hangup':
      return listed(content.type, content.reason);
    case 'candidates':
      return listed(content.type, names(content.candidates), ofGen(content.gen));
    case 'description':
    case 'resume':
      return listed(content.type, content.description?.sdp, ofGen(content.gen));
    case 'media':
      return listed(content.type, lanes(content), content.screen && 'screen', content.paused && 'paused', content.recording && 'recording');
    default:
      return content.type;
  }
}

function wordsOfEffect(effect: Effect): string {
  switch (effect.type) {
    case 'say':
      return `tell ${effect.to}: ${wordsOf(effect.content)}`;
    case 'capture':
      return listed('capture', lanes(effect), effect.muted ? 'muted' : '');
    case 'offer':
      return `offer ${effect.media}`;
    case 'answer':
      return listed('answer', effect.description.sdp, names(effect.candidates), effect.ready && 'that is ready');
    case 'make-ready':
      return listed('make-ready', effect.description.sdp);
    case 'prepare':
      return listed('prepare', effect.description.sdp, names(effect.candidates));
    case 'connect':
      return listed('connect', effect.description.sdp, names(effect.candidates), effect.ahead && 'ahead');
    case 'describe':
      return listed('describe', effect.description.sdp);
    case 'add-candidates':
      return listed('add-candidates', names(effect.candidates));
    case 'start-timer':
      return `+${effect.timer} ${effect.seconds}`;
    case 'stop-timer':
      return `-${effect.timer}`;
    case 'trouble':
      return `trouble ${effect.code}`;
    default:
      return effect.type;
  }
}

const LETTING_GO =
  '; -ring; -absence; -connect; -first-frame; -direct; -recover; -lead; -retry; -renew; -pause; -notice; -devices; release; close; +rest 4';

/** What an end changes without saying so. */
const FORGOTTEN = ['phase', 'reason', 'offer', 'early', 'renewal', 'mend', 'pause', 'asking', 'wished', 'notices', 'local', 'remote'];

/** How the path is being mended, in words. */
function wordsOfMend({ mend, gen }: CallState): string {
  if (!mend) return 'mended';
  const { by, stage, returning, offering, stands, parted } = mend;
  const more = listed(returning && 'returning', offering && 'offering', stands && 'stands', parted && 'parted');
  return listed(by, gen, stage, more);
}

/** What is known after a step that was not known before, apart from where the call stands. */
function learnt(before: CallState, state: CallState): string {
  const told = state.phase === 'ended' ? FORGOTTEN : ['phase'];
  const changed = Object.keys(state).filter(
    (key) => before[key as keyof CallState] !== state[key as keyof CallState] && !told.includes(key),
  );
  const words = changed.map((key) =>
    key === 'mend' ? `${wordsOfMend(state)};` : key === 'renewal' ? `renewal ${state.renewal ?? 'over'};` : key,
  );
  return changed.length > 0 ? `(${words.join(' ').replace(/;$/, '')})` : '';
}

/**
 * A step in words: the phase it leads to with the reason of an end, the fields that changed, and all that is to be
 * done, in order. Letting everything go, which is always the same, is the word END.
 */
export function wordsOfStep(before: CallState, { state, effects }: Step): string {
  const all = effects
    .map((effect) => `; ${wordsOfEffect(effect)}`)
    .join('')
    .replace(LETTING_GO, '; END');
  return listed(state.phase, state.phase === 'ended' ? (state.reason ?? 'without a reason') : '', learnt(before, state)) + all;
}
