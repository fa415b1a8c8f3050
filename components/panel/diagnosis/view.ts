/** How the diagnosis is drawn. */
import { html, nothing } from 'lit';
import type { Check, Diagnosis, Finding, Outcome } from '../../diagnosis/findings.js';
import { CHECKS } from '../../diagnosis/findings.js';
import { icons, stroke } from '../../icons/index.js';
import type { DiagnosisWords } from '../../locales/diagnosis/words.js';
import type { Words } from '../../locales/index.js';
import { pill } from '../view.js';

/** Everything that is drawn. */
export interface DiagnosisView {
  readonly lang: string;
  readonly words: DiagnosisWords;
  /** Those of the panel. */
  readonly common: Words;
  readonly findings: ReadonlyMap<Check, Finding>;
  /** What it has come to; undefined while it runs. */
  readonly result: Diagnosis | undefined;
  readonly picture: MediaStream | null;
  readonly microphone: boolean;
  /** Whether the person can let the browser ask. */
  readonly asks: boolean;
  readonly echo: 'no' | 'off' | 'on' | 'heard';
  /** Whether the report was copied, or is shown to be copied by hand. */
  readonly copied: 'no' | 'yes' | 'by hand';
  ask(): void;
  hear(): void;
  again(): void;
  copy(): void;
}

const SIGNS: Readonly<Record<Outcome, unknown>> = {
  ok: stroke('M5.5 12.5l4.3 4.3L18.5 8'),
  warning: stroke('M12 6.5v7M12 17.2v.3'),
  failed: icons.close,
  skipped: stroke('M7.5 12h9'),
};

/** Draws it. */
export function diagnosisView(view: DiagnosisView) {
  const { words, common, result } = view;
  return html`<h2>${common.diagnosis.check}</h2>
    <p class="gist ${result ? (result.ok ? 'fine' : 'bad') : 'busy'}" role="status">${result?.summary ?? words.running}</p>
    ${trial(view)}
    <ul class="findings" aria-busy=${String(!result)}>
      ${CHECKS.map((check) => row(view, check))}
    </ul>
    ${result ? after(view, result) : nothing}`;
}

function row({ words, findings, lang }: DiagnosisView, check: Check) {
  const finding = findings.get(check);
  if (finding?.code === 'not-offered') return nothing;
  if (!finding) {
    return html`<li class="finding waiting"><i class="sign-of" aria-hidden="true"></i><b>${words.checks[check]}</b></li>`;
  }
  const { outcome, detail, milliseconds } = finding;
  const time =
    milliseconds === undefined
      ? nothing
      : html`<span class="time">${new Intl.NumberFormat(lang, { style: 'unit', unit: 'millisecond' }).format(milliseconds)}</span>`;
  return html`<li class="finding ${outcome}">
    <i class="sign-of" role="img" aria-label=${words.outcomes[outcome]}>${SIGNS[outcome]}</i>
    <b>${words.checks[check]}</b>${time} ${outcome === 'ok' ? nothing : html`<p>${detail}</p>`}
  </li>`;
}

/** One's own picture and voice, and how to hear it. */
function trial(view: DiagnosisView) {
  const { picture, microphone, common, asks, ask } = view;
  if (asks) {
    return html`<div class="trial">
      <p class="hint">${common.devicesAsk}</p>
      ${pill('allow', common.devicesAllow, ask, { kind: 'go' })}
    </div>`;
  }
  if (!picture && !microphone) return nothing;
  return html`<div class="trial">
    ${
      picture
        ? html`<video class="mirrored" autoplay playsinline .muted=${true} .srcObject=${picture} aria-hidden="true"></video>`
        : nothing
    }
    ${microphone ? voice(view) : nothing}
  </div>`;
}

function voice({ words, common, echo, hear }: DiagnosisView) {
  const on = echo === 'on' || echo === 'heard';
  return html`<div class="voice">
    ${meter('own', common.microphoneLevel, icons.microphone)} ${on ? meter('back', words.returnLevel, icons.sound) : nothing}
    ${pill('hear', on ? words.stopHearing : words.hear, hear, { kind: 'quiet', icon: on ? undefined : icons.sound })}
    ${on ? html`<p class="hint" role="status">${echo === 'heard' ? words.heard : words.speak}</p>` : nothing}
  </div>`;
}

const meter = (name: string, label: string, icon: unknown) =>
  html`<div class="loudness">
    ${icon}
    <div class="level ${name}" role="meter" aria-label=${label} aria-valuemin="0" aria-valuemax="100" aria-valuenow="0"></div>
  </div>`;

function after({ words, copied, again, copy }: DiagnosisView, { report }: Diagnosis) {
  return html`<div class="controls">
      ${pill('again', words.again, again, { kind: 'quiet' })}${pill('copy', copied === 'yes' ? words.copied : words.copy, copy, { kind: 'quiet' })}
    </div>
    ${copied === 'by hand' ? html`<textarea class="report" readonly rows="8" aria-label=${words.copy} .value=${report}></textarea>` : nothing}`;
}
