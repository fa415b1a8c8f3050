/** Ways into the diagnosis, and the card that it is shown on; what is on it comes when it is loaded. */
import { html, nothing } from 'lit';
import { isTheirs, pill } from './view.js';
import type { PanelView } from './view.js';

/** The end reasons that a person can do something about. */
const CURABLE = /^(connect-timeout|connection-lost|refused|media-)/;

/** The button that opens it, quiet among others; nothing where the page leaves it out. */
const door = ({ diagnosis, words, toggleDiagnosis }: PanelView, label: 'check' | 'why') =>
  diagnosis === 'off' ? pill('diagnose', words.diagnosis[label], toggleDiagnosis, { kind: 'quiet' }) : nothing;

/** Before a call. */
export const beforehand = (view: PanelView) => door(view, 'check');

/** Where something keeps calls from being made. */
export const why = (view: PanelView) => door(view, 'why');

/** After a call that has failed here, and not with the other side. */
export function findOut(view: PanelView) {
  const { reason, relayStatus } = view.snapshot;
  const failed = reason === 'unreachable' ? relayStatus !== 'online' : CURABLE.test(reason ?? '') && !isTheirs(view);
  return failed ? why(view) : nothing;
}

/** The card. Where nothing more can be loaded it says what that comes from. */
export function checkup({ words, snapshot, toggleDiagnosis }: PanelView) {
  const { relayStatus, relayTrouble = 'relay-unreachable' } = snapshot;
  return html`<section part="dialog" class="card sheet checkup" role="group" aria-label=${words.diagnosis.check} tabindex="-1">
    <div part="diagnosis"></div>
    <p class="line">${relayStatus === 'online' ? words.connectingRelay : words.errors[relayTrouble]}</p>
    <div part="controls" class="controls">${pill('close', words.close, toggleDiagnosis, { kind: 'quiet' })}</div>
  </section>`;
}
