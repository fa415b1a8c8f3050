/** What the kit found, for people. */
import type { ConformanceReport, RuleResult } from './run.js';

const SIGN = { passed: '✔', failed: '✖', skipped: '–' } as const;

/** One rule, in a line, or in three where it is broken. */
function line({ id, outcome, expected, detail }: RuleResult): string {
  const head = `  ${SIGN[outcome]} ${id.padEnd(22)} `;
  if (outcome === 'passed') return head + expected;
  if (outcome === 'skipped') return `${head}skipped: ${detail}.`;
  return `${head}FAILED\n      expected: ${expected}\n      came:     ${detail}.`;
}

/** The whole report as text: the rules below their headings of PROTOCOL.md, and a sum. */
export function textOf({ relay, rules, passed, failed, skipped, milliseconds }: ConformanceReport): string {
  const sections = new Map<string, RuleResult[]>();
  for (const rule of rules) sections.set(rule.section, [...(sections.get(rule.section) ?? []), rule]);
  const parts = [...sections].map(([section, its]) => `${section}\n${its.map(line).join('\n')}\n`);
  const sum = `${passed} passed, ${failed} failed, ${skipped} skipped, in ${(milliseconds / 1000).toFixed(1)} s.`;
  return `${relay}\n\n${parts.join('\n')}\n${sum}\n`;
}
