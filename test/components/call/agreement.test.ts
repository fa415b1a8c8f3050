/**
 * The model test: whatever the way between them does, people who call each other end up either connected on both
 * sides or ended on both sides with matching reasons, and nobody's camera stays open.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { lanesOf } from '../../../components/call/lanes.js';
import { World, talks } from '../../support/model/world.js';
import type { Devices, Page } from '../../support/model/world.js';

// The same worlds in every run, so that a failure is a change's and not the dice's; AGREEMENT_SEED throws them anew. `npm run test:long` tries ten times as many.
fc.configureGlobal({ includeErrorInReport: true, seed: Number(process.env['AGREEMENT_SEED'] ?? 20_261_120) });

const RUNS = Number(process.env['AGREEMENT_RUNS'] ?? 2000);

const action = fc.record({
  at: fc.integer({ min: 0, max: 30_000 }),
  page: fc.nat({ max: 4 }),
  what: fc.oneof(
    { weight: 4, arbitrary: fc.constant('call' as const) },
    { weight: 5, arbitrary: fc.constant('accept' as const) },
    { weight: 1, arbitrary: fc.constant('decline' as const) },
    { weight: 2, arbitrary: fc.constant('hang-up' as const) },
    { weight: 1, arbitrary: fc.constant('camera' as const) },
    { weight: 1, arbitrary: fc.constant('microphone' as const) },
    { weight: 1, arbitrary: fc.constant('screen' as const) },
    { weight: 1, arbitrary: fc.constant('restart-relay' as const) },
    { weight: 1, arbitrary: fc.constant('drop-link' as const) },
    { weight: 1, arbitrary: fc.constant('cut-media' as const) },
    { weight: 1, arbitrary: fc.constant('reload' as const) },
    { weight: 1, arbitrary: fc.constant('move' as const) },
  ),
  video: fc.boolean(),
});

const plan = fc.record({
  seed: fc.integer(),
  delay: fc.constantFrom(5, 50, 400, 3000),
  loss: fc.constantFrom(0, 0, 0.1, 0.4),
  doubling: fc.constantFrom(0, 0.3),
  bobs: fc.integer({ min: 1, max: 3 }),
  devices: fc.array(fc.constantFrom<Devices>('both', 'both', 'both', 'microphone', 'denied', 'none'), { minLength: 5, maxLength: 5 }),
  actions: fc.array(action, { minLength: 1, maxLength: 14 }),
  /** After how long each page's person takes a call by himself, if ever. */
  answers: fc.array(fc.option(fc.integer({ min: 0, max: 3000 })), { minLength: 5, maxLength: 5 }),
  quick: fc.boolean(),
  /** Which pages prepare paths while it rings. */
  early: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
});

type Plan = typeof plan extends fc.Arbitrary<infer T> ? T : never;

function play({ seed, delay, loss, doubling, bobs, devices, actions, answers, quick, early }: Plan): World {
  const world = new World({ seed, delay, loss, doubling });
  const people = ['alice/a1', 'bob/b1', 'carol/c1', ...['bob/b2', 'bob/b3'].slice(0, bobs - 1)];
  const pages = people.map((address, i) => world.page(address, devices[i]));
  pages.forEach((page, i) => Object.assign(page, { takesAfter: answers[i] ?? undefined, early: early[i] }));
  for (const { at, page: index, what, video } of actions) {
    const page = pages[index % pages.length]!;
    // Half of the plans press everything into two seconds, where crossings are.
    world.time.after(quick ? at / 15 : at, () => {
      if (what === 'restart-relay') return world.restart(500 + world.random() * 3000);
      if (what === 'cut-media') return world.cutMedia(world.random() * 70_000);
      if (what === 'reload') return page.reload(200 + world.random() * 3000, video);
      if (what === 'move') return page.move(200 + world.random() * 3000, video, world.random() < 0.7);
      if (what === 'drop-link') return dropLink(world, page);
      act(page, what, video);
    });
  }
  world.time.runUntil(31_000);
  // From here on the way is good again: what was to be agreed upon must be agreed upon now.
  world.weather = { ...world.weather, loss: 0, doubling: 0, delay: Math.min(delay, 200) };
  world.time.run(200_000);
  return world;
}

