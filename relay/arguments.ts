import { parseArgs } from 'node:util';

import { OptionsError } from './options-error.js';

/** What a command line may have: names of options, each with what its value is, or `flag` for one that has none. */
export type Known = ReadonlyMap<string, string>;

/**
 * Reads a command line that has options only. The last one counts where an option is given twice.
 *
 * @param argv the arguments after the program's name
 * @param help how all options can be seen, for errors
 * @returns texts by option, and true for flags
 * @throws OptionsError that says what was written, and what may be
 */
export function readArguments(argv: readonly string[], known: Known, help: string): ReadonlyMap<string, string | true> {
  const options = Object.fromEntries([...known].map(([name, value]) => [name, { type: value === 'flag' ? 'boolean' : 'string' } as const]));
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true });
  const given = new Map<string, string | true>();
  for (const token of tokens) {
    if (token.kind === 'option-terminator') throw new OptionsError(`"--" ends nothing here: there are options only. ${seeAll(help)}`);
    if (token.kind === 'positional') {
      throw new OptionsError(`"${token.value}" is no option; options begin with two hyphens, such as ${example(known)}. ${seeAll(help)}`);
    }
    const value = known.get(token.name);
    if (value === undefined) throw new OptionsError(`There is no option ${token.rawName}. ${closest(token.name, known)}${seeAll(help)}`);
    given.set(token.name, read(token, value));
  }
  return given;
}

/** One option as it was written. */
interface Written {
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

function read({ rawName, value, inlineValue }: Written, known: string): string | true {
  if (known === 'flag') {
    if (value === undefined) return true;
    throw new OptionsError(`${rawName} takes no value, and "${value}" is one: write ${rawName} alone, or leave it out.`);
  }
  if (value === undefined) throw new OptionsError(`${rawName} needs a value: ${rawName} <${known}>.`);
  // Most likely the value was forgotten, and the next option would be swallowed.
  if (!inlineValue && value.startsWith('--')) {
    throw new OptionsError(
      `${rawName} needs a value: ${rawName} <${known}>. If "${value}" is meant to be the value, write ${rawName}=${value}.`,
    );
  }
  return value;
}

const seeAll = (help: string): string => `See ${help}.`;

function example(known: Known): string {
  const [name, value] = [...known].find(([, value]) => value !== 'flag')!;
  return `--${name} <${value}>`;
}

/** An option that was perhaps meant: one that begins like it, or the other way round. */
function closest(name: string, known: Known): string {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[^a-z]/g, '');
  const [wanted, start] = [plain(name), plain(name).slice(0, 4)];
  const names = [...known.keys()];
  const like = names.find((each) => plain(each) === wanted) ?? names.find((each) => start.length > 2 && plain(each).startsWith(start));
  return like === undefined ? '' : `Did you mean --${like}? `;
}
