/** What TypeScript knows of the elements and the manifest does not: which words an attribute takes, what an event carries, what the named types are. */
import { join, relative, sep } from 'node:path';
import ts from 'typescript';

/**
 * @typedef {object} Field
 * @property {string} name
 * @property {string} type As it is written in the source.
 * @property {string} description
 * @property {boolean} optional
 */

/**
 * @typedef {object} NamedType
 * @property {string} name
 * @property {string} description
 * @property {string[] | undefined} words What it may be, where that is a list of words.
 * @property {Field[] | undefined} fields What it has, where it is an object.
 */

const { SymbolFlags, TypeFlags, ModifierFlags } = ts;

/** What a type is made of, without undefined and null. */
const partsOf = (type) => (type.isUnion() ? type.types : [type]).filter(({ flags }) => !(flags & (TypeFlags.Undefined | TypeFlags.Null)));

/** The words that a type is a list of, in the order of this source; undefined where it is none. */
function wordsOf(type, source) {
  const parts = partsOf(type);
  if (parts.length === 0 || !parts.every((part) => part.isStringLiteral())) return undefined;
  // TypeScript has its own order, which changes with what it has read before.
  const placeOf = (word) => source.search(new RegExp(`'${word}'|\\b${word}:`)) + 1 || source.length + 1;
  const words = parts.map(({ value }) => value).filter(Boolean);
  return words.sort((one, other) => placeOf(one) - placeOf(other) || (one < other ? -1 : 1));
}

/** The types that a declaration names, and nothing of its code. */
const typeNodesOf = (declaration) => [declaration.type, ...(declaration.parameters ?? []).map(({ type }) => type)].filter(Boolean);

const sourceOf = (declaration) => declaration.getSourceFile().text;

const isPublic = (declaration) =>
  !(ts.getCombinedModifierFlags(declaration) & (ModifierFlags.Private | ModifierFlags.Protected)) &&
  !(declaration.name && ts.isPrivateIdentifier(declaration.name));

/** Reads the types that components/video-call.ts exports. @param {string} root the project's folder */
export function openTypes(root) {
  const entry = join(root, 'components', 'video-call.ts');
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson({ ...config.compilerOptions, types: [] }, root);
  const program = ts.createProgram([entry], options);
  const checker = program.getTypeChecker();

  const resolved = (symbol) => (symbol.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol);
  const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(entry)));
  const known = new Map(exported.map((symbol) => [symbol.name, resolved(symbol)]));

  const isOurs = (symbol) =>
    !!symbol.declarations?.some((declaration) =>
      ['components', 'relay'].includes(relative(root, declaration.getSourceFile().fileName).split(sep)[0]),
    );
  const docOf = (symbol) => ts.displayPartsToString(symbol.getDocumentationComment(checker)).replaceAll(/\s*\n\s*/g, ' ');
  const membersOf = (symbol) => checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol)).filter(isOurs);

  function find(name) {
    const symbol = known.get(name);
    if (symbol) return symbol;
    throw new Error(`The docs of an element name ${name}: let components/video-call.ts export that type.`);
  }

  /** The words that a public member of a class takes, and what else it takes. */
  function memberOf(className, name) {
    const symbol = checker.getPropertyOfType(checker.getDeclaredTypeOfSymbol(find(className)), name);
    const type = checker.getTypeOfSymbol(symbol);
    const [declaration] = symbol.declarations;
    const [named] = typeNodesOf(declaration).flatMap((node) => [...namedIn(node)]);
    const takes = (flag) => partsOf(type).some(({ flags }) => flags & flag);
    return {
      words: wordsOf(type, sourceOf(named?.declarations[0] ?? declaration)),
      boolean: takes(TypeFlags.BooleanLike),
      number: takes(TypeFlags.NumberLike),
      object: takes(TypeFlags.Object),
    };
  }

  /** @returns {Field[]} */
  const fieldsOf = (symbol) =>
    membersOf(symbol).map((field) => ({
      name: field.name,
      type: (field.declarations[0].type?.getText() ?? checker.typeToString(checker.getTypeOfSymbol(field))).replaceAll(/\s+/g, ' '),
      description: docOf(field),
      optional: !!(field.flags & SymbolFlags.Optional),
    }));

  /** @returns {NamedType} */
  const described = (symbol) => {
    const words = wordsOf(checker.getDeclaredTypeOfSymbol(symbol), sourceOf(symbol.declarations[0]));
    const isObject = symbol.flags & (SymbolFlags.Interface | SymbolFlags.Class);
    return { name: symbol.name, description: docOf(symbol), words, fields: isObject ? fieldsOf(symbol) : undefined };
  };

  /** Our own types in a piece of source. */
  function* namedIn(node) {
    if (ts.isTypeReferenceNode(node)) {
      const symbol = resolved(checker.getSymbolAtLocation(node.typeName));
      if (isOurs(symbol) && !(symbol.flags & SymbolFlags.TypeParameter)) yield symbol;
    }
    const children = [];
    ts.forEachChild(node, (child) => void children.push(child));
    for (const child of children) yield* namedIn(child);
  }

  /** Every type that somebody meets who uses these classes, however far down. @returns {NamedType[]} */
  function typesAround(classNames) {
    const types = new Map();
    const follow = (symbol) => {
      for (const { declarations } of membersOf(symbol)) {
        for (const declaration of declarations.filter(isPublic)) {
          for (const named of typeNodesOf(declaration).flatMap((node) => [...namedIn(node)])) {
            if (types.has(named.name)) continue;
            types.set(named.name, described(named));
            if (types.get(named.name).fields) follow(named);
          }
        }
      }
    };
    for (const name of classNames) follow(find(name));
    return [...types.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  return { memberOf, fieldsOf: (/** @type {string} */ name) => fieldsOf(find(name)), typesAround };
}
