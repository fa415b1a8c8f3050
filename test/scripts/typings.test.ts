/** The files of `test/consumer` use everything that the manifest tells of the elements: what is new and missing there would be compiled by nobody. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const root = new URL('../../', import.meta.url);
const path = new URL('dist/custom-elements.json', root);
const skip = existsSync(path) ? false : 'the manifest is not built; run `npm run build`';

interface Member {
  readonly kind: 'field' | 'method';
  readonly name: string;
  readonly attribute?: string;
  readonly readonly?: boolean;
  readonly static?: boolean;
  readonly privacy?: string;
}
interface Declaration {
  readonly name: string;
  readonly tagName?: string;
  readonly members?: readonly Member[];
  readonly events?: readonly { readonly name: string; readonly type: { readonly text: string } }[];
}

const declarations = (): Declaration[] =>
  (JSON.parse(readFileSync(path, 'utf8')) as { modules: { declarations: Declaration[] }[] }).modules.flatMap(
    (module) => module.declarations,
  );
const elements = (): Declaration[] => declarations().filter(({ tagName }) => tagName);
const publicMembers = ({ members = [] }: Declaration): Member[] => members.filter((member) => !member.privacy && !member.static);
const consumer = (name: string): string => readFileSync(new URL(`test/consumer/${name}`, root), 'utf8');

/** The names of what stands in the first tag of a template, a line each. */
function namesIn(template: string, tag: string): string[] {
  const [, inside = ''] = new RegExp(`<${tag}\\n([^]*?)\\n *(?:/>|>)`).exec(template) ?? [];
  return inside.split('\n').flatMap((line) => /^ *([^\s=]+?)(?:=|$)/.exec(line)?.[1] ?? []);
}

const templates = [
  { file: 'react.tsx', attribute: (name: string) => [name], event: (name: string) => `on${name}` },
  { file: 'svelte.svelte', attribute: (name: string) => [name, `{${name}}`], event: (name: string) => `on${name}` },
  { file: 'vue.vue', attribute: (name: string) => [name, `:${name}`], event: (name: string) => `@${name}` },
];

for (const { file, attribute, event } of templates) {
  test(`test/consumer/${file} has every attribute and event`, { skip }, () => {
    const template = consumer(file);
    for (const element of elements()) {
      const names = namesIn(template, element.tagName!);
      const settable = publicMembers(element).filter((member) => member.attribute && !member.readonly);
      const missing = [
        ...settable
          .filter((member) => !attribute(member.attribute!).some((name) => names.includes(name)))
          .map((member) => member.attribute),
        ...element.events!.filter(({ name }) => !names.includes(event(name))).map(({ name }) => event(name)),
      ];
      assert.deepEqual(missing, [], `the first <${element.tagName}> of test/consumer/${file} is to have these as well, a line each`);
    }
  });
}

// In JSX a name with a hyphen may be anything: the compiler would not miss one there.
test('The typings for React have every attribute and event', { skip }, () => {
  const typings = readFileSync(new URL('dist/frameworks/react.d.ts', root), 'utf8');
  for (const element of elements()) {
    const [, inside = ''] = new RegExp(`interface ${element.name}Props [^{]*{([^]*?)\\n}`).exec(typings) ?? [];
    const settable = publicMembers(element).flatMap((member) => (member.attribute && !member.readonly ? [member.attribute] : []));
    const missing = [...settable, ...element.events!.map(({ name }) => `on${name}`)].filter(
      (name) => !inside.includes(`\n  ${name}?: `) && !inside.includes(`\n  '${name}'?: `),
    );
    assert.deepEqual(missing, [], element.tagName);
  }
});

test('test/consumer/plain.ts uses every property, method and event, and every field of an event', { skip }, () => {
  const script = consumer('plain.ts');
  const variables: Record<string, string> = {
    'video-call-button': 'button',
    'video-call-panel': 'panel',
    'video-call-roster': 'roster',
    'video-call-history': 'list',
  };
  for (const element of elements()) {
    const variable = variables[element.tagName!];
    assert.ok(variable, `test/consumer/plain.ts has <${element.tagName}> in a variable, which this test knows`);
    const members = publicMembers(element).map(({ name }) => name);
    const unused = members.filter((name) => !new RegExp(`\\b(?:${variable}|element)\\.${name}\\b`).test(script));
    assert.deepEqual(unused, [], `test/consumer/plain.ts is to use these of ${variable}`);
    for (const { name, type } of element.events!) {
      const listeners = [...script.matchAll(new RegExp(`\\.addEventListener\\('${name}',[^]*?\\);\\n(?=\\S|$)`, 'g'))].map(
        ([text]) => text,
      );
      const own = listeners.filter((text) => script.includes(`${variable}${text}`));
      assert.ok(own.length > 0, `test/consumer/plain.ts listens to ${name} of ${variable}`);
      const fields = publicMembers(declarations().find((declaration) => declaration.name === type.text)!);
      const unread = fields.filter((field) => !listeners.some((text) => text.includes(`event.${field.name}`)));
      assert.deepEqual(
        unread.map((field) => field.name),
        [],
        `test/consumer/plain.ts is to read these of ${name}`,
      );
    }
  }
});
