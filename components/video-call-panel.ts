import { html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { GUEST_PREFIX } from '../relay/protocol/address.js';
import type { MediaKind } from '../relay/protocol/index.js';
import { readConnection, readPanel, readPeer, readWord } from './attributes.js';
import type { Complaint, Layout, PanelSettings, Resolution } from './attributes.js';
import { CallController } from './call-controller.js';
import type { DeviceChoices } from './call/choices.js';
import { isLive, isTalking } from './call/phases.js';
import type { CallInfo, Phase } from './call/phases.js';
import type { RelayStatus } from './call/session.js';
import { ConnectedElement, readFlag } from './connected-element.js';
import { hindrance, places } from './environment.js';
import type { Diagnosis } from './diagnosis/findings.js';
import type { DiagnosisWishes } from './diagnosis/index.js';
import { CameraCount } from './panel/camera-count.js';
import { ChatDoor } from './panel/chat-door.js';
import { checkup } from './panel/checkup.js';
import type { Words } from './locales/words.js';
import { Companions } from './panel/companions.js';
import type { CompanionKind } from './panel/companions.js';
import { deviceCompanions } from './panel/device-companions.js';
import { chosenDevices, keepDevices } from './panel/device-choices.js';
import { EndCard } from './panel/end-card.js';
import { ended } from './panel/ended.js';
import { Focus } from './panel/focus.js';
import { hintsOf } from './panel/hints.js';
import { idle } from './panel/idle.js';
import { incoming } from './panel/incoming.js';
import { Players } from './panel/pictures.js';
import { Place } from './panel/place.js';
import { canRecord, needsRecorder } from './panel/record-door.js';
import type { RecordDoor } from './panel/record-door.js';
import { Ringer } from './panel/ringer.js';
import { alarm, spoken } from './panel/spoken.js';
import { hasPictures, isRecorded, remoteSeen, stage } from './panel/stage.js';
import { panelStyles } from './panel/styles/index.js';
import { CallTimer } from './panel/timer.js';
import type { PanelActions, PanelView } from './panel/view.js';
import { mayHaveWindow } from './panel/window-key.js';

/** Whether a call may begin at any moment. One that comes in is shown first, and heard, before anything is made ready for that. */
const rings = ({ snapshot: { state, alert } }: PanelView): boolean => state === 'ringing' || (state === 'incoming' && !!alert);

/** What follows the calls of a panel, each loaded when it is first needed. */
const COMPANIONS: readonly CompanionKind[] = [
  ...deviceCompanions,
  {
    // Where media no longer gets through, the server of the page may soon be out of reach as well.
    needed: ({ diagnosis, snapshot }) => diagnosis === 'on' || (diagnosis === 'off' && snapshot.state === 'reconnecting'),
    load: async () => (await import('./panel/diagnosis/index.js')).diagnosisCard,
  },
  { needed: ({ chat }) => chat.open || !!chat.room, load: async () => (await import('./panel/chat/index.js')).makeChat },
  { needed: ({ chat, layout }) => chat.open && layout !== 'inline', load: async () => (await import('./panel/keyboard.js')).keyboard },
  { needed: (view) => !!view.ring, load: async () => (await import('./panel/incoming-call.js')).attention },
  { needed: (view) => isTalking(view.snapshot.state), soon: rings, load: async () => (await import('./panel/in-call.js')).inCall },
  {
    // Its style sheets are there before the pictures are, which are then laid out once.
    needed: (view) => !view.elsewhere && (rings(view) || isTalking(view.snapshot.state)),
    soon: mayHaveWindow,
    load: async () => (await import('./panel/moves.js')).moves,
  },
  {
    needed: ({ elsewhere, snapshot }) => !elsewhere && snapshot.state === 'connected' && !remoteSeen(snapshot),
    load: async () => (await import('./panel/voice-rings.js')).voiceRings,
  },
  {
    needed: ({ elsewhere, snapshot }) => !elsewhere && snapshot.state === 'connected',
    load: async () => (await import('./panel/quality/index.js')).quality,
  },
  {
    needed: ({ snapshot: { local, remote } }) => local.screen || remote.screen,
    load: async () => (await import('./panel/sharing.js')).sharing,
  },
  { needed: ({ snapshot }) => isRecorded(snapshot), load: async () => (await import('./panel/recording/mark.js')).recordingMark },
  { needed: ({ recorder }) => needsRecorder(recorder), load: async () => (await import('./panel/recording/index.js')).makeRecording },
];

/**
 * Makes this page callable, and shows its calls: the incoming dialog, the call itself, and how it ended.
 *
 * @element video-call-panel
 * @attr {idle|calling|ringing|incoming|connecting|connected|reconnecting|ended} state - Where the call stands; read-only.
 * @attr {boolean} open - Whether a call is shown; read-only.
 * @attr {boolean} muted - Whether your microphone is off in a call; read-only.
 * @attr {boolean} sharing - Whether you share your screen; read-only.
 * @attr {boolean} recording - Whether you record the call; read-only.
 * @attr {boolean} camera-off - Whether your camera is off in a video call; read-only.
 * @slot idle - What an inline panel shows while there is no call.
 * @slot logo - Your logo, above the person's face.
 * @slot controls-start - Your own controls, before the panel's.
 * @slot controls-end - Your own controls, before `Hang up`.
 * @slot call-icon - Icon of `Call`.
 * @slot accept-icon - Icon of `Accept`.
 * @slot accept-audio-icon - Icon of `Accept without camera`.
 * @slot decline-icon - Icon of `Decline`.
 * @slot silence-icon - Icon of `Silence ringtone`.
 * @slot hangup-icon - Icon of `Hang up` and `Cancel`.
 * @slot microphone-icon - Icon of `Mute microphone`.
 * @slot camera-icon - Icon of `Turn camera off`.
 * @slot screen-icon - Icon of `Share screen`.
 * @slot record-icon - Icon of `Record`.
 * @slot switch-icon - Icon of `Switch camera`.
 * @slot devices-icon - Icon of `Devices`.
 * @slot chat-icon - Icon of `Chat`.
 * @slot more-icon - Icon of `More`.
 * @slot pip-icon - Icon of `Picture in picture`.
 * @slot fullscreen-icon - Icon of `Full screen`.
 * @slot swap-pictures-icon - Icon of `Swap pictures`.
 * @slot hide-picture-icon - Icon of `Hide your picture`.
 * @slot show-picture-icon - Icon of `Show your picture`.
 * @slot minimise-icon - Icon of `Minimise`.
 * @slot expand-icon - Icon of `Expand`.
 * @event {CallRequestEvent} call-request - A call was asked for; `preventDefault()` vetoes it.
 * @event {CallIncomingEvent} call-incoming - A call comes in; `preventDefault()` leaves showing it to the page.
 * @event {CallStateEvent} call-state - The call moved on.
 * @event {CallConnectedEvent} call-connected - The other side can be seen, or in a voice call heard, or is there and sends nothing yet.
 * @event {CallEndedEvent} call-ended - The call is over, however it ended.
 * @event {CallMessageEvent} call-message - The other side has written something in the call.
 * @event {CallQualityEvent} call-quality - The connection of the call has become better or worse.
 * @event {CallRecordingEvent} call-recording - A recording of the call is whole; `preventDefault()` leaves the file to the page.
 * @event {CallErrorEvent} call-error - Something went wrong; the message is for the person.
 * @event {RelayStatusEvent} relay-status - The relay can be reached, or no longer.
 * @csspart base - The outermost box.
 * @csspart dialog - The card in it.
 * @csspart header - Face, name and status.
 * @csspart title - The name, or the sentence in its place.
 * @csspart body - Notes over the picture.
 * @csspart notices - What happened to your own microphone, camera or screen in a call, and what went wrong.
 * @csspart footer - The bar of the controls.
 * @csspart stage - The pictures.
 * @csspart remote-video - The picture of the other side.
 * @csspart remote-screen - The screen that the other side shares.
 * @csspart local-video - Your own picture.
 * @csspart controls - The row of controls.
 * @csspart control - Every round control.
 * @csspart call-button - `Call`, `Call again` and `Call back`.
 * @csspart accept-button - `Accept`.
 * @csspart accept-audio-button - `Accept without camera`.
 * @csspart decline-button - `Decline`.
 * @csspart hangup-button - `Hang up` and `Cancel`.
 * @csspart microphone-button - `Mute microphone`.
 * @csspart camera-button - `Turn camera off`.
 * @csspart screen-button - `Share screen`.
 * @csspart stop-sharing-button - `Stop sharing`, beside the words that say that you share.
 * @csspart record-button - `Record`.
 * @csspart recording - The mark that both sides see of a call that is recorded.
 * @csspart recordings - What was recorded, after the call.
 * @csspart save-recording-button - `Save recording`.
 * @csspart delete-recording-button - `Delete recording`.
 * @csspart switch-button - `Switch camera`.
 * @csspart devices-button - `Devices`.
 * @csspart devices - The view in which microphone, camera and loudspeaker are chosen.
 * @csspart test-button - `Play test sound`, in that view.
 * @csspart allow-button - `Allow microphone and camera`, in that view.
 * @csspart diagnose-button - `Check my camera, microphone and connection`, and `Find out why` after a call that has failed.
 * @csspart diagnosis - What comes of that.
 * @csspart chat-button - `Chat`.
 * @csspart chat - The chat, in a call and after it.
 * @csspart more-button - `More`, where there is no room for all controls.
 * @csspart pip-button - `Picture in picture`.
 * @csspart fullscreen-button - `Full screen`.
 * @csspart silence-button - `Silence ringtone`.
 * @csspart close-button - `Close`, after a call, in the view of the devices and in that of the connection.
 * @csspart sound-button - `Tap for sound`.
 * @csspart tool - Every small button on the stage.
 * @csspart swap-pictures-button - `Swap pictures`.
 * @csspart hide-picture-button - `Hide your picture`.
 * @csspart show-picture-button - `Show your picture`.
 * @csspart minimise-button - `Minimise`, of a floating call.
 * @csspart expand-button - `Expand`, in its place.
 * @csspart timer - How long the call lasts.
 * @csspart status - What happens now, in words.
 * @csspart quality - The bars that show how the connection does; pressed, they open its figures.
 * @csspart quality-details - The view with those figures.
 * @cssprop [--video-call-surface=light-dark(#fff, #1c1f27)] - Background of cards.
 * @cssprop [--video-call-text=light-dark(#171a21, #f3f5f9)] - Text on cards.
 * @cssprop [--video-call-text-quiet=light-dark(#5a6272, #aab2c2)] - Text that says less, on cards.
 * @cssprop [--video-call-stage] - Background of the stage, behind the pictures; by itself in the colour of the person's face.
 * @cssprop [--video-call-stage-text=#fff] - Text on the stage.
 * @cssprop [--video-call-accent] - What moves: the rings of voices and of ringing, the spinner.
 * @cssprop [--video-call-accept=#0a7d42] - `Call` and `Accept`.
 * @cssprop [--video-call-hangup=#d92d2d] - `Hang up` and `Decline`.
 * @cssprop [--video-call-control=rgb(62 68 82 / 0.86)] - Background of the other controls.
 * @cssprop [--video-call-control-text] - Icons of the other controls.
 * @cssprop [--video-call-control-radius=50%] - Roundness of controls.
 * @cssprop [--video-call-pill-radius=999px] - Roundness of buttons with a word in them.
 * @cssprop [--video-call-face] - Background of the initials that stand for a person.
 * @cssprop [--video-call-face-radius=50%] - Roundness of that.
 * @cssprop [--video-call-focus] - The ring around what has the keyboard's focus.
 * @cssprop [--video-call-border] - Border of cards.
 * @cssprop [--video-call-shadow] - Shadow of floating cards.
 * @cssprop [--video-call-radius=28px] - Roundness of cards, and up to 16 px of the small picture.
 * @cssprop [--video-call-width=360px] - Width of a floating card.
 * @cssprop [--video-call-stage-width=400px] - Width of a floating call.
 * @cssprop [--video-call-stage-height=580px] - Height of a floating call; 440px for a voice call.
 * @cssprop [--video-call-self-width] - Width of your own picture.
 * @cssprop [--video-call-font-family=system-ui, sans-serif] - Font.
 * @cssstate incoming - Somebody calls.
 * @cssstate calling - A call is being placed, up to `connecting`.
 * @cssstate connected - A call is on.
 * @cssstate open - Something of a call is shown.
 */
export class VideoCallPanel extends ConnectedElement implements PanelActions {
  static override styles = panelStyles;

  readonly #line = new CallController(this, 'panel', () => this.#autoAnswer());
  readonly #players = new Players();
  readonly #ringer = new Ringer();
  readonly #place = new Place(this);
  readonly #focus = new Focus();
  readonly #timer = new CallTimer();
  readonly #companions = new Companions(this, COMPANIONS);
  readonly #chat = new ChatDoor(() => this.requestUpdate());
  readonly #cameras = new CameraCount(() => this.requestUpdate());
  readonly #end = new EndCard(() => this.requestUpdate());
  readonly #recorder: RecordDoor = { changed: () => this.requestUpdate() };
  readonly #internals = this.attachInternals();
  #drawn?: PanelView;
  #settings: PanelSettings = readPanel({}, []);
  #complaints: Complaint[] = [];
  /** The call whose end the person has put away. */
  #closed?: string;
  #silenced = false;
  #devicesOpen = false;
  #diagnosing = false;
  #mediaKey = '';

  /** The peer ID of the person whom the panel's own call button calls. */
  @property() peer?: string;

  /** `floating` in a corner of the window, `inline` in its place in the page, or `fullscreen`. */
  @property({ reflect: true }) layout: Layout = 'floating';

  /** What sounds when somebody calls: the URL of a sound file, or `none`; without it, a soft tone. */
  @property() ringtone = '';

  /** What sounds while it rings on the other side: the URL of a sound file, or `none`; without it, a soft tone. */
  @property() ringback = '';

  /**
   * After how many seconds without an answer a call is given up: 5 to 180.
   *
   * @default 60
   */
  @property({ attribute: 'ring-timeout', type: Number }) ringTimeout?: number | null;

  /** Takes every call at once, as `audio` or `video`: for kiosks. */
  @property({ attribute: 'auto-answer' }) autoAnswer?: MediaKind;

  /** What to leave out, separated by spaces: the controls `nochat noscreen nopip nofullscreen nodevices noquality nodiagnose norecord`, and the keys, `noshortcuts`. */
  @property() controlslist = '';

  /** The most detail that is sent: `360p`, `540p`, `720p` or `1080p`. */
  @property({ attribute: 'max-resolution' }) maxResolution: Resolution = '720p';

  /** The most kbit/s that are sent of the camera's picture, and of the screen's. */
  @property({ attribute: 'max-bitrate', type: Number }) maxBitrate?: number | null;

  /** Sends little, whatever the network carries: 360 lines, 15 pictures per second and 300 kbit/s at most. */
  @property({ attribute: 'data-saver', type: Boolean, converter: readFlag }) dataSaver = false;

  /** Sends an animated picture instead of the camera, and silence instead of the microphone. */
  @property({ attribute: 'virtual-camera', type: Boolean, converter: readFlag }) virtualCamera = false;

  /** Shows your own camera while somebody calls, before you answer: only where it may be opened without a question. Nothing of it is sent. */
  @property({ type: Boolean, converter: readFlag }) preview = false;

  /** Where the call stands. */
  get state(): Phase {
    return this.#line.snapshot.state;
  }

  /** The call that is on, or has just ended; null without one. */
  get currentCall(): CallInfo | null {
    return this.#line.snapshot.call;
  }

  /** Your own picture and sound. */
  get localStream(): MediaStream | null {
    return this.#line.snapshot.localStream;
  }

  /** The other side's picture and sound. */
  get remoteStream(): MediaStream | null {
    return this.#line.snapshot.remoteStream;
  }

  /** Whether the relay can be reached. */
  get relayStatus(): RelayStatus {
    return this.#line.snapshot.relayStatus;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#timer.stop();
    setTimeout(() => {
      if (this.isConnected) return;
      this.#ringer.follow(undefined, this);
      this.#companions.stop();
      this.#focus.listen(undefined);
      this.#devicesOpen = this.#diagnosing = false;
      this.#place.back();
    });
  }

  protected override willUpdate(changed: PropertyValues): void {
    const trouble = hindrance();
    // What could not be told yet, for want of words, is told with the first drawing.
    if (this.#drawn) this.#complaints = [];
    const options = readConnection(this, places(), this.#complaints);
    this.#settings = readPanel(this, this.#complaints);
    this.#line.ringTimeout = this.#settings.ringTimeout;
    this.#line.connect(trouble ? undefined : options);
    this.#line.watch(this.#settings.peer);
    if (isLive(this.state)) this.#diagnosing = false;
    else this.#silenced = false;
    if (!this.#hasDevices) this.#devicesOpen = false;
    if (changed.has('layout') && this.layout !== this.#settings.layout) this.layout = this.#settings.layout;
    this.#focus.note(this.#place.root);
  }

  protected override updated(): void {
    if (!this.#drawn) return;
    const trouble = hindrance();
    if (trouble) this.#line.hinder(trouble);
    this.#line.complain(this.#complaints);
    this.#reflect();
    this.#place.follow(this.#drawn);
    // The card is back from its window, and about to be drawn here.
    if (this.#place.root !== this.#drawn.root) return;
    this.#configureMedia();
    this.#players.follow(this.#place.roots, this.#onSilenced);
    this.#followFocus(this.#drawn);
    this.#ringer.follow(
      this.#line.presents && !this.#line.shownByPage && !this.#settings.autoAnswer ? this.#line.session : undefined,
      this,
    );
    this.#companions.follow(this.#drawn);
    if (rings(this.#drawn)) this.#timer.prepare(this.#drawn.lang);
    this.#timer.follow(this.#place.root.querySelector('[role=timer]'), this.currentCall?.startedAt, this.#drawn.lang);
  }

  #followFocus({ shortcuts, windowed, layout }: PanelView): void {
    const { presents, shownByPage } = this.#line;
    const shows = presents && !shownByPage && !windowed;
    this.#focus.keep(this.#place.root, layout !== 'inline', shows && this.state === 'calling');
    // A call that rings is nearer than one that is on at another panel.
    const when = this.state === 'incoming' ? 'first' : 'then';
    this.#focus.listen(this.isConnected && shows && shortcuts && isLive(this.state) ? when : undefined);
  }

  /** Calls a peer, if the page permits. Answers whether the call was placed. */
  async call(peer: string, options?: { media?: MediaKind } | null): Promise<boolean> {
    const { media = 'video' } = options ?? {};
    const complaints: Complaint[] = [];
    // Whatever is no text, or an empty one, is no peer ID either.
    const callee = readPeer('peer', (typeof peer === 'string' && peer) || ' ', complaints);
    const kind = readWord('media', String(media), ['audio', 'video'], complaints);
    this.#line.complain(complaints);
    if (!this.#line.isHere()) return false;
    if (!callee || !kind || isLive(this.state) || !CallController.permits(this, callee, kind)) return false;
    return this.#line.place(callee, kind, callee === this.#settings.peer ? this.#line.peerName : undefined);
  }

  /** Takes the incoming call; `{ media: 'audio' }` takes a video call without your camera. */
  async accept(options?: { media?: MediaKind } | null): Promise<boolean> {
    const media = options?.media ?? this.currentCall?.media ?? 'video';
    return this.#ask(this.state === 'incoming' || this.#line.snapshot.rejoin, (session) => session.accept({ media }));
  }

  /** Refuses the incoming call. */
  async decline(): Promise<boolean> {
    return this.#ask(this.state === 'incoming', (session) => session.decline());
  }

  /** Ends the call, in whatever state it is, also one that `call()` has not placed yet. */
  async hangUp(): Promise<boolean> {
    const withdrawn = this.#line.withdraw();
    return (await this.#ask(isLive(this.state), (session) => session.hangUp())) || withdrawn;
  }

  /** Turns your microphone on or off. Answers false where there is no call, and before an incoming one is accepted. */
  async setMicrophone(on: boolean): Promise<boolean> {
    return !!this.#line.session?.setMicrophone(on);
  }

  /** Turns your camera on or off. Answers false where there is no call, and before an incoming one is accepted. */
  async setCamera(on: boolean): Promise<boolean> {
    return !!this.#line.session?.setCamera(on);
  }

  /** Shares your screen, or shares it no more. Browsers allow it only in the handler of a click or a key. */
  async shareScreen(on: boolean): Promise<boolean> {
    return this.#ask(isTalking(this.state) && (!on || canShare()), (session) => session.shareScreen(on));
  }

  /** Records the call on this device, or no longer; the other side sees it. Answers whether it began, or whether the recording is whole. */
  async record(on: boolean): Promise<boolean> {
    if (on && !canRecord(this.#line.snapshot)) return false;
    return import('./panel/recording/index.js').then(
      ({ ask }) => ask(this.#recorder, !!on),
      () => false,
    );
  }

  /** Takes the next camera of this device. */
  async switchCamera(): Promise<boolean> {
    return this.#ask(isLive(this.state), (session) => session.switchCamera());
  }

  /** Takes these devices from now on, as `enumerateDevices()` lists them, also in later calls; null is the browser's choice. */
  async chooseDevices(devices?: DeviceChoices | null): Promise<boolean> {
    const { microphone, camera, speaker } = devices ?? {};
    const choices = { microphone, camera, speaker };
    keepDevices(choices);
    this.#configureMedia();
    this.requestUpdate();
    return this.#ask(isLive(this.state), (session) => session.chooseDevices(choices));
  }

  /** Writes a message of at most 16 KiB to the other side of the call. Answers whether it is sent, now or as soon as it can be. */
  async sendMessage(text: string): Promise<boolean> {
    const { session } = this.#line;
    const chat = session?.chat ?? (await session?.openChat());
    return typeof text === 'string' && !!chat?.send(text);
  }

  /** Finds out why calls do not get through: page, devices, relay, STUN and TURN. Takes at most 15 s once its code is there, leaves a call as it is, and fails only where its code cannot be loaded. */
  async diagnose(wishes?: DiagnosisWishes): Promise<Diagnosis> {
    const { diagnose } = await import('./panel/diagnosis/index.js');
    return diagnose({ element: this, snapshot: this.#line.snapshot }, wishes);
  }

  override render(): TemplateResult | typeof nothing {
    const { words, lang, dir = nothing } = this.#line.speech;
    // Nothing can be shown before the first words are there.
    if (!words) return nothing;
    const view = (this.#drawn = this.#end.keep(this.#view(words)));
    const layout = view.windowed ? 'windowed' : view.layout;
    return html`
      <div class="live-region" lang=${lang}>
        <div role="alert">${alarm(view)}</div>
        <div role="status">${spoken(view)}</div>
      </div>
      <div
        part="base"
        class="base ${layout}"
        lang=${lang}
        dir=${dir}
        popover=${layout === 'inline' || view.windowed ? nothing : 'manual'}
        @focusin=${this.#focus.came}
        @fullscreenchange=${() => this.requestUpdate()}
      >
        ${this.#shown(view)}
      </div>
    `;
  }

  #shown(view: PanelView): unknown {
    const { state, call } = view.snapshot;
    if (view.diagnosis === 'on') return checkup(view);
    const away = view.elsewhere || this.#line.shownByPage || !call || (state === 'ended' && this.#closed === call.id);
    if (away || state === 'idle') return idle(view);
    if (state === 'incoming') return incoming(view, call);
    return state === 'ended' ? ended(view, call) : stage(view, call);
  }

  #view(words: Words): PanelView {
    const line = this.#line;
    const hides = (word: string) => this.#hides(word);
    const { peer, layout } = this.#settings;
    const place = this.#place;
    this.#recorder.session = line.session;
    const fullscreen = document.fullscreenEnabled && layout !== 'fullscreen' && !place.windowed && !hides('nofullscreen');
    return {
      snapshot: { ...line.snapshot, call: named(line.snapshot.call, words.guest) },
      words,
      lang: line.speech.lang,
      peer: peer ? { id: peer, name: line.peerName ?? peer, presence: line.presence } : undefined,
      layout,
      root: place.root,
      windowed: place.windowed,
      ring: this.#ringer.incoming,
      shortcuts: !hides('noshortcuts'),
      elsewhere: !!line.session && !line.presents && isLive(this.state),
      silenced: this.#silenced,
      trouble: layout === 'inline' || line.refused || this.state !== 'idle' ? line.trouble : '',
      duration: line.duration,
      sharing: hides('noscreen') || !canShare() ? 'no' : line.snapshot.local.screen ? 'on' : 'off',
      record: line.snapshot.local.recording ? 'on' : hides('norecord') || !canRecord(line.snapshot) ? 'no' : 'off',
      recorder: this.#recorder,
      cameras: this.#cameras.several && !hides('nodevices'),
      devices: !this.#hasDevices ? 'no' : this.#devicesOpen ? 'on' : 'off',
      diagnosis: hides('nodiagnose') ? 'no' : this.#diagnosing ? 'on' : 'off',
      virtual: this.virtualCamera,
      hints: hintsOf(this).map((hint) => hint(words)),
      pip: !hides('nopip') && place.canLift(remoteSeen(line.snapshot)),
      fullscreen: !fullscreen ? 'no' : place.root.fullscreenElement ? 'on' : hasPictures(line.snapshot) ? 'off' : 'no',
      chat: this.#chat.see(line, hides('nochat')),
      quality: { session: line.session, hidden: hides('noquality') },
      ask: this,
      toggleDevices: this.#onDevices,
      toggleDiagnosis: this.#onDiagnosis,
      togglePip: (away) => void place.lift(this.#drawn!, away),
      toggleFullscreen: () => void place.fill().catch(() => {}),
      unsilence: this.#onUnsilence,
      pictureCame: () => line.session?.pictureCame(),
      attend: this.#end.attend,
      close: this.#onClose,
    };
  }

  readonly #onSilenced = () => {
    this.#silenced = true;
    this.requestUpdate();
  };

  readonly #onDevices = () => {
    this.#devicesOpen = !this.#devicesOpen;
    this.requestUpdate();
  };

  readonly #onDiagnosis = () => {
    this.#diagnosing = !this.#diagnosing;
    this.#devicesOpen = false;
    this.requestUpdate();
  };

  readonly #onUnsilence = () => {
    this.#silenced = false;
    this.requestUpdate();
  };

  readonly #onClose = () => {
    this.#closed = this.#drawn?.snapshot.call?.id;
    this.#line.session?.closeChat();
    this.#line.dismiss();
    // What keeps an end in sight looks whether it is there.
    void this.updateComplete.then(() => this.requestUpdate());
  };

  async #ask(sensible: boolean, request: (session: NonNullable<CallController['session']>) => void): Promise<boolean> {
    const { session } = this.#line;
    if (!session || !sensible) return false;
    request(session);
    return true;
  }

  #autoAnswer(): void {
    const { autoAnswer } = this.#settings;
    if (autoAnswer) void this.accept({ media: this.currentCall?.media === 'audio' ? 'audio' : autoAnswer });
  }

  /** Whether devices can be chosen now. */
  get #hasDevices(): boolean {
    const open = this.state === 'idle' || isTalking(this.state);
    return open && !!navigator.mediaDevices && !this.#hides('nodevices');
  }

  /** Whether the page has asked to leave something out. */
  #hides(word: string): boolean {
    return !!this.controlslist?.split(/\s+/).includes(word);
  }

  #reflect(): void {
    const { snapshot, presents } = this.#line;
    const { state, call, local } = snapshot;
    const live = isLive(state);
    const drawn = this.#drawn!.snapshot;
    const open = presents && !this.#line.shownByPage && (live || (drawn.state === 'ended' && this.#closed !== drawn.call?.id));
    this.setAttribute('state', state);
    this.toggleAttribute('open', open);
    this.toggleAttribute('muted', isTalking(state) && !local.microphone);
    this.toggleAttribute('sharing', isLive(this.state) && local.screen);
    this.toggleAttribute('recording', !!local.recording);
    this.toggleAttribute('camera-off', isTalking(state) && call?.media === 'video' && !local.camera);
    const states = { open, incoming: state === 'incoming', connected: state === 'connected' || state === 'reconnecting' };
    const coarse = { ...states, calling: live && !states.incoming && !states.connected };
    // Browsers that do not know `:state()` yet have the attributes all the same.
    try {
      for (const [name, on] of Object.entries(coarse)) this.#internals.states[on ? 'add' : 'delete'](name);
    } catch {
      this.#internals.states?.clear();
    }
  }

  #configureMedia(): void {
    const { session } = this.#line;
    const { microphone, camera } = session ? chosenDevices() : {};
    const media = { ...this.#settings.media, ...(microphone && { microphone }), ...(camera && { camera }) };
    const key = session ? JSON.stringify(media) : '';
    if (key !== this.#mediaKey) session?.configureMedia(media);
    this.#mediaKey = key;
    this.#cameras.follow(isLive(this.state), !!this.localStream || rings(this.#drawn!));
  }
}

/** Phones, for one, have no such thing. */
const canShare = (): boolean => 'getDisplayMedia' in ((navigator.mediaDevices as MediaDevices | undefined) ?? {});

/** A visitor who gave no name is shown as a guest, not by the ID that the relay made up. */
const named = (call: CallInfo | null, guest: string): CallInfo | null =>
  call && call.name === call.peer && call.peer.startsWith(GUEST_PREFIX) ? { ...call, name: guest } : call;

declare global {
  interface HTMLElementTagNameMap {
    'video-call-panel': VideoCallPanel;
  }
}
