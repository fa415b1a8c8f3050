/**
 * The machine's table, cell by cell: every point in the life of a call, every event, what comes of it. What is not
 * listed here leaves the call as it is, and that is tested as well: a cell that is added, removed or changed in the
 * machine has to be added, removed or changed here.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { incoming, outgoing, returned } from '../../../components/call/call-state.js';
import { isDecided, step } from '../../../components/call/machine.js';
import type { CallState, Step } from '../../../components/call/call-state.js';
import type { DeviceNotice } from '../../../components/call/errors.js';
import type { CallEvent, TimerName } from '../../../components/call/events.js';
import { PHASES } from '../../../components/call/phases.js';
import type { MediaState } from '../../../components/call/phases.js';
import { MAX_CANDIDATES } from '../../../relay/protocol/index.js';
import type { CallContent, Description } from '../../../relay/protocol/index.js';
import { EVENTS } from '../../support/call/events.js';
import {
  ACCEPT,
  ALICE,
  ANSWER,
  BOB,
  CAPTURED,
  OFFER,
  OTHER_BOB,
  INVITE,
  RECORD,
  RINGING_RECORD,
  SCENES,
  after,
  candidate,
  heard,
  wordsOfStep,
} from '../../support/call/scenes.js';
import type { SceneName } from '../../support/call/scenes.js';

type Table = { readonly [Scene in SceneName]: { readonly [Event in keyof typeof EVENTS]?: string } };

type Row = Table[SceneName];

/** What a cell is called that leaves the call as it is, where its like does something. */
const UNTOUCHED = 'untouched';

/** What all scenes have in common in which two sides are together, by phase and generation. */
function talking(phase: string, gen = 0): Row {
  const of = gen > 0 ? ` of gen ${gen}` : '';
  return {
    decline: 'ended hung-up; tell partner: hangup hung-up; END',
    record: `${phase} (local); tell partner: media mic cam recording`,
    hold: `${phase} (local); tell partner: media mic cam paused`,
    'hang-up': 'ended hung-up; tell partner: hangup hung-up; END',
    leave: 'ended left; tell partner: hangup left; END',
    broken: 'ended connection-lost; trouble protocol; tell partner: hangup connection-lost; END',
    captured: `${phase} (local); tell partner: media mic cam`,
    'capture-failed': `${phase}; trouble media-denied`,
    microphone: `${phase} (notices)`,
    offered: `${phase}; tell partner: description the offer${of}; tell partner: candidates o${of}`,
    answered: `${phase}; tell partner: description the answer${of}; tell partner: candidates o${of}`,
    described: `${phase}; tell partner: description the offer${of}`,
    gathered: `${phase}; tell partner: candidates g${of}`,
    ...(gen === 0 && phase === 'connected' && { 'over direct': 'connected; restart-ice' }),
    ...(gen === 0 && phase === 'reconnecting' && { 'over direct': 'reconnecting; +direct 1' }),
    'heard candidates': `${phase}; add-candidates h`,
    'heard offer': `${phase}; describe the offer`,
    'heard answer': `${phase}; describe the answer`,
    'heard media': `${phase} (remote)`,
    'heard hangup': 'ended hung-up; END',
  };
}

/** What all scenes have in common in which the path is being mended. */
const mending = (gen?: number): Row => ({
  ...talking('reconnecting', gen),
  absent: 'reconnecting; +absence 15',
  present: 'reconnecting; -absence',
  'flowing audio': 'connected (mended); -recover; -lead; -retry; -absence',
  'flowing video': 'connected (mended); -recover; -lead; -retry; -absence',
  'over absence': 'ended left; tell partner: hangup left; END',
  'over recover': 'ended connection-lost; tell partner: hangup connection-lost; END',
});

/** A page that follows the one from which the call was placed, before and after its own offer is said. */
// prettier-ignore
const ringingOn: Row = {
  'wish': 'ringing (wished)',
  'hang-up': 'ended cancelled; tell everyone: cancel cancelled; END',
  'leave': 'ended cancelled; tell everyone: cancel cancelled; END',
  'withdraw': 'ended answered-elsewhere; tell everyone: cancel answered-elsewhere; END',
  'absent': 'ringing; +absence 8',
  'present': 'ringing; -absence',
  'captured': 'ringing (captured local)',
  'capture-failed': 'ended media-denied; trouble media-denied; tell everyone: cancel media-denied; END',
  'offered': 'ringing; tell everyone: invite video Alice 48 the offer o early of gen 1; +ring 48',
  'gathered': 'ringing; tell everyone: candidates g of gen 1',
  'broken': 'ended connection-lost; trouble protocol; tell everyone: cancel cancelled; END',
  'over ring': 'ended no-answer; tell everyone: cancel no-answer; END',
  'over absence': 'ended unreachable; tell everyone: cancel cancelled; END',
  'over devices': 'ringing (notices)',
  'heard ringing': 'ringing (alert); -absence',
  'heard ringing with an answer': 'ringing (alert); -absence',
  'heard ringing with an answer of another device': 'ringing (alert); -absence',
  'heard ringing with an answer to an older offer': 'ringing (alert); -absence',
  'heard accept': 'connecting (partner early accepted gen pause rebuild 2 work offering; remote); tell everyone: cancel answered-elsewhere b1; tell partner: confirm; offer video; +pause 0.5; -ring; -absence; +connect 20',
  'heard accept without an answer': 'connecting (partner early accepted gen pause rebuild 2 work offering; remote); tell everyone: cancel answered-elsewhere b1; tell partner: confirm; offer video; +pause 0.5; -ring; -absence; +connect 20',
  'heard accept of another device': 'connecting (partner early accepted gen pause rebuild 2 work offering; remote); tell everyone: cancel answered-elsewhere b2; tell partner: confirm; offer video; +pause 0.5; -ring; -absence; +connect 20',
  'heard accept of an older offer': 'connecting (partner early accepted gen pause rebuild 2 work offering; remote); tell everyone: cancel answered-elsewhere b1; tell partner: confirm; offer video; +pause 0.5; -ring; -absence; +connect 20',
  'heard decline': 'ended declined; tell everyone: cancel declined-elsewhere; END',
  'heard resume': 'connecting (partner early accepted gen pause rebuild 2 work offering; remote); tell everyone: cancel answered-elsewhere b1; tell partner: confirm; offer video; +pause 0.5; -ring; -absence; +connect 20',
  'heard resume with a next offer': 'connecting (partner early accepted gen pause rebuild 2 work offering; remote); tell everyone: cancel answered-elsewhere b1; tell partner: confirm; offer video; +pause 0.5; -ring; -absence; +connect 20',
  'heard resume with an old offer': 'connecting (partner early accepted gen pause rebuild 2 work offering; remote); tell everyone: cancel answered-elsewhere b1; tell partner: confirm; offer video; +pause 0.5; -ring; -absence; +connect 20',
  'heard hangup': 'ended hung-up; tell everyone: cancel answered-elsewhere; END',
};

