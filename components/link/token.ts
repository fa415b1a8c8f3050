/** Where a page's token comes from. */
import { MAX_TOKEN } from '../../relay/protocol/index.js';

/** Milliseconds that a token endpoint has for its answer. */
export const TOKEN_WITHIN = 10_000;

/** Why there is no token: the site gives none to this page (`unauthorized`), or cannot be asked at present. */
export class NoToken extends Error {
  override readonly name = 'NoToken';
  readonly code: 'unauthorized' | 'relay-unreachable';

  /** @param message a sentence for the site's developer */
  constructor(code: NoToken['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** What a header can carry, and no page of HTML or sentence can be. */
const TOKEN = /^[\x21-\x7e]+$/;

/**
 * Asks a URL of the site for a token.
 *
 * @param url same-origin or any URL that the page may fetch; asked with the page's cookies for its own origin
 * @returns the token: the answer's text, or the `token` field where the answer is JSON
 * @throws NoToken (of the promise)
 */
export async function fetchToken(url: string): Promise<string> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, { cache: 'no-store', signal: AbortSignal.timeout(TOKEN_WITHIN) });
    text = (await response.text()).trim();
  } catch (cause) {
    throw new NoToken('relay-unreachable', 'The token URL could not be reached.', cause);
  }
  const { status, ok } = response;
  if (!ok) throw new NoToken(isPassing(status) ? 'relay-unreachable' : 'unauthorized', `The token URL answered ${status}.`);
  const token = text.startsWith('{') ? tokenIn(text) : text;
  if (!TOKEN.test(token) || token.length > MAX_TOKEN)
    throw new NoToken('unauthorized', 'The token URL answered something that is no token.');
  return token;
}

/** Whether an HTTP status says that another time the answer may be another: the server fails, or has too much to do. */
const isPassing = (status: number): boolean => status >= 500 || status === 408 || status === 425 || status === 429;

function tokenIn(json: string): string {
  let token: unknown;
  try {
    ({ token } = JSON.parse(json) as { token?: unknown });
  } catch (cause) {
    throw new NoToken('unauthorized', 'The token URL answered JSON that is broken.', cause);
  }
  if (typeof token === 'string') return token;
  throw new NoToken('unauthorized', 'The token URL answered JSON without a "token" text.');
}
