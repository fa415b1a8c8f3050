/** Finds out why calls do not get through: every check side by side with those that it does not need, all of them within a time. */
import { readConnection } from '../attributes.js';
import type { ConnectionAttributes } from '../attributes.js';
import type { CallSnapshot } from '../call/session.js';
import { places } from '../environment.js';
import { loadDiagnosisWords } from '../locales/diagnosis/index.js';
import type { DiagnosisWords } from '../locales/diagnosis/words.js';
import { placeOf } from '../locales/speech.js';
import { tableFor } from '../locales/tables.js';
import { checkDevice, openForALook } from './devices.js';
import type { DeviceAccess } from './devices.js';
import { CHECKS, found, gist, weigh } from './findings.js';
import type { Check, Diagnosis, Finding, Found } from './findings.js';
import { checkWay } from './ice.js';
import { checkMedia } from './loopback.js';
import { checkBrowser, checkPermissions, checkSound } from './page.js';
import { checkRelay } from './relay.js';
import { reportOf } from './report.js';
import { sentenceOf, summaryOf } from './sentences.js';
import { WAYS, waysOf } from './ways.js';
import { within } from './within.js';

/** Milliseconds after which a diagnosis is over, whatever is still missing. */
export const WHOLE_WITHIN = 15_000;

/** Whom a diagnosis is about: an element, and what it shows. */
export interface Subject {
  readonly element: HTMLElement & ConnectionAttributes & { readonly virtualCamera?: boolean };
  readonly snapshot: CallSnapshot;
}

/** How a diagnosis is done; all of it may be left out. */
export interface DiagnosisWishes {
  /** Ends it: what has not been looked at by then is `stopped`. */
  readonly signal?: AbortSignal | undefined;
  /** Hears of each finding as it comes, in whatever order; of one that others put in a new light at the end, again. */
  readonly progress?: ((finding: Finding) => void) | undefined;
}

/** The words of the diagnosis where an element stands. */
export const wordsFor = (element: HTMLElement): Promise<DiagnosisWords> => loadDiagnosisWords(tableFor(placeOf(element).lang));

/**
 * Finds out. Nothing is left open; the promise fails only where there are no words for what was found.
 *
 * @param devices how microphone and camera are come by, in the place of opening them for a moment
 */
export async function diagnose(subject: Subject, wishes?: DiagnosisWishes | null, devices: Partial<DeviceAccess> = {}): Promise<Diagnosis> {
  const words = await wordsFor(subject.element);
  const all = new Map<Check, Found>();
  const say = (each: Found): Finding => ({ ...each, detail: sentenceOf(each, words) });
  let over = false;
  const note = (each: Found): Found => {
    if (over) return each;
    all.set(each.check, each);
    try {
      wishes?.progress?.(say(each));
    } catch (cause) {
      console.warn('A listener of diagnose() failed.', cause);
    }
    return each;
  };
  // Whoever has no signal to end it still has the time.
  await within(wishes?.signal ?? new AbortController().signal, WHOLE_WITHIN, (signal) => lookAtAll(subject, devices, note, signal));
  for (const each of weigh(complete(all))) if (all.get(each.check)?.code !== each.code) note(each);
  over = true;
  return conclude(all, words);
}

/** What findings come to. */
export function conclude(all: ReadonlyMap<Check, Found>, words: DiagnosisWords): Diagnosis {
  const findings = weigh(complete(all));
  return {
    ok: findings.every(({ outcome }) => outcome !== 'failed'),
    summary: summaryOf(gist(findings), words),
    findings: findings.map((each) => ({ ...each, detail: sentenceOf(each, words) })),
    report: reportOf(findings, navigator.userAgent, new Date()),
  };
}

/** What has not been found in time is `stopped`. */
const complete = (all: ReadonlyMap<Check, Found>): Found[] => CHECKS.map((check) => all.get(check) ?? found(check, 'stopped'));

type Note = (each: Found) => Found;

async function lookAtAll(subject: Subject, devices: Partial<DeviceAccess>, note: Note, over: AbortSignal): Promise<void> {
  const [context, browser] = checkBrowser();
  note(context);
  note(browser);
  const able = browser.outcome === 'ok';
  const sound = able ? checkSound(over).then(note) : Promise.resolve(note(found('sound', 'not-checked')));
  await Promise.all([
    // A page that has a microphone open may sound without a gesture: what holds for it otherwise is seen before.
    sound.then(() => checkDevices(subject, devices, note, over)),
    checkNetwork(subject, able, note, over),
  ]);
}

/** Looks at microphone and camera, once it is known which of them the page may use. */
export async function checkDevices(
  { element, snapshot }: Subject,
  devices: Partial<DeviceAccess>,
  note: Note,
  over: AbortSignal,
): Promise<void> {
  const permissions = note(await checkPermissions());
  const access: DeviceAccess = {
    ...openForALook,
    virtual: !!element.virtualCamera,
    blocked: permissions.about ?? '',
    ...(snapshot.state !== 'idle' && snapshot.state !== 'ended' && { inCall: snapshot.localStream }),
    ...devices,
  };
  await Promise.all((['audio', 'video'] as const).map((kind) => checkDevice(kind, access, over).then(note)));
}

async function checkNetwork({ element, snapshot }: Subject, able: boolean, note: Note, over: AbortSignal): Promise<void> {
  const options = readConnection(element, places(), []);
  const relay = await checkRelay(options, snapshot.relayTrouble, over);
  note(relay.found);
  const servers = options?.iceServers ?? relay.iceServers;
  if (!able || !servers) return [...WAYS, 'media' as const].forEach((check) => note(found(check, 'not-checked')));
  const ways = waysOf(servers);
  const turns = WAYS.filter((way) => way !== 'stun' && ways.has(way));
  const results = WAYS.map(async (way) => {
    if (way === 'turn-udp' && turns.length === 0) return note(found(way, 'no-turn'));
    return note(await checkWay(way, ways.get(way), over));
  });
  // As soon as one way through TURN is open, it is seen whether anything passes.
  const open = results.map(async (result, at) => {
    if ((await result).code !== 'ok' || WAYS[at] === 'stun') throw new Error('This way is none.');
    return ways.get(WAYS[at]!)!;
  });
  const media = Promise.any(open).then(
    (good) => checkMedia(good, over),
    () => found('media', 'not-checked'),
  );
  await Promise.all([...results, media.then(note)]);
}
