/** Where a Redis is, and how to get in. */
export interface RedisPlace {
  readonly host: string;
  readonly port: number;
  readonly username?: string;
  readonly password?: string;
  /** The number of its database: relays of the same number belong together. */
  readonly db: number;
  readonly tls: boolean;
}

/** Reads a URL such as `redis://:password@10.0.0.5:6379/0` (`rediss:` for TLS); undefined where it is none. */
export function readRedisUrl(text: string): RedisPlace | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const db = /^\/?(\d{0,5})$/.exec(url?.pathname ?? 'none')?.[1];
  if (!url || !/^rediss?:$/.test(url.protocol) || url.hostname === '' || db === undefined || url.search !== '' || url.hash !== '')
    return undefined;
  let username, password;
  try {
    [username, password] = [url.username, url.password].map(decodeURIComponent);
  } catch {
    return undefined;
  }
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? 6379 : Number(url.port),
    db: Number(db),
    tls: url.protocol === 'rediss:',
    ...(username && { username }),
    ...(password && { password }),
  };
}
