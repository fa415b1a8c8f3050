/**
 * What a page's script tag loads: names the button and the lists at once, and loads everything else when it is needed. The panel
 * is loaded early where there is one, else when page and browser have nothing better to do, or after some seconds.
 */
import { insist } from './loading.js';
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
 * Milliseconds after which the panel is loaded though the browser has never been idle since the page was loaded, as some pages keep it from,
 * and though something on the page never comes: a panel that one adds late must ring.
 */
const LATEST = { idle: 3000, loaded: 8000 } as const;

/** Makes the elements known, and loads the panel: at once where there is one, else when all that the page itself loads is there and the browser has time. */
function begin(copy: string): void {
  VideoCallButton.copy = copy;
  VideoCallButton.starting = true;
  define('video-call-button', VideoCallButton);
  VideoCallButton.starting = false;
  define('video-call-roster', VideoCallRoster);
  define('video-call-history', VideoCallHistory);
  const panel = document.querySelector('video-call-panel');
  const load = (): void => insist(panel, registerPanel);
  const loadInTime = (): void => void (window.requestIdleCallback?.(load, { timeout: LATEST.idle }) ?? setTimeout(load, 1000));
  if (panel) load();
  else if (document.readyState === 'complete') loadInTime();
  else {
    addEventListener('load', loadInTime);
    setTimeout(load, LATEST.loaded);
  }
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