/** Next phase (fields that change); what is to be done. `+ring 60` starts a clock, `-ring` stops it. */
// prettier-ignore
const TABLE: Table = {
  'idle, about to call': {
    'dial': 'calling (wished); offer video; capture mic cam; -devices; +devices 1.5',
  },
  'idle, about to be called': {
    'heard invite': 'incoming (name partner offer invited media ringFor); +ring 65',
    'heard next invite': 'incoming (name partner offer early invited gen invitedGen media ringFor); +ring 65',
  },
  'calling, still preparing': {
    'over devices': 'calling (notices)',
    'wish': 'calling (wished)',
    'hang-up': 'ended cancelled; END',
    'leave': 'ended cancelled; END',
    'withdraw': 'ended answered-elsewhere; END',
    'absent': 'ended unreachable; END',
    'present': 'calling; -absence',
    'refused': 'ended refused; trouble rate-limited; END',
    'captured': 'calling (captured local)',
    'capture-failed': 'ended media-denied; trouble media-denied; END',
    'offered': 'calling (offer)',
    'broken': 'ended connection-lost; trouble protocol; END',
    'over ring': 'ended no-answer; END',
    'over absence': 'ended unreachable; END',
    'heard ringing': 'ringing (name alert); -absence',
    'heard ringing with an answer': 'ringing (name alert); -absence',
    'heard ringing with an answer of another device': 'ringing (name alert); -absence',
    'heard accept': 'connecting (name partner accepted remote); tell everyone: cancel answered-elsewhere b1; tell partner: confirm; connect the answer b; -ring; -absence; +connect 20',
    'heard accept of another device': 'connecting (name partner accepted remote); tell everyone: cancel answered-elsewhere b2; tell partner: confirm; connect the answer b; -ring; -absence; +connect 20',
    'heard decline': 'ended declined; END',
    'heard hangup': 'ended hung-up; END',
    'heard accept of an older offer': 'connecting (name partner accepted gen pause rebuild 1 work offering; remote); tell everyone: cancel answered-elsewhere b1; tell partner: confirm; offer video; +pause 0.5; -ring; -absence; +connect 20',
    'heard ringing with an answer to an older offer': 'ringing (name alert); -absence',
  },
  'calling': {
    'hang-up': 'ended cancelled; tell everyone: cancel cancelled; END',
    'leave': 'ended cancelled; tell everyone: cancel cancelled; END',
    'withdraw': 'ended answered-elsewhere; tell everyone: cancel answered-elsewhere; END',
    'absent': 'ended unreachable; tell everyone: cancel cancelled; END',
    'present': 'calling; -absence',
    'refused': 'ended refused; trouble rate-limited; tell everyone: cancel cancelled; END',
    'captured': 'calling (local)',
    'capture-failed': 'calling; trouble media-denied',
    'offered': 'calling; tell everyone: invite video Alice 60 the offer o; +ring 60',
    'gathered': 'calling; tell everyone: candidates g',
    'broken': 'ended connection-lost; trouble protocol; tell everyone: cancel cancelled; END',
    'over ring': 'ended no-answer; tell everyone: cancel no-answer; END',
    'over absence': 'ended unreachable; tell everyone: cancel cancelled; END',
    'heard ringing': 'ringing (name alert); -absence',
    'heard ringing with an answer': 'ringing (name alert); -absence',
    'heard ringing with an answer of another device': 'ringing (name alert); -absence',
    'heard accept': 'connecting (name partner accepted remote); tell everyone: cancel answered-elsewhere b1; tell partner: confirm; tell partner: media mic cam; connect the answer b; -ring; -absence; +connect 20',
    'heard accept of another device': 'connecting (name partner accepted remote); tell everyone: cancel answered-elsewhere b2; tell partner: confirm; tell partner: media mic cam; connect the answer b; -ring; -absence; +connect 20',
    'heard decline': 'ended declined; tell everyone: cancel declined-elsewhere; END',
    'heard hangup': 'ended hung-up; tell everyone: cancel answered-elsewhere; END',
    'heard resume': 'connecting (partner accepted gen pause rebuild 1 work offering; remote); tell everyone: cancel answered-elsewhere b1; tell partner: confirm; tell partner: media mic cam; offer video; +pause 0.5; -ring; -absence; +connect 20',
    'heard resume with a next offer': 'connecting (partner accepted gen pause rebuild 1 work offering; remote); tell everyone: cancel answered-elsewhere b1; tell partner: confirm; tell partner: media mic cam; offer video; +pause 0.5; -ring; -absence; +connect 20',
    'heard resume with an old offer': 'connecting (partner accepted gen pause rebuild 1 work offering; remote); tell everyone: cancel answered-elsewhere b1; tell partner: confirm; tell partner: media mic cam; offer video; +pause 0.5; -ring; -absence; +connect 20',
    'heard accept of an older offer': 'connecting (name partner accepted gen pause rebuild 1 work offering; remote); tell everyone: cancel answered-elsewhere b1; tell partner: confirm; tell partner: media mic cam; offer video; +pause 0.5; -ring; -absence; +connect 20',
    'heard ringing with an answer to an older offer': 'ringing (name alert); -absence',
  },
  'ringing': {
    'hang-up': 'ended cancelled; tell everyone: cancel cancelled; END',
    'leave': 'ended cancelled; tell everyone: cancel cancelled; END',
    'withdraw': 'ended answered-elsewhere; tell everyone: cancel answered-elsewhere; END',
    'absent': 'ringing; +absence 8',
    'present': 'ringing; -absence',
    'captured': 'ringing (local)',
    'capture-failed': 'ringing; trouble media-denied',
    'offered': 'ringing; tell everyone: invite video Alice 60 the offer o; +ring 60',
    'gathered': 'ringing; tell everyone: candidates g',
    'broken': 'ended connection-lost; trouble protocol; tell everyone: cancel cancelled; END',
    'over ring': 'ended no-answer; tell everyone: cancel no-answer; END',
    'over absence': 'ended unreachable; tell everyone: cancel cancelled; END',
    'heard ringing': 'ringing (alert); -absence',
    'heard ringing with an answer': 'ringing (alert); -absence',
    'heard ringing with an answer of another device': 'ringing (alert); -absence',
    'heard accept': 'connecting (partner accepted remote); tell everyone: cancel answered-elsewhere b1; tell partner: confirm; tell partner: media mic cam; connect the answer b; -ring; -absence; +connect 20',
    'heard accept of another device': 'connecting (partner accepted remote); tell everyone: cancel answered-elsewhere b2; tell partner: confirm; tell partner: media mic cam; connect the answer b; -ring; -absence; +connect 20',
    'heard decline': 'ended declined; tell everyone: cancel declined-elsewhere; END',
    'heard hangup': 'ended hung-up; tell everyone: cancel answered-elsewhere; END',
    'heard resume': 'connecting (partner accepted gen pause rebuild 1 work offering; remote); tell everyone: cancel answered-elsewhere b1; tell partner: confirm; tell partner: media mic cam; offer video; +pause 0.5; -ring; -absence; +connect 20',
    'heard resume with a next offer': 'connecting (partner accepted gen pause rebuild 1 work offering; remote); tell everyone: cancel answered-elsewhere b1; tell partner: confirm; tell partner: media mic cam; offer video; +pause 0.5; -ring; -absence; +connect 20',
    'heard resume with an old offer': 'connecting (partner accepted gen pause rebuild 1 work offering; remote); tell everyone: cancel answered-elsewhere b1; tell partner: confirm; tell partner: media mic cam; offer video; +pause 0.5; -ring; -absence; +connect 20',
    'heard accept of an older offer': 'connecting (partner accepted gen pause rebuild 1 work offering; remote); tell everyone: cancel answered-elsewhere b1; tell partner: confirm; tell partner: media mic cam; offer video; +pause 0.5; -ring; -absence; +connect 20',
    'heard ringing with an answer to an older offer': 'ringing (alert); -absence',
  },
  'calling, an answer may come early': {
    'hang-up': 'ended cancelled; tell everyone: cancel cancelled; END',
    'leave': 'ended cancelled; tell everyone: cancel cancelled; END',
    'withdraw': 'ended answered-elsewhere; tell everyone: cancel answered-elsewhere; END',
    'absent': 'ended unreachable; tell everyone: cancel cancelled; END',
    'present': 'calling; -absence',
    'refused': 'ended refused; trouble rate-limited; tell everyone: cancel cancelled; END',
    'captured': 'calling (local)',
    'capture-failed': 'calling; trouble media-denied',
    'offered': 'calling; tell everyone: invite video Alice 60 the offer o early; +ring 60',
    'gathered': 'calling; tell everyone: candidates g',
    'broken': 'ended connection-lost; trouble protocol; tell everyone: cancel cancelled; END',
    'over ring': 'ended no-answer; tell everyone: cancel no-answer; END',
    'over absence': 'ended unreachable; tell everyone: cancel cancelled; END',
    'heard ringing': 'ringing (name alert); -absence',
    'heard ringing with an answer': 'ringing (name alert early); -absence; connect the answer b ahead',
    'heard ringing with an answer of another device': 'ringing (name alert early); -absence; connect the answer ahead',
    'heard accept': 'connecting (name partner early accepted remote); tell everyone: cancel answered-elsewhere b1; tell partner: confirm; tell partner: media mic cam; connect the answer b; -ring; -absence; +connect 20',
    'heard accept without an answer': 'connecting (name partner early accepted gen pause rebuild 1 work offering; remote); tell everyone: cancel answered-elsewhere b1; tell partner: confirm; tell partner: media mic cam; offer video; +pause 0.5; -ring; -absence; +connect 20',
    'heard accept of another device': 'connecting (name partner early accepted remote); tell everyone: cancel answered-elsewhere b2; tell partner: confirm; tell partner: media mic cam; connect the answer b; -ring; -absence; +connect 20',
    'heard decline': 'ended declined; tell everyone: cancel declined-elsewhere; END',
    'heard hangup': 'ended hung-up; tell everyone: cancel answered-elsewhere; END',
    'heard resume': 'connecting (partner early accepted gen pause rebuild 1 work offering; remote); tell everyone: cancel answered-elsewhere b1; tell partner: confirm; tell partner: media mic cam; offer video; +pause 0.5; -ring; -absence; +connect 20',
    'heard resume with a next offer': 'connecting (partner early accepted gen pause rebuild 1 work offering; remote); tell everyone: cancel answered-elsewhere b1; tell partner: confirm; tell partner: media mic cam; offer video; +pause 0.5; -ring; -absence; +connect 20',
    'heard resume with an old offer': 'connecting (partner early accepted gen pause rebuild 1 work offering; remote); tell everyone: cancel answered-elsewhere b1; tell partner: confirm; tell partner: media mic cam; offer video; +pause 0.5; -ring; -absence; +connect 20',
    'heard accept of an older offer': 'connecting (name partner early accepted gen pause rebuild 1 work offering; remote); tell everyone: cancel answered-elsewhere b1; tell partner: confirm; tell partner: media mic cam; offer video; +pause 0.5; -ring; -absence; +connect 20',
    'heard ringing with an answer to an older offer': 'ringing (name alert); -absence',
  },
  'ringing, answered early': {
    'hang-up': 'ended cancelled; tell everyone: cancel cancelled; END',
    'leave': 'ended cancelled; tell everyone: cancel cancelled; END',
    'withdraw': 'ended answered-elsewhere; tell everyone: cancel answered-elsewhere; END',
    'absent': 'ringing; +absence 8',
    'present': 'ringing; -absence',
    'captured': 'ringing (local)',
    'capture-failed': 'ringing; trouble media-denied',
    'offered': 'ringing; tell everyone: invite video Alice 60 the offer o early; +ring 60',
    'unprepared': 'ringing (early)',
    'gathered': 'ringing; tell everyone: candidates g',
    'parted': 'ringing (early)',
    'broken': 'ended connection-lost; trouble protocol; tell everyone: cancel cancelled; END',
    'over ring': 'ended no-answer; tell everyone: cancel no-answer; END',
    'over absence': 'ended unreachable; tell everyone: cancel cancelled; END',
    'heard ringing': 'ringing; -absence',
    'heard ringing with an answer': 'ringing (early); -absence',
    'heard ringing with an answer of another device': 'ringing; -absence',
    'heard accept': 'connecting (partner early accepted gen pause rebuild 1 work offering; remote); tell everyone: cancel answered-elsewhere b1; tell partner: confirm; tell partner: media mic cam; offer video; +pause 0.5; -ring; -absence; +connect 20',
    'heard accept without an answer': 'connecting (partner accepted remote); tell everyone: cancel answered-elsewhere b1; tell partner: confirm; tell partner: media mic cam; begin; +retry 4; -ring; -absence; +connect 20',
    'heard accept of another device': 'connecting (partner early accepted gen pause rebuild 1 work offering; remote); tell everyone: cancel answered-elsewhere b2; tell partner: confirm; tell partner: media mic cam; offer video; +pause 0.5; -ring; -absence; +connect 20',
    'heard decline': 'ended declined; tell everyone: cancel declined-elsewhere; END',
    'heard candidates': 'ringing; add-candidates h',
    'heard hangup': 'ended hung-up; tell everyone: cancel answered-elsewhere; END',
    'heard resume': 'connecting (partner early accepted gen pause rebuild 1 work offering; remote); tell everyone: cancel answered-elsewhere b1; tell partner: confirm; tell partner: media mic cam; offer video; +pause 0.5; -ring; -absence; +connect 20',
    'heard resume with a next offer': 'connecting (partner early accepted gen pause rebuild 1 work offering; remote); tell everyone: cancel answered-elsewhere b1; tell partner: confirm; tell partner: media mic cam; offer video; +pause 0.5; -ring; -absence; +connect 20',
    'heard resume with an old offer': 'connecting (partner early accepted gen pause rebuild 1 work offering; remote); tell everyone: cancel answered-elsewhere b1; tell partner: confirm; tell partner: media mic cam; offer video; +pause 0.5; -ring; -absence; +connect 20',
    'heard accept of an older offer': 'connecting (partner early accepted gen pause rebuild 1 work offering; remote); tell everyone: cancel answered-elsewhere b1; tell partner: confirm; tell partner: media mic cam; offer video; +pause 0.5; -ring; -absence; +connect 20',
    'heard ringing with an answer to an older offer': 'ringing; -absence',
  },
  'ringing, what was prepared is of no use': {
    'hang-up': 'ended cancelled; tell everyone: cancel cancelled; END',
    'leave': 'ended cancelled; tell everyone: cancel cancelled; END',
    'withdraw': 'ended answered-elsewhere; tell everyone: cancel answered-elsewhere; END',
    'absent': 'ringing; +absence 8',
    'present': 'ringing; -absence',
    'captured': 'ringing (local)',
    'capture-failed': 'ringing; trouble media-denied',
    'offered': 'ringing; tell everyone: invite video Alice 60 the offer o early; +ring 60',
    'gathered': 'ringing; tell everyone: candidates g',
    'broken': 'ended connection-lost; trouble protocol; tell everyone: cancel cancelled; END',
    'over ring': 'ended no-answer; tell everyone: cancel no-answer; END',
    'over absence': 'ended unreachable; tell everyone: cancel cancelled; END',
    'heard ringing': 'ringing; -absence',
    'heard ringing with an answer': 'ringing; -absence',
    'heard ringing with an answer of another device': 'ringing; -absence',
    'heard accept': 'connecting (partner early accepted gen pause rebuild 1 work offering; remote); tell everyone: cancel answered-elsewhere b1; tell partner: confirm; tell partner: media mic cam; offer video; +pause 0.5; -ring; -absence; +connect 20',
    'heard accept without an answer': 'connecting (partner early accepted gen pause rebuild 1 work offering; remote); tell everyone: cancel answered-elsewhere b1; tell partner: confirm; tell partner: media mic cam; offer video; +pause 0.5; -ring; -absence; +connect 20',
    'heard accept of another device': 'connecting (partner early accepted gen pause rebuild 1 work offering; remote); tell everyone: cancel answered-elsewhere b2; tell partner: confirm; tell partner: media mic cam; offer video; +pause 0.5; -ring; -absence; +connect 20',
    'heard decline': 'ended declined; tell everyone: cancel declined-elsewhere; END',
    'heard hangup': 'ended hung-up; tell everyone: cancel answered-elsewhere; END',
    'heard resume': 'connecting (partner early accepted gen pause rebuild 1 work offering; remote); tell everyone: cancel answered-elsewhere b1; tell partner: confirm; tell partner: media mic cam; offer video; +pause 0.5; -ring; -absence; +connect 20',
    'heard resume with a next offer': 'connecting (partner early accepted gen pause rebuild 1 work offering; remote); tell everyone: cancel answered-elsewhere b1; tell partner: confirm; tell partner: media mic cam; offer video; +pause 0.5; -ring; -absence; +connect 20',
    'heard resume with an old offer': 'connecting (partner early accepted gen pause rebuild 1 work offering; remote); tell everyone: cancel answered-elsewhere b1; tell partner: confirm; tell partner: media mic cam; offer video; +pause 0.5; -ring; -absence; +connect 20',
    'heard accept of an older offer': 'connecting (partner early accepted gen pause rebuild 1 work offering; remote); tell everyone: cancel answered-elsewhere b1; tell partner: confirm; tell partner: media mic cam; offer video; +pause 0.5; -ring; -absence; +connect 20',
    'heard ringing with an answer to an older offer': 'ringing; -absence',
  },
  'incoming': {
    'captured': 'incoming (local)',
    'rings': 'incoming (alert early); tell partner: ringing sound Bob; make-ready the offer',
    'rings, and may prepare': 'incoming (alert early); tell partner: ringing visual Bob; make-ready the offer',
    'take': 'connecting (offer taken wished local remote); answer the offer a; capture mic cam; -devices; +devices 1.5; -ring; -absence; +connect 20',
    'decline': 'ended declined; tell partner: decline declined; END',
    'hang-up': 'ended declined; tell partner: decline declined; END',
    'leave': 'ended left; END',
    'engaged': 'ended busy; tell partner: decline busy; END',
    'absent': 'incoming; +absence 8',
    'present': 'incoming; -absence',
    'over ring': 'ended no-answer; END',
    'over absence': 'ended left; END',
    'heard cancel': 'ended cancelled; END',
    'heard candidates': 'incoming (offer)',
    'heard media': 'incoming (remote)',
    'heard hangup': 'ended hung-up; END',
    'heard next invite': 'incoming (offer early gen invitedGen pause); +pause 0.5',
  },
  'incoming, and it rings': {
    'captured': 'incoming (local)',
    'rings, and may prepare': 'incoming (alert); tell partner: ringing visual Bob',
    'take': 'connecting (alert offer early taken wished local remote); answer the offer a that is ready; capture mic cam; -devices; +devices 1.5; -ring; -absence; +connect 20',
    'decline': 'ended declined; tell partner: decline declined; END',
    'hang-up': 'ended declined; tell partner: decline declined; END',
    'leave': 'ended left; END',
    'return': 'incoming (early); -absence; tell partner: ringing sound Bob; make-ready the offer',
    'engaged': 'ended busy; tell partner: decline busy; END',
    'absent': 'incoming; +absence 8',
    'present': 'incoming; -absence',
    'over ring': 'ended no-answer; END',
    'over absence': 'ended left; END',
    'heard cancel': 'ended cancelled; END',
    'heard candidates': 'incoming (offer)',
    'heard media': 'incoming (remote)',
    'heard hangup': 'ended hung-up; END',
    'heard next invite': 'incoming (offer early gen invitedGen pause); +pause 0.5; tell partner: ringing sound Bob; make-ready the offer',
  },
  'incoming, an answer may go early': {
    'captured': 'incoming (local)',
    'rings': 'incoming (alert early); tell partner: ringing sound Bob; make-ready the offer',
    'rings, and may prepare': 'incoming (alert early); tell partner: ringing visual Bob; prepare the offer a',
    'take': 'connecting (offer early taken wished local remote); answer the offer a; capture mic cam; -devices; +devices 1.5; -ring; -absence; +connect 20',
    'decline': 'ended declined; tell partner: decline declined; END',
    'hang-up': 'ended declined; tell partner: decline declined; END',
    'leave': 'ended left; END',
    'engaged': 'ended busy; tell partner: decline busy; END',
    'absent': 'incoming; +absence 8',
    'present': 'incoming; -absence',
    'over ring': 'ended no-answer; END',
    'over absence': 'ended left; END',
    'heard cancel': 'ended cancelled; END',
    'heard candidates': 'incoming (offer)',
    'heard media': 'incoming (remote)',
    'heard hangup': 'ended hung-up; END',
    'heard next invite': 'incoming (offer early gen invitedGen pause); +pause 0.5',
  },
  'incoming, the early answer is being made': {
    'captured': 'incoming (local)',
    'rings, and may prepare': 'incoming (alert); tell partner: ringing visual Bob',
    'take': 'connecting (alert offer early taken wished local remote); answer the offer a; capture mic cam; -devices; +devices 1.5; -ring; -absence; +connect 20',
    'decline': 'ended declined; tell partner: decline declined; END',
    'hang-up': 'ended declined; tell partner: decline declined; END',
    'leave': 'ended left; END',
    'return': 'incoming (early); -absence; tell partner: ringing sound Bob; make-ready the offer',
    'engaged': 'ended busy; tell partner: decline busy; END',
    'absent': 'incoming; +absence 8',
    'present': 'incoming; -absence',
    'prepared': 'incoming (early); tell partner: ringing sound Bob the answer o',
    'unprepared': 'incoming (early); make-ready the offer',
    'over ring': 'ended no-answer; END',
    'over absence': 'ended left; END',
    'heard cancel': 'ended cancelled; END',
    'heard candidates': 'incoming (offer); add-candidates h',
    'heard media': 'incoming (remote)',
    'heard hangup': 'ended hung-up; END',
    'heard next invite': 'incoming (offer early gen invitedGen pause); +pause 0.5; tell partner: ringing sound Bob; prepare the offer a',
  },
  'incoming, the early answer is told': {
    'captured': 'incoming (local)',
    'rings, and may prepare': 'incoming (alert); tell partner: ringing visual Bob',
    'take': 'connecting (alert offer early taken accepted wished local remote); tell partner: accept video Bob; begin; restart-ice; capture mic cam; -devices; +devices 1.5; -ring; -absence; +connect 20',
    'decline': 'ended declined; tell partner: decline declined; END',
    'hang-up': 'ended declined; tell partner: decline declined; END',
    'leave': 'ended left; END',
    'return': 'incoming (early); -absence; tell partner: ringing sound Bob; make-ready the offer',
    'engaged': 'ended busy; tell partner: decline busy; END',
    'absent': 'incoming; +absence 8',
    'present': 'incoming; -absence',
    'gathered': 'incoming; tell partner: candidates g',
    'path connected': 'incoming (early)',
    'over ring': 'ended no-answer; END',
    'over absence': 'ended left; END',
    'heard cancel': 'ended cancelled; END',
    'heard candidates': 'incoming (offer); add-candidates h',
    'heard media': 'incoming (remote)',
    'heard hangup': 'ended hung-up; END',
    'heard next invite': 'incoming (offer early gen invitedGen pause); +pause 0.5; tell partner: ringing sound Bob; prepare the offer a',
  },
  'incoming, the prepared path stands': {
    'captured': 'incoming (local)',
    'rings, and may prepare': 'incoming (alert); tell partner: ringing visual Bob',
    'take': 'connecting (alert offer taken accepted wished local remote); tell partner: accept video Bob; begin; capture mic cam; -devices; +devices 1.5; -ring; -absence; +connect 20',
    'decline': 'ended declined; tell partner: decline declined; END',
    'hang-up': 'ended declined; tell partner: decline declined; END',
    'leave': 'ended left; END',
    'return': 'incoming (early); -absence; tell partner: ringing sound Bob; make-ready the offer',
    'engaged': 'ended busy; tell partner: decline busy; END',
    'absent': 'incoming; +absence 8',
    'present': 'incoming; -absence',
    'gathered': 'incoming; tell partner: candidates g',
    'path disconnected': 'incoming (early)',
    'parted': 'incoming (early)',
    'path failed': 'incoming (early)',
    'over ring': 'ended no-answer; END',
    'over absence': 'ended left; END',
    'heard cancel': 'ended cancelled; END',
    'heard candidates': 'incoming (offer); add-candidates h',
    'heard media': 'incoming (remote)',
    'heard hangup': 'ended hung-up; END',
    'heard next invite': 'incoming (offer early gen invitedGen pause); +pause 0.5; tell partner: ringing sound Bob; prepare the offer a',
  },
  'connecting, just taken': {
    ...talking('connecting'),
    'over devices': 'connecting (notices)',
    'wish': 'connecting (wished)',
    'microphone': UNTOUCHED,
    'record': UNTOUCHED,
    'hold': UNTOUCHED,
    'captured': 'connecting (captured local)',
    'capture-failed': 'ended media-denied; trouble media-denied; tell partner: hangup media-denied; END',
    'answered': 'connecting (accepted); tell partner: accept video Bob the answer o',
    'flowing audio': 'connecting (reach)',
    'flowing video': 'connected; -connect; -first-frame; -retry',
    'path connected': 'connecting (reach); -retry; +first-frame 3',
    'parted': 'reconnecting (rebuild 0 wait parted); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5',
    'over connect': 'ended connect-timeout; tell partner: hangup connect-timeout; END',
    'over first-frame': 'connected; -connect; -first-frame; -retry',
    'heard cancel': 'ended cancelled; END',
    'heard next offer': 'connecting (gen pause); -retry; -absence; -lead; +lead 15; +pause 0.5; -connect; +connect 20; answer the offer',
    'heard resume': 'reconnecting (rebuild 0 wait parted); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5; -retry; -absence; -lead',
    'heard resume with a next offer': 'connecting (gen pause); -retry; -absence; -lead; +lead 15; +pause 0.5; -connect; +connect 20; answer the offer',
    'heard resume with an old offer': 'reconnecting (rebuild 0 prove parted); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5; -retry; -absence; -lead; prove-link',
  },
  'connecting, the caller': {
    ...talking('connecting'),
    'flowing audio': 'connecting (reach)',
    'flowing video': 'connected; -connect; -first-frame; -retry',
    'path connected': 'connecting (reach); -retry; +first-frame 3',
    'parted': 'reconnecting (rebuild 0 wait parted); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5',
    'over connect': 'ended connect-timeout; tell partner: hangup connect-timeout; END',
    'over first-frame': 'connected; -connect; -first-frame; -retry',
    'heard next offer': 'connecting (gen pause); -retry; -absence; -lead; +lead 15; +pause 0.5; -connect; +connect 20; answer the offer',
    'heard resume': 'reconnecting (rebuild 0 wait parted); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5; -retry; -absence; -lead',
    'heard resume with a next offer': 'connecting (gen pause); -retry; -absence; -lead; +lead 15; +pause 0.5; -connect; +connect 20; answer the offer',
    'heard resume with an old offer': 'reconnecting (rebuild 0 prove parted); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5; -retry; -absence; -lead; prove-link',
  },
  'connecting, the callee': {
    ...talking('connecting'),
    'flowing audio': 'connecting (reach)',
    'flowing video': 'connected; -connect; -first-frame; -retry',
    'path connected': 'connecting (reach); -retry; +first-frame 3',
    'parted': 'reconnecting (rebuild 0 wait parted); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5',
    'over connect': 'ended connect-timeout; tell partner: hangup connect-timeout; END',
    'over first-frame': 'connected; -connect; -first-frame; -retry',
    'heard cancel': 'ended cancelled; END',
    'heard next offer': 'connecting (gen pause); -retry; -absence; -lead; +lead 15; +pause 0.5; -connect; +connect 20; answer the offer',
    'heard resume': 'reconnecting (rebuild 0 wait parted); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5; -retry; -absence; -lead',
    'heard resume with a next offer': 'connecting (gen pause); -retry; -absence; -lead; +lead 15; +pause 0.5; -connect; +connect 20; answer the offer',
    'heard resume with an old offer': 'reconnecting (rebuild 0 prove parted); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5; -retry; -absence; -lead; prove-link',
  },
  'connecting, just taken over a path that stands': {
    'over devices': 'connecting (notices); tell partner: media no-mic no-cam',
    'wish': 'connecting (wished)',
    'decline': 'ended hung-up; tell partner: hangup hung-up; END',
    'record': 'connecting (local); tell partner: media no-mic no-cam recording',
    'hang-up': 'ended hung-up; tell partner: hangup hung-up; END',
    'leave': 'ended left; tell partner: hangup left; END',
    'captured': 'connecting (captured local); tell partner: media mic cam',
    'capture-failed': 'ended media-denied; trouble media-denied; tell partner: hangup media-denied; END',
    'offered': 'connecting; tell partner: description the offer; tell partner: candidates o',
    'answered': 'connecting; tell partner: description the answer; tell partner: candidates o',
    'described': 'connecting; tell partner: description the offer',
    'gathered': 'connecting; tell partner: candidates g',
    'flowing audio': 'connecting (reach)',
    'flowing video': 'connected (early); -connect; -first-frame; -retry; +direct 1',
    'path connected': 'connecting (reach); -retry; +first-frame 3',
    'parted': 'reconnecting (rebuild 0 wait parted); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5',
    'broken': 'ended connection-lost; trouble protocol; tell partner: hangup connection-lost; END',
    'over connect': 'ended connect-timeout; tell partner: hangup connect-timeout; END',
    'over first-frame': 'connected (early); -connect; -first-frame; -retry; +direct 1',
    'over retry': 'connecting (early gen pause rebuild 1 work offering); offer video; +pause 0.5',
    'heard cancel': 'ended cancelled; END',
    'heard candidates': 'connecting; add-candidates h',
    'heard offer': 'connecting; describe the offer',
    'heard answer': 'connecting; describe the answer',
    'heard next offer': 'connecting (gen pause); -retry; -absence; -lead; +lead 15; +pause 0.5; -connect; +connect 20; answer the offer',
    'heard media': 'connecting (remote)',
    'heard resume': 'reconnecting (rebuild 0 wait parted); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5; -retry; -absence; -lead',
    'heard resume with a next offer': 'connecting (gen pause); -retry; -absence; -lead; +lead 15; +pause 0.5; -connect; +connect 20; answer the offer',
    'heard resume with an old offer': 'reconnecting (rebuild 0 prove parted); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5; -retry; -absence; -lead; prove-link',
    'heard hangup': 'ended hung-up; END',
  },
  'connecting, the caller over a prepared path': {
    'decline': 'ended hung-up; tell partner: hangup hung-up; END',
    'record': 'connecting (local); tell partner: media mic cam recording',
    'hold': 'connecting (local); tell partner: media mic cam paused',
    'hang-up': 'ended hung-up; tell partner: hangup hung-up; END',
    'leave': 'ended left; tell partner: hangup left; END',
    'captured': 'connecting (local); tell partner: media mic cam',
    'capture-failed': 'connecting; trouble media-denied',
    'offered': 'connecting; tell partner: description the offer; tell partner: candidates o',
    'answered': 'connecting; tell partner: description the answer; tell partner: candidates o',
    'described': 'connecting; tell partner: description the offer',
    'gathered': 'connecting; tell partner: candidates g',
    'flowing audio': 'connecting (reach)',
    'flowing video': 'connected (early); -connect; -first-frame; -retry',
    'path connected': 'connecting (reach); -retry; +first-frame 3',
    'microphone': 'connecting (notices)',
    'parted': 'reconnecting (rebuild 0 wait parted); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5',
    'broken': 'ended connection-lost; trouble protocol; tell partner: hangup connection-lost; END',
    'over connect': 'ended connect-timeout; tell partner: hangup connect-timeout; END',
    'over first-frame': 'connected (early); -connect; -first-frame; -retry',
    'over retry': 'connecting (early gen pause rebuild 1 work offering); offer video; +pause 0.5',
    'heard candidates': 'connecting; add-candidates h',
    'heard offer': 'connecting; describe the offer',
    'heard answer': 'connecting; describe the answer',
    'heard next offer': 'connecting (gen pause); -retry; -absence; -lead; +lead 15; +pause 0.5; -connect; +connect 20; answer the offer',
    'heard media': 'connecting (remote)',
    'heard resume': 'reconnecting (rebuild 0 wait parted); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5; -retry; -absence; -lead',
    'heard resume with a next offer': 'connecting (gen pause); -retry; -absence; -lead; +lead 15; +pause 0.5; -connect; +connect 20; answer the offer',
    'heard resume with an old offer': 'reconnecting (rebuild 0 prove parted); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5; -retry; -absence; -lead; prove-link',
    'heard hangup': 'ended hung-up; END',
  },
  'connecting, the caller who makes a new connection': {
    'decline': 'ended hung-up; tell partner: hangup hung-up; END',
    'record': 'connecting (local); tell partner: media mic cam recording',
    'hold': 'connecting (local); tell partner: media mic cam paused',
    'hang-up': 'ended hung-up; tell partner: hangup hung-up; END',
    'leave': 'ended left; tell partner: hangup left; END',
    'captured': 'connecting (local); tell partner: media mic cam',
    'capture-failed': 'connecting; trouble media-denied',
    'offered': 'connecting; tell partner: description the offer of gen 1; tell partner: candidates o of gen 1',
    'answered': 'connecting; tell partner: description the answer of gen 1; tell partner: candidates o of gen 1',
    'described': 'connecting; tell partner: description the offer of gen 1',
    'gathered': 'connecting; tell partner: candidates g of gen 1',
    'flowing audio': 'connecting (reach)',
    'flowing video': 'connected (mended); -connect; -first-frame; -retry',
    'path connected': 'connecting (reach); -retry; +first-frame 3',
    'microphone': 'connecting (notices)',
    'parted': 'reconnecting (rebuild 1 wait parted); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5',
    'broken': 'ended connection-lost; trouble protocol; tell partner: hangup connection-lost; END',
    'over connect': 'ended connect-timeout; tell partner: hangup connect-timeout; END',
    'over first-frame': 'connected (mended); -connect; -first-frame; -retry',
    'over pause': 'connecting (pause)',
    'heard candidates': 'connecting; add-candidates h',
    'heard answer': 'connecting (rebuild 1 work); connect the answer; -retry; +retry 4',
    'heard next offer': 'connecting (pause)',
    'heard media': 'connecting (remote)',
    'heard resume': 'reconnecting (rebuild 1 wait parted); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5; -retry; -absence; -lead',
    'heard resume with a next offer': 'connecting (pause)',
    'heard resume with an old offer': 'reconnecting (rebuild 1 prove parted); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5; -retry; -absence; -lead; prove-link',
    'heard hangup': 'ended hung-up; END',
  },
  'connected, the caller': {
    ...talking('connected'),
    'path disconnected': 'reconnecting (restart 0 prove); -connect; -first-frame; -renew; +recover 60; prove-link',
    'path failed': 'reconnecting (rebuild 0 prove); -connect; -first-frame; -renew; +recover 60; prove-link',
    'quiet': 'connected (renewal prove); prove-link',
    'silent': 'reconnecting (rebuild 0 prove); -connect; -first-frame; -renew; +recover 60; prove-link',
    'parted': 'reconnecting (rebuild 0 wait parted); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5',
    'heard next offer': 'reconnecting (gen pause rebuild 1 wait); -connect; -first-frame; -renew; +recover 60; prove-link; -retry; -absence; -lead; +lead 15; +pause 0.5; answer the offer',
    'heard resume': 'reconnecting (rebuild 0 wait parted); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5; -retry; -absence; -lead',
    'heard resume with a next offer': 'reconnecting (gen pause rebuild 1 wait); -connect; -first-frame; -renew; +recover 60; prove-link; -retry; -absence; -lead; +lead 15; +pause 0.5; answer the offer',
    'heard resume with an old offer': 'reconnecting (rebuild 0 prove parted); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5; -retry; -absence; -lead; prove-link',
  },
  'connected, the callee': {
    ...talking('connected'),
    'path disconnected': 'reconnecting (restart 0 wait); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5',
    'path failed': 'reconnecting (rebuild 0 wait); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5',
    'quiet': 'connected (renewal prove); prove-link',
    'silent': 'reconnecting (rebuild 0 wait); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5',
    'parted': 'reconnecting (rebuild 0 wait parted); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5',
    'heard cancel': 'ended cancelled; END',
    'heard next offer': 'reconnecting (gen pause rebuild 1 wait); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5; -retry; -absence; -lead; +lead 15; +pause 0.5; answer the offer',
    'heard resume': 'reconnecting (rebuild 0 wait parted); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5; -retry; -absence; -lead',
    'heard resume with a next offer': 'reconnecting (gen pause rebuild 1 wait); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5; -retry; -absence; -lead; +lead 15; +pause 0.5; answer the offer',
    'heard resume with an old offer': 'reconnecting (rebuild 0 prove parted); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5; -retry; -absence; -lead; prove-link',
  },
  'connected, the caller whose path has gone quiet': {
    ...talking('connected'),
    'heard offer': 'connected; describe the offer; -renew; +renew 4',
    'over renew': 'reconnecting (renewal over; rebuild 0 prove); -connect; -first-frame; -renew; +recover 60; prove-link',
    'flowing audio': 'connected (renewal over); -renew',
    'flowing video': 'connected (renewal over); -renew',
    'heard next offer': 'reconnecting (gen pause renewal over; rebuild 1 wait); -connect; -first-frame; -renew; +recover 60; prove-link; -retry; -absence; -lead; +lead 15; +pause 0.5; answer the offer',
    'heard resume with a next offer': 'reconnecting (gen pause renewal over; rebuild 1 wait); -connect; -first-frame; -renew; +recover 60; prove-link; -retry; -absence; -lead; +lead 15; +pause 0.5; answer the offer',
    'heard resume with an old offer': 'reconnecting (renewal over; rebuild 0 prove parted); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5; -retry; -absence; -lead; prove-link',
    'heard resume': 'reconnecting (renewal over; rebuild 0 wait parted); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5; -retry; -absence; -lead',
    'path disconnected': 'reconnecting (renewal over; restart 0 work); -connect; -first-frame; -renew; +recover 60; prove-link; +retry 4',
    'path failed': 'reconnecting (renewal over; rebuild 0 prove); -connect; -first-frame; -renew; +recover 60; prove-link',
    'parted': 'reconnecting (renewal over; rebuild 0 wait parted); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5',
    'silent': 'reconnecting (renewal over; rebuild 0 prove); -connect; -first-frame; -renew; +recover 60; prove-link',
  },
  'connected, the callee whose path has gone quiet': {
    ...talking('connected'),
    'heard offer': 'connected (renewal work); describe the offer; -renew; +renew 4',
    'over renew': 'connected (renewal work); restart-ice; -renew; +renew 4',
    'flowing audio': 'connected (renewal over); -renew',
    'flowing video': 'connected (renewal over); -renew',
    'heard cancel': 'ended cancelled; END',
    'heard next offer': 'reconnecting (gen pause renewal over; rebuild 1 wait); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5; -retry; -absence; -lead; +lead 15; +pause 0.5; answer the offer',
    'heard resume with a next offer': 'reconnecting (gen pause renewal over; rebuild 1 wait); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5; -retry; -absence; -lead; +lead 15; +pause 0.5; answer the offer',
    'heard resume with an old offer': 'reconnecting (renewal over; rebuild 0 prove parted); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5; -retry; -absence; -lead; prove-link',
    'heard resume': 'reconnecting (renewal over; rebuild 0 wait parted); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5; -retry; -absence; -lead',
    'path disconnected': 'reconnecting (renewal over; restart 0 wait); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5',
    'path failed': 'reconnecting (renewal over; rebuild 0 wait); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5',
    'parted': 'reconnecting (renewal over; rebuild 0 wait parted); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5',
    'silent': 'reconnecting (renewal over; rebuild 0 wait); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5',
  },
  'reconnecting, the caller': {
    ...mending(),
    'proven': 'reconnecting (restart 0 work); restart-ice; +retry 8',
    'path connected': 'reconnecting (restart 0 prove stands)',
    'path disconnected': 'reconnecting (restart 0 prove)',
    'path failed': 'reconnecting (rebuild 0 prove); -lead; -retry; prove-link',
    'parted': 'reconnecting (rebuild 0 prove parted)',
    'over lead': 'reconnecting (rebuild 0 prove); -lead; -retry; prove-link',
    'over retry': 'reconnecting (rebuild 0 prove); -lead; -retry; prove-link',
    'heard next offer': 'reconnecting (gen pause rebuild 1 wait); -retry; -absence; -lead; +lead 15; +pause 0.5; answer the offer',
    'heard resume': 'reconnecting (rebuild 0 wait parted); -retry; -absence; -lead',
    'heard resume with a next offer': 'reconnecting (gen pause rebuild 1 wait); -retry; -absence; -lead; +lead 15; +pause 0.5; answer the offer',
    'heard resume with an old offer': 'reconnecting (rebuild 0 prove parted); -retry; -absence; -lead; prove-link',
  },
  'reconnecting, the callee': {
    ...mending(),
    'path connected': 'reconnecting (restart 0 wait stands)',
    'path disconnected': 'reconnecting (restart 0 wait)',
    'path failed': 'reconnecting (rebuild 0 wait)',
    'parted': 'reconnecting (rebuild 0 wait parted)',
    'over lead': 'reconnecting (rebuild 0 prove); -lead; -retry; prove-link',
    'over retry': 'reconnecting (rebuild 0 prove); -lead; -retry; prove-link',
    'heard cancel': 'ended cancelled; END',
    'heard offer': 'reconnecting; describe the offer; -lead; +lead 13',
    'heard next offer': 'reconnecting (gen pause rebuild 1 wait); -retry; -absence; -lead; +lead 15; +pause 0.5; answer the offer',
    'heard resume': 'reconnecting (rebuild 0 wait parted); -retry; -absence; -lead',
    'heard resume with a next offer': 'reconnecting (gen pause rebuild 1 wait); -retry; -absence; -lead; +lead 15; +pause 0.5; answer the offer',
    'heard resume with an old offer': 'reconnecting (rebuild 0 prove parted); -retry; -absence; -lead; prove-link',
  },
  'reconnecting, the caller who restarts': {
    ...mending(),
    'path connected': 'reconnecting (restart 0 work stands)',
    'path disconnected': 'reconnecting (restart 0 work)',
    'path failed': 'reconnecting (rebuild 0 prove); -lead; -retry; prove-link',
    'parted': 'reconnecting (rebuild 0 work parted)',
    'over lead': 'reconnecting (rebuild 0 prove); -lead; -retry; prove-link',
    'over retry': 'reconnecting (rebuild 0 prove); -lead; -retry; prove-link',
    'heard next offer': 'reconnecting (gen pause rebuild 1 wait); -retry; -absence; -lead; +lead 15; +pause 0.5; answer the offer',
    'heard resume': 'reconnecting (rebuild 0 wait parted); -retry; -absence; -lead',
    'heard resume with a next offer': 'reconnecting (gen pause rebuild 1 wait); -retry; -absence; -lead; +lead 15; +pause 0.5; answer the offer',
    'heard resume with an old offer': 'reconnecting (rebuild 0 prove parted); -retry; -absence; -lead; prove-link',
  },
  'reconnecting, the caller who is to rebuild': {
    ...mending(),
    'proven': 'reconnecting (gen pause rebuild 1 work offering); offer video; +retry 10; +pause 0.5',
    'path connected': 'reconnecting (rebuild 0 prove stands)',
    'path disconnected': 'reconnecting (rebuild 0 prove)',
    'path failed': 'reconnecting (rebuild 0 prove)',
    'parted': 'reconnecting (rebuild 0 prove parted)',
    'over lead': 'reconnecting (rebuild 0 prove); -lead; -retry; prove-link',
    'over retry': 'reconnecting (rebuild 0 prove); -lead; -retry; prove-link',
    'heard next offer': 'reconnecting (gen pause rebuild 1 wait); -retry; -absence; -lead; +lead 15; +pause 0.5; answer the offer',
    'heard resume': 'reconnecting (rebuild 0 wait parted); -retry; -absence; -lead',
    'heard resume with a next offer': 'reconnecting (gen pause rebuild 1 wait); -retry; -absence; -lead; +lead 15; +pause 0.5; answer the offer',
    'heard resume with an old offer': 'reconnecting (rebuild 0 prove parted); -retry; -absence; -lead; prove-link',
  },
  'reconnecting, the caller who has just offered': {
    ...mending(1),
    'path connected': 'reconnecting (rebuild 1 work offering stands)',
    'path disconnected': 'reconnecting (rebuild 1 work offering)',
    'path failed': 'reconnecting (rebuild 1 work offering)',
    'parted': 'reconnecting (rebuild 1 work offering parted)',
    'over lead': 'reconnecting (rebuild 1 prove offering); -lead; -retry; prove-link',
    'over retry': 'reconnecting (rebuild 1 prove offering); -lead; -retry; prove-link',
    'over pause': 'reconnecting (pause)',
    'heard offer': UNTOUCHED,
    'heard answer': 'reconnecting (rebuild 1 work); connect the answer; -retry; +retry 4',
    'heard next offer': 'reconnecting (pause)',
    'heard resume': 'reconnecting (rebuild 1 wait offering parted); -retry; -absence; -lead',
    'heard resume with a next offer': 'reconnecting (pause)',
    'heard resume with an old offer': 'reconnecting (rebuild 1 prove offering parted); -retry; -absence; -lead; prove-link',
  },
  'reconnecting, the caller who offers': {
    ...mending(1),
    'path connected': 'reconnecting (rebuild 1 work offering stands)',
    'path disconnected': 'reconnecting (rebuild 1 work offering)',
    'path failed': 'reconnecting (rebuild 1 work offering)',
    'parted': 'reconnecting (rebuild 1 work offering parted)',
    'over lead': 'reconnecting (rebuild 1 prove offering); -lead; -retry; prove-link',
    'over retry': 'reconnecting (rebuild 1 prove offering); -lead; -retry; prove-link',
    'heard offer': UNTOUCHED,
    'heard answer': 'reconnecting (rebuild 1 work); connect the answer; -retry; +retry 4',
    'heard next offer': 'reconnecting (gen pause rebuild 2 wait); -retry; -absence; -lead; +lead 15; +pause 0.5; answer the offer',
    'heard resume': 'reconnecting (rebuild 1 wait offering parted); -retry; -absence; -lead',
    'heard resume with a next offer': 'reconnecting (gen pause rebuild 2 wait); -retry; -absence; -lead; +lead 15; +pause 0.5; answer the offer',
    'heard resume with an old offer': 'reconnecting (rebuild 1 prove offering parted); -retry; -absence; -lead; prove-link',
  },
  'reconnecting, the caller who is answered': {
    ...mending(1),
    'path connected': 'reconnecting (rebuild 1 work stands)',
    'path disconnected': 'reconnecting (rebuild 1 work)',
    'path failed': 'reconnecting (rebuild 1 work)',
    'parted': 'reconnecting (rebuild 1 work parted)',
    'over lead': 'reconnecting (rebuild 1 prove); -lead; -retry; prove-link',
    'over retry': 'reconnecting (rebuild 1 prove); -lead; -retry; prove-link',
    'heard next offer': 'reconnecting (gen pause rebuild 2 wait); -retry; -absence; -lead; +lead 15; +pause 0.5; answer the offer',
    'heard resume': 'reconnecting (rebuild 1 wait parted); -retry; -absence; -lead',
    'heard resume with a next offer': 'reconnecting (gen pause rebuild 2 wait); -retry; -absence; -lead; +lead 15; +pause 0.5; answer the offer',
    'heard resume with an old offer': 'reconnecting (rebuild 1 prove parted); -retry; -absence; -lead; prove-link',
  },
  'reconnecting, the callee who offers': {
    ...mending(1),
    'path connected': 'reconnecting (rebuild 1 work offering stands)',
    'path disconnected': 'reconnecting (rebuild 1 work offering)',
    'path failed': 'reconnecting (rebuild 1 work offering)',
    'parted': 'reconnecting (rebuild 1 work offering parted)',
    'over lead': 'reconnecting (rebuild 1 prove offering); -lead; -retry; prove-link',
    'over retry': 'reconnecting (rebuild 1 prove offering); -lead; -retry; prove-link',
    'heard cancel': 'ended cancelled; END',
    'heard offer': 'reconnecting (pause rebuild 1 wait); -retry; -absence; -lead; +lead 15; +pause 0.5; answer the offer',
    'heard answer': 'reconnecting (rebuild 1 work); connect the answer; -retry; +retry 4',
    'heard next offer': 'reconnecting (gen pause rebuild 2 wait); -retry; -absence; -lead; +lead 15; +pause 0.5; answer the offer',
    'heard resume': 'reconnecting (rebuild 1 wait offering parted); -retry; -absence; -lead',
    'heard resume with a next offer': 'reconnecting (gen pause rebuild 2 wait); -retry; -absence; -lead; +lead 15; +pause 0.5; answer the offer',
    'heard resume with an old offer': 'reconnecting (rebuild 1 prove offering parted); -retry; -absence; -lead; prove-link',
  },
  'reconnecting, the callee who has just followed': {
    ...mending(1),
    'path connected': 'reconnecting (rebuild 1 wait stands)',
    'path disconnected': 'reconnecting (rebuild 1 wait)',
    'path failed': 'reconnecting (rebuild 1 wait)',
    'parted': 'reconnecting (rebuild 1 wait parted)',
    'over lead': 'reconnecting (rebuild 1 prove); -lead; -retry; prove-link',
    'over retry': 'reconnecting (rebuild 1 prove); -lead; -retry; prove-link',
    'over pause': 'reconnecting (pause)',
    'heard cancel': 'ended cancelled; END',
    'heard offer': 'reconnecting; describe the offer; -lead; +lead 13',
    'heard next offer': 'reconnecting (pause)',
    'heard resume': 'reconnecting (rebuild 1 wait parted); -retry; -absence; -lead',
    'heard resume with a next offer': 'reconnecting (pause)',
    'heard resume with an old offer': 'reconnecting (rebuild 1 prove parted); -retry; -absence; -lead; prove-link',
  },
  'reconnecting, the callee who is led further at once': {
    ...mending(1),
    'path connected': 'reconnecting (rebuild 1 wait stands)',
    'path disconnected': 'reconnecting (rebuild 1 wait)',
    'path failed': 'reconnecting (rebuild 1 wait)',
    'parted': 'reconnecting (rebuild 1 wait parted)',
    'over lead': 'reconnecting (rebuild 1 prove); -lead; -retry; prove-link',
    'over retry': 'reconnecting (rebuild 1 prove); -lead; -retry; prove-link',
    'over pause': 'reconnecting (gen pause rebuild 2 wait); -retry; -absence; -lead; +lead 15; +pause 0.5; answer the offer',
    'heard cancel': 'ended cancelled; END',
    'heard candidates of another gen': 'reconnecting (pause)',
    'heard offer': 'reconnecting; describe the offer; -lead; +lead 13',
    'heard next offer': 'reconnecting (pause)',
    'heard resume': 'reconnecting (rebuild 1 wait parted); -retry; -absence; -lead',
    'heard resume with a next offer': 'reconnecting (pause)',
    'heard resume with an old offer': 'reconnecting (rebuild 1 prove parted); -retry; -absence; -lead; prove-link',
  },
  'reconnecting, the caller whose path stands': {
    ...mending(),
    'proven': 'reconnecting (restart 0 work stands); restart-ice; +retry 8',
    'path connected': 'reconnecting (restart 0 prove stands)',
    'path disconnected': 'reconnecting (restart 0 prove)',
    'path failed': 'reconnecting (rebuild 0 prove); -lead; -retry; prove-link',
    'parted': 'reconnecting (rebuild 0 prove parted)',
    'over lead': 'reconnecting (rebuild 0 prove stands); -lead; -retry; prove-link',
    'over retry': 'reconnecting (rebuild 0 prove stands); -lead; -retry; prove-link',
    'heard next offer': 'reconnecting (gen pause rebuild 1 wait); -retry; -absence; -lead; +lead 15; +pause 0.5; answer the offer',
    'heard resume': 'reconnecting (rebuild 0 wait parted); -retry; -absence; -lead',
    'heard resume with a next offer': 'reconnecting (gen pause rebuild 1 wait); -retry; -absence; -lead; +lead 15; +pause 0.5; answer the offer',
    'heard resume with an old offer': 'reconnecting (rebuild 0 prove parted); -retry; -absence; -lead; prove-link',
  },
  'reconnecting, the caller whom the other side left': {
    ...mending(),
    'absent': 'ended left; tell partner: hangup left; END',
    'flowing audio': UNTOUCHED,
    'flowing video': UNTOUCHED,
    'path connected': 'reconnecting (rebuild 0 wait stands parted)',
    'path disconnected': 'reconnecting (rebuild 0 wait parted)',
    'path failed': 'reconnecting (rebuild 0 wait parted)',
    'parted': 'reconnecting (rebuild 0 wait parted)',
    'over lead': 'reconnecting (rebuild 0 prove parted); -lead; -retry; prove-link',
    'over retry': 'reconnecting (rebuild 0 prove parted); -lead; -retry; prove-link',
    'heard offer': 'reconnecting; describe the offer; -lead; +lead 13',
    'heard next offer': 'reconnecting (gen pause rebuild 1 wait); -retry; -absence; -lead; +lead 15; +pause 0.5; answer the offer',
    'heard resume': 'reconnecting (rebuild 0 wait parted); -retry; -absence; -lead',
    'heard resume with a next offer': 'reconnecting (gen pause rebuild 1 wait); -retry; -absence; -lead; +lead 15; +pause 0.5; answer the offer',
    'heard resume with an old offer': 'reconnecting (rebuild 0 prove parted); -retry; -absence; -lead; prove-link',
  },
  'reconnecting, a page that came back': {
    ...mending(2),
    'over devices': 'reconnecting (notices)',
    'wish': 'reconnecting (wished)',
    'microphone': UNTOUCHED,
    'record': UNTOUCHED,
    'hold': UNTOUCHED,
    'decline': 'ended hung-up; tell partner: resume; tell partner: hangup hung-up; END',
    'hang-up': 'ended hung-up; tell partner: resume; tell partner: hangup hung-up; END',
    'leave': 'ended left; tell partner: resume; tell partner: hangup left; END',
    'proven': 'reconnecting (gen pause rebuild 3 work returning offering); offer video; +retry 10; +pause 0.5',
    'captured': 'reconnecting (captured local)',
    'capture-failed': 'reconnecting (asking); trouble media-denied',
    'offered': 'reconnecting (rebuild 2 prove); tell partner: resume the offer of gen 2; tell partner: candidates o of gen 2',
    'answered': 'reconnecting (rebuild 2 prove); tell partner: resume; tell partner: description the answer of gen 2; tell partner: candidates o of gen 2',
    'path connected': 'reconnecting (rebuild 2 prove returning stands)',
    'path disconnected': 'reconnecting (rebuild 2 prove returning)',
    'path failed': 'reconnecting (rebuild 2 prove returning)',
    'parted': 'reconnecting (rebuild 2 prove returning parted)',
    'broken': 'ended connection-lost; trouble protocol; tell partner: resume; tell partner: hangup connection-lost; END',
    'over absence': 'ended left; tell partner: resume; tell partner: hangup left; END',
    'over recover': 'ended connection-lost; tell partner: resume; tell partner: hangup connection-lost; END',
    'over lead': 'reconnecting (rebuild 2 prove returning); -lead; -retry; prove-link',
    'over retry': 'reconnecting (rebuild 2 prove returning); -lead; -retry; prove-link',
    'heard cancel': 'ended cancelled; END',
    'heard next offer': 'reconnecting (gen pause rebuild 3 wait returning); -retry; -absence; -lead; +lead 15; +pause 0.5; answer the offer',
    'heard resume': 'reconnecting (rebuild 2 wait returning parted); -retry; -absence; -lead',
    'heard resume with a next offer': 'reconnecting (gen pause rebuild 3 wait returning); -retry; -absence; -lead; +lead 15; +pause 0.5; answer the offer',
    'heard resume with an old offer': 'reconnecting (rebuild 2 prove returning parted); -retry; -absence; -lead; prove-link',
  },
  'reconnecting, a page that came back and asks': {
    ...mending(2),
    'microphone': UNTOUCHED,
    'record': UNTOUCHED,
    'hold': UNTOUCHED,
    'take': 'reconnecting (asking); capture mic cam muted; -devices; +devices 1.5',
    'decline': 'ended hung-up; tell partner: resume; tell partner: hangup hung-up; END',
    'hang-up': 'ended hung-up; tell partner: resume; tell partner: hangup hung-up; END',
    'leave': 'ended left; tell partner: resume; tell partner: hangup left; END',
    'proven': 'reconnecting (gen pause rebuild 3 work returning offering); offer video; +retry 10; +pause 0.5',
    'captured': 'reconnecting (captured local)',
    'capture-failed': 'reconnecting; trouble media-denied',
    'offered': 'reconnecting (rebuild 2 prove); tell partner: resume the offer of gen 2; tell partner: candidates o of gen 2; tell partner: media no-mic no-cam',
    'answered': 'reconnecting (rebuild 2 prove); tell partner: resume; tell partner: description the answer of gen 2; tell partner: candidates o of gen 2; tell partner: media no-mic no-cam',
    'path connected': 'reconnecting (rebuild 2 prove returning stands)',
    'path disconnected': 'reconnecting (rebuild 2 prove returning)',
    'path failed': 'reconnecting (rebuild 2 prove returning)',
    'parted': 'reconnecting (rebuild 2 prove returning parted)',
    'broken': 'ended connection-lost; trouble protocol; tell partner: resume; tell partner: hangup connection-lost; END',
    'over absence': 'ended left; tell partner: resume; tell partner: hangup left; END',
    'over recover': 'ended connection-lost; tell partner: resume; tell partner: hangup connection-lost; END',
    'over lead': 'reconnecting (rebuild 2 prove returning); -lead; -retry; prove-link',
    'over retry': 'reconnecting (rebuild 2 prove returning); -lead; -retry; prove-link',
    'heard cancel': 'ended cancelled; END',
    'heard next offer': 'reconnecting (gen pause rebuild 3 wait returning); -retry; -absence; -lead; +lead 15; +pause 0.5; answer the offer',
    'heard resume': 'reconnecting (rebuild 2 wait returning parted); -retry; -absence; -lead',
    'heard resume with a next offer': 'reconnecting (gen pause rebuild 3 wait returning); -retry; -absence; -lead; +lead 15; +pause 0.5; answer the offer',
    'heard resume with an old offer': 'reconnecting (rebuild 2 prove returning parted); -retry; -absence; -lead; prove-link',
  },
  'connected, a page that asks': {
    ...talking('connected', 3),
    'microphone': UNTOUCHED,
    'record': 'connected (local); tell partner: media no-mic no-cam recording',
    'hold': UNTOUCHED,
    'take': 'connected (asking); capture mic cam muted; -devices; +devices 1.5',
    'captured': 'connected (captured local); tell partner: media mic cam',
    'capture-failed': 'connected; trouble media-denied; tell partner: media no-mic no-cam',
    'path disconnected': 'reconnecting (restart 3 wait); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5',
    'path failed': 'reconnecting (rebuild 3 wait); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5',
    'quiet': 'connected (renewal prove); prove-link',
    'silent': 'reconnecting (rebuild 3 wait); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5',
    'parted': 'reconnecting (rebuild 3 wait parted); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5',
    'heard cancel': 'ended cancelled; END',
    'heard next offer': 'reconnecting (gen pause rebuild 4 wait); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5; -retry; -absence; -lead; +lead 15; +pause 0.5; answer the offer',
    'heard resume': 'reconnecting (rebuild 3 wait parted); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5; -retry; -absence; -lead',
    'heard resume with a next offer': 'reconnecting (gen pause rebuild 4 wait); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5; -retry; -absence; -lead; +lead 15; +pause 0.5; answer the offer',
    'heard resume with an old offer': 'reconnecting (rebuild 3 prove parted); -connect; -first-frame; -renew; +recover 60; prove-link; +lead 5; -retry; -absence; -lead; prove-link',
  },
  'ended': {
    'over rest': 'idle',
  },
  'idle, about to come back': {
    'return': 'reconnecting (rebuild 2 prove returning); +recover 60; capture mic cam muted; -devices; +devices 1.5; prove-link',
    'heard invite': 'incoming (offer gen ringFor); +ring 65',
    'heard next invite': 'incoming (offer early gen invitedGen ringFor); +ring 65',
  },
  'idle, after a call': {
  },
  'ringing, a page that follows': ringingOn,
  'ringing, a page that follows and has offered': ringingOn,
  'idle, about to ring on': {
    'dial': 'calling (wished); offer video; capture mic cam; -devices; +devices 1.5',
    'return': 'ringing; offer video; capture mic cam muted; -devices; +devices 1.5; +ring 48',
    'hang-up': 'ended cancelled; tell everyone: cancel cancelled; END',
  },
  'incoming, the caller has just gone to another page': {
    'rings, and may prepare': 'incoming (alert); tell partner: ringing visual Bob',
    'take': 'connecting (alert offer early taken wished local remote); answer the offer a; capture mic cam; -devices; +devices 1.5; -ring; -absence; +connect 20',
    'decline': 'ended declined; tell partner: decline declined; END',
    'hang-up': 'ended declined; tell partner: decline declined; END',
    'leave': 'ended left; END',
    'engaged': 'ended busy; tell partner: decline busy; END',
    'return': 'incoming (early); -absence; tell partner: ringing sound Bob; make-ready the offer',
    'absent': 'incoming; +absence 8',
    'present': 'incoming; -absence',
    'captured': 'incoming (local)',
    'prepared': 'incoming (early); tell partner: ringing sound Bob the answer o of gen 1',
    'unprepared': 'incoming (early); make-ready the offer',
    'over ring': 'ended no-answer; END',
    'over absence': 'ended left; END',
    'over pause': 'incoming (pause)',
    'heard next invite': 'incoming (pause)',
    'heard cancel': 'ended cancelled; END',
    'heard candidates': 'incoming (offer); add-candidates h',
    'heard media': 'incoming (remote)',
    'heard hangup': 'ended hung-up; END',
  },
  'incoming, the caller goes from page to page': {
    'rings, and may prepare': 'incoming (alert); tell partner: ringing visual Bob',
    'take': 'connecting (alert offer early taken wished local remote); answer the offer a; capture mic cam; -devices; +devices 1.5; -ring; -absence; +connect 20',
    'decline': 'ended declined; tell partner: decline declined; END',
    'hang-up': 'ended declined; tell partner: decline declined; END',
    'leave': 'ended left; END',
    'engaged': 'ended busy; tell partner: decline busy; END',
    'return': 'incoming (early); -absence; tell partner: ringing sound Bob; make-ready the offer',
    'absent': 'incoming; +absence 8',
    'present': 'incoming; -absence',
    'captured': 'incoming (local)',
    'prepared': 'incoming (early); tell partner: ringing sound Bob the answer o of gen 1',
    'unprepared': 'incoming (early); make-ready the offer',
    'over ring': 'ended no-answer; END',
    'over absence': 'ended left; END',
    'over pause': 'incoming (offer early gen invitedGen pause); +pause 0.5; tell partner: ringing sound Bob; make-ready the offer',
    'heard next invite': 'incoming (pause)',
    'heard cancel': 'ended cancelled; END',
    'heard candidates': 'incoming (offer); add-candidates h',
    'heard candidates of another gen': 'incoming (pause)',
    'heard media': 'incoming (remote)',
    'heard hangup': 'ended hung-up; END',
  },
};

