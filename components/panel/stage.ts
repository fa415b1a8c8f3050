/** The stage: from dialling to the last picture of a call. One template, so that pictures move instead of blinking. */
import { html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import type { CallInfo } from '../call/phases.js';
import { isTalking } from '../call/phases.js';
import type { CallSnapshot } from '../call/session.js';
import { icons } from '../icons/index.js';
import { phone } from '../icons/phone.js';
import { fill } from '../locales/index.js';
import { pictureOf } from './pictures.js';
import { elapsed } from './timer.js';
import { aboutDevice, control, face, pill, whyReconnecting } from './view.js';
import type { PanelView } from './view.js';

export function stage(view: PanelView, call: CallInfo) {
  const { snapshot, words, elsewhere, silenced, trouble } = view;
  const { state, localStream, remoteStream } = snapshot;
  const seen = remoteSeen(snapshot);
  const classes = `card stage ${state} ${call.media} ${seen ? 'seen' : ''} ${ownSeen(snapshot) ? 'self' : ''} ${snapshot.remote.screen ? 'shared' : ''}`;
  // A video element waits for the first picture, which may never come, before it sounds: the sound has its own element.
  // `handle` and `tools` are filled by what moves the pictures, once that is loaded; so is the class of `picture`.
  // Setting a stream once more, even the same, would start it anew; `live` sets only another one.
  return html`<section part="dialog" class=${classes} role="group" aria-label=${fill(words.callWith, { name: call.name })} tabindex="-1">
    <div part="stage" class="picture">
      <video part="remote-video" class="remote" autoplay playsinline .muted=${true} .srcObject=${live(pictureOf(remoteStream))}></video>
      <audio autoplay .muted=${elsewhere || silenced} .srcObject=${live(remoteStream)}></audio>
      <video
        part="local-video"
        class="local ${facesAway(localStream) ? '' : 'mirrored'}"
        autoplay
        playsinline
        .muted=${true}
        .srcObject=${live(pictureOf(localStream))}
      ></video>
      <div class="handle"></div>
    </div>
    <header part="header" class="who">
      <slot name="logo"></slot>
      ${face(call.name)}
      <div part="title" class="title"><bdi>${call.name}</bdi></div>
      <div class="line">${line(view, call)}</div>
    </header>
    <div part="body" class="body">
      ${state === 'reconnecting' ? html`<div class="note"><i class="spinner"></i>${whyReconnecting(view, call.name)}</div>` : nothing}
      ${
        snapshot.rejoin
          ? html`<div class="note">${words.rejoinHint}</div>
              ${pill('accept', words.rejoin, () => view.ask.accept(), { icon: icons.microphone })}`
          : nothing
      }
      ${trouble ? html`<div class="note">${trouble}</div>` : nothing}
      ${silenced ? pill('sound', words.tapForSound, view.unsilence, { icon: icons.sound }) : nothing}
    </div>
    ${
      snapshot.notices.length > 0
        ? html`<div part="notices" class="notices">
            ${snapshot.notices.map((notice) => html`<div class="note">${aboutDevice(words, notice)}</div>`)}
          </div>`
        : nothing
    }
    <footer part="footer"><div part="controls" class="controls">${controls(view, call)}</div></footer>
    <div class="tools"></div>
  </section>`;
}

/** Whether there is a picture of this side to show. */
export const ownSeen = ({ local, localStream }: CallSnapshot): boolean => local.camera && !!localStream?.getVideoTracks().length;

/** Whether there is a picture of the other side to show. */
export const remoteSeen = ({ state, remote, remoteStream }: CallSnapshot): boolean =>
  (state === 'connected' || state === 'reconnecting') && (remote.camera || remote.screen) && !!remoteStream?.getVideoTracks().length;

function line(view: PanelView, call: CallInfo) {
  const { snapshot, words, lang } = view;
  const { state, alert, remote } = snapshot;
  if (call.startedAt === null || !isTalking(state) || state === 'connecting') {
    const silently = state === 'ringing' && alert === 'visual';
    return html`<span part="status">${state === 'idle' ? '' : silently ? words.ringsSilently : words.states[state]}</span>`;
  }
  const facts = [
    call.media === 'video' && !remote.camera && !remote.screen && words.theirCameraOff,
    !remote.microphone && words.theyAreMuted,
  ];
  // Shown in the place of the timer where there is no room for more.
  const why = state === 'reconnecting' && html`<span class="why">${whyReconnecting(view, call.name)}</span>`;
  return html`<span part="timer" role="timer" .textContent=${elapsed(call.startedAt, lang)}></span>${why || nothing}${facts.map((fact) =>
      fact ? html`<span part="status">${fact}</span>` : nothing,
    )}`;
}

function controls(view: PanelView, call: CallInfo) {
  const { snapshot, words, ask } = view;
  const { state, local } = snapshot;
  const end = (label: string) => control('hangup', phone, label, () => ask.hangUp(), { kind: 'end' });
  if (!isTalking(state)) return end(words.cancel);
  const video = call.media === 'video';
  const full = view.fullscreen === 'on';
  return html`
    <slot name="controls-start"></slot>
    ${control(
      'microphone',
      local.microphone ? icons.microphone : icons['microphone-off'],
      local.microphone ? words.mute : words.unmute,
      () => ask.setMicrophone(!local.microphone),
      { kind: local.microphone ? '' : 'off' },
    )}
    ${
      video
        ? control(
            'camera',
            local.camera ? icons.camera : icons['camera-off'],
            local.camera ? words.cameraOff : words.cameraOn,
            () => ask.setCamera(!local.camera),
            { kind: local.camera ? '' : 'off' },
          )
        : nothing
    }
    ${video && local.camera && view.cameras ? control('switch', icons.switch, words.switchCamera, () => ask.switchCamera()) : nothing}
    ${view.pip && remoteSeen(snapshot) ? control('pip', icons.pip, words.pip, view.togglePip, { kind: 'extra' }) : nothing}
    ${
      view.fullscreen !== 'no' && video
        ? control(
            'fullscreen',
            full ? icons['fullscreen-off'] : icons.fullscreen,
            full ? words.exitFullscreen : words.fullscreen,
            view.toggleFullscreen,
            { kind: 'extra' },
          )
        : nothing
    }
    <slot name="controls-end"></slot>
    ${end(words.hangUp)}
  `;
}

const facesAway = (stream: MediaStream | null): boolean => stream?.getVideoTracks()[0]?.getSettings().facingMode === 'environment';
