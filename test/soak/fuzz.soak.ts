/** A relay of its own process under a million frames and a hundred thousand requests, hardly any of them as they should be. */
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { makeSureOfJemalloc } from '../support/browsers.mjs';
import { fuzz } from './support/fuzz/fuzz.js';
import { judge } from './support/fuzz/verdict.js';

const FRAMES = Number(process.env.FUZZ_FRAMES ?? 1_000_000);
const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 100_000);
const SEED = Number(process.env.FUZZ_SEED ?? randomInt(2 ** 31));
const FROM = Number(process.env.FUZZ_FROM ?? 0);
/** The part of all that goes to a relay that asks for tokens. */
const WITH_TOKENS = 0.1;

const { path, reason } = makeSureOfJemalloc();
const skip = path === null && `${reason} Without it, what is free is not given back.`;

for (const tokens of [false, true]) {
  const share = tokens ? WITH_TOKENS : 1 - WITH_TOKENS;
  const [frames, requests] = [Math.ceil(FRAMES * share), Math.ceil(REQUESTS * share)];
  const who = tokens ? 'asks for tokens' : 'takes everybody at their word';
  test(
    `A relay that ${who} bears ${frames} frames and ${requests} requests, loses nothing of an honest call, and gives its memory back`,
    { skip },
    async (t) => {
      const warmUp = { frames: Math.ceil(frames / 20), requests: Math.ceil(requests / 20) };
      const plan = { frames, requests, seed: SEED, from: FROM, tokens, warmUp, rest: 40, measure: 'rss' as const };
      judge(t, plan, await fuzz(t, plan));
    },
  );
}
