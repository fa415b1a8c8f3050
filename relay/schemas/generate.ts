/**
 * Writes the JSON Schemas (2020-12) of all messages beside this file, from the same shapes as the parser:
 *
 *     node --import tsx relay/schemas/generate.ts
 *
 * `page-to-relay/TYPE.json` is what a page may send, `relay-to-page/TYPE.json` what it may receive, and
 * `video-call.v1.json` is all of it in one document, with `page-to-page` for what travels over the data channel of a call.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SUBPROTOCOL } from '../protocol/bounds.js';
import { BETWEEN_PAGES, ENVELOPE, FROM_RELAY, STAMP, TO_RELAY } from '../protocol/messages.js';
import { joined } from '../protocol/shape.js';
import type { ObjectShape } from '../protocol/shape.js';

type Json = Readonly<Record<string, unknown>>;
type Summaries<Table> = Readonly<Record<keyof Table, string>>;

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';
const HERE = dirname(fileURLToPath(import.meta.url));

const toRelay: Summaries<typeof TO_RELAY> = {
  hello: 'The first message of a connection: who this page is.',
  ping: 'Asks the relay for a sign of life.',
  watch: 'Asks for the presence of these addresses, now and at every change.',
  unwatch: 'Ends the watch of these addresses.',
  status: 'What others shall see of this page.',
  roster: 'Asks who is there.',
  'ice-servers': 'Asks for fresh ICE servers.',
  token: 'A fresh token for the same peer.',
};

const fromRelay: Summaries<typeof FROM_RELAY> = {
  welcome: 'The answer to hello: the address of this page and what it needs for calls.',
  pong: 'The answer to ping.',
  presence: 'Whether somebody is at a watched address.',
  roster: 'Who is there.',
  'ice-servers': 'Fresh ICE servers.',
  token: 'The fresh token was accepted.',
  unreachable: 'There was no device at the address of a message.',
  error: 'A message was not accepted; the connection goes on.',
};

const betweenPages: Summaries<typeof BETWEEN_PAGES> = {
  invite: 'Rings all devices of a peer; carries the offer.',
  ringing: 'This device rings, and how.',
  accept: 'The person takes the call on this device; carries the answer.',
  decline: 'The person, or the device in its name, does not take the call.',
  cancel: 'Stop ringing; the winner, if one is named, goes on.',
  confirm: 'To the device that won the call: it is you.',
  candidates: 'More ICE candidates.',
  description: 'A session description after the first offer and answer.',
  media: 'What this side sends now.',
  resume: 'This device is back after a reload.',
  hangup: 'The end of the call.',
  ack: 'Nothing but an acknowledgement.',
};

/** All documents, by their path below this directory. */
export function schemaDocuments(): Map<string, Json> {
  const ways: Readonly<Record<string, Json>> = {
    'page-to-relay': { ...messages(TO_RELAY, toRelay, unstamped), ...messages(BETWEEN_PAGES, betweenPages, unstamped, ENVELOPE) },
    'relay-to-page': { ...messages(FROM_RELAY, fromRelay), ...messages(BETWEEN_PAGES, betweenPages, undefined, joined(STAMP, ENVELOPE)) },
    'page-to-page': messages(BETWEEN_PAGES, betweenPages, unstamped, ENVELOPE),
  };
  const documents = new Map<string, Json>();
  for (const way of ['page-to-relay', 'relay-to-page'])
    for (const [type, schema] of Object.entries(ways[way]!))
      documents.set(`${way}/${type}.json`, { $schema: DIALECT, $id: idOf(`${way}:${type}`), ...(schema as Json) });
  documents.set(`${SUBPROTOCOL}.json`, bundle(ways));
  return documents;
}

/** The text of a document as it is written. */
export const schemaText = (document: Json): string => `${JSON.stringify(document, null, 2)}\n`;

/** What a page sends never carries a `from`: the relay refuses it. */
const unstamped: Json = { from: false };

const idOf = (name: string): string => `urn:video-call-elements:${SUBPROTOCOL}:${name}`;

function messages<Table extends Readonly<Record<string, ObjectShape>>>(
  table: Table,
  summaries: Summaries<Table>,
  extra: Json = {},
  envelope?: ObjectShape,
): Json {
  return Object.fromEntries(
    Object.entries(table).map(([type, shape]) => {
      const { properties, required } = envelope ? joined(envelope, shape) : shape;
      const description = summaries[type];
      return [
        type,
        { description, type: 'object', properties: { type: { const: type }, ...properties, ...extra }, required: ['type', ...required] },
      ];
    }),
  );
}

/** One document for all: `$defs` by way and type, and `$defs/WAY` for any message of that way. */
function bundle(ways: Readonly<Record<string, Json>>): Json {
  const defs: Record<string, unknown> = {};
  for (const [way, schemas] of Object.entries(ways)) {
    defs[way] = { oneOf: Object.keys(schemas).map((type) => ({ $ref: `#/$defs/${way}.${type}` })) };
    for (const [type, schema] of Object.entries(schemas)) defs[`${way}.${type}`] = schema;
  }
  return {
    $schema: DIALECT,
    $id: idOf('all'),
    description: 'Any message of the protocol. Point to #/$defs/page-to-relay, #/$defs/relay-to-page or #/$defs/page-to-page for one way.',
    anyOf: Object.keys(ways).map((way) => ({ $ref: `#/$defs/${way}` })),
    $defs: defs,
  };
}

async function write(): Promise<void> {
  for (const way of ['page-to-relay', 'relay-to-page']) await rm(join(HERE, way), { recursive: true, force: true });
  for (const [path, document] of schemaDocuments()) {
    await mkdir(dirname(join(HERE, path)), { recursive: true });
    await writeFile(join(HERE, path), schemaText(document));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await write();
