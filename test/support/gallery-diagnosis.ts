/** States of the diagnosis, as if it had found this or that. */
import { CHECKS, found } from '../../components/diagnosis/findings.js';
import type { Check, Found } from '../../components/diagnosis/findings.js';
import { conclude, wordsFor } from '../../components/diagnosis/index.js';
import { sentenceOf } from '../../components/diagnosis/sentences.js';
import { doctor } from '../../components/panel/diagnosis/index.js';
import type { CallSnapshot } from '../../components/call/session.js';
import type { VideoCallPanel } from '../../components/video-call-panel.js';

/** What a diagnosis finds, and whether it comes to an end. */
export interface Case {
  readonly others?: readonly Found[];
  readonly unfinished?: readonly Check[];
  readonly devices?: boolean;
}

const TIMES: Partial<Record<Check, number>> = { camera: 412, relay: 38, stun: 61, 'turn-udp': 84, 'turn-tcp': 131, media: 47 };

/** Lets every diagnosis find this from now on, and else that everything works. Returns the function that puts things right. */
export function findAlways({ others = [], unfinished = [], devices = true }: Case): () => void {
  const own = doctor.diagnose;
  doctor.diagnose = async ({ element }, wishes, access = {}) => {
    const { progress, signal } = wishes ?? {};
    const words = await wordsFor(element);
    if (devices) await Promise.all((['audio', 'video'] as const).map(async (kind) => access.open?.(kind)));
    const all = new Map<Check, Found>();
    for (const check of CHECKS) {
      if (unfinished.includes(check)) continue;
      const usual = check === 'turn-tls' ? found(check, 'not-offered') : found(check, 'ok', { milliseconds: TIMES[check] });
      const each = others.find((other) => other.check === check) ?? usual;
      all.set(check, each);
      progress?.({ ...each, detail: sentenceOf(each, words) });
    }
    if (unfinished.length > 0) await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()));
    return conclude(all, words);
  };
  return () => void (doctor.diagnose = own);
}

const CASES: Readonly<Record<string, Case & { readonly press?: string }>> = {
  'diagnosis-running': { unfinished: ['stun', 'turn-udp', 'turn-tcp', 'turn-tls', 'media'] },
  'diagnosis-fine': {},
  'diagnosis-hear': { press: 'hear-button' },
  'diagnosis-ask': { others: [found('microphone', 'not-asked'), found('camera', 'not-asked')], devices: false },
  'diagnosis-relay': {
    others: [
      found('sound', 'sound-after-click'),
      found('relay', 'unreachable'),
      ...(['stun', 'turn-udp', 'turn-tcp', 'turn-tls', 'media'] as const).map((check) => found(check, 'not-checked')),
    ],
  },
  'diagnosis-strict': {
    others: [
      found('camera', 'denied'),
      found('microphone', 'silent'),
      found('turn-udp', 'way-blocked'),
      found('turn-tls', 'turn-refused', { about: '401' }),
      found('permissions', 'frame-lacks', { about: 'display-capture; autoplay' }),
    ],
    devices: false,
  },
};

/** Every one of them by its name. */
export const diagnoses = (snapshot: Partial<CallSnapshot>, shownBy: (panel: VideoCallPanel, selector: string) => Promise<HTMLElement>) =>
  Object.fromEntries(
    Object.entries(CASES).map(([name, { press, ...found }]) => [
      name,
      {
        snapshot,
        after: async (panel: VideoCallPanel) => {
          findAlways(found);
          (await shownBy(panel, '[part~=diagnose-button]')).click();
          await shownBy(panel, found.unfinished ? '.findings' : '[part~=again-button]');
          if (press) (await shownBy(panel, `[part~=${press}]`)).click();
        },
      },
    ]),
  );
