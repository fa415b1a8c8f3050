/**
 * A program that counts by how many bytes the old space grows in 20,000 turns of the event loop, in each of which something is held back, and
 * prints it as JSON. It is a process of its own since `node:test` keeps account of every promise, in that space.
 *
 *   node --expose-gc --import=tsx test/relay/support/turns.ts
 */
import { PassThrough } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { getHeapSpaceStatistics } from 'node:v8';

import { Corks } from '../../../relay/corks.js';

const corks = new Corks();
const stream = new PassThrough();
const corked = { release: () => undefined };
const uses = { soon: () => corks.soon(corked), late: () => corks.late(corked), cork: () => corks.cork(stream) };

const old = (): number => getHeapSpaceStatistics().find(({ space_name }) => space_name === 'old_space')!.space_used_size;

async function turns(count: number, use: () => void): Promise<void> {
  for (let i = 0; i < count; i++) {
    use();
    await turn();
  }
}

const grown: Record<string, number> = {};
for (const [name, use] of Object.entries(uses)) {
  await turns(2000, use);
  gc!();
  const before = old();
  await turns(20_000, use);
  grown[name] = old() - before;
}
console.log(JSON.stringify(grown));
