/** One event of every kind that can happen to a call, and of every word and clock that it can be about. */
import type { CallState } from '../../../components/call/call-state.js';
import type { CallEvent, TimerName } from '../../../components/call/events.js';
import type { CallContent } from '../../../relay/protocol/index.js';
import { ACCEPT, ANSWER, BOB, ALICE, CAPTURED, INVITE, OFFER, OTHER_BOB, RINGING_EARLY, candidate, heard } from './scenes.js';

type Plain = Exclude<CallEvent['type'], 'heard' | 'over' | 'path' | 'flowing'>;
type Kinds =
  | Plain
  | 'rings, and may prepare'
  | 'heard ringing with an answer'
  | 'heard ringing with an answer of another device'
  | 'heard accept without an answer'
  | 'heard accept of another device'
  | 'heard accept of an older offer'
  | 'heard next invite'
  | 'heard ringing with an answer to an older offer'
  | `over ${TimerName}`
  | `path ${'connected' | 'disconnected' | 'failed'}`
  | `flowing ${'audio' | 'video'}`
  | `heard ${Exclude<CallContent['type'], 'description'>}`
  | 'heard candidates of another gen'
  | `heard ${'next ' | ''}${'offer' | 'answer'}`
  | 'heard old offer'
  | `heard resume with ${'a next' | 'an old'} offer`;

/** From the other side's device: the partner's where there is one. */
const say = (content: CallContent) => (state: CallState) => heard(state.partner ?? (state.direction === 'outgoing' ? BOB : ALICE), content);
const it = (event: CallEvent) => (): CallEvent => event;
const over = (timer: TimerName) => it({ type: 'over', timer });

/** The compiler sees to it that no kind of event is missing here. */
export const EVENTS: { readonly [Kind in Kinds]: (state: CallState) => CallEvent } = {
  dial: it({ type: 'dial' }),
  rings: it({ type: 'rings', alert: 'sound' }),
  'rings, and may prepare': it({ type: 'rings', alert: 'visual', early: true }),
  take: it({ type: 'take', media: 'video' }),
  decline: it({ type: 'decline' }),
  wish: it({ type: 'wish', microphone: false }),
  record: it({ type: 'record', on: true }),
  hold: it({ type: 'hold', on: true }),
  'hang-up': it({ type: 'hang-up' }),
  leave: it({ type: 'leave' }),
  engaged: it({ type: 'engaged' }),
  withdraw: it({ type: 'withdraw' }),
  return: it({ type: 'return', ask: false }),
  proven: it({ type: 'proven' }),
  absent: it({ type: 'absent', steady: true }),
  present: it({ type: 'present' }),
  refused: it({ type: 'refused', code: 'rate-limited', detail: 'Too many calls.' }),
  captured: it(CAPTURED),
  'capture-failed': it({ type: 'capture-failed', code: 'media-denied' }),
  offered: it({ type: 'offered', description: OFFER, candidates: [candidate('o')] }),
  answered: it({ type: 'answered', description: ANSWER, candidates: [candidate('o')] }),
  prepared: it({ type: 'prepared', description: ANSWER, candidates: [candidate('o')], narrow: true }),
  unprepared: it({ type: 'unprepared' }),
  described: it({ type: 'described', description: OFFER }),
  gathered: it({ type: 'gathered', candidates: [candidate('g')] }),
  'flowing audio': it({ type: 'flowing', kind: 'audio' }),
  'flowing video': it({ type: 'flowing', kind: 'video' }),
  'path connected': it({ type: 'path', state: 'connected' }),
  'path disconnected': it({ type: 'path', state: 'disconnected' }),
  'path failed': it({ type: 'path', state: 'failed' }),
  quiet: it({ type: 'quiet' }),
  silent: it({ type: 'silent' }),
  microphone: it({ type: 'microphone', sounds: false }),
  parted: it({ type: 'parted' }),
  broken: it({ type: 'broken', detail: 'It broke.' }),
  'over ring': over('ring'),
  'over absence': over('absence'),
  'over connect': over('connect'),
  'over first-frame': over('first-frame'),
  'over recover': over('recover'),
  'over lead': over('lead'),
  'over retry': over('retry'),
  'over direct': over('direct'),
  'over renew': over('renew'),
  'over pause': over('pause'),
  'over notice': over('notice'),
  'over devices': over('devices'),
  'over rest': over('rest'),
  'heard invite': say(INVITE),
  'heard next invite': (state) => say({ ...INVITE, early: true, gen: state.gen + 1 })(state),
  'heard ringing': say({ type: 'ringing', alert: 'sound', name: 'Bob' }),
  'heard ringing with an answer': say(RINGING_EARLY),
  'heard ringing with an answer of another device': it(
    heard(OTHER_BOB, { type: 'ringing', alert: 'sound', name: 'Bob', description: ANSWER, gen: 0 }),
  ),
  'heard ringing with an answer to an older offer': (state) => say({ ...RINGING_EARLY, gen: state.gen - 1 })(state),
  'heard accept': say(ACCEPT),
  'heard accept without an answer': say({ type: 'accept', media: 'video', name: 'Bob' }),
  'heard accept of another device': it(heard(OTHER_BOB, ACCEPT)),
  'heard accept of an older offer': (state) => say({ ...ACCEPT, gen: state.gen - 1 })(state),
  'heard decline': say({ type: 'decline', reason: 'declined' }),
  'heard cancel': say({ type: 'cancel', reason: 'cancelled' }),
  'heard confirm': say({ type: 'confirm' }),
  'heard candidates': (state) => say({ type: 'candidates', candidates: [candidate('h')], gen: state.gen })(state),
  'heard candidates of another gen': (state) => say({ type: 'candidates', candidates: [candidate('h')], gen: state.gen + 1 })(state),
  'heard offer': (state) => say({ type: 'description', description: OFFER, gen: state.gen })(state),
  'heard answer': (state) => say({ type: 'description', description: ANSWER, gen: state.gen })(state),
  'heard next offer': (state) => say({ type: 'description', description: OFFER, gen: state.gen + 1 })(state),
  'heard next answer': (state) => say({ type: 'description', description: ANSWER, gen: state.gen + 1 })(state),
  'heard old offer': (state) => say({ type: 'description', description: OFFER, gen: state.gen - 1 })(state),
  'heard media': say({ type: 'media', microphone: true, camera: false, screen: false }),
  'heard resume': say({ type: 'resume' }),
  'heard resume with a next offer': (state) => say({ type: 'resume', description: OFFER, gen: state.gen + 1 })(state),
  'heard resume with an old offer': (state) => say({ type: 'resume', description: OFFER, gen: state.gen })(state),
  'heard hangup': say({ type: 'hangup', reason: 'hung-up' }),
  'heard ack': say({ type: 'ack' }),
};
