/** The stage: from dialling to the last picture of a call. One template, so that pictures move instead of blinking. */
import { html, nothing } from 'lit';
import { facingOf } from '../call/choices.js';
import type { CallInfo, Phase } from '../call/phases.js';
import { isTalking } from '../call/phases.js';
import type { CallSnapshot } from '../call/session.js';
import { icons } from '../icons/index.js';
import { phone } from '../icons/phone.js';
import { fill } from '../locales/index.js';
import { chatControl } from './chat-door.js';
import { THERE_AND_BACK } from './focus.js';
import { more } from './more.js';
import { pictureOf, playing } from './pictures.js';
import { elapsed } from './timer.js';
import { control, face, hueOf, notesOf, pill, progressOf, whyReconnecting, withName } from './view.js';
import type { PanelView } from './view.js';

export function stage(view: PanelView, call: CallInfo) {
  const { snapshot, words, elsewhere, silenced } = view;
  const { state, localStream, remoteStream, remoteScreen } = snapshot;
  const shared = screenSeen(snapshot);
  // A video element waits for the first picture, which may never come, before it sounds: the sound has its own element.
  // `handle` and `tools` are filled by what moves the pictures, once that is loaded; so is the class of `picture`.
  return html`<section
    part="dialog"
    class="card stage ${state} ${lookOf(snapshot)} ${hueOf(call.name)}"
    role="group"
    aria-label=${fill(words.callWith, { name: call.name })}
    aria-keyshortcuts=${view.shortcuts && !view.windowed ? THERE_AND_BACK : nothing}
    tabindex="-1"
    @dragover=${view.chat.drag}
    @drop=${view.chat.drag}
  >
    <div part="stage" class="picture">
      ${shared ? html`<video part="remote-screen" class="screen" autoplay playsinline .muted=${true} .srcObject=${playing(pictureOf(remoteScreen))}></video>` : nothing}
      <video
        part="remote-video"
        class="remote"
        autoplay
        playsinline
        .muted=${true}
        .srcObject=${playing(pictureOf(remoteStream))}
        @loadeddata=${view.pictureCame}
      ></video>
      ${shared && call.media === 'video' && !cameraSeen(snapshot) ? html`<div class="remote unseen">${face(call.name)}</div>` : nothing}
      <audio autoplay .muted=${elsewhere || silenced} .srcObject=${playing(remoteStream)}></audio>
      <audio autoplay .muted=${elsewhere || silenced} .srcObject=${playing(shared ? remoteScreen : null)}></audio>
      <video
        part="local-video"
        class="local ${facesAway(localStream) ? '' : 'mirrored'}"
        autoplay
        playsinline
        .muted=${true}
        .srcObject=${playing(pictureOf(localStream))}
      ></video>
      <div class="handle"></div>
    </div>
    <header part="header" class="who">
      <slot name="logo"></slot>
      ${face(call.name)}
      <div part="title" class="title"><bdi>${call.name}</bdi></div>
      <div class="line">
        <div class="quality" hidden></div>
        ${line(view, call)}
      </div>
    </header>
    <div part="body" class="body">
      ${state === 'reconnecting' && !snapshot.rejoin ? html`<div class="note"><i class="spinner"></i>${whyReconnecting(view, call.name)}</div>` : nothing}
      ${
        snapshot.rejoin
          ? html`<div class="note">${words.rejoinHint}</div>
              ${pill('accept', words.rejoin, () => view.ask.accept(), { icon: icons.microphone })}`
          : nothing
      }
      ${silenced ? pill('sound', words.tapForSound, view.unsilence, { icon: icons.sound }) : nothing}
    </div>
    ${notices(view)}
    <footer part="footer"><div part="controls" class="controls">${controls(view, call)}</div></footer>
    <div part="chat" class="chat"></div>
    <div class="tools"></div>
  </section>`;
}

