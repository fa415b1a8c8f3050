import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { parseFromPage, parseFromPartner, parseFromRelay } from '../../relay/protocol/index.js';
import type { Parsed } from '../../relay/protocol/index.js';
import { schemaDocuments, schemaText } from '../../relay/schemas/generate.js';
import { mutated } from './protocol/mutations.js';
import { betweenPages, every, fromRelay, stamped, toRelay } from './protocol/samples.js';
import type { Sample } from './protocol/samples.js';

const DIRECTORY = new URL('../../relay/schemas/', import.meta.url);

interface Way {
  readonly name: string;
  readonly parse: (text: string) => Parsed<{ type: string }>;
  readonly samples: readonly Sample[];
}

const ways: readonly Way[] = [
  { name: 'page-to-relay', parse: parseFromPage, samples: [...every(toRelay), ...every(betweenPages)] },
  { name: 'relay-to-page', parse: parseFromRelay, samples: [...every(fromRelay), ...every(betweenPages).map(stamped)] },
  { name: 'page-to-page', parse: parseFromPartner, samples: every(betweenPages) },
];

const ajv = new Ajv2020({ strict: true });
const published = (path: string): object => JSON.parse(readFileSync(new URL(path, DIRECTORY), 'utf8')) as object;

function bundled(way: string): ValidateFunction {
  if (!ajv.getSchema('urn:video-call-elements:video-call.v1:all')) ajv.addSchema(published('video-call.v1.json'));
  return ajv.getSchema(`urn:video-call-elements:video-call.v1:all#/$defs/${way}`)!;
}

describe('the published schemas', () => {
  it('are what the generator writes today: after a change of the messages, run it again', () => {
    const files = readdirSync(DIRECTORY, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.json'));
    const documents = schemaDocuments();
    assert.deepEqual(files.map((path) => path.replaceAll('\\', '/')).sort(), [...documents.keys()].sort());
    for (const [path, document] of documents)
      assert.ok(readFileSync(new URL(path, DIRECTORY), 'utf8') === schemaText(document), `${path} is not up to date`);
  });
  it('are one for each message a page may send and one for each it may receive', () => {
    const paths = [...schemaDocuments().keys()];
    for (const { name, samples } of ways.slice(0, 2))
      assert.deepEqual(
        paths.filter((path) => path.startsWith(name)).sort(),
        [...new Set(samples.map(({ type }) => `${name}/${type}.json`))].sort(),
      );
  });
  for (const { name, parse, samples } of ways) {
    it(`from ${name}: take what the parser takes`, () => {
      const validate = bundled(name);
      for (const sample of samples) {
        assert.equal(parse(JSON.stringify(sample)).refusal, undefined, sample.type);
        assert.ok(validate(sample), `${sample.type}: ${JSON.stringify(validate.errors)}`);
      }
    });
    it(`from ${name}: take and refuse the same as the parser, whatever is changed in a message`, () => {
      const validate = bundled(name);
      const everywhere = ways.flatMap((way) => way.samples.filter((sample) => JSON.stringify(sample).length < 3000));
      let taken = 0;
      fc.assert(
        fc.property(mutated(everywhere), (text) => {
          const { refusal } = parse(text);
          assert.equal(validate(JSON.parse(text)), refusal === undefined, refusal?.message);
          if (!refusal) taken++;
        }),
        { numRuns: 4000 },
      );
      assert.ok(taken > 100, `only ${taken} messages were taken: the test says little`);
    });
  }
  it('of single messages say the same as the one document of all', () => {
    for (const { name, samples } of ways.slice(0, 2))
      for (const sample of samples) {
        const schema = published(`${name}/${sample.type}.json`) as { $id: string };
        const validate = ajv.getSchema(schema.$id) ?? ajv.compile(schema);
        assert.ok(validate(sample), sample.type);
        assert.ok(!validate({ ...sample, type: 'other' }), sample.type);
      }
  });
});