function dropLink(world: World, page: Page): void {
  page.setOnline(false);
  world.time.after(200 + world.random() * 4000, () => page.setOnline(true));
}

function act(page: Page, what: string, video: boolean): void {
  const media = video ? 'video' : 'audio';
  const other = page.peer === 'bob' ? 'alice' : page.peer === 'carol' && video ? 'nobody' : 'bob';
  page.act((engine) => {
    if (what === 'call') engine.call(other, { media, ringTimeout: 20 });
    if (what === 'accept') engine.accept({ media });
    if (what === 'decline') engine.decline();
    if (what === 'hang-up') engine.hangUp();
    if (what === 'camera') engine.setCamera(video);
    if (what === 'screen') engine.setScreen(video);
    if (what === 'microphone') engine.setMicrophone(video);
  });
}

/** What each reason of the caller is to a callee that heard of it by message. */
function told(reason: string): string[] {
  if (reason === 'declined' || reason === 'busy') return ['declined-elsewhere'];
  if (reason === 'unreachable' || reason === 'refused') return ['cancelled'];
  return [reason];
}

function judge(world: World): void {
  const pages = [...world.pages.values()];
  for (const page of pages) {
    const { state, call } = page.engine.snapshot;
    assert.ok(state === 'idle' || state === 'connected', `${page.address} rests in ${state}`);
    if (state === 'idle') {
      assert.equal(page.media.isOpen, false, `${page.address} has its camera or microphone open after the end`);
      assert.equal(page.engine.size, 0, `${page.address} keeps ended calls in memory`);
      assert.equal(page.watching.size, 0, `${page.address} still watches others`);
    } else {
      const voice = call?.media === 'audio' && page.media.tracks.video && !page.media.wantsCamera && !page.reloaded;
      assert.ok(!voice, `${page.address} has its camera open in a voice call, and nobody asked for it`);
      const partners = pages.filter((other) => other !== page && talks(other) && other.engine.snapshot.call?.id === call?.id);
      assert.equal(partners.length, 1, `${page.address} is connected with ${partners.length} pages`);
      judgeMedia(world, page, partners[0]!);
    }
    const ids = page.ends.map(({ id }) => id);
    if (page.reloaded) continue;
    assert.equal(new Set(ids).size, ids.length, `${page.address} ended a call twice`);
    const rung = page.notices.flatMap((notice) => (notice.type === 'incoming' ? [notice.call.id] : []));
    assert.equal(new Set(rung).size, rung.length, `${page.address} rang twice for a call`);
  }
  for (const page of pages) judgeReasons(page, pages);
  const open = [...world.connections.values()].filter((connection) => !connection.closed);
  assert.equal(open.length, pages.filter(talks).length, 'a peer connection was left open');
}

/** Two pages of one call know what the other sends, and have the lanes for it. */
function judgeMedia(world: World, page: Page, partner: Page): void {
  assert.deepEqual(page.engine.snapshot.remote, partner.engine.snapshot.local, `what ${page.address} knows of ${partner.address}`);
  const { local, remote } = page.engine.snapshot;
  const needed = lanesOf({ media: page.engine.snapshot.call!.media, local, remote });
  const [connection] = [...world.connections.values()].filter((each) => each.page === page && !each.closed);
  assert.ok(connection && connection.lanes >= needed, `${page.address} needs ${needed} lanes and has ${connection?.lanes}`);
}

function judgeReasons(page: Page, pages: readonly Page[]): void {
  for (const end of page.ends) {
    if (end.cause !== 'message') continue;
    // A page that comes back to a call that the other side has forgotten learns just that it is over.
    if (page.reloaded && end.reason === 'left') continue;
    const others = pages.filter((other) => other !== page).flatMap((other) => other.ends.filter(({ id }) => id === end.id));
    if (end.reason === 'answered-elsewhere') continue;
    const expected = others.flatMap(({ reason, direction }) => (direction === 'outgoing' ? told(reason) : [reason]));
    const same = [...expected, ...others.map(({ reason }) => reason)];
    const busyElsewhere = end.reason === 'busy' && end.direction === 'outgoing';
    // An invite that crossed ours and was passed over is declined when ours ends; it never rang there.
    const passedOver = end.reason === 'declined' && end.direction === 'outgoing';
    // A page that was loaded anew too early in a call to have written it down does not know how that ended, nor does one that gives up what it had placed.
    const isUnknown = others.length === 0 && pages.some((other) => other !== page && other.reloaded);
    const forgotten = isUnknown && (end.reason === 'left' || end.reason === 'cancelled');
    assert.ok(
      busyElsewhere || passedOver || forgotten || same.includes(end.reason),
      `${page.address} was told ${end.reason}, the others ended ${same.join()}`,
    );
  }
}

