/** Rings for one call, once in each browser. Knows no panel and no Lit: a page that draws its own calls rings by it too. */
import type { CallSession } from '../call/session.js';
import { ring } from '../sound/ring.js';
import type { Ring } from '../sound/ring.js';
import { RINGTONE } from '../sound/tones.js';
import { RingOnce } from './ring-once.js';
import type { IncomingRing, RingPanel } from './ringer.js';

/** After this time the caller is told that it rings, even if no other tab has said how, in milliseconds. */
const DECIDE_WITHIN = 400;
/** How long a tab in the background waits with its tone for one that is seen, in seconds. */
const GIVE_WAY = 0.3;
/** What lets a page sound; a program that reads the page aloud clicks without a pointer. */
const GESTURES = ['pointerup', 'keydown', 'click'] as const;

const isSeen = () => document.visibilityState === 'visible';

/** Rings for one call until it is stopped, and tells the caller how this tab does. */
export function ringFor(session: CallSession, call: string, panel: RingPanel): IncomingRing {
  let tone: Ring | undefined;
  // One camera for several tabs, and only where somebody can see what it shows.
  const preview = () => panel.preview && isSeen() && session.preview();
  preview();
  let told = '';
  const tell = (alert: 'sound' | 'visual') => alert !== told && session.rings((told = alert));
  const once = new RingOnce(call, {
    mayBeHeard: () => panel.ringtone !== 'none' && (navigator.userActivation?.hasBeenActive ?? true),
    isSeen,
    start: () => (tone = ring(panel.ringtone, RINGTONE, isSeen() ? 0 : GIVE_WAY)).alert,
    stop: () => tone?.stop(),
    changed() {
      // The first change may come before there is anything to be asked.
      queueMicrotask(() => {
        if (stopped) return;
        if (once.alert) tell(once.leads ? once.alert : 'visual');
        panel.requestUpdate();
      });
    },
  });
  let stopped = false;
  const isHeld = () => panel.ringtone !== 'none' && navigator.userActivation?.hasBeenActive === false;
  const wasHeld = isHeld();
  const late = setTimeout(() => !told && tell('visual'), DECIDE_WITHIN);
  const turned = () => {
    preview();
    once.reconsider();
  };
  const touched = () => once.reconsider(true);
  document.addEventListener('visibilitychange', turned);
  for (const gesture of GESTURES) addEventListener(gesture, touched, true);
  return {
    get leads() {
      return once.leads && !!once.alert;
    },
    get silenced() {
      return once.silenced;
    },
    get sounds() {
      return once.alert === 'sound' && !once.silenced;
    },
    get held() {
      return wasHeld ? isHeld() && once.leads && once.alert === 'visual' && !once.silenced : undefined;
    },
    silence: () => once.silence(),
    stop() {
      stopped = true;
      clearTimeout(late);
      document.removeEventListener('visibilitychange', turned);
      for (const gesture of GESTURES) removeEventListener(gesture, touched, true);
      once.close();
    },
  };
}