/** Everything that happens in a scene, in words. */
function told(state: CallState): Record<string, string> {
  return Object.fromEntries(
    Object.entries(EVENTS).map(([label, event]) => {
      const next = step(state, event(state));
      return [label, next.state === state && next.effects.length === 0 ? UNTOUCHED : wordsOfStep(state, next)];
    }),
  );
}

/** A step from a scene or a state, in words. */
const words = (state: CallState, event: CallEvent): string => wordsOfStep(state, step(state, event));

function assertUntouched(state: CallState, event: CallEvent): void {
  const next = step(state, event);
  assert.equal(next.state, state);
  assert.deepEqual(next.effects, []);
}

const fromBob = (content: CallContent): CallEvent => heard(BOB, content);
const fromAlice = (content: CallContent): CallEvent => heard(ALICE, content);
const offered = (...names: string[]): CallEvent => ({ type: 'offered', description: OFFER, candidates: names.map(candidate) });
const answered: CallEvent = { type: 'answered', description: ANSWER, candidates: [] };
const gathered = (...names: string[]): CallEvent => ({ type: 'gathered', candidates: names.map(candidate) });
const said = ({ effects }: Step): CallContent[] => effects.flatMap((effect) => (effect.type === 'say' ? [effect.content] : []));
const media = (microphone: boolean, camera: boolean): CallContent => ({ type: 'media', microphone, camera, screen: false });

