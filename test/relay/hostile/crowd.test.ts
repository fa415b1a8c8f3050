/** Many hostile connections at once; `npm run soak -- sockets` has a thousand of them, and looks at memory. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { WAYS, openHostileSockets } from '../support/hostile-sockets.js';
import { underAttack } from '../support/witness.js';

test('A hundred connections that cost as much as they can are borne, in every way at once, and the witness loses nothing', (t) =>
  underAttack(t, async ({ address, relay, log }) => {
    const crowd = openHostileSockets(address.port, 100);
    t.after(() => crowd.close());
    await crowd.reach();
    const asked = () => fetch(`${address.url}/healthz`).then((response) => response.text());
    // Those that ping are thrown out and come back; those that hold a message back, or say nothing, stay for now.
    const gone = () => log.lines.filter(([, { code }, message]) => message === 'page left' && code === 4429).length;
    while (gone() < 100 / WAYS.length) await asked();
    assert.ok(crowd.open > 50, `${crowd.open} are open`);
    crowd.close();
    while (relay.connections > 2) await asked();
  }));