/** Whether there is a picture of this side to show. */
export const ownSeen = ({ local, localStream }: CallSnapshot): boolean => local.camera && !!localStream?.getVideoTracks().length;

/** Whether there is a picture of the other side's camera to show: the last one of a page that has gone is black. */
const cameraSeen = ({ state, remote, remoteStream, away }: CallSnapshot): boolean =>
  isOn(state) && remote.camera && !remote.paused && !away && !!remoteStream?.getVideoTracks().length;

/** Whether there is a screen of the other side to show. */
const screenSeen = ({ state, remote, remoteScreen }: CallSnapshot): boolean =>
  isOn(state) && remote.screen && !!remoteScreen?.getVideoTracks().length;

/** Whether both sides are together, or were and will be. */
export const isOn = (state: Phase): boolean => state === 'connected' || state === 'reconnecting';

/** Whether there is any picture of the other side to show. */
export const remoteSeen = (snapshot: CallSnapshot): boolean => cameraSeen(snapshot) || screenSeen(snapshot);

/** Whether either side records the call. */
export const isRecorded = ({ local, remote }: CallSnapshot): boolean => !!(local.recording || remote.recording);

/** Whether the two faces are all that is to be seen, so that they can change places. */
export const canSwap = (snapshot: CallSnapshot): boolean => ownSeen(snapshot) && cameraSeen(snapshot) && !screenSeen(snapshot);

/** Whether there is, or in a video call may be at any moment, something to look at. */
export const hasPictures = (snapshot: CallSnapshot): boolean =>
  snapshot.call?.media === 'video' || remoteSeen(snapshot) || ownSeen(snapshot);

/** Whether the caller's own picture has the stage, or will have it as soon as the camera is open: until both sides are together. */
const ownAlone = ({ state, call, local }: CallSnapshot): boolean => !isOn(state) && call?.direction === 'outgoing' && local.camera;

/** What there is to see, as classes of the stage. */
const lookOf = (snapshot: CallSnapshot): string =>
  [
    hasPictures(snapshot) ? 'video' : 'audio',
    ownAlone(snapshot) ? 'alone' : isTalking(snapshot.state) && 'talking',
    remoteSeen(snapshot) && 'seen',
    cameraSeen(snapshot) && 'filmed',
    screenSeen(snapshot) && 'shared',
    // Whoever takes a call sees the other's face as soon as can be, and nothing in between.
    (isOn(snapshot.state) || ownAlone(snapshot)) && ownSeen(snapshot) && 'self',
    snapshot.local.paused && 'held',
  ]
    .filter(Boolean)
    .join(' ');

/** What the person is told, and while the screen is shared that it is, with the way to stop it in sight. */
function notices(view: PanelView) {
  const { snapshot, words, ask, trouble } = view;
  const notes: unknown[] = [...(trouble ? [trouble] : []), ...notesOf(view)].map((note) => html`<div class="note">${note}</div>`);
  if (snapshot.local.screen) {
    const stop = pill('stop-sharing', words.stopSharing, () => ask.shareScreen(false));
    notes.push(html`<div class="note sharing">${icons.screen}<span>${words.youShare}</span>${stop}</div>`);
  }
  return notes.length > 0 ? html`<div part="notices" class="notices">${notes}</div>` : nothing;
}

function line(view: PanelView, call: CallInfo) {
  const { snapshot, words, lang, trouble } = view;
  const { state, remote } = snapshot;
  if (call.startedAt === null || !isTalking(state) || state === 'connecting') {
    const progress = progressOf(view);
    // What went wrong stands below already.
    return html`<span part="status">${progress !== '' && progress === trouble ? words.states.calling : progress}</span>`;
  }
  const facts = [
    remote.screen && withName(words.theyShare, call.name),
    call.media === 'video' && !remote.camera && words.theirCameraOff,
    !remote.microphone && [icons['microphone-off'], words.theyAreMuted],
  ];
  const slow = remote.paused && html`<span part="status" class="slow">${withName(words.slow.theirs, call.name)}</span>`;
  // Shown in the place of the timer where there is no room for more.
  const why = state === 'reconnecting' && html`<span class="why">${whyReconnecting(view, call.name)}</span>`;
  const mark = isRecorded(snapshot) ? html`<span part="status recording" class="rec"><i></i>${words.recording.mark}</span>` : nothing;
  return html`<span part="timer" role="timer" .textContent=${elapsed(call.startedAt, lang)}></span>${mark}${why || nothing}${facts.map(
      (fact) => (fact ? html`<span part="status">${fact}</span>` : nothing),
    )}${slow || nothing}`;
}