const seen = new Map<string, number>();
const count = (what: string): void => void seen.set(what, (seen.get(what) ?? 0) + 1);

/** What the random worlds came to, so that a run that tests nothing is noticed. */
function tally(world: World): void {
  for (const page of world.pages.values()) {
    for (const { reason } of page.ends) count(reason);
    for (const { type } of page.notices) if (type === 'connected') count(type);
  }
}

/** Bad ways on which what is repeated every two seconds still arrives well before the connect timeout. */
const weather = fc.record({
  seed: fc.integer(),
  delay: fc.constantFrom(5, 50, 400, 2000),
  loss: fc.constantFrom(0, 0.03),
  doubling: fc.constantFrom(0, 0.3),
});
const restarts = fc.array(fc.integer({ min: 0, max: 12_000 }), { maxLength: 2 });

test('A call that is taken, on one device or on several at once, connects whatever the way is like', () => {
  const taken = fc.record({
    weather,
    restarts,
    answers: fc.array(fc.integer({ min: 0, max: 4000 }), { minLength: 1, maxLength: 3 }),
    video: fc.boolean(),
  });
  fc.assert(
    fc.property(taken, ({ weather: conditions, restarts: moments, answers, video }) => {
      const world = new World(conditions);
      const alice = world.page('alice/a1');
      const bobs = answers.map((after, i) => Object.assign(world.page(`bob/b${i}`), { takesAfter: after }));
      alice.act((engine) => engine.call('bob', { media: video ? 'video' : 'audio', ringTimeout: 120 }));
      for (const moment of moments) world.time.after(moment, () => world.up && world.restart(500 + world.random() * 2500));
      world.time.run(100_000);
      assert.equal(alice.state, 'connected');
      assert.deepEqual(bobs.map(talks).filter(Boolean), [true], 'exactly one device of bob talks');
      for (const bob of bobs) for (const { reason } of bob.ends) assert.equal(reason, 'answered-elsewhere');
      judge(world);
    }),
    { numRuns: RUNS / 4 },
  );
});

test('A connected call whose media path breaks for less than a minute is connected again, both ways, whatever befalls the relay', () => {
  const broken = fc.record({
    weather,
    cuts: fc.array(fc.record({ after: fc.integer({ min: 25_000, max: 60_000 }), lasts: fc.integer({ min: 100, max: 35_000 }) }), {
      minLength: 1,
      maxLength: 3,
    }),
    restarts: fc.array(fc.integer({ min: 0, max: 90_000 }), { maxLength: 2 }),
  });
  fc.assert(
    fc.property(broken, ({ weather: conditions, cuts, restarts: moments }) => {
      const world = new World({ ...conditions, loss: 0 });
      const alice = world.page('alice/a1');
      const bob = Object.assign(world.page('bob/b1'), { takesAfter: 500 });
      alice.act((engine) => engine.call('bob', { media: 'video', ringTimeout: 120 }));
      world.time.run(20_000);
      assert.deepEqual([alice.state, bob.state], ['connected', 'connected']);
      let at = 0;
      for (const { after, lasts } of cuts) {
        world.time.after((at += after), () => world.cutMedia(lasts));
        at += lasts;
      }
      for (const moment of moments) world.time.after(moment, () => world.up && world.restart(500 + world.random() * 2500));
      world.time.run(400_000);
      assert.deepEqual([alice.state, bob.state], ['connected', 'connected'], JSON.stringify([alice.ends, bob.ends]));
      judge(world);
    }),
    { numRuns: RUNS / 4 },
  );
});

