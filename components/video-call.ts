/**
 * What a page's script tag loads: names the button and the lists at once, and loads everything else when it is needed. The panel
 * is loaded early where there is one, else when the browser has nothing better to do.
 */
import { define, registerPanel } from './register.js';
import { VideoCallButton } from './video-call-button.js';
import { VideoCallHistory } from './video-call-history.js';
import { VideoCallRoster } from './video-call-roster.js';

export type * from './events.js';
export type { Check, Diagnosis, Finding, FindingCode, Outcome } from './diagnosis/findings.js';
export type { DiagnosisWishes } from './diagnosis/index.js';
export type { HistoryChangeEvent } from './history/change-event.js';
export type { CallMessageEvent } from './message-event.js';
export type { Quality, QualityReason } from './quality/judgement.js';
export type { Reading } from './quality/reading.js';
export type { CallQualityEvent } from './quality-event.js';
export type { CallRecordingEvent } from './recording-event.js';

// A second copy of this script leaves everything to the first one.
if (typeof document === 'object' && !customElements.get('video-call-button')) {
  define('video-call-button', VideoCallButton);
  define('video-call-roster', VideoCallRoster);
  define('video-call-history', VideoCallHistory);
  const load = () => registerPanel().catch((cause: unknown) => console.warn('<video-call-panel> could not be loaded.', cause));
  if (document.querySelector('video-call-panel')) void load();
  else if ('requestIdleCallback' in window) requestIdleCallback(load);
  else setTimeout(load, 1000);
}
