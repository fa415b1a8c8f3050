/** A web server for test pages, on an origin other than the relay's: a site that uses the widget. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A site of test pages. */
export interface Site {
  /** Like `http://127.0.0.1:12345`. */
  readonly origin: string;
  /** Puts a page on the site and answers its URL. */
  add(html: string, headers?: Record<string, string>): string;
  /** Lets the test itself answer requests for a path, such as one for a token. */
  answer(path: string, listener: RequestListener): void;
  close(): Promise<void>;
}

/** Starts a site on a free port of this host. */
export async function openSite(host = '127.0.0.1'): Promise<Site> {
  const pages = new Map<string, { html: string; headers: Record<string, string> }>();
  const answers = new Map<string, RequestListener>();
  const server: Server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    const answer = answers.get(path);
    if (answer) return answer(request, response);
    const page = pages.get(path);
    response.writeHead(page ? 200 : 404, { 'content-type': 'text/html; charset=utf-8', ...page?.headers });
    response.end(page?.html ?? '');
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const origin = `http://${host}:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    add(html, headers = {}) {
      const path = `/page-${pages.size + 1}.html`;
      pages.set(path, { html, headers });
      return origin + path;
    },
    answer: (path, listener) => void answers.set(path, listener),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A page that has nothing but the script tag of a relay and the given markup. */
export const pageWith = (markup: string, script: string, lang = 'en'): string => `<!doctype html>
<html lang="${lang}">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <link rel="icon" href="data:," />
    <title>A page that uses the widget</title>
    <script type="module" src="${script}"></script>
  </head>
  <body>
    ${markup}
  </body>
</html>
`;
