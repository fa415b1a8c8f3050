/** Options that cannot be. The message says what to do about it. */
export class OptionsError extends Error {
  override readonly name = 'OptionsError';
  /** The one option that it is about, by its name in code; undefined where it is about several. */
  readonly field: string | undefined;
  readonly #problem: string;

  /**
   * @param problem a sentence; where there is a `field`, without its subject, which is the option
   * @param field the option, by its name in code
   */
  constructor(problem: string, field?: string) {
    super(field === undefined ? problem : `The option ${field} ${problem}`);
    this.field = field;
    this.#problem = problem;
  }

  /** The same for somebody who wrote the option under another name, such as `--max-connections` or `MAX_CONNECTIONS`. */
  naming(written: string): OptionsError {
    return this.field === undefined ? this : new OptionsError(`${written} ${this.#problem}`);
  }
}
