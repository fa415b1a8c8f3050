import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { fetchToken } from '../../../components/link/token.js';

/** A site that answers every request the same way. */
async function siteThatSays(t: TestContext, body: string, status = 200): Promise<{ url: string; requests: IncomingMessage[] }> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve))));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/call-token`, requests };
}

test('A token comes as plain text, with or without a line end', async (t) => {
  const { url, requests } = await siteThatSays(t, ' abc.def.ghi\n');
  assert.equal(await fetchToken(url), 'abc.def.ghi');
  assert.deepEqual(
    requests.map(({ method, url: path }) => `${method} ${path}`),
    ['GET /call-token'],
  );
});

test('A token comes as the field of an object', async (t) => {
  const { url } = await siteThatSays(t, '\n{"token":"abc.def.ghi","expires":60}');
  assert.equal(await fetchToken(url), 'abc.def.ghi');
});

test('An answer is never taken from the cache: each connection asks anew', async (t) => {
  const { url, requests } = await siteThatSays(t, 'abc');
  await fetchToken(url);
  await fetchToken(url);
  assert.deepEqual(
    requests.map(({ headers }) => headers['cache-control']),
    ['no-cache', 'no-cache'],
  );
});

test('An error of the site is told with its status', async (t) => {
  const { url } = await siteThatSays(t, 'Who are you?', 403);
  await assert.rejects(fetchToken(url), { message: 'The token URL answered 403.' });
});

test('An object without a token, or with one that is no text, is told as such', async (t) => {
  for (const body of ['{}', '{"token":7}', '{"token":null}']) {
    const { url } = await siteThatSays(t, body);
    await assert.rejects(fetchToken(url), { message: 'The token URL answered JSON without a "token" text.' });
  }
});

test('An answer that only begins like an object is refused', async (t) => {
  const { url } = await siteThatSays(t, '{"token":');
  await assert.rejects(fetchToken(url));
});

test('A site that cannot be reached is an error', async (t) => {
  t.mock.method(globalThis, 'fetch', async () => Promise.reject(new TypeError('fetch failed')));
  await assert.rejects(fetchToken('http://site.test/call-token'), TypeError);
});
