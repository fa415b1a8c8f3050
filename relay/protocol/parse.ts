/**
 * From text to message: the one gate for everything that comes over the wire, used by relay and page alike.
 */
import { BETWEEN_PAGES, ENVELOPE, FROM_RELAY, STAMP, TO_RELAY } from './messages.js';
import type { CallMessage, PageMessage, RelayMessage, StampedCallMessage } from './messages.js';
import { checkOf, joined } from './shape.js';
import type { Check, ObjectShape } from './shape.js';

/** Why a text is no message: a sentence for a developer, and as much of the message as could be told. */
export interface Refusal {
  /** What is wrong, naming the field; never longer than 200 characters, never quoting a value. */
  readonly message: string;
  /** The type of the message, where it is one that exists in this direction. */
  readonly type?: string;
  /** The call and number of the message, where they are well-formed. */
  readonly call?: string;
  readonly n?: number;
}

/** A message, or the reason why there is none. */
export type Parsed<Message> =
  { readonly message: Message; readonly refusal?: undefined } | { readonly message?: undefined; readonly refusal: Refusal };

/** The checks of all messages that may come one way, by type. */
type Gate = (type: string) => Check | undefined;

const fromPage = /* @__PURE__ */ gate(TO_RELAY, ENVELOPE);
const fromRelay = /* @__PURE__ */ gate(FROM_RELAY, /* @__PURE__ */ joined(STAMP, ENVELOPE));
const fromPartner = /* @__PURE__ */ gate({}, ENVELOPE);
const checkCall = /* @__PURE__ */ checkOf(ENVELOPE.properties.call);
const checkSerial = /* @__PURE__ */ checkOf(ENVELOPE.properties.n);

/** Reads what a page sent to its relay. A message that brings a `from` of its own is refused. */
export function parseFromPage(text: string): Parsed<PageMessage | CallMessage> {
  return parse(text, fromPage, false) as Parsed<PageMessage | CallMessage>;
}

/** Reads what a relay sent to a page. */
export function parseFromRelay(text: string): Parsed<RelayMessage | StampedCallMessage> {
  return parse(text, fromRelay, true) as Parsed<RelayMessage | StampedCallMessage>;
}

/** Reads what the other side of a call sent over the call's own data channel. */
export function parseFromPartner(text: string): Parsed<CallMessage> {
  return parse(text, fromPartner, false) as Parsed<CallMessage>;
}

/** Whether a parsed message travels between pages. */
export const isCallMessage = <M extends { type: string }>(message: M): message is Extract<M, CallMessage> =>
  Object.hasOwn(BETWEEN_PAGES, message.type);

function gate(own: Readonly<Record<string, ObjectShape>>, envelope: ObjectShape): Gate {
  const shapes = new Map(Object.entries(own));
  for (const [type, shape] of Object.entries(BETWEEN_PAGES)) shapes.set(type, joined(envelope, shape));
  const checks = new Map<string, Check>();
  return (type) => {
    const known = checks.get(type);
    if (known) return known;
    const shape = shapes.get(type);
    if (!shape) return undefined;
    const check = checkOf(shape);
    checks.set(type, check);
    return check;
  };
}

function parse(text: string, checkFor: Gate, stamped: boolean): Parsed<{ type: string }> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse('The message is not JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse('The message is not a JSON object.');
  const fields = value as Record<string, unknown>;
  const { type } = fields;
  if (typeof type !== 'string') return refuse('The field "type" is missing or not a text.', fields);

  const check = checkFor(type);
  if (!check) return refuse('This type of message does not exist, or not in this direction.', fields);
  if (!stamped && Object.hasOwn(fields, 'from')) return refuse('The field "from" is written by the relay alone.', fields, type);
  const wrong = check(fields);
  if (wrong !== undefined)
    return refuse(`The field "${wrong.slice(1)}" of "${type}" is missing or not as the protocol says.`, fields, type);
  return { message: fields as { type: string } };
}

function refuse(message: string, fields: Record<string, unknown> = {}, type?: string): { refusal: Refusal } {
  const { call, n } = fields;
  return {
    refusal: {
      message,
      ...(type && { type }),
      ...(checkCall(call) === undefined && { call: call as string }),
      ...(checkSerial(n) === undefined && { n: n as number }),
    },
  };
}
