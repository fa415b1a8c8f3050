/**
 * What a page's script tag loads: names the button and the lists at once, and loads everything else when it is needed. The panel
 * is loaded early where there is one, else when page and browser have nothing better to do, or after some seconds.
 */
import { insist, once } from './loading.js';
import { define, registerPanel } from './register.js';
import { VideoCallButton } from './video-call-button.js';
import { VideoCallHistory } from './video-call-history.js';
import { VideoCallRoster } from './video-call-roster.js';
import { VERSION } from './version.js';

export type * from './events.js';
export type { Layout, Resolution } from './attributes.js';
export type { DeviceChoices, NamedDevice } from './call/choices.js';
export type { CallErrorCode } from './call/errors.js';
export type { CallInfo, Phase } from './call/phases.js';
export type { RelayStatus } from './call/session.js';
export type { Check, Diagnosis, Finding, FindingCode, Outcome } from './diagnosis/findings.js';
export type { DiagnosisWishes } from './diagnosis/index.js';
export type { HistoryChangeEvent } from './history/change-event.js';
export type { CallMessageEvent } from './message-event.js';
export type { Quality, QualityReason } from './quality/judgement.js';
export type { Reading } from './quality/reading.js';
export type { CallQualityEvent } from './quality-event.js';
export type { CallRecordingEvent } from './recording-event.js';
export type { WordChanges } from './locales/words.js';
export type { VideoCallButton } from './video-call-button.js';
export type { VideoCallHistory } from './video-call-history.js';
export type { VideoCallPanel } from './video-call-panel.js';
export type { VideoCallRoster } from './video-call-roster.js';
export type { EndReason, MediaKind, Presence } from '../relay/protocol/index.js';

/**
 * Milliseconds after which the panel is loaded though the browser has not been idle since the page was there, or something on the page
 * never comes: a panel that one adds late must ring, also in the shadow of another element, where this script sees none.
 */
const LATEST = 6000;

/** Makes the elements known, and loads the panel: as soon as there is one, else when all that the page itself loads is there and the browser has time. */
function begin(copy: string): void {
  VideoCallButton.copy = copy;
  VideoCallButton.starting = true;
  define('video-call-button', VideoCallButton);
  VideoCallButton.starting = false;
  define('video-call-roster', VideoCallRoster);
  define('video-call-history', VideoCallHistory);
  const find = (): HTMLElement | null => document.querySelector('video-call-panel');
  const load = once(async () => {
    eye.disconnect();
    insist(find(), registerPanel);
  });
  // Where a browser does not tell when it is idle, it is as soon as the page is loaded.
  const loadInTime = (): unknown => (window.requestIdleCallback ?? setTimeout)(load);
  const eye = new MutationObserver(() => find() && load());
  if (find()) return void load();
  eye.observe(document, { childList: true, subtree: true });
  setTimeout(load, LATEST);
  if (document.readyState === 'complete') loadInTime();
  else addEventListener('load', loadInTime);
}

if (typeof document === 'object') {
  const copy = `version ${VERSION} from ${import.meta.url}`;
  const first = customElements.get('video-call-button') as typeof VideoCallButton | undefined;
  // A second copy of this script leaves everything to the first one, and says so where that is another one.
  if (!first) begin(copy);
  else if (!first.copy?.startsWith(`version ${VERSION} `)) {
    console.warn(`<video-call-button> is ${first.copy ?? 'something else'} on this page already; ${copy} is not used.`);
  }
}
