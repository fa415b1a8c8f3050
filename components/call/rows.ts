/** The table of a call: for each state a row, and in it for each event what comes of it. An event without a cell leaves the call as it is. */
import type { CallContent, ContentOf } from '../../relay/protocol/index.js';
import type { CallState, Step } from './call-state.js';
import type { CallEvent } from './events.js';

/** What comes of an event. */
export type Cell<Type extends CallEvent['type'] = CallEvent['type']> = (
  state: CallState,
  event: Extract<CallEvent, { type: Type }>,
) => Step;
/** What comes of the events in a state. */
export type Row = { readonly [Type in CallEvent['type']]?: Cell<Type> };
/** What comes of a message of the other side; `from` is the address of its device. */
export type HeardCell<Type extends CallContent['type']> = (state: CallState, content: ContentOf<Type>, from: string) => Step;
/** What comes of the messages of the other side in a state. */
export type HeardRow = { readonly [Type in CallContent['type']]?: HeardCell<Type> };
