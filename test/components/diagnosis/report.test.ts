/** What a person sends to whoever helps says nothing of who or where the person is. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { CHECKS, CODES, found } from '../../../components/diagnosis/findings.js';
import type { Found } from '../../../components/diagnosis/findings.js';
import { browserOf, reportOf } from '../../../components/diagnosis/report.js';

const AT = new Date('2026-11-21T00:30:12Z');
const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';

/** Every word that a report may hold, beside numbers. */
const KNOWN = new Set(
  [
    ...CHECKS,
    ...Object.keys(CODES),
    ...'ok warning failed skipped ms Video call diagnosis unknown browser system'.split(' '),
    ...'Edge Opera Samsung Internet Firefox Chrome Safari Android iOS Windows ChromeOS macOS Linux'.split(' '),
    ...'microphone camera display-capture autoplay fullscreen'.split(' '),
  ].map((word) => word.toLowerCase()),
);

/** The words of a report that nobody has foreseen. */
const strangers = (report: string): string[] =>
  report
    .replace('2026-11-21T00:30Z', '')
    .split(/[\s,:;()]+/)
    .filter((word) => word && !KNOWN.has(word.toLowerCase()) && !/^-?\d{1,5}$/.test(word));

describe('The report of a diagnosis', () => {
  it('names browser, system, time and what was found', () => {
    const findings = [
      found('microphone', 'ok', { about: '-31' }),
      found('permissions', 'frame-blocks', { about: 'microphone; camera' }),
      found('relay', 'unauthorized', { about: '4401', milliseconds: 12.4 }),
    ];
    assert.equal(
      reportOf(findings, CHROME, AT),
      [
        'Video call diagnosis',
        'Chrome 156, Linux',
        '2026-11-21T00:30Z',
        'microphone: ok (-31)',
        'permissions: failed, frame-blocks (microphone; camera)',
        'relay: failed, unauthorized (4401, 12 ms)',
      ].join('\n'),
    );
  });

  it('holds no word that somebody else chose, whatever is in the findings and in the name of the browser', () => {
    const secret = fc.oneof(
      fc.ipV4(),
      fc.ipV6(),
      fc.webUrl(),
      fc.emailAddress(),
      fc.string(),
      fc.constantFrom(
        'turn:secret.example.com:3478?transport=udp',
        'Jane’s AirPods',
        'eyJhbGciOiJIUzI1NiJ9.e30.x',
        'alice',
        '12345',
        '4401\n192.0.2.1',
      ),
    );
    const finding = fc.record({
      check: fc.oneof(fc.constantFrom(...CHECKS), secret),
      outcome: fc.oneof(fc.constantFrom('ok', 'failed'), secret),
      code: fc.oneof(fc.constantFrom(...Object.keys(CODES), 'constructor', '__proto__'), secret),
      milliseconds: fc.option(fc.oneof(fc.double({ min: 0, max: 15_000 }), secret), { nil: undefined }),
      about: fc.option(secret, { nil: undefined }),
      detail: secret,
    });
    fc.assert(
      fc.property(fc.array(finding, { maxLength: 12 }), fc.oneof(secret, fc.constant(CHROME)), (findings, userAgent) => {
        const report = reportOf(findings as unknown as Found[], userAgent, AT);
        // Numbers of up to four digits say nothing by themselves.
        assert.deepEqual(strangers(report), [], report);
        assert.ok(report.split('\n').length <= findings.length + 3);
      }),
    );
  });
});

describe('A browser', () => {
  const AGENTS: Readonly<Record<string, string>> = {
    [CHROME]: 'Chrome 156, Linux',
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0':
      'Edge 140, Windows',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1':
      'Safari 18, iOS',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15':
      'Safari 17, macOS',
    'Mozilla/5.0 (Android 14; Mobile; rv:133.0) Gecko/133.0 Firefox/133.0': 'Firefox 133, Android',
    'Alice’s browser 1.0': 'unknown browser, unknown system',
  };
  for (const [agent, name] of Object.entries(AGENTS)) it(`is ${name}`, () => assert.equal(browserOf(agent), name));
});