test('A connected call goes on after either page was loaded anew, also where a click is needed and the relay restarts', () => {
  const reloaded = fc.record({
    weather,
    reloads: fc.array(
      fc.record({
        after: fc.integer({ min: 3000, max: 30_000 }),
        who: fc.boolean(),
        away: fc.integer({ min: 100, max: 3000 }),
        ask: fc.boolean(),
      }),
      {
        minLength: 1,
        maxLength: 3,
      },
    ),
    restarts: fc.array(fc.integer({ min: 0, max: 60_000 }), { maxLength: 1 }),
  });
  fc.assert(
    fc.property(reloaded, ({ weather: conditions, reloads, restarts: moments }) => {
      const world = new World({ ...conditions, loss: 0, delay: Math.min(conditions.delay, 400) });
      const alice = world.page('alice/a1');
      const bob = Object.assign(world.page('bob/b1'), { takesAfter: 500 });
      alice.act((engine) => engine.call('bob', { media: 'video', ringTimeout: 120 }));
      world.time.run(10_000);
      assert.deepEqual([alice.state, bob.state], ['connected', 'connected']);
      let at = 0;
      for (const { after, who, away, ask } of reloads) world.time.after((at += after), () => (who ? alice : bob).reload(away, ask));
      for (const moment of moments) world.time.after(moment, () => world.up && world.restart(500 + world.random() * 2500));
      world.time.run(300_000);
      assert.deepEqual([alice.state, bob.state], ['connected', 'connected'], JSON.stringify([alice.ends, bob.ends]));
      judge(world);
    }),
    { numRuns: RUNS / 4 },
  );
});

test('A call is taken by a page that was loaded anew while it rang, once or again', () => {
  const ringing = fc.record({
    weather,
    early: fc.boolean(),
    reloads: fc.array(fc.record({ after: fc.integer({ min: 0, max: 3000 }), away: fc.integer({ min: 50, max: 2000 }) }), {
      minLength: 1,
      maxLength: 3,
    }),
    takesAfter: fc.integer({ min: 0, max: 2000 }),
  });
  fc.assert(
    fc.property(ringing, ({ weather: conditions, early, reloads, takesAfter }) => {
      const world = new World(conditions);
      const alice = Object.assign(world.page('alice/a1'), { early });
      const bob = Object.assign(world.page('bob/b1'), { early });
      alice.act((engine) => engine.call('bob', { media: 'video', ringTimeout: 120 }));
      for (let waited = 0; bob.state !== 'incoming' && waited < 20_000; waited += 20) world.time.run(20);
      let at = 0;
      for (const { after, away } of reloads) {
        world.time.after((at += after), () => bob.reload(away, false));
        at += away + 1;
      }
      world.time.after(at - 2, () => (bob.takesAfter = takesAfter));
      world.time.run(100_000);
      assert.deepEqual([alice.state, bob.state], ['connected', 'connected'], JSON.stringify([alice.ends, bob.ends]));
      judge(world);
    }),
    { numRuns: RUNS / 4 },
  );
});

test('A call that rings, or has just been taken, goes on where its people go from page to page', () => {
  const moved = fc.record({
    weather,
    early: fc.tuple(fc.boolean(), fc.boolean()),
    ask: fc.boolean(),
    bobs: fc.integer({ min: 1, max: 2 }),
    moves: fc.array(
      fc.record({ after: fc.integer({ min: 0, max: 3000 }), away: fc.integer({ min: 50, max: 3000 }), who: fc.constantFrom(0, 0, 1) }),
      { minLength: 1, maxLength: 3 },
    ),
    takesAfter: fc.integer({ min: 0, max: 9000 }),
  });
  fc.assert(
    fc.property(moved, ({ weather: conditions, early, ask, bobs, moves, takesAfter }) => {
      const world = new World(conditions);
      const alice = Object.assign(world.page('alice/a1'), { early: early[0] });
      const bob = Object.assign(world.page('bob/b1'), { early: early[1], takesAfter });
      if (bobs > 1) world.page('bob/b2');
      alice.act((engine) => engine.call('bob', { media: 'video', ringTimeout: 120 }));
      for (let waited = 0; bob.state !== 'incoming' && waited < 20_000; waited += 20) world.time.run(20);
      let at = 0;
      for (const { after, away, who } of moves) {
        world.time.after((at += after), () => {
          alice.early = world.random() < 0.5;
          (who ? bob : alice).move(away, ask);
        });
        at += away + 1;
      }
      world.time.run(120_000);
      assert.deepEqual([alice.state, bob.state], ['connected', 'connected'], JSON.stringify([alice.ends, bob.ends]));
      judge(world);
    }),
    { numRuns: RUNS / 2 },
  );
});

