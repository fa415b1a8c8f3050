/** Loaded into a program beside its own code: answers over IPC with the memory that is left when garbage is collected. */
import { memoryUsage } from 'node:process';

const turn = () => new Promise((resolve) => setImmediate(resolve));

process.on('message', async () => {
  // What is freed by one collection may hold what the next one frees.
  for (let round = 0; round < 6; round++) {
    globalThis.gc();
    await turn();
  }
  process.send(memoryUsage());
});
// It must not keep the program alive.
process.channel?.unref();
