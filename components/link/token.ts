/** Where a page's token comes from. */

/** Milliseconds that a token endpoint has for its answer. */
export const TOKEN_WITHIN = 10_000;

/**
 * Asks a URL of the site for a token.
 *
 * @param url same-origin or any URL that the page may fetch; asked with the page's cookies for its own origin
 * @returns the token: the answer's text, or the `token` field where the answer is JSON
 * @throws Error with a sentence for the site's developer
 */
export async function fetchToken(url: string): Promise<string> {
  const response = await fetch(url, { cache: 'no-store', signal: AbortSignal.timeout(TOKEN_WITHIN) });
  if (!response.ok) throw new Error(`The token URL answered ${response.status}.`);
  const text = (await response.text()).trim();
  if (!text.startsWith('{')) return text;
  const { token } = JSON.parse(text) as { token?: unknown };
  if (typeof token !== 'string') throw new Error('The token URL answered JSON without a "token" text.');
  return token;
}
