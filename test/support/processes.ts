/** Does to a browser what happens to machines: a service that drives its devices dies, or all of it sleeps. Linux only. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import type { TestContext } from 'node:test';
import type { Person } from './person.js';

/** For `test(name, { skip: withoutProcesses }, …)`: the reason where processes cannot be looked at, else false. */
export const withoutProcesses: string | false = existsSync('/proc/self/stat') ? false : 'Processes are found through /proc here.';

/** The parts of a browser that open devices; when one dies, its tracks end as if the device were pulled out. */
const SERVICES = {
  camera: 'video_capture.mojom.VideoCaptureService',
  microphone: 'audio.mojom.AudioService',
} as const;

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // The process has ended meanwhile.
    return '';
  }
}

/** The parent of a process; the program's name before it may contain anything. */
const parentOf = (pid: number): number => Number(read(`/proc/${pid}/stat`).split(') ').at(-1)!.split(' ')[1] ?? 0);

function isBelow(pid: number, ancestor: number): boolean {
  for (let at = pid; at > 1; at = parentOf(at)) if (at === ancestor) return true;
  return false;
}

/** The browser of a person who has one of their own. */
function browserOf(person: Person): number {
  const pid = person.page.browser().process()?.pid;
  if (!pid) throw new Error(`${person.name} has no browser that was started here.`);
  return pid;
}

/** Pulls out a device of a person who has a browser of their own (`apart`); it is there again at once. */
export function pullOut(person: Person, device: keyof typeof SERVICES): void {
  const browser = browserOf(person);
  const like = `--utility-sub-type=${SERVICES[device]}`;
  const pids = readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && read(`/proc/${pid}/cmdline`).includes(like) && isBelow(pid, browser));
  if (pids.length !== 1) throw new Error(`${person.name}'s browser has ${pids.length} services for the ${device}, and not one.`);
  process.kill(pids[0]!, 'SIGKILL');
}

/** Lets the machine of a person who has a browser of their own (`apart`) sleep. Returns the function that wakes it. */
export function sleep(t: TestContext, person: Person): () => void {
  const browser = browserOf(person);
  const tell = (signal: NodeJS.Signals): void => void process.kill(-browser, signal);
  tell('SIGSTOP');
  let asleep = true;
  const wake = (): void => {
    if (asleep) tell('SIGCONT');
    asleep = false;
  };
  t.after(wake);
  return wake;
}
