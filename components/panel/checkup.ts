/** Ways into the diagnosis, and the card that it is shown on; what is on it comes when it is loaded. */
import { html, nothing } from 'lit';
import { isTheirs, pill } from './view.js';
import type { PanelView } from './view.js';

/** The button that opens it, quiet among others; nothing where the page leaves it out. */
export const door = ({ diagnosis, words, toggleDiagnosis }: PanelView, label: 'check' | 'why' = 'why') =>
  diagnosis === 'off' ? pill('diagnose', words.diagnosis[label], toggleDiagnosis, { kind: 'quiet' }) : nothing;

/** The same after a call that has failed here, and not with the other side: the person can do something about it. */
export function findOut(view: PanelView) {
  const { reason, relayStatus } = view.snapshot;
  const failed = /^(conn|ref|media)/.test(reason ?? '') ? !isTheirs(view) : reason === 'unreachable' && relayStatus !== 'online';
  return failed ? door(view) : nothing;
}

/** The card; what is on it comes when it is loaded. */
export const checkup = ({ words, trouble, toggleDiagnosis }: PanelView) =>
  html`<section part="dialog" class="card sheet checkup" role="group" aria-label=${words.diagnosis.check} tabindex="-1">
    <div part="diagnosis"></div>
    <div class="line instead">${words.errors['relay-unreachable']}</div>
    <div class="line">${trouble}</div>
    <div part="controls" class="controls">${pill('close', words.close, toggleDiagnosis, { kind: 'quiet' })}</div>
  </section>`;
