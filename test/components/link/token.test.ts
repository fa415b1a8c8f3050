import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { fetchToken } from '../../../components/link/token.js';
import { MAX_TOKEN } from '../../../relay/protocol/index.js';

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

for (const [status, code] of [
  [400, 'unauthorized'],
  [401, 'unauthorized'],
  [403, 'unauthorized'],
  [404, 'unauthorized'],
  [408, 'relay-unreachable'],
  [429, 'relay-unreachable'],
  [500, 'relay-unreachable'],
  [503, 'relay-unreachable'],
] as const)
  test(`A site that answers ${status} gives no token: ${code}`, async (t) => {
    const { url } = await siteThatSays(t, 'abc.def.ghi', status);
    await assert.rejects(fetchToken(url), { code, message: `The token URL answered ${status}.` });
  });

test('An object without a token, or with one that is no text, is told as such', async (t) => {
  for (const body of ['{}', '{"token":7}', '{"token":null}']) {
    const { url } = await siteThatSays(t, body);
    await assert.rejects(fetchToken(url), { code: 'unauthorized', message: 'The token URL answered JSON without a "token" text.' });
  }
});

test('An answer that only begins like an object is refused', async (t) => {
  const { url } = await siteThatSays(t, '{"token":');
  await assert.rejects(fetchToken(url), { code: 'unauthorized' });
});

test('An answer that is a page, nothing, or more than a relay takes, is no token', async (t) => {
  for (const body of [
    '<!doctype html>\n<title>Sign in</title>',
    '',
    '\n',
    'two words',
    '{"token":""}',
    '{"token":"é"}',
    'x'.repeat(MAX_TOKEN + 1),
  ]) {
    const { url } = await siteThatSays(t, body);
    await assert.rejects(fetchToken(url), { code: 'unauthorized', message: 'The token URL answered something that is no token.' });
  }
});

test('A site that cannot be reached, or hangs up, is another matter than one that says no', async (t) => {
  const server = createServer((_, response) => response.writeHead(200, { 'Content-Length': '9' }).write('abc', () => response.destroy()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  for (const port of [(server.address() as AddressInfo).port, 9]) {
    await assert.rejects(fetchToken(`http://127.0.0.1:${port}/call-token`), (error: Error & { code?: string }) => {
      assert.ok(error.cause instanceof Error);
      return error.code === 'relay-unreachable';
    });
  }
});