const voiceCall = outgoing({ media: 'audio', me: ALICE, myName: undefined, ringFor: 30 });
const voiceInvite: CallContent = { type: 'invite', media: 'audio', expires: 30, description: OFFER, gen: 0 };

describe('The table of the machine', () => {
  for (const [scene, row] of Object.entries(TABLE) as [SceneName, Table[SceneName]][]) {
    test(`${scene}: each event does what the table says, and every other one nothing`, () => {
      const expected = Object.fromEntries(Object.keys(EVENTS).map((label) => [label, row[label as keyof typeof EVENTS] ?? UNTOUCHED]));
      assert.deepEqual(told(SCENES[scene]), expected);
    });
  }

  test('says that it records, and that its picture is held back, once each and only while it is so', () => {
    const connected = SCENES['connected, the caller'];
    const recording = after(connected, { type: 'record', on: true });
    assert.equal(words(recording, { type: 'record', on: true }), 'connected');
    const held = after(recording, { type: 'hold', on: true });
    assert.deepEqual(held.local, { microphone: true, camera: true, screen: false, paused: true, recording: true });
    assert.equal(words(held, { type: 'hold', on: true }), 'connected');
    const noCamera: CallEvent = { type: 'captured', microphone: true, camera: false };
    assert.equal(words(held, noCamera), 'connected (local); tell partner: media mic no-cam recording');
    assert.equal(words(after(held, noCamera), { type: 'hold', on: true }), 'connected', 'there is no picture to hold back');
    assert.equal(words(held, { type: 'hold', on: false }), 'connected (local); tell partner: media mic cam recording');
    assert.equal(words(recording, { type: 'record', on: false }), 'connected (local); tell partner: media mic cam');
  });

  test('records nothing that it cannot tell the other side, and ends it wherever it is', () => {
    for (const scene of [
      'connecting, just taken',
      'reconnecting, a page that came back',
      'reconnecting, a page that came back and asks',
    ] as const) {
      const state = SCENES[scene];
      assert.equal(step(state, { type: 'record', on: true }).state, state, scene);
      const recording = { ...state, local: { ...state.local, recording: true } };
      assert.equal(words(recording, { type: 'record', on: false }), `${state.phase} (local)`, scene);
    }
    const asks = after(SCENES['connected, a page that asks'], { type: 'record', on: true });
    assert.equal(asks.local.recording, true);
    assert.equal(words(asks, { type: 'record', on: false }), 'connected (local); tell partner: media no-mic no-cam');
  });

  test('hears that the other side records, and holds its picture back', () => {
    const told = after(SCENES['connected, the caller'], heard(BOB, { ...media(true, true), paused: true, recording: true } as CallContent));
    assert.deepEqual(told.remote, { microphone: true, camera: true, screen: false, paused: true, recording: true });
    assert.deepEqual(after(told, heard(BOB, media(true, true))).remote, { microphone: true, camera: true, screen: false });
  });

  test('The scenes show every phase, and each is in the phase that its name says', () => {
    assert.deepEqual(new Set(Object.values(SCENES).map(({ phase }) => phase)), new Set(PHASES));
    for (const [scene, { phase }] of Object.entries(SCENES)) assert.equal(scene.split(',')[0], phase);
  });

  test('No step changes the state that it was given', () => {
    for (const scene of Object.values(SCENES)) {
      const before = structuredClone(scene);
      told(scene);
      assert.deepEqual(scene, before);
    }
  });

  test('Once the partner is settled, what another device of the same person says is not heard', () => {
    for (const scene of Object.values(SCENES)) {
      if (scene.partner === undefined) continue;
      for (const [label, event] of Object.entries(EVENTS)) {
        const original = event(scene);
        if (original.type === 'heard') assertUntouched(scene, { ...original, from: OTHER_BOB });
        assert.ok(original.type === 'heard' || !label.startsWith('heard'));
      }
    }
  });

  test('A call is decided from the moment somebody has taken it, and when it is over', () => {
    const decided = Object.entries(SCENES).filter(([, state]) => isDecided(state));
    assert.deepEqual(new Set(decided.map(([, { phase }]) => phase)), new Set(['connecting', 'connected', 'reconnecting', 'ended']));
  });
});

