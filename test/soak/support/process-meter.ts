/** What processes cost, read from `/proc`. Linux only. */
import { readFileSync } from 'node:fs';

/** For `test(name, { skip: withoutProc }, …)`. */
export const withoutProc: string | false = process.platform === 'linux' ? false : 'What a process costs is read from /proc.';

/** Seconds for which a process was busy so far; Linux counts hundredths. */
export function cpuOf(pid: number): number {
  const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ').slice(11, 13).map(Number);
  return (user! + system!) / 100;
}

/** Memory of a process that is resident, in KiB. */
export const residentOf = (pid: number): number => Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]);
