import { createHash } from 'node:crypto';
import { ReadStream } from 'node:fs';
import type { Stats } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, gzip } from 'node:zlib';
import type { Context, Middleware } from 'koa';

const compress = {
  br: promisify(brotliCompress),
  gzip: (data: Buffer) => promisify(gzip)(data, { level: 9 }),
  identity: (data: Buffer) => Promise.resolve(data),
} as const;
type Encoding = keyof typeof compress;

/** A file as it was read once, with the forms in which it was asked for since. */
interface Loaded {
  readonly version: string;
  readonly content: Promise<{ readonly data: Buffer; readonly hash: string }>;
  readonly forms: Map<Encoding, Promise<Buffer>>;
}

/** For koa-static: says which version of a file it is about to send. `encodeOnce` makes an ETag of the content from it. */
export function withVersion(response: ServerResponse, _path: string, { mtimeMs, size }: Stats): void {
  response.setHeader('ETag', `"${mtimeMs}-${size}"`);
}

/**
 * Answers with middleware that takes the files of koa-static, keeps them in memory, compressed, and gives each form
 * its ETag. A file that has changed is read anew, and only files that exist are kept.
 */
export function encodeOnce(): Middleware {
  const cache = new Map<string, Loaded>();

  return async (ctx, next) => {
    await next();
    const file: unknown = ctx.body;
    if (!(file instanceof ReadStream)) return;
    const loaded = load(cache, file, ctx.response.get('ETag'));
    const encoding = chooseEncoding(ctx);
    const { data, hash } = await loaded.content;
    let form = loaded.forms.get(encoding);
    if (!form) loaded.forms.set(encoding, (form = encode(String(file.path), data, encoding)));

    const { type } = ctx;
    ctx.body = await form;
    ctx.type = type;
    ctx.vary('Accept-Encoding');
    ctx.set('ETag', `"${hash}-${encoding}"`);
    if (encoding !== 'identity') ctx.set('Content-Encoding', encoding);
    if (ctx.fresh) ctx.status = 304;
  };
}

/** Asked for one by one, because among encodings that a browser likes equally Koa takes the one it names first: gzip. */
function chooseEncoding(ctx: Context): Encoding {
  for (const encoding of ['br', 'gzip'] as const) if (ctx.acceptsEncodings(encoding, 'identity') === encoding) return encoding;
  return 'identity';
}

/** A form of a file. The build lays the brotli one beside it (`x.js.br`), which is taken where it is that of this very content. */
async function encode(path: string, data: Buffer, encoding: Encoding): Promise<Buffer> {
  if (encoding === 'br') {
    const built = await readFile(`${path}.br`).catch(() => undefined);
    const content = built && (await promisify(brotliDecompress)(built, { maxOutputLength: data.length + 1 }).catch(() => undefined));
    if (built && content?.equals(data)) return built;
  }
  return compress[encoding](data);
}

function load(cache: Map<string, Loaded>, file: ReadStream, version: string): Loaded {
  const path = String(file.path);
  const known = cache.get(path);
  // The stream ends with the request that it was made for, and others wait for the same content.
  file.destroy();
  if (known?.version === version) return known;
  const content = readFile(path).then((data) => ({ data, hash: createHash('sha256').update(data).digest('base64url').slice(0, 22) }));
  // A file that could not be read must not be remembered as such.
  content.catch(() => cache.delete(path));
  const loaded: Loaded = { version, content, forms: new Map() };
  cache.set(path, loaded);
  return loaded;
}
