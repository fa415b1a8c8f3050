/** Reads which file imports which, to find circles. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/** The file that a relative import means: `./phases.js` is `phases.ts`. @param {string} from @param {string} name */
export function resolveImport(from, name) {
  const whole = join(dirname(from), name);
  const source = whole.replace(/\.js$/, '.ts');
  return existsSync(source) ? source : whole;
}

/** What vanishes when types are stripped ties nothing together. @param {ts.ImportDeclaration | ts.ExportDeclaration} statement */
function isTypeOnly(statement) {
  if (ts.isExportDeclaration(statement)) return statement.isTypeOnly;
  const clause = statement.importClause;
  if (!clause) return false;
  if (clause.isTypeOnly) return true;
  const names = clause.namedBindings;
  return (
    !clause.name && !!names && ts.isNamedImports(names) && names.elements.length > 0 && names.elements.every((name) => name.isTypeOnly)
  );
}

/** The files that a file imports when it runs, at once or later. @param {string} path @returns {string[]} */
export function importsOf(path) {
  if (!path.endsWith('.ts') || !existsSync(path)) return [];
  const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022);
  /** @type {string[]} */
  const names = [];
  /** @param {ts.Node} node */
  const visit = (node) => {
    const isStatement = ts.isImportDeclaration(node) || ts.isExportDeclaration(node);
    if (isStatement && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier) && !isTypeOnly(node)) {
      names.push(node.moduleSpecifier.text);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [name] = node.arguments;
      if (name && ts.isStringLiteral(name)) names.push(name.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return names.filter((name) => name.startsWith('.')).map((name) => resolveImport(path, name));
}

/**
 * The shortest way from `start` back to itself through `first`, or null where there is none.
 * @param {string} start
 * @param {string} first
 * @param {(path: string) => string[]} read
 * @returns {string[] | null}
 */
export function circleThrough(start, first, read = importsOf) {
  const cameFrom = new Map([[first, start]]);
  const queue = [first];
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    if (path === start) {
      const way = [start];
      for (let step = cameFrom.get(start); step !== undefined && step !== start; step = cameFrom.get(step)) way.unshift(step);
      return [start, ...way];
    }
    for (const next of read(path)) {
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, path);
      queue.push(next);
    }
  }
  return null;
}
