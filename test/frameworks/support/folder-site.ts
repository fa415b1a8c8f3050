/** Serves what was built, as a host of single-page applications does: whatever is no file is the page. */
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import Koa from 'koa';
import serve from 'koa-static';

/**
 * Serves a folder for as long as a test lasts. Answers the origin.
 *
 * @param change what a server does to the page before it sends it
 */
export async function serveFolder(t: TestContext, folder: string, change: (page: string) => string = (page) => page): Promise<string> {
  const page = change(readFileSync(join(folder, 'index.html'), 'utf8'));
  const app = new Koa();
  app.use(serve(folder, { index: false }));
  app.use((context) => {
    if (context.accepts('html')) context.type = 'html';
    context.body = page;
  });
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
