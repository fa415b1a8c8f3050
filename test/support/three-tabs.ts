/** One person in three tabs of a browser, and how soon the others fall silent when one of them answers. */
import { bobAlone, momentOf, together, twoPeople } from './people.js';
import type { Person } from './person.js';
import type { World } from './world.js';

/** Bob in three tabs of one browser, and Alice; all three tabs ring. */
export async function threeTabs(world: World): Promise<[alice: Person, tabs: [Person, Person, Person]]> {
  const [alice, first] = await twoPeople(world, { bobVisits: { windows: true } });
  const [second, third] = await Promise.all([
    bobAlone(world, {}, { name: "bob's second tab", beside: first }),
    bobAlone(world, {}, { name: "bob's third tab", beside: first }),
  ]);
  await alice.press('Call Bob');
  await Promise.all([first, second, third].map((tab) => tab.state('incoming')));
  return [alice, [first, second, third]];
}

/** Bob answers in one tab; answers how many milliseconds after it each of the others stopped. */
export async function answeredIn(tab: Person, others: readonly Person[], alice: Person): Promise<number[]> {
  await tab.turnTo();
  await tab.press('Accept');
  const ends = await Promise.all(others.map((other) => other.event('call-ended', { reason: 'answered-elsewhere' })));
  await together(alice, tab);
  const [accept] = await tab.frames('sent', 'accept');
  const answered = await momentOf(tab, accept!);
  return Promise.all(others.map(async (other, at) => (await momentOf(other, ends[at]!)) - answered));
}
