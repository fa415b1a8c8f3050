/**
 * What a test sees of a page. It goes into every page before the page's own scripts, and only watches: each patched
 * function does what it did before. Plain JavaScript, because it is injected as text.
 */
(() => {
  if (globalThis.observer) return;

  const EVENTS = [
    'call-request',
    'call-incoming',
    'call-state',
    'call-connected',
    'call-ended',
    'call-error',
    'call-message',
    'call-quality',
    'relay-status',
    'presence-change',
  ];
  const FIELDS = [
    'peer',
    'media',
    'state',
    'previous',
    'reason',
    'duration',
    'code',
    'message',
    'text',
    'from',
    'at',
    'status',
    'presence',
    'quality',
    'incoming',
    'outgoing',
    'mos',
    'reading',
  ];
  const CALL_FIELDS = ['id', 'peer', 'name', 'media', 'direction', 'startedAt'];

  const events = [];
  const frames = [];
  const errors = [];
  const connections = new Set();
  const tracks = new Set();
  const captures = [];
  const sounds = new Set();
  let waiting = [];

  const pick = (source, names) =>
    Object.fromEntries(names.filter((name) => source[name] !== undefined).map((name) => [name, source[name]]));

  // ── Events ─────────────────────────────────────────────────────────────────────────────────────────────────────

  function record(event) {
    const { target } = event;
    events.push({
      type: event.type,
      time: performance.now(),
      tag: target.localName ?? '',
      id: target.id ?? '',
      inside: event.composedPath().flatMap((node) => (node.id ? [node.id] : [])),
      ...pick(event, FIELDS),
      ...(event.call ? { call: pick(event.call, CALL_FIELDS) } : {}),
    });
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  }
  for (const type of EVENTS) addEventListener(type, record, true);

  addEventListener('error', (event) => errors.push(String(event.error?.stack ?? event.message)));
  addEventListener('unhandledrejection', (event) => errors.push(`unhandled rejection: ${event.reason?.stack ?? event.reason}`));

  const matches = (value, wanted) =>
    wanted !== null && typeof wanted === 'object'
      ? value !== null && typeof value === 'object' && Object.entries(wanted).every(([key, inner]) => matches(value[key], inner))
      : value === wanted;

  /**
   * The first event from index `from` on that has the wanted fields and comes from inside the element with the given id
   * (from anywhere where that is null), and its index; waits for it up to `timeout` ms, then answers null.
   */
  async function eventFrom(from, wanted, inside, timeout) {
    const deadline = performance.now() + timeout;
    for (let index = from; ; index += 1) {
      while (index >= events.length) {
        const left = deadline - performance.now();
        if (left <= 0) return null;
        await new Promise((resolve) => {
          waiting.push(resolve);
          setTimeout(resolve, left);
        });
      }
      const event = events[index];
      if (matches(event, wanted) && (inside === null || event.inside.includes(inside))) return { index, event };
    }
  }

  // ── The wire ───────────────────────────────────────────────────────────────────────────────────────────────────

  function recordFrame(direction, url, data) {
    const frame = { direction, url: String(url), time: performance.now(), text: typeof data === 'string' ? data : null, message: null };
    try {
      frame.message = JSON.parse(data);
    } catch {
      // Not JSON: the text alone must do.
    }
    frames.push(frame);
  }

  const sockets = new Set();
  globalThis.WebSocket = class extends WebSocket {
    constructor(...args) {
      super(...args);
      sockets.add(this);
      this.addEventListener('message', ({ data }) => recordFrame('received', this.url, data));
      this.addEventListener('close', () => sockets.delete(this));
    }
    send(data) {
      recordFrame('sent', this.url, data);
      super.send(data);
    }
  };

  // ── Media ──────────────────────────────────────────────────────────────────────────────────────────────────────

  if (globalThis.RTCPeerConnection) {
    globalThis.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(...args) {
        super(...args);
        connections.add(this);
      }
      close() {
        connections.delete(this);
        super.close();
      }
    };
  }

  function keepTracks(stream, source) {
    for (const track of stream.getTracks()) keepTrack(track, source);
    return stream;
  }
  function keepTrack(track, source) {
    for (const other of tracks) if (other.track.readyState === 'ended') tracks.delete(other);
    tracks.add({ track, source });
    const clone = track.clone;
    track.clone = function () {
      const copy = clone.call(this);
      keepTrack(copy, source);
      return copy;
    };
  }
  if (globalThis.MediaDevices) {
    for (const name of ['getUserMedia', 'getDisplayMedia']) {
      const original = MediaDevices.prototype[name];
      if (!original) continue;
      MediaDevices.prototype[name] = async function (constraints) {
        const capture = { name, audio: Boolean(constraints?.audio), video: Boolean(constraints?.video), outcome: 'pending' };
        captures.push(capture);
        try {
          const stream = await original.call(this, constraints);
          capture.outcome = 'given';
          return keepTracks(stream, name === 'getUserMedia' ? 'device' : 'display');
        } catch (error) {
          capture.outcome = error.name;
          throw error;
        }
      };
    }
  }
  const { captureStream } = HTMLCanvasElement.prototype;
  HTMLCanvasElement.prototype.captureStream = function (...args) {
    return keepTracks(captureStream.apply(this, args), 'virtual');
  };

  // Everything that is made audible through Web Audio also runs past a meter.
  const { connect } = AudioNode.prototype;
  AudioNode.prototype.connect = function (target, ...rest) {
    if (target instanceof AudioDestinationNode && target.context instanceof AudioContext) {
      const meter = new AnalyserNode(target.context, { fftSize: 2048 });
      connect.call(this, meter);
      sounds.add(meter);
    }
    return connect.call(this, target, ...rest);
  };

  /** The loudest sample that Web Audio has played within `ms`. */
  async function loudness(ms) {
    const until = performance.now() + ms;
    let peak = 0;
    do {
      for (const meter of sounds) {
        if (meter.context.state === 'closed') sounds.delete(meter);
        if (meter.context.state !== 'running') continue;
        const samples = new Float32Array(meter.fftSize);
        meter.getFloatTimeDomainData(samples);
        for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    } while (performance.now() < until && peak < 0.001);
    return peak;
  }

  async function received(stream) {
    const wanted = stream ? new Set(stream.getTracks().map((track) => track.id)) : null;
    const sum = { framesDecoded: 0, framesReceived: 0, videoPackets: 0, audioPackets: 0, audioEnergy: 0, width: 0, height: 0 };
    for (const connection of connections) {
      if (connection.connectionState === 'closed') continue;
      for (const report of (await connection.getStats()).values()) {
        if (report.type !== 'inbound-rtp') continue;
        if (wanted && report.trackIdentifier && !wanted.has(report.trackIdentifier)) continue;
        if (report.kind === 'video') {
          sum.framesDecoded += report.framesDecoded ?? 0;
          sum.framesReceived += report.framesReceived ?? 0;
          sum.videoPackets += report.packetsReceived ?? 0;
          sum.width = Math.max(sum.width, report.frameWidth ?? 0);
          sum.height = Math.max(sum.height, report.frameHeight ?? 0);
        } else {
          sum.audioPackets += report.packetsReceived ?? 0;
          sum.audioEnergy += report.totalAudioEnergy ?? 0;
        }
      }
    }
    return sum;
  }

  /** The URL of the TURN server through which media is sent. */
  async function turnServer() {
    for (const connection of connections) {
      const stats = await connection.getStats();
      const transport = [...stats.values()].find(({ type }) => type === 'transport');
      const { url = '' } = stats.get(stats.get(transport?.selectedCandidatePairId)?.localCandidateId) ?? {};
      if (url) return url;
    }
    return '';
  }

  /** Every element below `root`, through open shadow roots. */
  function* deepElements(root) {
    if (root instanceof Element) yield root;
    if (root.shadowRoot) yield* deepElements(root.shadowRoot);
    for (const child of root.children ?? []) yield* deepElements(child);
  }

  // Chromium is asked for its accessibility tree; for Firefox, which tells nobody what is in shadow roots, this must do.

  const ROLES = { BUTTON: 'button', DIALOG: 'dialog', A: 'link', INPUT: 'textbox', TEXTAREA: 'textbox' };

  // An element without a box of its own (a slot, say) is not visible to checkVisibility; what is in it may well be.
  const isShown = (element) => getComputedStyle(element).display === 'contents' || element.checkVisibility();

  function textOf(node) {
    if (node instanceof Text) return node.data;
    if (!(node instanceof Element) || node.ariaHidden === 'true' || !isShown(node)) return '';
    if (node instanceof HTMLSlotElement && node.assignedNodes().length > 0) return node.assignedNodes().map(textOf).join('');
    return [...(node.shadowRoot ?? node).childNodes].map(textOf).join('');
  }
  function nameOf(element) {
    const ids = (element.getAttribute('aria-labelledby') ?? '').split(/\s+/).filter(Boolean);
    const named = ids.map((id) => element.getRootNode().getElementById(id)).filter(Boolean);
    const name =
      named.length > 0 ? named.map(textOf).join(' ') : (element.getAttribute('aria-label') ?? (textOf(element).trim() || element.title));
    return name.replace(/\s+/g, ' ').trim();
  }

  /** The visible element below `root` with this role and accessible name, as far as this page's markup says it. */
  function named(root, role, name) {
    for (const element of deepElements(root)) {
      if ((element.getAttribute('role') ?? ROLES[element.tagName]) !== role || !element.checkVisibility()) continue;
      if (nameOf(element) === name) return element;
    }
    return null;
  }

  /** Waits until an element has kept its place for three frames: who clicks at a moving thing misses it. */
  async function still(element) {
    let last = '';
    for (let same = 0, frames = 0; same < 3 && frames < 120; frames += 1) {
      await new Promise((resolve) => {
        requestAnimationFrame(resolve);
        setTimeout(resolve, 100);
      });
      const { x, y, width, height } = element.getBoundingClientRect();
      const now = [x, y, width, height].join();
      same = now === last ? same + 1 : 0;
      last = now;
    }
  }

  /** The innermost element at the middle of another, through every shadow root. */
  function topmostOver(element) {
    const { x, y, width, height } = element.getBoundingClientRect();
    const at = [x + width / 2, y + height / 2];
    let found = document.elementFromPoint(...at);
    for (let root = found?.shadowRoot; root; root = found.shadowRoot) {
      const inner = root.elementFromPoint(...at);
      if (inner?.getRootNode() !== root) break;
      found = inner;
    }
    return found;
  }

  /** Waits until nothing lies over an element, for two seconds at most: controls that have stepped back come back a moment after the pointer. */
  async function bare(element) {
    const has = (inner) => inner === element || (!!inner && has(inner.assignedSlot ?? inner.parentNode ?? inner.host));
    // Over words of the page in a slot it is the host that is found.
    const isFree = (found) => has(found) || found?.shadowRoot === element.getRootNode();
    for (const until = performance.now() + 2000; !isFree(topmostOver(element)) && performance.now() < until;) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Whether these words can be read below `root`, in one element and not only by a screen reader. */
  function shows(root, words) {
    const says = (element) => element.textContent.replace(/\s+/g, ' ').includes(words);
    for (const element of deepElements(root)) {
      if (!says(element) || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
      const { width, height } = element.getBoundingClientRect();
      if (width > 1 && height > 1 && !element.closest('[role="status"], [role="alert"]')) return true;
    }
    return false;
  }

  /** The element that shows or plays what the other side sends. */
  function remoteElement(panel) {
    const media = [...deepElements(panel)].filter((element) => element instanceof HTMLMediaElement);
    const stream = panel.remoteStream;
    return (
      media.find((element) => element.part.contains('remote-video')) ??
      media.find(
        (element) => stream && element.srcObject && element.srcObject.getTracks().some((track) => stream.getTracks().includes(track)),
      ) ??
      null
    );
  }

  /** How many new frames the panel's own remote video shows within `timeout` ms; stops as soon as `enough` came. */
  function shownFrames(panel, enough, timeout) {
    return new Promise((resolve) => {
      const deadline = performance.now() + timeout;
      let count = 0;
      let watched = null;
      const done = setInterval(() => {
        // The panel may draw its video later, or another one.
        const element = remoteElement(panel);
        if (element instanceof HTMLVideoElement && element !== watched) {
          watched = element;
          const next = () => {
            count += 1;
            if (element === watched && count < enough) element.requestVideoFrameCallback(next);
          };
          element.requestVideoFrameCallback(next);
        }
        if (count >= enough || performance.now() > deadline) {
          clearInterval(done);
          watched = null;
          resolve(count);
        }
      }, 20);
    });
  }

  /** A few pixels of what the panel's remote video shows now, averaged: the mean red, green and blue. */
  function remoteColour(panel) {
    const video = remoteElement(panel);
    if (!(video instanceof HTMLVideoElement) || !video.videoWidth) return null;
    const canvas = new OffscreenCanvas(8, 8);
    const context = canvas.getContext('2d');
    context.drawImage(video, 0, 0, 8, 8);
    const { data } = context.getImageData(0, 0, 8, 8);
    const mean = [0, 0, 0];
    for (let at = 0; at < data.length; at += 4) for (const channel of [0, 1, 2]) mean[channel] += data[at + channel] / 64;
    return mean.map(Math.round);
  }

  const live = () => {
    const open = [...tracks].filter(({ track }) => track.readyState === 'live');
    return {
      peerConnections: [...connections].filter((connection) => connection.connectionState !== 'closed').length,
      tracks: open.map(({ track, source }) => `${source} ${track.kind}`),
      camera: open.some(({ track, source }) => source === 'device' && track.kind === 'video'),
      microphone: open.some(({ track, source }) => source === 'device' && track.kind === 'audio'),
      sockets: [...sockets].filter((socket) => socket.readyState <= WebSocket.OPEN).length,
    };
  };

  globalThis.observer = Object.freeze({
    events,
    frames,
    errors,
    captures,
    connections,
    eventFrom,
    loudness,
    received,
    turnServer,
    remoteElement,
    shownFrames,
    remoteColour,
    deepElements,
    named,
    still,
    bare,
    shows,
    live,
  });
})();
