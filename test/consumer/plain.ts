/** Everything of the elements that a script can use, and what the compiler must refuse. */
import 'video-call-elements';
import type {
  CallErrorEvent,
  CallInfo,
  Diagnosis,
  EndReason,
  Phase,
  Presence,
  Quality,
  QualityReason,
  Reading,
  RelayStatus,
  WordChanges,
} from 'video-call-elements';
import { VideoCallButton } from 'video-call-elements/button';
import { VideoCallHistory } from 'video-call-elements/history';
import { VideoCallPanel } from 'video-call-elements/panel';
import { VideoCallRoster } from 'video-call-elements/roster';

/** Compiles where a value has exactly this type, so that `any` never passes. */
function is<Expected>() {
  return <Actual>(
    _value: Actual,
    ..._same: (<T>() => T extends Actual ? 1 : 2) extends <T>() => T extends Expected ? 1 : 2 ? [] : [never]
  ) => {};
}

const words: WordChanges = { callAgain: 'Ring the desk again', incoming: { video: '{name} is at the door' } };
const servers: readonly RTCIceServer[] = [{ urls: 'stun:stun.example.com' }];

/** What all of them take. */
function connect(element: VideoCallButton | VideoCallPanel | VideoCallRoster | VideoCallHistory): void {
  element.relay = 'wss://relay.example.com';
  element.me = 'alice';
  element.displayName = 'Alice';
  element.token = 'e30.e30.';
  element.tokenSrc = '/call-token';
  element.iceServers = servers;
  element.iceServers = '[{"urls": "stun:stun.example.com"}]';
  element.icePolicy = 'relay';
  element.earlyIce = 'none';
  element.noResume = true;
  element.noHistory = true;
  element.lang = 'de';
  element.words = words;
  element.words = '{"callAgain": "Ring again"}';
  // @ts-expect-error -- there are two policies
  element.icePolicy = 'turn';
  // @ts-expect-error -- there are three words
  element.earlyIce = 'turn';
  // @ts-expect-error -- a boolean, not a word
  element.noResume = 'yes';
  // @ts-expect-error -- no such word
  element.words = { callMeAgain: 'Again' };
}

const button = document.createElement('video-call-button');
is<VideoCallButton>()(button);
connect(button);
button.peer = 'bob';
button.media = 'audio';
button.panel = 'desk';
button.disabled = false;
button.lazy = true;
is<Presence | 'unknown'>()(button.presence);
is<Phase>()(button.state);
is<Promise<boolean>>()(button.call());
// @ts-expect-error -- a call has sound, or sound and picture
button.media = 'text';
// @ts-expect-error -- only the button itself knows
button.presence = 'online';

const panel = new VideoCallPanel();
connect(panel);
panel.peer = 'bob';
panel.layout = 'inline';
panel.ringtone = '/bell.mp3';
panel.preview = true;
panel.ringback = 'none';
panel.ringTimeout = 30;
panel.autoAnswer = 'audio';
panel.controlslist = 'nochat norecord';
panel.maxResolution = '1080p';
panel.maxBitrate = 1500;
panel.dataSaver = true;
panel.virtualCamera = true;
is<Phase>()(panel.state);
is<CallInfo | null>()(panel.currentCall);
is<MediaStream | null>()(panel.localStream);
is<MediaStream | null>()(panel.remoteStream);
is<RelayStatus>()(panel.relayStatus);
is<Promise<boolean>>()(panel.call('bob', { media: 'audio' }));
is<Promise<boolean>>()(panel.accept({ media: 'audio' }));
is<Promise<boolean>>()(panel.decline());
is<Promise<boolean>>()(panel.hangUp());
is<Promise<boolean>>()(panel.setMicrophone(false));
is<Promise<boolean>>()(panel.setCamera(true));
is<Promise<boolean>>()(panel.shareScreen(true));
is<Promise<boolean>>()(panel.record(true));
is<Promise<boolean>>()(panel.switchCamera());
is<Promise<boolean>>()(panel.chooseDevices({ microphone: { deviceId: '1', label: 'Desk' }, camera: null }));
is<Promise<boolean>>()(panel.sendMessage('Hello'));
is<Promise<Diagnosis>>()(panel.diagnose({ progress: (finding) => is<string>()(finding.detail) }));
// @ts-expect-error -- no such layout
panel.layout = 'diagonal';
// @ts-expect-error -- a word of a list
panel.maxResolution = '720';
// @ts-expect-error -- seconds are a number
panel.ringTimeout = '30';
// @ts-expect-error -- whom?
void panel.call();
// @ts-expect-error -- no kind of call
void panel.accept({ media: 'screen' });

const roster = document.querySelector('video-call-roster') ?? new VideoCallRoster();
connect(roster);
roster.panel = 'desk';
roster.media = 'video';
is<Promise<boolean>>()(roster.call('bob', { media: 'video' }));

const list = document.querySelector('video-call-history') ?? new VideoCallHistory();
connect(list);
list.panel = 'desk';
is<number>()(list.missed);
is<Promise<void>>()(list.clear());

button.addEventListener('call-request', (event) => {
  is<string>()(event.peer);
  is<'audio' | 'video'>()(event.media);
});
button.addEventListener('presence-change', (event) => {
  is<string>()(event.peer);
  is<Presence | 'unknown'>()(event.presence);
});
button.addEventListener('call-error', (event) => is<CallErrorEvent>()(event));
panel.addEventListener('call-request', (event) => event.preventDefault());
panel.addEventListener('call-incoming', (event) => {
  is<CallInfo>()(event.call);
  event.accept({ media: 'audio' });
  event.decline();
});
panel.addEventListener('call-state', (event) => {
  is<Phase>()(event.state);
  is<Phase>()(event.previous);
  is<EndReason | null>()(event.reason);
  is<CallInfo | null>()(event.call);
});
panel.addEventListener('call-connected', (event) => is<CallInfo>()(event.call));
panel.addEventListener('call-ended', (event) => {
  is<CallInfo>()(event.call);
  is<EndReason>()(event.reason);
  is<number>()(event.duration);
  // @ts-expect-error -- the fields are on the event itself
  void event.detail;
});
panel.addEventListener('call-message', (event) => {
  is<string>()(event.text);
  is<string>()(event.from);
  is<number>()(event.at);
});
panel.addEventListener('call-quality', (event) => {
  is<Quality>()(event.quality);
  is<QualityReason | null>()(event.reason);
  is<Quality | null>()(event.incoming);
  is<Quality | null>()(event.outgoing);
  is<number | null>()(event.mos);
  is<Quality | null>()(event.previous);
  is<Reading>()(event.reading);
});
panel.addEventListener('call-recording', (event) => {
  is<File>()(event.file);
  is<string>()(event.call);
  is<number>()(event.duration);
});
panel.addEventListener('call-error', (event) => {
  is<string>()(event.message);
  is<unknown>()(event.cause);
  // @ts-expect-error -- no such code
  if (event.code === 'no-such-code') return;
});
panel.addEventListener('relay-status', (event) => is<RelayStatus>()(event.status));
roster.addEventListener('call-request', (event) => is<string>()(event.peer));
roster.addEventListener('call-error', (event) => is<CallErrorEvent>()(event));
list.addEventListener('call-request', (event) => is<string>()(event.peer));
list.addEventListener('call-error', (event) => is<CallErrorEvent>()(event));
list.addEventListener('history-change', (event) => {
  is<number>()(event.count);
  is<number>()(event.missed);
});
// They bubble.
document.addEventListener('call-ended', (event) => is<EndReason>()(event.reason));
window.addEventListener('call-ended', (event) => is<EndReason>()(event.reason));
