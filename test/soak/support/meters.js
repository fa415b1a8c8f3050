/**
 * What a soak measures in a page with many panels. It goes into the page before the page's own scripts and only watches.
 * Plain JavaScript, because it is injected as text. All times are milliseconds since the epoch.
 */
(() => {
  if (globalThis.meters) return;

  /** Milliseconds between two looks at what has arrived. */
  const LOOK_EVERY = 40;
  const now = () => performance.timeOrigin + performance.now();

  const events = [];
  const errors = [];
  const connections = new Set();
  const receivers = new WeakMap();
  const tracks = new Set();
  const timers = new Set();
  const waiting = [];

  for (const type of ['call-incoming', 'call-state', 'call-connected', 'call-ended', 'call-error', 'relay-status']) {
    addEventListener(
      type,
      ({ target, state, reason, code, status, call }) => {
        events.push({ type, time: now(), panel: target.id, state, reason, code, status, call: call?.id });
        for (const wake of waiting.splice(0)) wake();
      },
      true,
    );
  }
  addEventListener('error', ({ error, message }) => errors.push(String(error?.stack ?? message)));
  addEventListener('unhandledrejection', ({ reason }) => errors.push(String(reason?.stack ?? reason)));

  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...args) {
      super(...args);
      connections.add(this);
      this.addEventListener('track', ({ track, receiver }) => receivers.set(track, receiver));
    }
    close() {
      connections.delete(this);
      super.close();
    }
  };

  const { getUserMedia } = MediaDevices.prototype;
  MediaDevices.prototype.getUserMedia = async function (constraints) {
    const stream = await getUserMedia.call(this, constraints);
    for (const track of stream.getTracks()) tracks.add(track);
    return stream;
  };

  const real = { setTimeout: setTimeout.bind(globalThis), clearTimeout: clearTimeout.bind(globalThis) };
  globalThis.setTimeout = (callback, ...rest) => {
    const id = real.setTimeout(
      (...args) => {
        timers.delete(id);
        callback(...args);
      },
      ...rest,
    );
    timers.add(id);
    return id;
  };
  globalThis.clearTimeout = (id) => {
    timers.delete(id);
    real.clearTimeout(id);
  };

  const panels = () => [...document.querySelectorAll('video-call-panel')];

  /** The first events of this type with these fields, one of each panel, from this moment on. Waits for all panels. */
  async function everyPanel(type, fields, since, timeout) {
    const deadline = now() + timeout;
    const names = panels().map(({ id }) => id);
    const fits = (event) =>
      event.type === type && event.time >= since && Object.entries(fields).every(([key, value]) => event[key] === value);
    for (;;) {
      const first = new Map();
      for (const event of events) if (fits(event) && !first.has(event.panel)) first.set(event.panel, event.time);
      const missing = names.filter((name) => !first.has(name));
      if (missing.length === 0 || now() > deadline) return { times: names.map((name) => first.get(name) ?? null), missing };
      await new Promise((resolve) => {
        waiting.push(resolve);
        real.setTimeout(resolve, Math.max(0, deadline - now()) + 1);
      });
    }
  }

  /** When, by panel and kind, something new of the other side was found to have been played. */
  const arrivals = new Map();
  const latest = new Map();
  const looks = [];
  let looking;

  function look() {
    const time = now();
    looks.push(time);
    for (const panel of panels()) {
      for (const track of panel.remoteStream?.getTracks() ?? []) {
        const source = receivers.get(track)?.getSynchronizationSources()[0];
        if (!source) continue;
        const key = `${panel.id} ${track.kind}`;
        const mark = `${source.source} ${source.rtpTimestamp}`;
        if (latest.get(key) === mark) continue;
        latest.set(key, mark);
        if (!arrivals.has(key)) arrivals.set(key, []);
        arrivals.get(key).push(time);
      }
    }
  }

  const live = () => ({
    connections: [...connections].filter(({ connectionState }) => connectionState !== 'closed').length,
    tracks: [...tracks].filter(({ readyState }) => readyState === 'live').length,
    timers: timers.size,
    panels: panels().length,
  });

  globalThis.meters = Object.freeze({
    now,
    events,
    errors,
    everyPanel,
    live,
    /** Begins to look at what arrives, and forgets what arrived before. */
    watch() {
      globalThis.meters.rest();
      arrivals.clear();
      latest.clear();
      looks.length = 0;
      looking = setInterval(look, LOOK_EVERY);
    },
    rest() {
      clearInterval(looking);
    },
    /** What has arrived since `watch`: moments by panel and kind, and the moments at which was looked. */
    seen: () => ({ arrivals: Object.fromEntries(arrivals), looks: [...looks] }),
    /** The protocol over which each connection reaches its TURN server, or `direct`. */
    async paths() {
      const paths = [];
      for (const connection of connections) {
        const stats = await connection.getStats();
        const transport = [...stats.values()].find(({ type }) => type === 'transport');
        const pair = stats.get(transport?.selectedCandidatePairId);
        paths.push(stats.get(pair?.localCandidateId)?.relayProtocol ?? 'direct');
      }
      return paths;
    },
    /** Forgets what was noted down. */
    forget() {
      events.length = errors.length = looks.length = 0;
      arrivals.clear();
      latest.clear();
      for (const track of tracks) if (track.readyState === 'ended') tracks.delete(track);
    },
  });
})();
