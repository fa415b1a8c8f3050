/** Runs the rules of the kit against one relay, side by side where they do not get into each other's way. */
import type { Target } from './handshake.js';
import { People, newDevice, nobody } from './people.js';
import type { Credentials } from './people.js';
import { Failure, Skip } from './rule.js';
import type { Need, Rule } from './rule.js';
import { RULES } from './rules/index.js';
import { Refusal, openVisitor } from './visitor.js';
import { Gate, World } from './world.js';
import type { Manner, Run } from './world.js';
import { CLOSE } from '../protocol/index.js';

/** What to look at, and how. */
export interface ConformanceOptions extends Credentials {
  /** `ws:` or `wss:` URL of the relay; `http(s):` is taken as `ws(s):`, one without a path gets `/ws`. */
  readonly url: string;
  /** The `Origin` that connections claim, for relays that ask for one. */
  readonly origin?: string;
  /** Take certificates that nobody vouches for. */
  readonly insecure?: boolean;
  /** Only the rules with these names. */
  readonly only?: readonly string[];
  /** Told of each result as it comes. */
  readonly onResult?: (result: RuleResult) => void;
}

/** What became of one rule. */
export interface RuleResult {
  readonly id: string;
  /** The heading of PROTOCOL.md under which the rule stands. */
  readonly section: string;
  /** What is expected, as a sentence. */
  readonly expected: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** Why it was skipped, or what came instead of what was expected. */
  readonly detail?: string;
  readonly milliseconds: number;
}

/** What became of all of them. */
export interface ConformanceReport {
  /** The URL in full. */
  readonly relay: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly milliseconds: number;
  /** In the order of the protocol's document, roughly. */
  readonly rules: readonly RuleResult[];
}

/** Rules that run at a time. */
const SIDE_BY_SIDE = 10;
/** Milliseconds after which a rule that does not end has failed. */
const RULE_WITHIN = 20_000;

/** The relay cannot be looked at: the URL is none, nobody answers, or it is no relay. The message says which. */
export class RelayUnavailable extends Error {}

/**
 * Looks whether a relay keeps the rules of the protocol, from outside.
 *
 * @throws RelayUnavailable where there is nothing to look at
 * @throws OptionsError for tokens that cannot be read
 */
export async function runConformance(options: ConformanceOptions): Promise<ConformanceReport> {
  const began = performance.now();
  const target = targetOf(options);
  const run: Run = { target, people: new People(options), gate: new Gate() };
  const manner = await meet(run);
  const rules = RULES.filter(({ id }) => !options.only || options.only.includes(id));
  const results = new Map<Rule, RuleResult>();
  const take = async (rule: Rule): Promise<void> => {
    const result = await look(rule, run, manner);
    results.set(rule, result);
    options.onResult?.(result);
  };
  const slowFirst = [...rules].sort((one, other) => Number(!!other.slow) - Number(!!one.slow));
  // The people of a few tokens can be in one rule at a time only.
  const apart = run.people.areFew ? slowFirst.filter(({ needs }) => needs?.includes('people')) : [];
  await Promise.all([
    inTurn(
      slowFirst.filter((rule) => !apart.includes(rule)),
      SIDE_BY_SIDE,
      take,
    ),
    inTurn(apart, 1, take),
  ]);
  const all = rules.map((rule) => results.get(rule)!);
  const count = (outcome: RuleResult['outcome']): number => all.filter((result) => result.outcome === outcome).length;
  return {
    relay: target.url.href,
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
    milliseconds: Math.round(performance.now() - began),
    rules: all,
  };
}

async function inTurn(rules: readonly Rule[], atOnce: number, take: (rule: Rule) => Promise<void>): Promise<void> {
  const waiting = [...rules];
  const work = async (): Promise<void> => {
    for (let rule = waiting.shift(); rule; rule = waiting.shift()) await take(rule);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

async function look(rule: Rule, run: Run, manner: Manner): Promise<RuleResult> {
  const began = performance.now();
  const { id, section, says } = rule;
  const told = (outcome: RuleResult['outcome'], detail?: string): RuleResult => ({
    id,
    section,
    expected: says,
    outcome,
    ...(detail !== undefined && { detail }),
    milliseconds: Math.round(performance.now() - began),
  });
  const lacking = rule.needs?.map((need) => lacks(need, run, manner)).find((reason) => reason !== undefined);
  if (lacking) return told('skipped', lacking);
  const world = new World(run, manner);
  try {
    await within(rule.run(world));
    return told('passed');
  } catch (error) {
    if (error instanceof Skip) return told('skipped', error.message);
    if (error instanceof Failure) return told('failed', error.message);
    // What comes may be anything: a rule that stumbles over it is not kept, and the others are looked at all the same.
    return told('failed', String(error));
  } finally {
    world.close();
  }
}

function lacks(need: Need, { people }: Run, { lets }: Manner): string | undefined {
  const asks = lets !== 'anybody';
  switch (need) {
    case 'tokens':
      return asks ? undefined : 'this relay asks for no tokens';
    case 'secret':
      return people.hasSecret ? undefined : 'it takes tokens made for it, and with that the secret (--auth-secret)';
    case 'people':
      return asks && !people.canProve
        ? 'this relay asks for tokens: give the secret (--auth-secret), or tokens of two people who may call each other (--token, with a comma between)'
        : undefined;
  }
}

function within(running: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Failure(`no result within ${RULE_WITHIN / 1000} s`)), RULE_WITHIN);
    running.then(resolve, reject).finally(() => clearTimeout(late));
  });
}

/** The first look: whether there is a relay, and whom it lets in. */
async function meet({ target, gate }: Run): Promise<Manner> {
  const hello = async (fields: object): Promise<{ readonly welcomed: boolean; readonly code?: number }> => {
    await gate.turn();
    const visitor = await openVisitor(target.url, { headers: { ...target.headers }, rejectUnauthorized: !target.insecure });
    try {
      visitor.say({ type: 'hello', device: newDevice(), ...fields });
      if (await visitor.unless('welcome', {}, RULE_WITHIN / 2)) return { welcomed: true };
      return { welcomed: false, code: (await visitor.end()).code };
    } finally {
      visitor.leave();
    }
  };
  try {
    const named = await hello({ peer: nobody() });
    if (named.welcomed) return { lets: 'anybody' };
    if (named.code !== CLOSE.unauthorized) throw new RelayUnavailable(`a proper hello was answered with the close code ${named.code}.`);
    return { lets: (await hello({})).welcomed ? 'guests' : 'nobody' };
  } catch (error) {
    if (error instanceof Refusal || error instanceof Failure) throw new RelayUnavailable(explain(error));
    throw error;
  }
}

function explain(error: Refusal | Failure): string {
  const hint = error instanceof Refusal && error.status === 403 ? ' It asks for pages of a certain origin: name one with --origin.' : '';
  return `${error.message}.${hint}`;
}

function targetOf({ url, origin, insecure = false }: ConformanceOptions): Target {
  const whole = URL.canParse(url) ? new URL(url.replace(/^http/i, 'ws')) : undefined;
  if (!whole || !/^wss?:$/.test(whole.protocol)) {
    throw new RelayUnavailable(`"${url}" is no URL of a relay: one begins with wss:, ws:, https: or http:.`);
  }
  whole.hash = '';
  if (whole.pathname === '/') whole.pathname = '/ws';
  return { url: whole, headers: origin === undefined ? {} : { Origin: origin }, insecure };
}
