/** Options that cannot be. The message says what to do about it. */
export class OptionsError extends Error {
  override readonly name = 'OptionsError';
}
