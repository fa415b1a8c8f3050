/** How long it takes from an invite that arrives in a page to its dialog on the screen, where no code of the panel is there yet. */
import type { Person } from './person.js';
import { PATIENCE } from './person.js';
import { ready } from './people.js';
import { button, panel } from './world.js';
import type { World } from './world.js';

interface Painted {
  /** Milliseconds from the invite to the first frame with the dialog in it. */
  readonly took: number;
  /** Whether a chunk of the panel had been asked for before the invite came. */
  readonly early: boolean;
}

/** Notes when a dialog of a call is first painted; runs in the page before everything else. */
function watchPaints(): void {
  // The browser never has nothing better to do: the panel is not fetched beforehand.
  Object.assign(globalThis, { requestIdleCallback: () => 0, painted: undefined });
  const isOpen = () => {
    const root = document.querySelector('video-call-panel')?.shadowRoot;
    return (
      !!root?.querySelector('.base')?.matches(':popover-open') &&
      !!root.querySelector('[role=dialog]')?.checkVisibility({ opacityProperty: true })
    );
  };
  const { port1, port2 } = new MessageChannel();
  // What is there in a frame's callbacks is painted in that frame, and the next task comes after it.
  port1.onmessage = () => Object.assign(globalThis, { painted: performance.now() });
  const look = () => (isOpen() ? port2.postMessage('') : requestAnimationFrame(look));
  requestAnimationFrame(look);
}

/** Alice calls a page of Bob's that has nothing but a button, again and again, each time loaded anew; answers how long it took each time. */
export async function timesToDialog(world: World, rounds: number): Promise<number[]> {
  const alice = await ready(world, { name: 'alice', markup: panel({ me: 'alice', 'max-resolution': '360p' }) });
  const bob = await world.visit({ name: 'bob', markup: button({ peer: 'alice', me: 'bob' }) });
  await bob.page.setCacheEnabled(false);
  await bob.page.evaluateOnNewDocument(watchPaints);
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await bob.reload();
    await bob.page.waitForFunction(() => observer.frames.some(({ message }) => message?.type === 'welcome'), { timeout: PATIENCE });
    await alice.panel((element) => element.call('bob', { media: 'video' }) as Promise<boolean>);
    const { took, early } = await painted(bob);
    if (early) throw new Error('The code of the panel was there before the call.');
    times.push(took);
    await alice.panel((element) => element.hangUp() as Promise<boolean>);
    await alice.state('ended');
  }
  return times;
}

async function painted({ page }: Person): Promise<Painted> {
  await page.waitForFunction(() => (globalThis as { painted?: number }).painted, { timeout: PATIENCE });
  return page.evaluate(() => {
    const invited = observer.frames.find(({ message }) => message?.type === 'invite')!.time;
    const chunks = performance.getEntriesByType('resource').filter(({ name }) => /video-call-panel-/.test(name));
    return { took: (globalThis as { painted?: number }).painted! - invited, early: chunks.some(({ startTime }) => startTime < invited) };
  });
}