describe('The invite', () => {
  const dialled = SCENES['calling, still preparing'];

  test('leaves once there are an offer and something to send, whichever comes first', () => {
    const invite = 'calling (offer invited captured local); tell everyone: invite video Alice 60 the offer a; +ring 60';
    assert.equal(words(after(dialled, offered('a')), CAPTURED), invite);
    assert.equal(
      words(after(dialled, CAPTURED), offered('a')),
      'calling (invited); tell everyone: invite video Alice 60 the offer a; +ring 60',
    );
  });

  test('takes along the candidates that were gathered while it waited for the devices', () => {
    const waiting = after(dialled, offered('a'), gathered('b', 'c'));
    assert.match(words(waiting, CAPTURED), /invite video Alice 60 the offer a\+b\+c;/);
  });

  test('keeps the candidates that it has when the offer is made anew', () => {
    const waiting = after(dialled, offered('a'), offered('b'));
    assert.match(words(waiting, CAPTURED), /the offer b\+a;/);
  });

  test('leaves with a warning when only the microphone could be opened', () => {
    const partly: CallEvent = { type: 'captured', microphone: true, camera: false, missing: 'media-busy' };
    const next = step(after(dialled, offered('a')), partly);
    assert.match(wordsOfStep(dialled, next), /^calling .*; trouble media-busy; tell everyone: invite/);
    assert.deepEqual(next.state.local, { microphone: true, camera: false, screen: false });
  });

  test('carries no name where the person has none', () => {
    const next = step(after(voiceCall, { type: 'dial' }, offered()), { type: 'captured', microphone: true, camera: false });
    assert.deepEqual(said(next), [{ type: 'invite', media: 'audio', expires: 30, description: OFFER, candidates: [], gen: 0 }]);
  });

  test('of a voice call is prepared without the camera', () => {
    assert.equal(words(voiceCall, { type: 'dial' }), 'calling (wished); offer audio; capture mic no-cam; -devices; +devices 1.5');
  });

  test('never leaves where nothing could be opened, and the reason says whether it was refused or missing', () => {
    const failing = (code: 'media-denied' | 'media-busy' | 'media-unavailable'): string =>
      words(after(dialled, offered('a')), { type: 'capture-failed', code });
    assert.equal(failing('media-denied'), 'ended media-denied; trouble media-denied; END');
    assert.equal(failing('media-busy'), 'ended media-unavailable; trouble media-busy; END');
    assert.equal(failing('media-unavailable'), 'ended media-unavailable; trouble media-unavailable; END');
  });
});

