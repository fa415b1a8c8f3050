import { renderUnicodeCompact } from 'uqr';

import type { RelayAddress } from './relay.js';
import type { RelayOptions } from './settings.js';

/**
 * What the command says when the relay listens: where, and what can be done there with these options.
 *
 * @param person whether somebody sees it, and may point a phone at it
 */
export function greeting(address: RelayAddress, options: RelayOptions, person: boolean): string {
  const { url, host, port } = address;
  const where = url.includes(`//${host}:`) ? '' : ` (listening on ${host}, port ${port})`;
  return [`The relay is ready: ${url}${where}`, ...nextSteps(url, options), ...forOthers(address, options, person), ''].join('\n');
}

const asksForTokens = ({ authSecret, authJwks }: RelayOptions): boolean => (authSecret ?? authJwks) !== undefined;

function nextSteps(url: string, options: RelayOptions): string[] {
  const { demo, guests } = options;
  const tokens = asksForTokens(options);
  if (demo && !tokens) return ['Open it in a browser to try a call; Ctrl+C ends the relay.'];
  // Whoever may be called without a token is a better example than somebody who may not.
  const guest = tokens ? guests?.find((peer) => peer !== '*') : undefined;
  const token = tokens && !guests ? ' token-src="/call-token"' : '';
  const lines = [
    'Put this into a page to call from it:',
    `  <script type="module" src="${url}/video-call.js"></script>`,
    `  <video-call-button peer="${guest ?? 'bob'}"${token}>Call ${guest ?? 'Bob'}</video-call-button>`,
  ];
  if (tokens) lines.push('Tokens come from your site (token-src); to try, `video-call-relay token --sub alice` prints one.');
  if (demo)
    lines.push('The demo pages have no tokens and this relay asks for them, so nobody can be called there: to try them, start it without.');
  return lines;
}

/** How other devices get here, with a QR code for a phone where there is a page to call from and a person to see it. */
function forOthers({ url, urls }: RelayAddress, options: RelayOptions, person: boolean): string[] {
  const others = urls.filter((other) => !/\/\/(127\.|\[::1\])/.test(other) && other !== url);
  const [first] = others;
  if (first === undefined) return [];
  const selfSigned = options.https === true && options.cert === undefined;
  const lines = ['From other devices:', ...others.map((other) => `  ${other}`)];
  if (selfSigned) lines.push('A browser warns of the certificate, which this relay made itself; choose to go on.');
  const toOpen = options.demo === true && !asksForTokens(options);
  if (toOpen && selfSigned && person) lines.push(renderUnicodeCompact(`${first}/`, { border: 2 }));
  return lines;
}
