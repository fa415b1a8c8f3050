/** Screens that are shared, and cameras that are turned on, in voice calls between two kinds of browser. */
import { test } from 'node:test';
import { withoutFirefox, withoutFirefoxScreen } from '../support/launch.js';
import { release, twoPeople } from '../support/people.js';
import { PATIENCE } from '../support/person.js';
import type { Person } from '../support/person.js';
import { sees, until } from '../support/sharing.js';
import { openWorld } from '../support/world.js';

const SCREEN = { devices: 'screen' } as const;
const BROWSERS = { chromium: SCREEN, firefox: { browser: 'firefox', ...(withoutFirefoxScreen ? {} : SCREEN) } } as const;

/** Colours side by side, which no picture has by chance: red, green, blue, yellow. */
const PATTERN = ['#f00', '#0f0', '#00f', '#ff0'];

/** Shows the pattern at the lower end of a page, and answers where the middles of its colours are on the screen: x and y, 0 to 1. */
const showPattern = (person: Person): Promise<number[][]> =>
  person.page.evaluate((colours) => {
    const strip = document.body.appendChild(document.createElement('div'));
    strip.style.cssText = 'position: fixed; inset: auto 0 0; display: flex; height: 120px; z-index: 9';
    for (const background of colours) Object.assign(strip.appendChild(document.createElement('i')).style, { background, flex: 1 });
    const { mozInnerScreenX: left, mozInnerScreenY: top } = window as unknown as { mozInnerScreenX: number; mozInnerScreenY: number };
    return [...strip.children].map((part) => {
      const { x, y, width, height } = part.getBoundingClientRect();
      return [(left + x + width / 2) / screen.width, (top + y + height / 2) / screen.height];
    });
  }, PATTERN);

/** Waits until these points of the other side's screen have the colours of the pattern. */
const seesPattern = (person: Person, points: number[][]): Promise<unknown> =>
  person.page.waitForFunction(
    (places: number[][], colours: string[]) => {
      const video = document.querySelector('video-call-panel')!.shadowRoot!.querySelector<HTMLVideoElement>('[part~=remote-screen]')!;
      const { videoWidth: width, videoHeight: height } = video;
      if (!width) return false;
      const paint = new OffscreenCanvas(width, height).getContext('2d')!;
      paint.drawImage(video, 0, 0);
      return places.every(([x, y], index) =>
        [...paint.getImageData(x! * width, y! * height, 1, 1).data.slice(0, 3)].every(
          (light, part) => Math.abs(light - (colours[index]![part + 1] === 'f' ? 255 : 0)) < 60,
        ),
      );
    },
    { timeout: PATIENCE, polling: 'raf' },
    points,
    PATTERN,
  );

for (const [caller, callee] of [
  ['chromium', 'firefox'],
  ['firefox', 'chromium'],
] as const) {
  test(
    `In a voice call from ${caller} to ${callee} both share their screens, and then it becomes a video call`,
    { skip: withoutFirefox },
    async (t) => {
      const world = await openWorld(t);
      const [alice, bob] = await twoPeople(world, { media: 'audio', aliceVisits: BROWSERS[caller], bobVisits: BROWSERS[callee] });
      const [chromium, firefox] = caller === 'chromium' ? [alice, bob] : [bob, alice];
      await alice.press('Call Bob');
      await bob.press('Accept');
      await Promise.all([alice.event('call-connected'), bob.event('call-connected')]);
      await chromium.press('Share screen');
      await sees(firefox, 'remote-screen');
      await t.test('Chromium reads what Firefox has on its screen', { skip: withoutFirefoxScreen }, async () => {
        const points = await showPattern(firefox);
        await firefox.press('Share screen');
        await until(chromium, '[part~=remote-screen]');
        await seesPattern(chromium, points);
        await firefox.press('Stop sharing');
        await until(chromium, '[part~=remote-screen]', false);
      });
      await bob.press('Turn camera on');
      await sees(alice, 'remote-video');
      await alice.press('Turn camera on');
      await sees(bob, 'remote-video');
      await Promise.all([alice.hears(), bob.hears(), sees(firefox, 'remote-screen')]);
      await alice.press('Hang up');
      await bob.event('call-ended', { reason: 'hung-up' });
      await release(alice, bob);
    },
  );
}
