/** A network of its own beside this machine: another device, as far as IP is concerned. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

const ip = (...args: string[]): void => void execFileSync('ip', args, { stdio: 'pipe' });

/** Why tests that need a network of their own are skipped, or false where one can be made. */
export const withoutNetns: string | false = (() => {
  if (process.platform !== 'linux') return 'Network namespaces are a thing of Linux.';
  if (process.getuid?.() !== 0) return 'Only root may make a network namespace.';
  const name = `vc-probe-${process.pid}`;
  try {
    ip('netns', 'add', name);
    ip('netns', 'del', name);
    return false;
  } catch (error) {
    return `No network namespace can be made here: ${(error as Error).message.trim()}`;
  }
})();

/** Another device. */
export interface Device {
  /** The address of this machine in the network between the two. */
  readonly here: string;
  /** The address of the device. */
  readonly there: string;
  /** A script that runs a program on the device. */
  wrap(program: string): string;
  /** Takes its address away and gives it another, as on the way from one network into another. */
  move(): void;
  /** Pulls its cable: nothing gets through, and nobody is told. */
  unplug(): void;
  /** Puts it back. */
  plug(): void;
}

let devices = 0;

/** Makes a device at the other end of a cable, which goes with the test. Its way to everywhere leads through this machine. */
export function plugInDevice(t: TestContext): Device {
  // A network goes only some time after its last program has.
  const id = `${process.pid % 10_000}${devices++}`;
  const [name, near, far] = [`vc${id}`, `vc${id}n`, `vc${id}f`];
  // 198.18.0.0/15 is for tests of networks (RFC 2544), so it is nobody's real address.
  const net = `198.18.${(Number(id) + devices) % 250}`;
  const folder = mkdtempSync(join(tmpdir(), 'device-'));
  const remove = (): void => {
    try {
      ip('netns', 'del', name);
    } catch {
      // It was never made, or is gone already.
    }
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', remove);
  t.after(() => {
    process.off('exit', remove);
    remove();
  });
  ip('netns', 'add', name);
  ip('link', 'add', near, 'type', 'veth', 'peer', 'name', far, 'netns', name);
  // No address that comes by itself a second later: a browser that is loading a page then gives up, since its network has changed.
  ip('link', 'set', near, 'addrgenmode', 'none');
  ip('addr', 'add', `${net}.1/24`, 'dev', near);
  ip('link', 'set', near, 'up');
  const inside = (command: string): void => ip('-n', name, ...command.split(' '));
  let last = 2;
  const route = (): void => inside(`route replace default via ${net}.1`);
  inside(`link set ${far} addrgenmode none`);
  inside(`addr add ${net}.2/24 dev ${far}`);
  inside(`link set ${far} up`);
  inside('link set lo up');
  route();
  return {
    here: `${net}.1`,
    there: `${net}.2`,
    wrap: (program) => {
      const script = join(folder, 'run');
      writeFileSync(script, `#!/bin/sh\nexec ip netns exec ${name} ${program} "$@"\n`);
      chmodSync(script, 0o755);
      return script;
    },
    move: () => {
      inside(`addr del ${net}.${last}/24 dev ${far}`);
      inside(`addr add ${net}.${++last}/24 dev ${far}`);
      route();
    },
    unplug: () => ip('link', 'set', near, 'down'),
    plug: () => ip('link', 'set', near, 'up'),
  };
}
