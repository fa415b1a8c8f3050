/** How the view of the devices is drawn. */
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { facingOf } from '../../call/choices.js';
import { icons } from '../../icons/index.js';
import { phone } from '../../icons/phone.js';
import type { Words } from '../../locales/index.js';
import { microphoneControl } from '../stage.js';
import { control, pill } from '../view.js';
import type { PanelView } from '../view.js';
import type { Obstacle } from './trial.js';

/** The three kinds of devices. */
export type DeviceKind = 'microphone' | 'camera' | 'speaker';

/** What is there of a kind, and which of it is in use. */
export interface Choice {
  readonly devices: readonly MediaDeviceInfo[];
  readonly used: string;
}

/** Everything that is drawn. */
export interface DevicesView {
  readonly words: Words;
  /** The panel, where there is a call whose controls the view covers. */
  readonly call: PanelView | undefined;
  /** The kinds that are offered, in order. */
  readonly choices: Readonly<Partial<Record<DeviceKind, Choice>>>;
  readonly picture: MediaStream | null;
  readonly camera: MediaStreamTrack | undefined;
  readonly microphone: MediaStreamTrack | undefined;
  readonly obstacles: readonly Obstacle[];
  /** Whether nothing at all has come from the microphone for a while. */
  readonly silent: boolean;
  /** Whether the page sends an animated picture instead. */
  readonly virtual: boolean;
  readonly playing: boolean;
  choose(kind: DeviceKind, deviceId: string): void;
  ask(): void;
  play(): void;
  close(): void;
}

const ICONS: Readonly<Record<DeviceKind, TemplateResult>> = { microphone: icons.microphone, camera: icons.camera, speaker: icons.sound };

/** Draws the view. */
export function devicesView(view: DevicesView) {
  const { words, choices, call, close } = view;
  return html`<section part="devices" class="devices" role="dialog" aria-labelledby="devices-title" tabindex="-1">
    <header class="bar">
      <h2 id="devices-title">${words.devices}</h2>
      <div class="controls">${call ? inReach(call) : nothing} ${control('close', icons.close, words.close, close, { kind: 'quiet' })}</div>
    </header>
    ${view.virtual ? html`<p class="advice">${words.devicesVirtual}</p>` : nothing} ${obstacle(view)}
    ${choices.camera ? html`<div class="look">${picture(view)}${field(view, 'camera')}</div>` : nothing}
    ${
      choices.microphone || choices.speaker
        ? html`<div class="fields">
            ${choices.microphone ? html`${field(view, 'microphone', meter(view))}${silence(view)}` : nothing}
            ${choices.speaker ? field(view, 'speaker', test(view)) : nothing}
          </div>`
        : nothing
    }
  </section>`;
}

/** What must not wait until the view is closed. */
function inReach(panel: PanelView) {
  const { words, snapshot, ask } = panel;
  const stop = () => control('screen', icons['screen-off'], words.stopSharing, () => ask.shareScreen(false), { kind: 'off' });
  return html`${snapshot.local.screen ? stop() : nothing} ${microphoneControl(panel)}
  ${control('hangup', phone, words.hangUp, () => ask.hangUp(), { kind: 'end' })}`;
}

function obstacle({ words, obstacles, ask }: DevicesView) {
  if (obstacles.includes('ask')) {
    return html`<div class="asks">
      <div class="sign" aria-hidden="true">${icons.camera}${icons.microphone}</div>
      <p>${words.devicesAsk}</p>
      ${pill('allow', words.devicesAllow, ask, { kind: 'go' })}
    </div>`;
  }
  const { errors } = words;
  const said = { denied: errors['media-denied'], busy: errors['media-busy'], missing: errors['media-unavailable'] };
  const why = (['denied', 'busy', 'missing'] as const).find((each) => obstacles.includes(each));
  return why ? html`<p class="advice" role="status">${said[why]}</p>` : nothing;
}

function picture({ words, picture: stream, camera }: DevicesView) {
  const away = camera && facingOf(camera.label, camera.getSettings().facingMode) === 'environment';
  return html`<div class="preview ${stream ? '' : 'dark'}">
    <video class=${away ? '' : 'mirrored'} autoplay playsinline .muted=${true} .srcObject=${stream} aria-hidden="true"></video>
    ${stream ? nothing : html`<span>${icons['camera-off']}${words.theirCameraOff}</span>`}
  </div>`;
}

function field({ words, choices, choose }: DevicesView, kind: DeviceKind, beside: unknown = nothing) {
  const { devices, used } = choices[kind]!;
  const chosen = (event: Event) => choose(kind, (event.target as HTMLSelectElement).value);
  return html`<div class="field">
    <div class="row"><label for="devices-${kind}">${ICONS[kind]}${words.deviceKinds[kind]}</label>${beside}</div>
    <select id="devices-${kind}" data-kind=${kind} @change=${chosen}>
      ${devices.map(({ deviceId, label }) => html`<option value=${deviceId} ?selected=${deviceId === used}>${label}</option>`)}
    </select>
  </div>`;
}

const test = ({ words, playing, play }: DevicesView) =>
  html`<button part="test-button" class="test ${playing ? 'playing' : ''}" @click=${play}>${icons.play}${words.testSpeaker}</button>`;

const meter = ({ words, microphone }: DevicesView) =>
  microphone
    ? html`<div
        class="level"
        role="meter"
        aria-label=${words.microphoneLevel}
        aria-valuemin="0"
        aria-valuemax="100"
        aria-valuenow="0"
      ></div>`
    : nothing;

const silence = ({ words, silent }: DevicesView) =>
  silent ? html`<p class="advice" role="status">${words.notices.microphone.silent}</p>` : nothing;