describe('The caller', () => {
  const { calling, ringing } = SCENES;
  const taken = (accept: Partial<CallContent>, call: CallState = ringing): CallState =>
    after(call, fromBob({ ...ACCEPT, ...accept } as CallContent));

  test('waits a while for a callee who is not there, where that is not certain', () => {
    assert.equal(words(calling, { type: 'absent', steady: false }), 'calling; +absence 8');
    assert.equal(words(ringing, { type: 'absent', steady: false }), 'ringing; +absence 8');
  });

  test('hears a second device ring louder, never softer', () => {
    const loud = after(ringing, fromBob({ type: 'ringing', alert: 'sound' }));
    assert.equal(loud.alert, 'sound');
    assert.equal(after(loud, heard(OTHER_BOB, { type: 'ringing', alert: 'visual' })).alert, 'sound');
  });

  test('keeps the name that it knows when a device gives none', () => {
    assert.equal(after(ringing, heard(OTHER_BOB, { type: 'ringing', alert: 'sound' })).name, 'Bob');
    assert.equal(taken({ name: undefined }).name, 'Bob');
    assert.equal(taken({ name: 'Robert' }).name, 'Robert');
  });

  test('takes whichever device accepts first, without it having rung', () => {
    const next = step(calling, heard(OTHER_BOB, ACCEPT));
    assert.equal(next.state.partner, OTHER_BOB);
    assert.deepEqual(said(next)[0], { type: 'cancel', reason: 'answered-elsewhere', winner: 'b2' });
  });

  test('does not take an accept without an answer', () => {
    assertUntouched(ringing, fromBob({ type: 'accept', media: 'video' }));
  });

  test('takes an accept without candidates', () => {
    const next = step(ringing, fromBob({ type: 'accept', media: 'video', description: ANSWER }));
    assert.ok(next.effects.some((effect) => effect.type === 'connect' && effect.candidates.length === 0));
  });

  test('expects a picture only where both sides want one', () => {
    assert.equal(taken({ media: 'video' }).remote.camera, true);
    assert.equal(taken({ media: 'audio' }).remote.camera, false);
    const voice = after(voiceCall, { type: 'dial' }, offered(), CAPTURED);
    assert.equal(taken({ media: 'video' }, voice).remote.camera, false);
  });

  test('is told why a device does not take the call, and takes an unknown word for a plain decline', () => {
    assert.match(
      words(ringing, fromBob({ type: 'decline', reason: 'busy' })),
      /^ended busy; tell everyone: cancel declined-elsewhere; END$/,
    );
    assert.match(words(ringing, fromBob({ type: 'decline', reason: 'asleep' })), /^ended declined;/);
  });

  test('is told why a device that had taken the call gave it up before it could say so', () => {
    assert.match(
      words(ringing, fromBob({ type: 'hangup', reason: 'media-denied' })),
      /^ended media-denied; tell everyone: cancel answered-elsewhere; END$/,
    );
    assert.match(words(ringing, fromBob({ type: 'hangup', reason: 'bored' })), /^ended hung-up;/);
  });
});

