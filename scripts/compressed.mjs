/** The brotli form of each file that a page loads, made with every build, so that no server has to when somebody waits. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress } from 'node:zlib';
import { integrityOf } from './integrity.mjs';

/** Lays `x.js.br` beside every script that has a checksum. At its best, which is Node's default, brotli takes a tenth of a second for a large one. */
export async function compress(folder) {
  const lay = async (name) => {
    const path = join(folder, name);
    writeFileSync(`${path}.br`, await promisify(brotliCompress)(readFileSync(path)));
  };
  await Promise.all(Object.keys(integrityOf(folder).files).map(lay));
}
