/** The changelog, in the form of Keep a Changelog. Pure. */

const UNRELEASED = /^## \[Unreleased\][^\n]*\n/im;

/** What stands under `Unreleased`, or undefined where there is no such heading. */
export function unreleased(text) {
  const heading = UNRELEASED.exec(text);
  if (!heading) return undefined;
  const rest = text.slice(heading.index + heading[0].length);
  const end = rest.search(/^## /m);
  return (end < 0 ? rest : rest.slice(0, end)).trim();
}

/**
 * The changelog with what stood under `Unreleased` under a version and its day.
 *
 * @param {string} text
 * @param {string} version
 * @param {string} day as in 2026-01-31
 * @returns {string}
 */
export function moveUnreleased(text, version, day) {
  const entries = unreleased(text);
  if (entries === undefined) throw new Error('CHANGELOG.md has no heading "## [Unreleased]". Put one above the newest version.');
  if (!/^\s*[-*] /m.test(entries)) {
    throw new Error(
      'CHANGELOG.md has nothing under "## [Unreleased]". Write down what people will notice, each as a line that begins with "- ".',
    );
  }
  if (text.includes(`\n## [${version}]`)) throw new Error(`CHANGELOG.md has a heading for ${version} already.`);
  return text.replace(UNRELEASED, `## [Unreleased]\n\n## [${version}] - ${day}\n`);
}