describe('The callee', () => {
  const { incoming: rung } = SCENES;

  test('learns from the invite what it is asked for', () => {
    const { media: kind, name, ringFor, partner, offer } = rung;
    assert.deepEqual({ kind, name, ringFor, partner }, { kind: 'video', name: 'Alice', ringFor: 60, partner: ALICE });
    assert.deepEqual(offer, { description: OFFER, candidates: [candidate('a')] });
  });

  test('takes an invite without name and candidates', () => {
    const next = step(incoming({ me: BOB, myName: undefined }), fromAlice(voiceInvite));
    assert.equal(wordsOfStep(next.state, next), 'incoming; +ring 35');
    assert.deepEqual([next.state.name, next.state.offer?.candidates], [undefined, []]);
  });

  test('says how it rings once for each way, with a name where there is one', () => {
    assert.deepEqual(said(step(rung, { type: 'rings', alert: 'visual' })), [{ type: 'ringing', alert: 'visual', name: 'Bob' }]);
    assertUntouched(after(rung, { type: 'rings', alert: 'visual' }), { type: 'rings', alert: 'visual' });
    assert.deepEqual(said(step({ ...rung, alert: 'visual', myName: undefined }, { type: 'rings', alert: 'sound' })), [
      { type: 'ringing', alert: 'sound' },
    ]);
  });

  test('keeps what the caller says while it rings, and applies nothing of it', () => {
    const later = after(rung, fromAlice({ type: 'candidates', candidates: [candidate('b')], gen: 0 }), fromAlice(media(true, false)));
    assert.deepEqual(later.offer?.candidates, [candidate('a'), candidate('b')]);
    assert.deepEqual(later.remote, { microphone: true, camera: false, screen: false });
    assert.match(words(later, { type: 'take', media: 'video' }), /answer the offer a\+b; capture mic cam/);
  });

  test('keeps no more candidates than the protocol lets a device send, whatever a stranger says', () => {
    const many = Array.from({ length: 90 }, (_, at) => candidate(`c${at}`));
    const flood = fromAlice({ type: 'candidates', candidates: many, gen: 0 });
    assert.equal(after(rung, flood, flood, flood).offer?.candidates.length, MAX_CANDIDATES);
  });

  test('may take a video call without its camera: it answers for both, opens the microphone and says so', () => {
    const taken = step(rung, { type: 'take', media: 'audio' });
    assert.match(wordsOfStep(rung, taken), /^connecting .*; answer the offer a; capture mic no-cam; -devices; \+devices 1\.5;/);
    assert.deepEqual([taken.state.taken, taken.state.remote.camera], ['audio', true]);
    assert.match(words(taken.state, answered), /tell partner: accept audio Bob the answer/);
  });

  test('takes a voice call without camera, whatever it was asked to take', () => {
    const voice = after(incoming({ me: BOB, myName: undefined }), fromAlice(voiceInvite));
    const taken = step(voice, { type: 'take', media: 'video' });
    assert.match(wordsOfStep(voice, taken), /answer the offer; capture mic no-cam; -devices; \+devices 1\.5;/);
    assert.deepEqual([taken.state.taken, taken.state.remote.camera], ['audio', false]);
    assert.deepEqual(said(step(taken.state, answered)), [{ type: 'accept', media: 'audio', description: ANSWER, candidates: [], gen: 0 }]);
  });

  test('says what it sends only after its accept, whichever of answer and devices comes first', () => {
    const taken = SCENES['connecting, just taken'];
    assert.deepEqual(said(step(taken, CAPTURED)), []);
    assert.deepEqual(
      said(step(after(taken, CAPTURED), answered)).map(({ type }) => type),
      ['accept', 'media'],
    );
    assert.deepEqual(
      said(step(taken, answered)).map(({ type }) => type),
      ['accept'],
    );
    assert.deepEqual(said(step(after(taken, answered), CAPTURED)), [media(true, true)]);
  });

  test('rings on when the cancel names it as the winner, and stops for any other', () => {
    for (const scene of [rung, SCENES['connecting, the callee'], SCENES['connected, the callee']]) {
      assertUntouched(scene, fromAlice({ type: 'cancel', reason: 'answered-elsewhere', winner: 'b1' }));
      assert.match(
        words(scene, fromAlice({ type: 'cancel', reason: 'answered-elsewhere', winner: 'b2' })),
        /^ended answered-elsewhere.*; END$/,
      );
      assert.match(words(scene, fromAlice({ type: 'cancel', reason: 'answered-elsewhere' })), /^ended answered-elsewhere/);
    }
  });

  test('keeps no more candidates while it rings than the protocol allows', () => {
    const many = { type: 'candidates', candidates: Array.from({ length: 100 }, () => candidate('x')), gen: 0 } as const;
    assert.equal(after(rung, fromAlice(many), fromAlice(many)).offer!.candidates.length, MAX_CANDIDATES);
  });

  test('sends the camera that was shown before from the accept on, unless it is taken without', () => {
    const shown = after(rung, { type: 'captured', microphone: false, camera: true });
    const late = (taken: 'video' | 'audio') => after(shown, { type: 'take', media: taken }, answered).local.camera;
    assert.deepEqual([late('video'), late('audio')], [true, false]);
  });

  test('takes an unknown word for the end of the ringing for a plain cancel', () => {
    assert.match(words(rung, fromAlice({ type: 'cancel', reason: 'moonrise' })), /^ended cancelled;/);
    assert.match(words(rung, fromAlice({ type: 'hangup', reason: 'moonrise' })), /^ended cancelled;/);
  });
});

describe('Both sides, once the call is taken', () => {
  const connecting = SCENES['connecting, the caller'];
  const sound: CallEvent = { type: 'flowing', kind: 'audio' };

  test('are together with the first picture, or the first sound where no picture is sent', () => {
    assert.equal(after(connecting, { type: 'flowing', kind: 'video' }).phase, 'connected');
    assert.equal(after(connecting, fromBob(media(true, false)), sound).phase, 'connected');
  });

  test('are together when a side that is heard says that it sends no picture', () => {
    const audible = after(connecting, sound);
    assert.deepEqual([audible.phase, audible.reach], ['connecting', 'sound']);
    assert.equal(after(audible, fromBob(media(true, true))).phase, 'connecting');
    assert.equal(words(audible, fromBob(media(true, false))), 'connected (remote); -connect; -first-frame; -retry');
  });

  test('are together where the path stands and the other side sends nothing, whichever is known first', () => {
    const path: CallEvent = { type: 'path', state: 'connected' };
    const nothing = fromBob(media(false, false));
    assert.equal(after(connecting, path, fromBob(media(true, false))).phase, 'connecting', 'a voice is waited for');
    assert.equal(after(connecting, path, nothing).phase, 'connected');
    assert.equal(after(connecting, nothing, path).phase, 'connected');
  });

  test('are not together over a path that was there and is gone', () => {
    const path = (state: 'connected' | 'disconnected'): CallEvent => ({ type: 'path', state });
    assert.equal(after(connecting, path('connected'), path('disconnected'), fromBob(media(false, false))).phase, 'connecting');
  });

  test('are not together for a side that is not reached yet, whatever it says that it sends', () => {
    const silent = after(connecting, fromBob(media(false, false)));
    assert.deepEqual([silent.phase, silent.remote], ['connecting', { microphone: false, camera: false, screen: false }]);
  });

  test('end with the reason that the other side gives, and take an unknown word for hanging up', () => {
    for (const scene of ['connecting, the callee', 'connected, the caller', 'reconnecting, the callee'] as const) {
      const from = SCENES[scene].partner!;
      assert.match(words(SCENES[scene], heard(from, { type: 'hangup', reason: 'connection-lost' })), /^ended connection-lost; END$/);
      assert.match(words(SCENES[scene], heard(from, { type: 'hangup', reason: 'moonset' })), /^ended hung-up; END$/);
    }
  });

  test('go on with a warning when a device gets lost or one that is asked for later cannot be had', () => {
    const talking = SCENES['connected, the callee'];
    const lost: CallEvent = { type: 'captured', microphone: true, camera: false, missing: 'media-unavailable' };
    assert.equal(words(talking, lost), 'connected (local); trouble media-unavailable; tell partner: media mic no-cam');
    assert.equal(words(talking, { type: 'capture-failed', code: 'media-busy' }), 'connected; trouble media-busy');
  });

  test('end when the callee could open nothing at all, and the reason says why', () => {
    const taken = SCENES['connecting, just taken'];
    assert.match(
      words(taken, { type: 'capture-failed', code: 'media-busy' }),
      /^ended media-unavailable; trouble media-busy; tell partner: hangup media-unavailable; END$/,
    );
  });

  test('let everything go at the end: no offer, no word of what is sent', () => {
    const { offer, local, remote } = SCENES.ended;
    const nothing = { microphone: false, camera: false, screen: false };
    assert.deepEqual({ offer, local, remote }, { offer: undefined, local: nothing, remote: nothing });
  });
});

describe('What the person is told about devices', () => {
  const talking = SCENES['connected, the callee'];
  const tells = (...notices: DeviceNotice[]): CallEvent => ({ type: 'captured', microphone: true, camera: true, notices });
  const mute: CallEvent = { type: 'microphone', sounds: false };
  const changed: DeviceNotice = { device: 'microphone', what: 'changed', name: 'Desk' };
  const gone: DeviceNotice = { device: 'microphone', what: 'gone' };
  const cameraGone: DeviceNotice = { device: 'camera', what: 'gone' };
  const silent: DeviceNotice = { device: 'microphone', what: 'silent' };
  const over: CallEvent = { type: 'over', timer: 'notice' };
  const shown = (...events: CallEvent[]): readonly DeviceNotice[] => after(talking, ...events).notices;

  test('passes by where it asks for nothing, and stays where nobody would hear him', () => {
    const clock = '; tell partner: media mic cam; -notice; +notice 8';
    assert.equal(words(talking, tells(changed)), `connected (notices local)${clock}`);
    assert.equal(words(talking, tells(cameraGone)), `connected (notices local)${clock}`);
    assert.equal(words(talking, tells(gone)), 'connected (notices local); tell partner: media mic cam');
    assert.deepEqual(shown(tells(gone, cameraGone), over), [gone]);
    assert.deepEqual(shown(tells(changed), over), []);
    assertUntouched(after(talking, tells(gone)), over);
  });

  test('is taken back when it is no longer so, also before its time', () => {
    const { type, microphone } = CAPTURED as Extract<CallEvent, { type: 'captured' }>;
    const dark: CallEvent = { type, microphone, camera: false };
    assert.deepEqual(shown(tells(gone), CAPTURED), []);
    assert.deepEqual(shown({ ...dark, notices: [cameraGone] }, dark), [cameraGone], 'the camera is still gone');
    assert.deepEqual(shown({ ...dark, notices: [cameraGone] }, CAPTURED), []);
    assert.deepEqual(shown(tells(changed), CAPTURED), [changed], 'that was so, and stays for its time');
    const back: DeviceNotice = { device: 'camera', what: 'changed' };
    assert.deepEqual(shown(tells(changed), tells(back)), [changed, back]);
    assert.deepEqual(shown(tells(changed), tells(gone)), [gone], 'one notice for each device');
  });

  test('of a screen that could not be shared stays for its time, or until one is shared', () => {
    const denied: DeviceNotice = { device: 'screen', what: 'denied' };
    assert.deepEqual(shown(tells(denied), CAPTURED), [denied], 'other devices have nothing to do with it');
    assert.deepEqual(shown(tells(denied), tells({ device: 'screen', what: 'failed' })), [{ device: 'screen', what: 'failed' }]);
    assert.deepEqual(shown(tells(denied), over), []);
    assert.deepEqual(shown(tells(denied), { ...CAPTURED, screen: true } as CallEvent), []);
  });

  test('says that the microphone is silent while it is on, once, until there is sound, it is off, or gone', () => {
    assert.deepEqual(shown(mute), [silent]);
    assertUntouched(after(talking, mute), mute);
    assertUntouched(talking, { type: 'microphone', sounds: true });
    assert.deepEqual(shown(tells(cameraGone), mute, { type: 'microphone', sounds: true }), [cameraGone]);
    assert.deepEqual(shown(mute, CAPTURED), [silent], 'another camera does not make it heard');
    assert.deepEqual(shown(mute, { type: 'captured', microphone: false, camera: true }), []);
    assert.deepEqual(shown(mute, tells(gone)), [gone]);
    assert.deepEqual(shown({ type: 'captured', microphone: false, camera: true }, mute), []);
  });

  test('is told before the call is answered, too, and no more when it is over', () => {
    assert.deepEqual(after(SCENES.ringing, tells(gone)).notices, [gone]);
    const ended = step(after(talking, tells(gone, cameraGone)), { type: 'hang-up' });
    assert.deepEqual(ended.state.notices, []);
    assert.ok(ended.effects.some((effect) => effect.type === 'stop-timer' && effect.timer === 'notice'));
  });
});