test('A call that rings is over within a moment where the next page of the caller does not take it up', () => {
  const left = fc.record({
    weather,
    early: fc.boolean(),
    bobs: fc.integer({ min: 1, max: 2 }),
    after: fc.integer({ min: 0, max: 3000 }),
    away: fc.integer({ min: 50, max: 3000 }),
    calls: fc.boolean(),
    takesAfter: fc.option(fc.integer({ min: 0, max: 9000 })),
  });
  fc.assert(
    fc.property(left, ({ weather: conditions, early, bobs, after, away, calls, takesAfter }) => {
      const world = new World(conditions);
      const alice = Object.assign(world.page('alice/a1'), { early });
      const bob = Object.assign(world.page('bob/b1'), { early, takesAfter: takesAfter ?? undefined });
      world.page('carol/c1');
      if (bobs > 1) world.page('bob/b2');
      alice.act((engine) => engine.call('bob', { media: 'video', ringTimeout: 120 }));
      for (let waited = 0; bob.state !== 'incoming' && waited < 20_000; waited += 20) world.time.run(20);
      world.time.after(after, () => {
        if (alice.state !== 'ringing' && alice.state !== 'calling') return;
        alice.move(away, false, false);
        if (calls) world.time.after(away + 1, () => alice.act((engine) => engine.call('carol', { media: 'audio', ringTimeout: 20 })));
      });
      world.time.run(40_000);
      for (const page of world.pages.values()) assert.notEqual(page.state, 'incoming', page.address);
      world.time.run(100_000);
      judge(world);
    }),
    { numRuns: RUNS / 4 },
  );
});

test('Two people who call each other at the same time are connected, in one call', () => {
  const crossing = fc.record({
    weather,
    gap: fc.integer({ min: -500, max: 500 }),
    others: fc.integer({ min: 0, max: 2 }),
    video: fc.tuple(fc.boolean(), fc.boolean()),
  });
  fc.assert(
    fc.property(crossing, ({ weather: conditions, gap, others, video }) => {
      const world = new World(conditions);
      const alice = world.page('alice/a1');
      const bob = world.page('bob/b1');
      for (let i = 0; i < others; i++) world.page(i === 0 ? 'bob/b2' : 'alice/a2');
      const media = video.map((on) => (on ? ('video' as const) : ('audio' as const)));
      world.time.after(500, () => alice.act((engine) => engine.call('bob', { media: media[0]!, ringTimeout: 120 })));
      world.time.after(500 + gap, () => bob.act((engine) => engine.call('alice', { media: media[1]!, ringTimeout: 120 })));
      world.time.run(1001);
      if (alice.state === 'incoming' || bob.state === 'incoming') return;
      world.time.run(100_000);
      assert.deepEqual([alice.state, bob.state], ['connected', 'connected']);
      assert.equal(alice.engine.snapshot.call?.id, bob.engine.snapshot.call?.id);
      assert.deepEqual([...alice.ends, ...bob.ends], []);
      judge(world);
    }),
    { numRuns: RUNS / 4 },
  );
});

test(`In ${RUNS} random worlds every call ends in agreement and no camera stays open`, () => {
  fc.assert(
    fc.property(plan, (each) => {
      const world = play(each);
      tally(world);
      judge(world);
    }),
    { numRuns: RUNS },
  );
  const outcomes = [
    'connected',
    'hung-up',
    'declined',
    'cancelled',
    'busy',
    'no-answer',
    'unreachable',
    'answered-elsewhere',
    'declined-elsewhere',
    'media-denied',
    'media-unavailable',
  ];
  for (const outcome of outcomes)
    assert.ok((seen.get(outcome) ?? 0) > RUNS / 1000, `${outcome} was seen in ${seen.get(outcome) ?? 0} of ${RUNS} worlds`);
});