function controls(view: PanelView, call: CallInfo) {
  const { snapshot, words, ask } = view;
  const { state, local } = snapshot;
  const end = (label: string) => control('hangup', phone, label, () => ask.hangUp(), { kind: 'end' });
  if (!isTalking(state)) return end(words.cancel);
  const full = view.fullscreen === 'on';
  return html`
    <slot name="controls-start"></slot>
    ${microphoneControl(view)} ${cameraControl(view, call)} ${view.sharing === 'on' ? screenControl(view) : nothing}
    ${view.record === 'on' ? recordControl(view) : nothing} ${chatControl(view)}
    ${more(words.more, [
      local.camera && view.cameras && control('switch', icons.switch, words.switchCamera, () => ask.switchCamera()),
      view.sharing === 'off' && screenControl(view),
      view.record === 'off' && recordControl(view),
      view.devices !== 'no' && control('devices', icons.devices, words.devices, view.toggleDevices),
      view.pip && control('pip', icons.pip, words.pip, () => view.togglePip()),
      view.fullscreen !== 'no' &&
        control(
          'fullscreen',
          full ? icons['fullscreen-off'] : icons.fullscreen,
          full ? words.exitFullscreen : words.fullscreen,
          view.toggleFullscreen,
          { key: view.shortcuts && 'F' },
        ),
    ])}
    <slot name="controls-end"></slot>
    ${end(words.hangUp)}
  `;
}

/** The microphone. */
export function microphoneControl({ snapshot, words, ask, shortcuts }: PanelView) {
  const { microphone } = snapshot.local;
  return control(
    'microphone',
    microphone ? icons.microphone : icons['microphone-off'],
    microphone ? words.mute : words.unmute,
    () => ask.setMicrophone(!microphone),
    { kind: microphone ? '' : 'off', key: shortcuts && 'M' },
  );
}

/** The camera, which either side turns on in any call, without a question to the other. */
function cameraControl({ snapshot, words, ask, shortcuts }: PanelView, { media }: CallInfo) {
  const { camera } = snapshot.local;
  return control(
    'camera',
    camera ? icons.camera : icons['camera-off'],
    camera ? words.cameraOff : words.cameraOn,
    () => ask.setCamera(!camera),
    // In a voice call a camera that is off is as it should be.
    { kind: camera || media === 'audio' ? '' : 'off', key: shortcuts && 'V' },
  );
}

/** The screen; the way to stop sharing it is always in sight. */
function screenControl({ words, ask, sharing }: PanelView) {
  const shares = sharing === 'on';
  return control(
    'screen',
    shares ? icons['screen-off'] : icons.screen,
    shares ? words.stopSharing : words.shareScreen,
    () => ask.shareScreen(!shares),
    { kind: shares ? 'off sharing' : '' },
  );
}

function recordControl({ words, ask, record }: PanelView) {
  const on = record === 'on';
  return control('record', on ? icons['record-off'] : icons.record, words.recording[on ? 'stop' : 'start'], () => ask.record(!on), {
    kind: on ? 'off' : '',
  });
}

export function facesAway(stream: MediaStream | null): boolean {
  const track = stream?.getVideoTracks()[0];
  return !!track && facingOf(track.label, track.getSettings().facingMode) === 'environment';
}
