import type { Redis } from 'ioredis';

import type { ResumeSecrets } from '../auth.js';

/** Seconds for which Redis keeps the key, counted from the last time that a relay came or looked at it: a month. */
const KEPT_FOR = 30 * 86_400;

/**
 * Agrees with the other relays on the key of resume secrets: the first one to come brings its own, all others take that.
 * Where Redis forgets it, the next one brings it again. A value that is no key is replaced.
 */
export async function shareKey(redis: Redis, prefix: string, secrets: ResumeSecrets): Promise<void> {
  const name = `${prefix}resume-key`;
  const own = Buffer.from(secrets.key).toString('base64url');
  if ((await redis.set(name, own, 'EX', KEPT_FOR, 'NX')) !== null) return;
  const there = (await redis.get(name)) ?? '';
  if (/^[\w-]{43}$/.test(there)) {
    secrets.adopt(Buffer.from(there, 'base64url'));
    await redis.expire(name, KEPT_FOR);
  } else await redis.set(name, own, 'EX', KEPT_FOR);
}
