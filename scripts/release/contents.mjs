/** What the package may hold, must hold, and what its files must find in it: the rules that every tarball is held to. */
import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, posix } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { digest } from '../integrity.mjs';
import { importedBy } from './imports.mjs';

/** Every file of the package is one of these. A new kind of file gets its row here. */
const KINDS = [
  { what: 'what npm packs always, and texts for people', files: /^(package\.json|LICENSE|(README|CHANGELOG)[\w.-]*\.md|llms[\w-]*\.txt)$/ },
  {
    what: 'the script-tag build',
    files: /^dist\/(video-call(\.classic|-client)?\.js(\.map|\.br)?|script-tag\.html|chunks\/[\w.-]+-[\w-]{6}\.js(\.map|\.br)?)$/,
  },
  { what: 'what tools read', files: /^dist\/[\w.-]+\.(json|d\.ts|txt|md)$/ },
  { what: 'modules and types', files: /^dist\/(?!chunks\/|test\/|scripts\/)[\w-]+\/([\w-]+\/)*[\w.-]+\.(js|js\.map|d\.ts)$/ },
  { what: 'documents of modules', files: /^(components\/headless|testing)\/[A-Z]+\.md$/ },
  { what: 'documents of the relay', files: /^relay\/([A-Z-]+\.md|examples\/[\w.-]+|schemas\/([\w-]+\/)*[\w.-]+\.json)$/ },
  { what: 'the demo', files: /^demo\/(?!frameworks\/)([\w-]+\/)*[\w.-]+\.(html|css|js|svg|png|webp|md|txt)$/ },
];

/** What is never packed, whatever it is beside that. */
const NEVER = /(^|\/)(\.[^/]+|node_modules|[^/]+\.(env|pem|key|tgz|tsbuildinfo)|[^/]+\.(test|wtr|soak)\.[^/]+)(\/|$)/;

const NEEDED = ['package.json', 'LICENSE', 'README.md', 'CHANGELOG.md'];

/** Every file that package.json points to. */
function targetsOf(manifest) {
  const targets = [];
  const collect = (value) => {
    if (typeof value === 'string') targets.push(posix.normalize(value));
    else if (value) Object.values(value).forEach(collect);
  };
  for (const field of ['exports', 'bin', 'main', 'module', 'types', 'customElements', 'web-types']) collect(manifest[field]);
  return targets.filter((target) => !target.includes('*'));
}

/** What is wrong with one import, or undefined. */
function faultOf(path, name, { has, manifest }) {
  if (name.startsWith('.')) {
    const target = posix.join(posix.dirname(path), name);
    const wanted = path.endsWith('.d.ts') ? target.replace(/\.js$/, '.d.ts') : target;
    return has(wanted) || has(target) ? undefined : `${path} imports ${name}, which is not in the package.`;
  }
  const owner = name.split('/', name.startsWith('@') ? 2 : 1).join('/');
  if (/^dist\/(video-call|chunks\/)/.test(path)) return `${path} imports ${name}: a page that loads it by a script tag has no packages.`;
  const known = { ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.optionalDependencies, [manifest.name]: '' };
  if (Object.hasOwn(known, owner) || builtinModules.includes(name.replace(/^node:/, ''))) return undefined;
  return path.endsWith('.d.ts') && Object.hasOwn(known, `@types/${owner}`)
    ? undefined
    : `${path} imports ${name}, which is not among the dependencies of the package.`;
}

/** The checksums must be those of the files that go with them, and of all of them; and so must the compressed forms. */
function integrityFaults(files, manifest, read) {
  if (!files.includes('dist/integrity.json')) return ['dist/integrity.json is missing: the widget was not built by `npm run build`.'];
  const integrity = JSON.parse(String(read('dist/integrity.json')));
  const faults = [];
  if (integrity.version !== manifest.version)
    faults.push(`The widget was built as version ${integrity.version}, not as ${manifest.version}.`);
  const loaded = files.filter((path) => /^dist\/(video-call(\.classic|-client)?|chunks\/[^/]+)\.js$/.test(path));
  for (const path of new Set([...loaded, ...Object.keys(integrity.files).map((name) => `dist/${name}`)])) {
    const isSame = files.includes(path) && integrity.files[path.slice('dist/'.length)] === digest(read(path));
    if (!isSame) faults.push(`${path} is not the file whose checksum is in dist/integrity.json.`);
  }
  const isCompressed = (path) => files.includes(`${path}.br`) && brotliDecompressSync(read(`${path}.br`)).equals(read(path));
  for (const path of loaded) if (!isCompressed(path)) faults.push(`${path}.br is missing, or not that file compressed with brotli.`);
  return faults;
}

/**
 * Everything that is wrong with the contents of a package, a sentence each.
 *
 * @param {readonly string[]} files the paths of its files
 * @param {(path: string) => Buffer} read reads one of them
 * @returns {string[]}
 */
export function faultsOf(files, read) {
  const manifest = JSON.parse(String(read('package.json')));
  const all = new Set(files);
  const has = (path) => all.has(path);
  const strays = files.filter((path) => NEVER.test(path) || !KINDS.some((kind) => kind.files.test(path)));
  const modules = files.filter((path) => /^dist\/.+\.(js|d\.ts)$/.test(path) && path !== 'dist/video-call.classic.js');
  return [
    ...strays.map((path) => `${path} has no place in the package (scripts/release/contents.mjs).`),
    ...[...NEEDED, ...targetsOf(manifest)].filter((path) => !has(path)).map((path) => `${path} is not in the package.`),
    ...modules.flatMap((path) => importedBy(path, String(read(path))).flatMap((name) => faultOf(path, name, { has, manifest }) ?? [])),
    ...integrityFaults(files, manifest, read),
  ];
}

/** The same, of a package in a folder. */
export const faultsIn = (folder, files) => faultsOf(files, (path) => readFileSync(join(folder, path)));
