import { existsSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Koa from 'koa';
import serve from 'koa-static';

import { encodeOnce, withVersion } from './encoding.js';
import type { Log } from './log.js';
import { MAX_HEADERS, needsUpgrade } from './upgrade.js';

/** What a relay answers over plain HTTP. */
export interface HttpSettings {
  /** What all paths begin with: empty, or `/something`. */
  readonly base: string;
  /** The folder with `video-call.js`, `video-call-client.js` and their chunks. */
  readonly widgetDir: string;
  /** The folder with the demo pages, or undefined for none. */
  readonly demoDir: string | undefined;
  readonly draining: () => boolean;
  /** Whether this relay has lost the others. */
  readonly cutOff: () => boolean;
  readonly log: Log;
}

/** The files of the widget, also below a version as in `/v1.2.3/video-call.js`, and no other file that may lie beside them. */
const WIDGET = /^(?:\/v(\d+\.\d+\.\d+[\w.+-]*))?(\/(?:video-call|video-call-client|video-call\.classic|chunks\/[\w.-]+)\.js)$/;
/** The hash at the end of a chunk's name; of a fixed length, so that a visitor's long path costs no more than it is long. */
const HASHED = /-[\w-]{6}\.js$/;

/** Codes of errors that a visitor makes: bytes that are no HTTP, and connections that end too early or take too long. */
const OF_VISITORS = /^(?:HPE_\w+|ECONN\w+|EPIPE|ETIMEDOUT|ERR_HTTP_REQUEST_TIMEOUT|ERR_STREAM_(?:PREMATURE_CLOSE|DESTROYED))$/;

/** Whether a path, without its base, is one of the widget's. */
export const isWidgetPath = (path: string): boolean => WIDGET.test(path);

/** Answers with a handler for the requests of a server. */
export function createHttp(settings: HttpSettings): (request: IncomingMessage, response: ServerResponse) => void {
  const { base, widgetDir, demoDir, log } = settings;
  const app = new Koa();
  app.on('error', (error: Error & { readonly expose?: boolean; readonly code?: string }) => {
    if (error.expose) return;
    // The errors of Node's parser carry all bytes that came, and any visitor can have as many of them as he likes.
    if (OF_VISITORS.test(error.code ?? '')) log.debug({ code: error.code }, 'a request broke off');
    else log.warn({ err: error }, 'a request failed');
  });
  app.use(readOnly);
  app.use(below(base));
  app.use(health(settings));
  app.use(encodeOnce());
  app.use(widget(widgetDir, base));
  if (demoDir !== undefined) app.use(serve(demoDir, { ...plainFiles, extensions: ['html'] }));
  app.use((ctx) => {
    ctx.status = 404;
    ctx.body = ctx.path === '/' ? 'This is a video-call relay. Start it with --demo to try it here.\n' : 'There is nothing here.\n';
  });
  const handle = app.callback();
  return (request, response) => void handle(request, response);
}

/** Answers a request that is one too many, and ends its connection. */
export function refuseRequest(response: ServerResponse): void {
  const body = 'Too many requests from this address.\n';
  response.writeHead(429, { 'Retry-After': '5', Connection: 'close', 'Content-Type': 'text/plain; charset=utf-8' }).end(body);
}

/** Whether a request asks how the relay is. That is answered as fast as it could be refused, and balancers ask often. */
export const isAboutHealth = (url: string, base: string): boolean => url === `${base}/healthz` || url === `${base}/readyz`;

/** The options of koa-static that leave compression and caching to `encodeOnce`. */
const plainFiles = { brotli: false, gzip: false, setHeaders: withVersion } as const;

/** A path and query of printable ASCII. All else Koa would give to Node's old parser, which may throw, and finds a host in `//a@b`. */
const PLAIN = /^\/[!-~]*$/;

/**
 * The path and query of a request's target, which a client of a proxy may write with scheme and host before it (RFC 9112,
 * section 3.2.2); undefined for what is neither. Only plain requests take that form: for a WebSocket, to find the relay
 * that a server shares with others, and for the health pages without a limit, the path must be as it is.
 */
function originForm(target: string): string | undefined {
  const [whole = ''] = target.split('#', 1);
  if (whole.startsWith('/')) return PLAIN.test(whole) ? whole : undefined;
  if (!/^https?:\/\//i.test(target) || !URL.canParse(target)) return undefined;
  const { pathname, search } = new URL(target);
  return pathname + search;
}

const readOnly: Koa.Middleware = async (ctx, next) => {
  ctx.set('X-Content-Type-Options', 'nosniff');
  if (ctx.req.rawHeaders.length > 2 * MAX_HEADERS) ctx.throw(431);
  if (ctx.method !== 'GET' && ctx.method !== 'HEAD') {
    ctx.status = 405;
    ctx.set('Allow', 'GET, HEAD');
    ctx.body = 'This server can only be read.\n';
    return;
  }
  ctx.url = originForm(ctx.url) ?? ctx.throw(400);
  await next();
};

function below(base: string): Koa.Middleware {
  return async (ctx, next) => {
    if (base !== '' && ctx.path !== base && !ctx.path.startsWith(`${base}/`)) ctx.throw(404);
    ctx.path = ctx.path.slice(base.length) || '/';
    await next();
  };
}

function health({ draining, cutOff }: Pick<HttpSettings, 'draining' | 'cutOff'>): Koa.Middleware {
  return async (ctx, next) => {
    switch (ctx.path) {
      case '/healthz':
        ctx.body = 'ok\n';
        return;
      case '/readyz':
        ctx.body = draining() ? 'draining\n' : cutOff() ? 'cut off from the other relays\n' : 'ready\n';
        ctx.status = ctx.body === 'ready\n' ? 200 : 503;
        return;
      case '/ws':
        ctx.status = needsUpgrade.status;
        ctx.set({ ...needsUpgrade.headers });
        ctx.body = `${needsUpgrade.message}\n`;
        return;
      default:
        await next();
    }
  };
}

function widget(directory: string, base: string): Koa.Middleware {
  const version = packageVersion();
  const files = serve(directory, { ...plainFiles, index: false });
  return async (ctx, next) => {
    const [, asked, path] = WIDGET.exec(ctx.path) ?? [];
    if (path === undefined) {
      await next();
      return;
    }
    // The widget is there for pages of every origin, also those that ask for cross-origin isolation.
    ctx.set('Access-Control-Allow-Origin', '*');
    ctx.set('Cross-Origin-Resource-Policy', 'cross-origin');
    if (asked !== undefined && asked !== version) {
      ctx.status = 404;
      // The next relay at this address may have it.
      ctx.set('Cache-Control', 'no-store');
      ctx.body = `This relay has version ${version} of the widget, at ${base}/v${version}/video-call.js, and no version ${asked}.\n`;
      return;
    }
    ctx.path = path;
    ctx.set('Cache-Control', asked !== undefined || HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
    await files(ctx, () => {
      ctx.remove('Cache-Control');
      ctx.status = 404;
      ctx.body = 'This file of the widget does not exist; was the package built?\n';
      return Promise.resolve();
    });
  };
}

/** The folder of the package, from source as from its compiled form. */
function packageRoot(): string {
  let root = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(root, 'package.json')) && dirname(root) !== root) root = dirname(root);
  return root;
}

/** The version of the package, which is that of its widget as well. */
export const packageVersion = (): string =>
  (JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string }).version;

/** Where the package keeps its built widget and its demo pages. */
export function packageDirs(): { readonly widgetDir: string; readonly demoDir: string } {
  const root = packageRoot();
  const built = join(root, 'dist', 'demo');
  return { widgetDir: join(root, 'dist'), demoDir: existsSync(built) ? built : join(root, 'demo') };
}
