/** Reads what a built module, or its types, import. */
import ts from 'typescript';

/** The names of everything that a module imports, at once or later, types too. @param {string} path @param {string} text @returns {string[]} */
export function importedBy(path, text) {
  const kind = path.endsWith('.ts') ? ts.ScriptKind.TS : ts.ScriptKind.JS;
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, false, kind);
  const names = new Set();
  const visit = (node) => {
    const named =
      ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
        ? node.moduleSpecifier
        : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
          ? node.arguments[0]
          : ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)
            ? node.argument.literal
            : undefined;
    if (named && ts.isStringLiteral(named)) names.add(named.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return [...names];
}
