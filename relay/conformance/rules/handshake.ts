/** Before the first word: what a relay lets become a WebSocket. */
import { SUBPROTOCOL } from '../../protocol/index.js';
import type { Oddity } from '../handshake.js';
import { Skip, ensure } from '../rule.js';
import type { Rule } from '../rule.js';

const section = 'Connection';

/** A handshake that must be refused with this status. */
const refused = (id: string, status: number, what: string, oddity: Oddity | ((path: string) => Oddity)): Rule => ({
  id,
  section,
  says: `${what} is refused with the status ${status}.`,
  async run(world) {
    const answer = await world.shakeHands(typeof oddity === 'function' ? oddity(world.path) : oddity);
    ensure(answer.status === status, `the status ${answer.status}`);
  },
});

/** See the top of this file. */
export const HANDSHAKE_RULES: readonly Rule[] = [
  {
    id: 'subprotocol',
    section,
    says: `A handshake that offers \`${SUBPROTOCOL}\` among others is answered with it.`,
    async run(world) {
      const { status, headers } = await world.shakeHands({ fields: { 'Sec-WebSocket-Protocol': `something-else, ${SUBPROTOCOL}` } });
      ensure(status === 101, `the status ${status}`);
      const chosen = headers.get('sec-websocket-protocol');
      ensure(chosen === SUBPROTOCOL, `the subprotocol ${chosen ?? 'left out'}`);
    },
  },
  {
    id: 'no-extensions',
    section,
    says: 'No extension is agreed on: the relay never compresses.',
    async run(world) {
      const { headers } = await world.shakeHands({ fields: { 'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits' } });
      const agreed = headers.get('sec-websocket-extensions');
      ensure(agreed === undefined, `the extension ${agreed}`);
    },
  },
  refused('subprotocol-needed', 400, 'A handshake without the subprotocol', { fields: { 'Sec-WebSocket-Protocol': undefined } }),
  refused('other-subprotocol', 400, 'A handshake with another subprotocol', { fields: { 'Sec-WebSocket-Protocol': 'video-call.v0' } }),
  refused('one-host', 400, 'A handshake with two `Host` fields', { fields: { Host: ['relay.invalid', 'relay.invalid'] } }),
  refused('sound-handshake', 400, 'A handshake without its key', { fields: { 'Sec-WebSocket-Key': undefined } }),
  refused('other-path', 404, 'A handshake at another path', (path) => ({ path: `${path}-elsewhere` })),
  refused('other-method', 405, 'A handshake with POST', { method: 'POST' }),
  refused('no-upgrade', 426, 'A request that asks for no upgrade', { fields: { Connection: 'close', Upgrade: undefined } }),
  {
    id: 'foreign-origin',
    section,
    says: 'Where only pages of certain origins may connect, those of others are refused with the status 403.',
    async run(world) {
      const { status } = await world.shakeHands({ fields: { Origin: 'https://conformance.invalid' } });
      if (status === 101) throw new Skip('this relay lets pages of every origin in');
      ensure(status === 403, `the status ${status}`);
    },
  },
];
