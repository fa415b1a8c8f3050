#!/usr/bin/env node
/**
 * The command line of the conformance kit. Exit codes: 0 where no rule is broken, 1 where one is, 2 where there was
 * nothing to look at: options that cannot be, no relay at the URL.
 */
import { readArguments } from '../arguments.js';
import { OptionsError } from '../options-error.js';
import { textOf } from './report.js';
import { RelayUnavailable, runConformance } from './run.js';
import type { ConformanceOptions } from './run.js';
import { RULES } from './rules/index.js';

const HELP = `Usage: video-call-conformance <URL> [options]

Looks from outside whether a relay keeps the rules of video-call.v1 (relay/PROTOCOL.md).

  <URL>                   the relay, such as wss://relay.example.com/ws
  --auth-secret <secret>  the secret of its tokens, or AUTH_SECRET: people are made up then
  --audience <aud>        what such tokens say as "aud"
  --issuer <iss>          what such tokens say as "iss"
  --token <jwt,jwt>       without the secret: tokens of two people (or three) who may call each other
  --origin <origin>       the origin of pages that may connect, where the relay asks for one
  --insecure              take a certificate that nobody vouches for
  --only <id,id>          these rules only
  --list                  print the rules, and look at no relay
  --json                  print the report as JSON
  --help                  print this

Exit codes: 0 no rule is broken, 1 one is, 2 there was nothing to look at.
`;

const KNOWN = new Map([
  ['auth-secret', 'secret'],
  ['audience', 'aud'],
  ['issuer', 'iss'],
  ['token', 'jwt,jwt'],
  ['origin', 'origin'],
  ['insecure', 'flag'],
  ['only', 'id,id'],
  ['list', 'flag'],
  ['json', 'flag'],
  ['help', 'flag'],
]);

const COMMAND = 'video-call-conformance --help';

type Given = ReadonlyMap<string, string | true>;

function optionsOf(url: string, given: Given): ConformanceOptions {
  const text = (name: string): string | undefined => given.get(name) as string | undefined;
  const list = (name: string): string[] | undefined =>
    text(name)
      ?.split(',')
      .map((each) => each.trim());
  const only = list('only');
  const unknown = only?.find((id) => !RULES.some((rule) => rule.id === id));
  if (unknown !== undefined) throw new OptionsError(`there is no rule "${unknown}". See ${COMMAND.replace('--help', '--list')}.`);
  const secret = text('auth-secret') ?? process.env['AUTH_SECRET'];
  return {
    url,
    insecure: given.has('insecure'),
    secret: secret || undefined,
    audience: text('audience'),
    issuer: text('issuer'),
    tokens: list('token'),
    origin: text('origin'),
    only,
  };
}

async function main([first = '', ...rest]: readonly string[]): Promise<number> {
  const hasUrl = first !== '' && !first.startsWith('-');
  const given = readArguments(hasUrl ? rest : [first, ...rest].filter(Boolean), KNOWN, COMMAND);
  if (given.has('help')) return (process.stdout.write(HELP), 0);
  if (given.has('list')) {
    process.stdout.write(RULES.map(({ id, section, says }) => `${id.padEnd(24)} ${section}\n    ${says}\n`).join(''));
    return 0;
  }
  if (!hasUrl) throw new OptionsError(`the URL of the relay comes first. See ${COMMAND}.`);
  const report = await runConformance(optionsOf(first, given));
  process.stdout.write(given.has('json') ? `${JSON.stringify(report, null, 2)}\n` : textOf(report));
  return report.failed > 0 ? 1 : 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof OptionsError || error instanceof RelayUnavailable)) throw error;
  process.stderr.write(`video-call-conformance: ${error.message}\n`);
  process.exitCode = 2;
}
