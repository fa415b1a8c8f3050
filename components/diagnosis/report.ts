/** A diagnosis as plain text, to be sent to whoever helps: made of words that are known beforehand, and of numbers. Pure. */
import { CHECKS, CODES } from './findings.js';
import type { Found } from './findings.js';

/** Browsers by what they say of themselves (RFC 9110 section 10.1.5), the particular ones first. */
const BROWSERS = [
  ['Edge', /\bEdgA?(?:iOS)?\/(\d{1,4})/],
  ['Opera', /\bOPR\/(\d{1,4})/],
  ['Samsung Internet', /\bSamsungBrowser\/(\d{1,4})/],
  ['Firefox', /\b(?:Firefox|FxiOS)\/(\d{1,4})/],
  ['Chrome', /\b(?:Chrome|CriOS|HeadlessChrome)\/(\d{1,4})/],
  ['Safari', /\bVersion\/(\d{1,4})[\d.]* (?:Mobile\/\w+ )?Safari\//],
] as const;
const SYSTEMS = [
  ['Android', /Android/],
  ['iOS', /iPhone|iPad/],
  ['Windows', /Windows/],
  ['ChromeOS', /CrOS/],
  ['macOS', /Mac OS X/],
  ['Linux', /Linux/],
] as const;

/** Name and version of a browser and its system, as far as both are known ones. */
export function browserOf(userAgent: string): string {
  const browser = BROWSERS.map(([name, pattern]) => [name, pattern.exec(userAgent)?.[1]]).find(([, version]) => version);
  const system = SYSTEMS.find(([, pattern]) => pattern.test(userAgent))?.[0] ?? 'unknown system';
  return `${browser ? browser.join(' ') : 'unknown browser'}, ${system}`;
}

/** What `about` may hold: features of a page, a number of up to four digits. */
const ABOUT = /^(?:(?:microphone|camera|display-capture|autoplay)(?:; (?:microphone|camera|display-capture|autoplay)){0,3}|-?\d{1,4})$/;

/** The text. Whatever is not of the known vocabulary is left out. */
export function reportOf(findings: readonly Found[], userAgent: string, at: Date): string {
  const known = findings.filter(({ check, code }) => CHECKS.includes(check) && Object.hasOwn(CODES, code));
  const lines = known.map(({ check, code, milliseconds, about }) => {
    const more = [
      ...(about !== undefined && ABOUT.test(about) ? [about] : []),
      ...(Number.isFinite(milliseconds) ? [`${Math.round(milliseconds!)} ms`] : []),
    ];
    return `${check}: ${CODES[code]}${code === 'ok' ? '' : `, ${code}`}${more.length > 0 ? ` (${more.join(', ')})` : ''}`;
  });
  return ['Video call diagnosis', browserOf(userAgent), `${at.toISOString().slice(0, 16)}Z`, ...lines].join('\n');
}
