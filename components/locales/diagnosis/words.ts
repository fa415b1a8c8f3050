/** The words of the diagnosis: in tables of their own, which nobody loads who needs no diagnosis. */
import type { Check, FindingCode } from '../../diagnosis/findings.js';

/** Every word of the diagnosis in one language. */
export interface DiagnosisWords {
  readonly running: string;
  readonly again: string;
  readonly copy: string;
  readonly copied: string;
  /** The button that lets a person hear his own voice, and the one that ends it. */
  readonly hear: string;
  readonly stopHearing: string;
  /** What to do then, and that the voice has come back. */
  readonly speak: string;
  readonly heard: string;
  /** How loud what comes back is. */
  readonly returnLevel: string;
  /** A check before its finding: `{check}: {sentence}`. */
  readonly named: string;
  /** For whoever cannot see the signs. */
  readonly outcomes: Readonly<Record<'ok' | 'warning' | 'failed' | 'skipped', string>>;
  readonly summary: Readonly<Record<'fine' | 'limited' | 'unfinished', string>>;
  readonly checks: Readonly<Record<Check, string>>;
  /** What was found and what to do, as a sentence; `{features}` are words of the web platform. */
  readonly codes: Readonly<Record<Exclude<FindingCode, 'frame-lacks' | 'page-lacks'>, string>>;
}
