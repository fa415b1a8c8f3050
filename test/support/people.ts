/** Alice and Bob, whom most tests are about, and what is true of every call that is over. */
import assert from 'node:assert/strict';
import { PATIENCE } from './person.js';
import type { Person, SeenEvent } from './person.js';
import { button, panel } from './world.js';
import type { Visit, World } from './world.js';

type Attributes = Record<string, string | number | boolean>;

/** What differs from the usual. */
export interface Wishes {
  readonly media?: 'video' | 'audio';
  /** Further attributes of the panels. */
  readonly alice?: Attributes;
  readonly bob?: Attributes;
  /** How they come to their pages. */
  readonly aliceVisits?: Visit;
  readonly bobVisits?: Visit;
}

/** Small pictures, since one machine encodes and decodes the calls of everybody. */
const SMALL: Attributes = { 'max-resolution': '360p' };

/** Bob with a panel, who has not touched his page yet. */
export function bobAlone(world: World, attributes: Attributes = {}, visit: Visit = {}): Promise<Person> {
  return ready(world, { name: 'bob', markup: panel({ me: 'bob', 'display-name': 'Bob', ...SMALL, ...attributes }), ...visit });
}

/** Alice with a panel and a button that calls Bob. */
export function aliceAlone(world: World, attributes: Attributes = {}, visit: Visit = {}, media = 'video'): Promise<Person> {
  const markup = panel({ me: 'alice', 'display-name': 'Alice', ...SMALL, ...attributes }) + button({ peer: 'bob', media }, 'Call Bob');
  return ready(world, { name: 'alice', markup, ...visit });
}

/** Both; Alice's button knows that Bob is there. */
export async function twoPeople(world: World, wishes: Wishes = {}): Promise<[alice: Person, bob: Person]> {
  const { media, alice: hers = {}, bob: his = {}, aliceVisits = {}, bobVisits = {} } = wishes;
  const [alice, bob] = await Promise.all([aliceAlone(world, hers, aliceVisits, media), bobAlone(world, his, bobVisits)]);
  await alice.event('presence-change', { presence: 'online' });
  return [alice, bob];
}

/** Somebody whose page has reached the relay. */
export async function ready(world: World, visit: Visit): Promise<Person> {
  const person = await world.visit(visit);
  await person.event('relay-status', { status: 'online' });
  return person;
}

/** Alice calls, Bob accepts, and both see and hear each other. */
export async function talk(alice: Person, bob: Person): Promise<void> {
  await alice.press('Call Bob');
  await bob.press('Accept');
  await together(alice, bob);
}

/** Waits until each of them sees and hears the other. */
export async function together(...people: Person[]): Promise<void> {
  await Promise.all(people.map((person) => person.event('call-connected')));
  await Promise.all(people.map((person) => person.seesAndHears()));
}

/** Waits until the call has ended for both for this reason, and answers both events. */
export async function bothEnd(alice: Person, bob: Person, reason: string): Promise<[SeenEvent, SeenEvent]> {
  return Promise.all([alice.event('call-ended', { reason }), bob.event('call-ended', { reason })]);
}

/** Fails unless nobody holds a device once the call has ended, nor anything else soon after. */
export async function release(...people: Person[]): Promise<void> {
  for (const person of people) {
    const { tracks } = await person.live();
    assert.deepEqual(tracks, [], `${person.name} lets the devices go at the end of the call`);
  }
  await Promise.all(people.map((person) => person.holdsNothing()));
}

/** The same, and waits until everybody is idle again. */
export async function restore(...people: Person[]): Promise<void> {
  await release(...people);
  await Promise.all(people.map((person) => person.state('idle')));
}

/** Fails unless this person has had exactly these ends of calls, in this order. */
export async function hasHadEnds(person: Person, ...reasons: string[]): Promise<void> {
  const ends = await person.events('call-ended');
  assert.deepEqual(
    ends.map(({ reason }) => reason),
    reasons,
    `the ends of ${person.name}'s calls`,
  );
}

/** Fails if this page has ever asked for a camera. */
export async function neverOpenedCamera(person: Person): Promise<void> {
  const asked = (await person.captures()).filter(({ video }) => video);
  assert.deepEqual(asked, [], `${person.name}'s camera is never asked for`);
}

/** Fails if this page has ever asked for a camera or a microphone. */
export async function neverOpenedDevices(person: Person): Promise<void> {
  assert.deepEqual(await person.captures(), [], `${person.name}'s devices are never asked for`);
}

/** Waits until the panel shows the other side's face with these letters in place of a picture. */
export async function seesFace(person: Person, letters: string): Promise<void> {
  await person.page.waitForFunction(
    (wanted) => {
      const root = document.querySelector('video-call-panel')?.shadowRoot;
      const video = root?.querySelector('[part~="remote-video"]');
      const face = root?.querySelector('.face');
      return face?.checkVisibility() && face.textContent?.trim() === wanted && (!video || getComputedStyle(video).opacity === '0');
    },
    { timeout: PATIENCE },
    letters,
  );
}

/** What still arrives when the other side has just stopped, in ms. */
const IN_FLIGHT = 400;
/** The fake microphone beeps once a second; a second and a half without a beep is silence. */
const LISTEN_FOR = 1500;
/** A hundredth of what a second of beeps brings. */
const SILENCE = 2e-3;

/** Fails unless silence comes: what is on its way still sounds, for longer on a machine that is busy. */
export async function hearsNothing(person: Person): Promise<void> {
  let energy = Infinity;
  for (let listens = 0; listens < 4 && energy >= SILENCE; listens += 1) {
    await person.energyWithin(IN_FLIGHT);
    energy = await person.energyWithin(LISTEN_FOR);
  }
  assert.ok(energy < SILENCE, `${person.name} hears nothing: energy ${energy}`);
}

/** When an event happened, in milliseconds that all pages of this machine share. */
export async function momentOf(person: Person, event: { readonly time: number }): Promise<number> {
  return event.time + (await person.page.evaluate(() => performance.timeOrigin));
}

/** Lets a person do this by the panel's method. Answers whether it could be done. */
export const ask = (person: Person, what: 'accept' | 'decline' | 'hangUp'): Promise<boolean> =>
  person.panel((shown, method) => shown[method]() as Promise<boolean>, what);

/** Lets a person call a peer by the panel's method. Answers whether the call was placed. */
export const dial = (person: Person, peer: string): Promise<boolean> =>
  person.panel((shown, to) => shown.call(to) as Promise<boolean>, peer);

/** Waits until the camera's sender of a page has been told this. */
export const sendsLike = (person: Person, wanted: Partial<RTCRtpEncodingParameters>): Promise<unknown> =>
  person.page.waitForFunction(
    (fields) => {
      const connection = [...(observer as unknown as { connections: Set<RTCPeerConnection> }).connections].at(-1)!;
      const encoding = connection.getSenders()[1]!.getParameters().encodings[0] as unknown as Record<string, unknown>;
      return Object.entries(fields).every(([name, value]) => encoding[name] === value);
    },
    { timeout: 20_000, polling: 50 },
    wanted as Record<string, unknown>,
  );

/** Waits for an error with this code, which must say something to a person. */
export async function complains(person: Person, code: string, timeout?: number): Promise<SeenEvent> {
  const event = await person.event('call-error', { code }, timeout);
  assert.match(String(event['message']), /^\p{Lu}.{19,}\.$/u, 'a sentence that a person can act on');
  return event;
}
