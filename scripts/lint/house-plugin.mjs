/** An ESLint plugin with the two rules of this house: imports go one way, and never in a circle. */
import { relative, sep } from 'node:path';
import { rowOf, standsOn } from './house-rows.mjs';
import { circleThrough, importsOf, resolveImport } from './import-graph.mjs';

/** Runs `check` with the node and the name of everything that a file imports, types too. */
const onImports = (check) => {
  const named = (node) => node.source && typeof node.source.value === 'string' && check(node.source, node.source.value, node);
  return { ImportDeclaration: named, ExportNamedDeclaration: named, ExportAllDeclaration: named, ImportExpression: named };
};

const pathIn = (context, file) => relative(context.cwd, file).split(sep).join('/');

/** @type {import('eslint').Rule.RuleModule} */
const importDirection = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      noPlace: '{{path}} has no row in scripts/lint/house-rows.mjs: put it into one, or move it.',
      upward: '{{path}} ({{row}}) may not import {{target}} ({{other}}): the house is built from the ground up, see CONTRIBUTING.md.',
      foreign: '{{path}} ({{row}}) may not import {{target}}, which is outside of the house.',
      package: '{{path}} ({{row}}) may not import the package {{target}}.',
    },
  },
  create(context) {
    const path = pathIn(context, context.filename);
    const row = rowOf(path);
    if (!row) return { Program: (node) => context.report({ node, messageId: 'noPlace', data: { path } }) };
    return onImports((node, name) => {
      if (!name.startsWith('.')) {
        if (!row.packages.test(name)) context.report({ node, messageId: 'package', data: { path, row: row.name, target: name } });
        return;
      }
      const target = pathIn(context, resolveImport(context.filename, name));
      const other = rowOf(target);
      const data = { path, row: row.name, target, other: other?.name ?? '' };
      if (!other) context.report({ node, messageId: 'foreign', data });
      else if (!standsOn(row, other)) context.report({ node, messageId: 'upward', data });
    });
  },
};

// One run of ESLint reads each file once, however many files import it; an editor's run must see changes.
const readOnce = () => {
  const seen = new Map();
  return (path) => {
    if (!seen.has(path)) seen.set(path, importsOf(path));
    return seen.get(path);
  };
};
let read = readOnce();
let readSince = 0;

/** @type {import('eslint').Rule.RuleModule} */
const noCircles = {
  meta: { type: 'problem', schema: [], messages: { circle: 'These import each other in a circle: {{way}}.' } },
  create(context) {
    if (Date.now() - readSince > 10_000) [read, readSince] = [readOnce(), Date.now()];
    const direct = read(context.filename);
    return onImports((node, name) => {
      const target = name.startsWith('.') ? resolveImport(context.filename, name) : '';
      if (!direct.includes(target)) return;
      const way = circleThrough(context.filename, target, read);
      if (way) context.report({ node, messageId: 'circle', data: { way: way.map((file) => pathIn(context, file)).join(' → ') } });
    });
  },
};

export default { meta: { name: 'house' }, rules: { 'import-direction': importDirection, 'no-circles': noCircles } };
