/** Serves the gallery, made of the elements' source as it stands. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/**
 * Opens the site.
 *
 * @returns {Promise<{ origin: string, close: () => Promise<void> }>}
 */
export async function openGallery() {
  const bundle = await build({
    entryPoints: [here('gallery.ts')],
    bundle: true,
    format: 'esm',
    write: false,
    splitting: false,
    target: 'es2022',
    tsconfig: here('../../tsconfig.json'),
  });
  const files = new Map([
    ['/', ['text/html', await readFile(here('gallery.html'))]],
    ['/gallery.js', ['text/javascript', bundle.outputFiles[0].contents]],
  ]);
  const server = createServer((request, response) => {
    const [type, body] = files.get(request.url) ?? [];
    response.writeHead(body ? 200 : 404, { 'content-type': type ?? 'text/plain' }).end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  return {
    origin: `http://127.0.0.1:${server.address().port}/`,
    close: () => new Promise((resolve) => server.close(() => resolve(undefined))),
  };
}