describe('When the path breaks', () => {
  const caller = SCENES['connected, the caller'];
  const callee = SCENES['connected, the callee'];
  const disconnected: CallEvent = { type: 'path', state: 'disconnected' };
  const failed: CallEvent = { type: 'path', state: 'failed' };
  const stands: CallEvent = { type: 'path', state: 'connected' };
  const parted: CallEvent = { type: 'parted' };
  const flowing: CallEvent = { type: 'flowing', kind: 'audio' };
  const proven: CallEvent = { type: 'proven' };
  const over = (timer: TimerName): CallEvent => ({ type: 'over', timer });
  const description = (kind: Description, gen: number): CallContent => ({ type: 'description', description: kind, gen });
  const candidates = (gen: number, ...names: string[]): CallContent => ({ type: 'candidates', candidates: names.map(candidate), gen });
  const nothing = media(false, false);

  const quiet: CallEvent = { type: 'quiet' };

  test('a path that goes quiet is looked for anew once the link carries, and the person sees nothing of it', () => {
    const asked = after(caller, quiet);
    assert.equal(words(caller, quiet), 'connected (renewal prove); prove-link');
    assert.equal(words(asked, proven), 'connected (renewal work); restart-ice; -renew; +renew 4');
    assertUntouched(after(asked, proven), proven);
    assert.equal(after(asked, proven, flowing).renewal, undefined);
  });

  test('the callee leaves it to the caller to look for a new path, and does so itself where nothing comes', () => {
    const waiting = after(callee, quiet, proven);
    assert.equal(words(after(callee, quiet), proven), 'connected (renewal wait); +renew 1.2');
    assert.equal(words(waiting, over('renew')), 'connected (renewal work); restart-ice; -renew; +renew 4');
    const led = after(waiting, fromAlice(description(OFFER, 0)));
    assert.equal(led.renewal, 'work');
    assert.equal(after(led, over('renew')).mend?.by, 'rebuild');
    assert.deepEqual(words(after(led, fromAlice(nothing)), over('renew')), 'connected (renewal over)');
    assertUntouched(after(led, flowing), over('renew'));
    assert.equal(after(waiting, fromAlice(description(ANSWER, 0))).renewal, 'wait');
  });

  test('the ICE restart that began when the path went quiet is given its time, and a new connection follows if it was in vain', () => {
    const begun = after(caller, quiet, proven);
    assert.match(words(begun, disconnected), /restart 0 work\).*\+retry 4$/);
    assert.equal(after(begun, disconnected, over('retry'), proven).mend?.by, 'rebuild');
    assert.match(words(begun, { type: 'silent' }), /rebuild 0 prove/);
  });

  test('a side that says that it sends nothing is not missed, neither in silence nor when the path is back', () => {
    const mute = after(caller, fromBob(nothing));
    assertUntouched(mute, { type: 'silent' });
    assertUntouched(mute, { type: 'quiet' });
    assert.equal(after(mute, disconnected, stands).phase, 'connected');
  });

  test('a side that says so only when the path is back is waited for no longer', () => {
    const waiting = after(caller, disconnected, stands);
    assert.equal(after(waiting, fromBob(media(true, false))).phase, 'reconnecting');
    assert.equal(after(waiting, fromBob(nothing)).phase, 'connected');
    assert.equal(after(caller, disconnected, stands, disconnected, fromBob(nothing)).phase, 'reconnecting');
  });

  test('any lane that the other side sends is waited for', () => {
    for (const lane of ['microphone', 'camera', 'screen'] as const) {
      const one = after(caller, fromBob({ type: 'media', microphone: false, camera: false, screen: false, [lane]: true }));
      assert.equal(after(one, disconnected, stands).phase, 'reconnecting');
    }
  });

  test('nothing that still arrives of a page that has closed its end mends the call', () => {
    assertUntouched(after(caller, parted), flowing);
    assert.equal(after(caller, parted, fromBob(description(OFFER, 1)), flowing).phase, 'connected');
  });

  test('a page that has closed its end and may only be away for a moment is waited for a while', () => {
    assert.equal(words(after(caller, parted), { type: 'absent', steady: false }), 'reconnecting; +absence 8');
  });

  test('a late proof of the link does nothing, once the media is mended or being mended', () => {
    assertUntouched(after(caller, disconnected, flowing), proven);
    assertUntouched(after(caller, failed, proven), proven);
    assertUntouched(after(callee, failed), proven);
  });

  test('late clocks of the mending do nothing to a call that is mended', () => {
    const mended = after(callee, failed, over('lead'), proven, over('pause'), fromAlice(description(ANSWER, 1)), flowing);
    for (const timer of ['lead', 'retry', 'recover', 'absence', 'pause'] as const) assertUntouched(mended, over(timer));
  });

  test('each new connection has four seconds, and from the fourth in a row on eight', () => {
    let broken = after(caller, failed);
    const patience = [1, 2, 3, 4, 5, 6].map((gen) => {
      const offered = after(broken, proven, over('pause'));
      const answered = words(offered, fromBob(description(ANSWER, gen)));
      broken = after(offered, fromBob(description(ANSWER, gen)), over('retry'));
      return /\+retry (\d+)/.exec(answered)?.[1];
    });
    assert.deepEqual(patience, ['4', '4', '4', '8', '8', '8']);
  });

  test('of two new connections at once the caller’s goes on, on both sides', () => {
    const calling = after(caller, failed, proven);
    assertUntouched(calling, fromBob(description(OFFER, 1)));
    const called = after(callee, failed, over('lead'), proven);
    const held = after(called, fromAlice(description(OFFER, 1)), fromAlice(candidates(1, 'x')));
    assert.match(words(held, over('pause')), /^reconnecting \(pause rebuild 1 wait\); .*answer the offer x$/);
  });

  test('an offer that waits for its turn is dropped when ours of the same generation was answered meanwhile', () => {
    const called = after(callee, failed, over('lead'), proven, fromAlice(description(OFFER, 1)), fromAlice(description(ANSWER, 1)));
    assert.equal(words(called, over('pause')), 'reconnecting (pause)');
  });

  test('of the offers that wait for their turn the newest counts, with its own candidates', () => {
    const following = after(callee, fromAlice(description(OFFER, 1)));
    const held = after(following, fromAlice(description(OFFER, 3)), fromAlice(candidates(3, 'x')), fromAlice(candidates(3, 'y')));
    assertUntouched(held, fromAlice(description(OFFER, 2)));
    assertUntouched(held, fromAlice(candidates(2, 'z')));
    assert.match(words(held, over('pause')), /^reconnecting \(gen pause rebuild 3 wait\); .*answer the offer x\+y$/);
  });

  test('an offer that waits for its turn takes along no more candidates than the protocol allows', () => {
    const many = Array.from({ length: 100 }, (_, i) => `c${i}`);
    const held = after(callee, fromAlice(description(OFFER, 1)), fromAlice(description(OFFER, 2)), fromAlice(candidates(2, ...many)));
    assert.equal(after(held, fromAlice(candidates(2, 'more'))).pause!.next!.candidates.length, MAX_CANDIDATES);
  });

  test('a new connection of our own waits for its turn as well, and then for the link to be proven anew', () => {
    const again = after(caller, failed, proven, fromBob({ type: 'resume', description: OFFER, gen: 0 }));
    assertUntouched(again, proven);
    assert.equal(words(again, over('pause')), 'reconnecting (pause); prove-link');
    assert.equal(after(again, over('pause'), proven).gen, 2);
  });

  test('the page of a call that connects may be loaded anew as well', () => {
    const connecting = SCENES['connecting, the callee'];
    const led = after(connecting, fromAlice({ type: 'resume', description: OFFER, gen: 1 }));
    assert.deepEqual([led.phase, led.gen], ['connecting', 1]);
    assert.equal(after(led, { type: 'flowing', kind: 'video' }).phase, 'connected');
    assert.equal(after(connecting, fromAlice({ type: 'resume' })).phase, 'reconnecting');
  });

  test('the page of a call that connects says anew which device has taken it, where the caller was the one to say so', () => {
    const back = (direction: CallState['direction'], early: boolean) =>
      said(
        step(returned({ ...RECORD, direction, partner: BOB }, 0, { me: ALICE, myName: 'Alice' }), { type: 'return', ask: false, early }),
      );
    assert.deepEqual(back('outgoing', true), [{ type: 'cancel', reason: 'answered-elsewhere', winner: 'b1' }]);
    assert.deepEqual([back('outgoing', false), back('incoming', true)], [[], []]);
  });

  test('a call that rings on over the next page of the caller goes on like one that has just been placed, in its own generation', () => {
    const again = after(SCENES['ringing, a page that follows'], CAPTURED, offered('o'));
    const answered = after(again, fromBob({ type: 'ringing', alert: 'sound', description: ANSWER, gen: 1 }));
    assert.equal(words(answered, fromBob({ type: 'candidates', candidates: [candidate('h')], gen: 1 })), 'ringing; add-candidates h');
    const together = after(answered, fromBob({ type: 'accept', media: 'video' }), { type: 'flowing', kind: 'video' });
    assert.deepEqual([together.phase, together.gen], ['connected', 1]);
    assert.equal(words(together, over('direct')), 'connected; restart-ice', 'a direct path is looked for');

    const answers = after(SCENES['incoming'], fromAlice({ ...INVITE, gen: 1 }), over('pause'), { type: 'take', media: 'video' }, CAPTURED);
    const accepted = after(answers, { type: 'answered', description: ANSWER, candidates: [] });
    assert.match(words(accepted, fromAlice(description(OFFER, 2))), /-connect; \+connect 20/, 'the winner has his time from then on');
    const rung = after(SCENES['incoming, the early answer is told'], fromAlice({ ...INVITE, early: true, gen: 1 }));
    assert.equal(
      words(rung, { type: 'prepared', description: ANSWER, candidates: [candidate('o')], narrow: true }),
      'incoming (early); tell partner: ringing sound Bob the answer o of gen 1',
    );
    const taken = after(rung, { type: 'unprepared' }, { type: 'take', media: 'video' }, CAPTURED);
    assert.equal(
      words(taken, { type: 'answered', description: ANSWER, candidates: [] }),
      'connecting (accepted); tell partner: accept video Bob the answer of gen 1; tell partner: media mic cam',
    );
  });

  test('a caller who goes from page to page makes no more connections here than two a second, and the last one counts, with its candidates', () => {
    const page = (gen: number): CallEvent => fromAlice({ ...INVITE, gen, description: { type: 'offer', sdp: `offer ${gen}` } });
    const first = after(SCENES['incoming, and it rings'], page(1));
    const waits = after(first, page(2), page(3), fromAlice(candidates(2, 'old')), fromAlice(candidates(3, 'c')));
    assert.deepEqual([waits.gen, waits.offer!.description.sdp], [1, 'offer 1']);
    assert.equal(
      words(waits, over('pause')),
      'incoming (offer early gen invitedGen pause); +pause 0.5; tell partner: ringing sound Bob; make-ready offer 3',
    );
    const last = after(waits, over('pause'));
    assert.deepEqual([last.gen, last.offer!.candidates.at(-1)], [3, candidate('c')]);
    assert.equal(after(last, over('pause')).pause, undefined);
  });

  test('a caller who goes to another page makes nothing else of the call: neither its kind, nor its name, nor its time', () => {
    const voice = after(incoming({ me: BOB, myName: 'Bob' }), fromAlice({ ...voiceInvite, name: 'Alice' } as CallContent));
    const again = step(voice, fromAlice({ ...INVITE, gen: 1, name: 'Mallory', media: 'video', expires: 180 }));
    const { media: kind, name, ringFor } = again.state;
    assert.deepEqual([kind, name, ringFor], ['audio', 'Alice', 30]);
    assert.ok(!again.effects.some((effect) => effect.type === 'start-timer' && effect.timer === 'ring'));
  });

  test('an accept over a path that was prepared with the last page makes its device the winner, also where this one prepares none', () => {
    const { alert, ...rings } = RINGING_RECORD.rings;
    assert.equal(alert, 'visual');
    const plain = returned({ ...RINGING_RECORD, rings }, rings.leftAt, { me: ALICE, myName: 'Alice', early: false });
    const state = after(plain, { type: 'return', ask: false }, fromBob({ type: 'accept', media: 'video' }));
    assert.deepEqual([state.phase, state.partner, state.gen], ['connecting', BOB, 2]);
  });

  test('a call that rings on has at least the time that the protocol asks for', () => {
    const { rings } = RINGING_RECORD;
    const self = { me: ALICE, myName: undefined };
    assert.equal(returned(RINGING_RECORD, rings.until - 200, self).ringFor, 5);
    assert.equal(returned(RINGING_RECORD, rings.until - 20_100, self).ringFor, 21);
    assert.equal(returned(RINGING_RECORD, 0, self).ringFor, 180);
    const { alert, ...silently } = rings;
    assert.equal(alert, 'visual');
    const silent = returned({ ...RINGING_RECORD, rings: silently }, rings.until, self);
    assert.equal(after(silent, { type: 'return', ask: false }).phase, 'calling');
  });

  test('what is gathered without anything to tell is not told', () => {
    const offering = after(caller, failed, proven);
    assert.deepEqual(said(step(offering, offered())), [description(OFFER, 1)]);
  });

  test('a page that came back says first that it is, then what it sends', () => {
    const back = after(SCENES['reconnecting, a page that came back'], CAPTURED, proven);
    assert.deepEqual(said(step(back, offered('c'))), [
      { type: 'resume', description: OFFER, gen: 3 },
      candidates(3, 'c'),
      media(true, true),
    ]);
    const led = after(SCENES['reconnecting, a page that came back'], fromAlice(description(OFFER, 5)));
    assert.deepEqual(said(step(led, answered)), [{ type: 'resume' }, description(ANSWER, 5)]);
  });

  test('a page that came back opens the microphone as it was: with sound, or without', () => {
    const before = (local: MediaState): CallState => returned({ ...RECORD, local }, 0, { me: BOB, myName: 'Bob' });
    const local = { microphone: true, camera: false, screen: false };
    const back: CallEvent = { type: 'return', ask: false };
    assert.match(words(before(local), back), /; capture mic no-cam; -devices; \+devices 1\.5;/);
    assert.match(words(before({ ...local, microphone: false }), back), /; capture mic no-cam muted; -devices; \+devices 1\.5;/);
    assertUntouched(SCENES['idle, about to call'], back);
  });

  test('a page that came back and can open nothing stays in the call, and the person may try again', () => {
    const failed: CallEvent = { type: 'capture-failed', code: 'media-busy' };
    const back = after(SCENES['reconnecting, a page that came back'], { type: 'proven' }, failed);
    assert.deepEqual([back.phase, back.asking], ['reconnecting', true]);
    const introduced = after(SCENES['reconnecting, a page that came back'], { type: 'proven' }, offered('c'));
    assert.deepEqual(said(step(introduced, failed)), [media(false, false)], 'the other side does not wait for it');
    const again = after(introduced, failed, { type: 'take', media: 'video' });
    assert.deepEqual([again.asking, after(again, failed).asking], [false, true]);
    assert.deepEqual(after(again, CAPTURED).local, { microphone: true, camera: true, screen: false });
  });

  test('what was turned off while the devices of a page that came back could not be opened is off when the person tries again', () => {
    const failed: CallEvent = { type: 'capture-failed', code: 'media-busy' };
    const back = after(SCENES['reconnecting, a page that came back'], { type: 'wish', camera: false }, failed);
    assert.match(words(back, { type: 'take', media: 'video' }), /; capture mic no-cam muted; -devices; \+devices 1\.5$/);
  });

  test('a page that came back tells with its offer that it sends nothing yet, where its devices take that long', () => {
    const waiting = after(SCENES['reconnecting, a page that came back'], { type: 'over', timer: 'devices' }, proven);
    assert.deepEqual(said(step(waiting, offered())), [{ type: 'resume', description: OFFER, gen: 3 }, media(false, false)]);
    const taken = after(SCENES['connecting, just taken'], { type: 'over', timer: 'devices' });
    assert.deepEqual(said(step(taken, answered)).slice(1), [media(false, false)]);
  });

  test('a page that has gone is shown by a face until there is media again', () => {
    const isGone = (...events: CallEvent[]): boolean | undefined => after(SCENES['connected, the callee'], ...events).mend?.gone;
    const parted: CallEvent = { type: 'parted' };
    const back = fromAlice({ type: 'resume', description: OFFER, gen: 1 });
    assert.deepEqual([isGone(failed), isGone(parted), isGone(parted, back), isGone(back)], [false, true, true, true]);
    assert.equal(isGone(parted, back, { type: 'flowing', kind: 'video' }), undefined);
  });

  test('a page that came back no longer tells of devices that it waits for once they cannot be had', () => {
    const failed: CallEvent = { type: 'capture-failed', code: 'media-denied' };
    const waiting = after(SCENES['reconnecting, a page that came back'], { type: 'over', timer: 'devices' });
    assert.deepEqual([waiting.notices, after(waiting, failed).notices], [[{ device: 'microphone', what: 'asked' }], []]);
  });

  test('a page that came back knows the other side by the name that was written down', () => {
    assert.equal(returned(RECORD, 0, { me: BOB, myName: 'Bob' }).name, 'Alice');
    assert.equal(returned({ ...RECORD, name: null }, 0, { me: BOB, myName: 'Bob' }).name, undefined);
  });

  test('a call may be left at every stage, and the other side hears of it', () => {
    for (const [scene, state] of Object.entries(SCENES)) {
      if (!scene.startsWith('reconnecting')) continue;
      for (const type of ['hang-up', 'decline', 'leave'] as const) {
        const next = step(state, { type });
        assert.equal(next.state.phase, 'ended');
        assert.equal(said(next).at(-1)!.type, 'hangup');
        const stopped = next.effects.flatMap((effect) => (effect.type === 'stop-timer' ? [effect.timer] : []));
        for (const timer of ['recover', 'lead', 'retry', 'absence', 'pause'] as const) assert.ok(stopped.includes(timer), timer);
      }
    }
  });
});
