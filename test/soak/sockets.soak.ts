/** A thousand hostile connections at once, for as long as it takes: what they cost the relay, and what others notice. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';

import { WAYS } from '../relay/support/hostile-sockets.js';
import { startWitness } from '../relay/support/witness.js';
import { freePort, run } from '../support/daemons.js';

const SOCKETS = Number(process.env.SOAK_SOCKETS ?? 1000);
const SECONDS = Number(process.env.SOAK_SECONDS ?? 120);
/** Which ways of `hostile-sockets.ts`, with commas between them. */
const ways = process.env.SOAK_WAYS?.split(',') ?? WAYS;
/** KiB of resident memory that each of them may cost. */
const MOST_EACH = 128;
/** Milliseconds that one message in a hundred of somebody else may take. */
const MOST_P99 = 50;

/** Memory of a process that is resident, in KiB. */
const residentOf = (pid: number): number => Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]);

/** Seconds for which a process was busy so far; Linux counts hundredths. */
const cpuOf = (pid: number): number => {
  const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ').slice(11, 13).map(Number);
  return (user! + system!) / 100;
};

test(
  `${SOCKETS} connections that cost as much as they can cost no more than ${MOST_EACH} KiB each, and a call beside them loses nothing and is not late`,
  { skip: process.platform !== 'linux' && 'The memory of a process is read from /proc.' },
  async (t) => {
    const port = await freePort();
    const limits = ['--max-connections-per-ip', '100000', '--max-connections', '100000', '--connect-rate', '100000'];
    const options = ['--port', `${port}`, '--stun', 'none', '--log-level', 'error', ...limits];
    const relay = await run(t, process.execPath, ['--import', 'tsx', 'relay/cli.ts', ...options], /The relay is ready/);
    let said = '';
    relay.stderr!.on('data', (chunk) => (said += String(chunk)));

    const warmUp = await startWitness(t, `ws://127.0.0.1:${port}/ws`, 'warm');
    await setTimeout(3000);
    const alone = await warmUp.testify(5000);

    let last = '';
    const attack = (count: number): ReturnType<typeof run> => {
      const args = ['--import', 'tsx', 'test/soak/support/attackers.ts', `${port}`, `${count}`, ways.join()];
      return run(t, process.execPath, args, /All are open/, (all) => (last = all.trim().split('\n').at(-1)!));
    };
    const end = async (attackers: Awaited<ReturnType<typeof attack>>): Promise<void> => {
      attackers.kill('SIGKILL');
      await once(attackers, 'exit');
    };
    // What a relay under attack needs whatever their number: V8 takes more room for what it will throw away.
    const some = await attack(SOCKETS / 10);
    await setTimeout(10_000);
    const before = residentOf(relay.pid!);
    await end(some);

    const witness = await startWitness(t, `ws://127.0.0.1:${port}/ws`);
    const attackers = await attack(SOCKETS);
    const resident: number[] = [];
    const used = cpuOf(relay.pid!);
    for (let second = 0; second < SECONDS; second++) {
      await setTimeout(1000);
      resident.push(residentOf(relay.pid!));
    }
    const busy = (cpuOf(relay.pid!) - used) / SECONDS;
    const { messages, p50, p99, longest } = await witness.testify(5000);
    await end(attackers);

    const most = Math.max(...resident);
    const each = (most - before) / (SOCKETS * 0.9);
    t.diagnostic(`connections open at the end, and made in all: ${last}`);
    t.diagnostic(
      `resident memory: ${Math.round(before / 1024)} MiB with a tenth of them, ${Math.round(most / 1024)} MiB at most: ${each.toFixed(1)} KiB each`,
    );
    t.diagnostic(`the relay was busy for ${(busy * 100).toFixed()} % of the time`);
    t.diagnostic(`witness alone: p50 ${alone.p50.toFixed(1)}, p99 ${alone.p99.toFixed(1)}, longest ${alone.longest.toFixed()} ms`);
    t.diagnostic(`witness beside them: p50 ${p50.toFixed(1)}, p99 ${p99.toFixed(1)}, longest ${longest.toFixed()} ms of ${messages}`);
    assert.equal(relay.exitCode, null);
    assert.equal(said, '', 'the relay has nothing to complain of');
    assert.ok(each <= MOST_EACH, `${each.toFixed(1)} KiB each`);
    assert.ok(p99 < MOST_P99, `${p99.toFixed(1)} ms`);
  },
);
