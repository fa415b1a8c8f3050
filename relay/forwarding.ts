import type { Client } from './client.js';
import { NOBODY, mayTell } from './grants.js';
import { addressOf, peerOf } from './protocol/index.js';
import type { CallMessage } from './protocol/index.js';
import type { Services } from './services.js';

/** Brings a message of a page to those it is for, and tells the page where there are none. `text` is the message as it came. */
export function forward(client: Client, message: CallMessage, text: string, services: Services): void {
  const { invites, switchboard, clock } = services;
  const target = peerOf(message.to);
  if (target === client.peer) return client.refuse('forbidden', 'Nobody can call himself.', message);
  if (message.type === 'invite' && !invites.allows(client.peer, target, message.call, clock.now())) {
    return client.refuse('rate-limited', 'Too many people, or too many calls, were invited within a minute.', message);
  }
  // Who may not be told is as if he were not there, also for one who measures the time.
  const may = mayTell(client.lease.calls, message);
  const count = switchboard.deliver(may ? message.to : NOBODY, stamped(text, client));
  if (typeof count === 'number') return concluded(client, message, count, may, services);
  concludedLater(client, message, count, may, services);
}

/** Apart, since the closures that a wait takes would be made for every message. */
function concludedLater(client: Client, message: CallMessage, counting: Promise<number>, may: boolean, services: Services): void {
  const delivered = (count: number): void => concluded(client, message, count, may, services);
  counting.then(delivered, (error: unknown) => {
    services.log.warn({ err: error }, 'a message could not be delivered');
    delivered(0);
  });
}

/** Takes note of what became of a message. */
function concluded(client: Client, message: CallMessage, count: number, may: boolean, { tally, records }: Services): void {
  const { type, to, call, n } = message;
  // What somebody may not say is no part of any call.
  if (may) records?.saw(addressOf(client.peer, client.device), message, count > 0);
  tally.sent[type]! += count;
  if (count === 0) tally.unreachable++;
  // Nobody waits for an answer to a bare acknowledgement.
  if (count === 0 && type !== 'ack') client.say({ type: 'unreachable', to, call, n });
}

/** Writes the sender's address into a message, as the last key, without a second serialisation. */
function stamped(text: string, { peer, device }: Client): string {
  return `${text.slice(0, text.lastIndexOf('}'))},"from":"${peer}/${device}"}`;
}
