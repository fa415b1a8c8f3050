/**
 * Which file may import which: the rows of the house, from the ground up.
 *
 * A file may import its own row and every row that its row stands on, directly or through others; a file without a
 * row may not be there at all. Packages are named one by one. `CONTRIBUTING.md` draws the same picture for people.
 */

/**
 * @typedef {object} Row
 * @property {string} name
 * @property {RegExp} files Paths from the project's folder.
 * @property {string[]} on Names of the rows that this one stands on.
 * @property {RegExp} packages Packages that may be imported.
 */

const NONE = /^$/;
const LIT = /^lit($|\/)/;

const component = (names) => new RegExp(`^components/(${names})\\.ts$`);
const relay = (names) => new RegExp(`^relay/(${names})\\.ts$`);

/** The first row whose `files` match is a file's row. @type {Row[]} */
export const ROWS = [
  { name: 'protocol', files: /^relay\/protocol\/.+\.ts$/, on: [], packages: NONE },

  {
    name: 'call: the pure heart',
    files: component(
      'call/(phases|origins|descriptions|machine|caller|callee|partners|rows|early|notices|sound-check|speech-check|choices|cameras|call-state|snapshot|steps|recovery|outbox|pace|record|errors|events)|' +
        'chat/(bounds|entries|intake|names|pace|pictures|talk|wire)|quality/(reading|voice|samples|judgement|signs|adapting|wishes)|history/(debt|entry|shown)|' +
        'diagnosis/(findings|report|ways)|recording/(keeping|layout|names|webm)',
    ),
    on: ['protocol'],
    packages: NONE,
  },
  {
    name: 'call and link',
    files: component('(call|chat|link|quality|recording)/.+|history/(change-event|history|writer|lazy-writer|shelf)'),
    on: ['call: the pure heart'],
    packages: NONE,
  },
  {
    name: 'words, icons, sounds and settings',
    files: component(
      '(locales|icons|sound)/.+|attributes|environment|policy|version|events|(error|message|quality|recording)-event|loading|page|waking|going-on|left-call',
    ),
    on: ['call and link'],
    packages: LIT,
  },
  {
    name: 'sessions and call-controller',
    files: component('sessions|page-(session|devices)|peer-settings|kept-call|call-controller|connected-element|virtual-camera'),
    on: ['words, icons, sounds and settings'],
    packages: LIT,
  },
  {
    name: 'panel and elements',
    files: component('(panel|roster|history|diagnosis)/.+|button-controller|register|video-call-(button|panel|roster|history)'),
    on: ['sessions and call-controller'],
    packages: LIT,
  },
  { name: 'headless', files: component('headless/.+'), on: ['panel and elements'], packages: NONE },
  { name: 'the classic script', files: component('classic'), on: [], packages: NONE },
  { name: 'video-call', files: component('video-call'), on: ['panel and elements'], packages: NONE },
  { name: 'testing', files: /^testing\/.+\.ts$/, on: ['call and link'], packages: /^(node:|ws$)/ },
  { name: 'demo', files: /^demo\/.+\.m?js$/, on: [], packages: /^\/video-call(-client)?\.js$/ },

  { name: 'relay: command lines', files: relay('options-error|arguments'), on: [], packages: /^node:util$/ },
  {
    name: 'relay: conformance',
    files: relay('conformance/.+'),
    on: ['protocol', 'relay: command lines'],
    packages: /^(node:|ws$)/,
  },
  {
    name: 'relay: switchboard, auth, limits, ice',
    files: relay(
      'switchboard|seats|cluster/.+|auth|grants|lease|watches|keys|token-check|loopback|limits|ice|clock|deadlines|log|backlog|pace|corks|frames|wire|encoding|tally|' +
        'metrics|certificate|tls|drain|records|webhook|schemas/.+',
    ),
    on: ['protocol', 'relay: command lines'],
    packages: /^(node:|ws$|koa$|pino$|jose$|prom-client$|selfsigned$|ioredis$)/,
  },
  {
    name: 'relay: session, upgrade, http',
    files: relay('session|services|client|requests|forwarding|admission|upgrade|http|mount|settings|auth-settings|server|call-reports'),
    on: ['relay: switchboard, auth, limits, ice'],
    packages: /^(node:|ws$|koa$|koa-static$)/,
  },
  { name: 'relay: relay', files: relay('relay'), on: ['relay: session, upgrade, http'], packages: /^(node:|ws$)/ },
  {
    name: 'relay: cli',
    files: relay('cli|index|options|greeting|commands/.+'),
    on: ['relay: relay'],
    packages: /^(node:|jose$|uqr$)/,
  },
];

/** The row of a file, or undefined where it has none. @param {string} path */
export const rowOf = (path) => ROWS.find((row) => row.files.test(path));

/** Whether `row` is `below` or stands on it. @param {Row} row @param {Row} below @returns {boolean} */
export const standsOn = (row, below) =>
  row === below || row.on.some((name) => standsOn(/** @type {Row} */ (ROWS.find((other) => other.name === name)), below));
