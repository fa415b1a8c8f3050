/**
 * From text to message: the one gate for everything that comes over the wire, used by relay and page alike.
 */
import { BETWEEN_PAGES, ENVELOPE, FROM_RELAY, STAMP, TO_RELAY } from './messages.js';
import type { CallMessage, PageMessage, RelayMessage, StampedCallMessage } from './messages.js';
import { misfit } from './shape.js';
import type { ObjectShape } from './shape.js';

/** Why a text is no message: a sentence for a developer, and as much of the message as could be told. */
export interface Refusal {
  /** What is wrong, naming the field; never longer than 200 characters, never quoting a value. */
  readonly message: string;
  /** The type of the message, where it is one that exists. */
  readonly type?: string;
  readonly call?: string;
  readonly n?: number;
}

/** A message, or the reason why there is none. */
export type Parsed<Message> = { readonly message: Message; readonly refusal?: undefined } | { readonly message?: undefined; readonly refusal: Refusal };

type Tables = readonly Readonly<Record<string, ObjectShape>>[];

const envelopes: Record<'none' | 'unstamped' | 'stamped', readonly ObjectShape[]> = {
  none: [],
  unstamped: [ENVELOPE],
  stamped: [STAMP, ENVELOPE],
};

/** Reads what a page sent to its relay. A message that brings a `from` of its own is refused. */
export function parseFromPage(text: string): Parsed<PageMessage | CallMessage> {
  return parse(text, [TO_RELAY], 'unstamped') as Parsed<PageMessage | CallMessage>;
}

/** Reads what a relay sent to a page. */
export function parseFromRelay(text: string): Parsed<RelayMessage | StampedCallMessage> {
  return parse(text, [FROM_RELAY], 'stamped') as Parsed<RelayMessage | StampedCallMessage>;
}

/** Reads what the other side of a call sent over the call's own data channel. */
export function parseFromPartner(text: string): Parsed<CallMessage> {
  return parse(text, [], 'unstamped') as Parsed<CallMessage>;
}

/** Whether a parsed message travels between pages. */
export const isCallMessage = <M extends { type: string }>(message: M): message is Extract<M, CallMessage> =>
  Object.hasOwn(BETWEEN_PAGES, message.type);

function parse(text: string, tables: Tables, envelope: 'unstamped' | 'stamped'): Parsed<{ type: string }> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse('The message is not JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse('The message is not a JSON object.');
  const fields = value as Record<string, unknown>;
  const type = Object.hasOwn(fields, 'type') ? fields['type'] : undefined;
  if (typeof type !== 'string') return refuse('The field "type" is missing or not a text.');

  const between = shapeOf(BETWEEN_PAGES, type);
  const shape = between ?? tables.map((table) => shapeOf(table, type)).find(Boolean);
  if (!shape) return refuse('This type of message does not exist, or not in this direction.');
  if (envelope === 'unstamped' && Object.hasOwn(fields, 'from')) return refuse('The field "from" is written by the relay alone.', fields);

  for (const part of [...envelopes[between ? envelope : 'none'], shape]) {
    const wrong = misfit(fields, part);
    if (wrong !== undefined) return refuse(`The field "${wrong}" of "${type}" is missing or not as the protocol says.`, fields);
  }
  return { message: fields as { type: string } };
}

function shapeOf(table: Readonly<Record<string, ObjectShape>>, type: string): ObjectShape | undefined {
  return Object.hasOwn(table, type) ? table[type] : undefined;
}

function refuse(message: string, fields?: Record<string, unknown>): { refusal: Refusal } {
  const refusal: { message: string; type?: string; call?: string; n?: number } = { message };
  if (fields) {
    refusal.type = fields['type'] as string;
    if (typeof fields['call'] === 'string' && fields['call'].length <= 64) refusal.call = fields['call'];
    if (Number.isSafeInteger(fields['n']) && (fields['n'] as number) >= 0 && (fields['n'] as number) <= 0x7fffffff) refusal.n = fields['n'] as number;
  }
  return { refusal };
}
