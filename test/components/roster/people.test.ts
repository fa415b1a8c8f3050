import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { arrange, look } from '../../../components/roster/people.js';

const person = (peer: string, name?: string) => ({ peer, presence: 'online' as const, ...(name !== undefined && { name }) });
const names = (people: readonly { readonly name: string }[]): string[] => people.map(({ name }) => name);

describe('The people of a list', () => {
  it('are in the order of the language, without oneself, by ID where they have no name', () => {
    const people = [
      person('z', 'Zoé'),
      person('me', 'Me'),
      person('o', 'Ørsted'),
      person('e', 'Émile'),
      person('desk 10'),
      person('desk 9'),
    ];
    assert.deepEqual(names(arrange(people, 'me', 'en')), ['desk 9', 'desk 10', 'Émile', 'Ørsted', 'Zoé']);
    assert.deepEqual(names(arrange(people, 'me', 'da')), ['desk 9', 'desk 10', 'Émile', 'Zoé', 'Ørsted']);
  });

  it('keep their order where names are the same', () => {
    const people = [person('b', 'Ann'), person('a', 'Ann'), person('c', 'ann')];
    assert.deepEqual(
      arrange(people, null, 'en').map(({ peer }) => peer),
      ['a', 'b', 'c'],
    );
  });

  it('are found by any part of name or ID, without accents and capitals', () => {
    const people = arrange([person('e1', 'Émile Zola'), person('w', '王小明'), person('b', 'Bob'), person('y', 'Ёлка')], null, 'en');
    assert.deepEqual(names(look(people, 'emi')), ['Émile Zola']);
    assert.deepEqual(names(look(people, ' ZOLA  é ')), ['Émile Zola']);
    assert.deepEqual(names(look(people, '小明')), ['王小明']);
    assert.deepEqual(names(look(people, 'e1')), ['Émile Zola']);
    assert.deepEqual(names(look(people, 'елка')), ['Ёлка']);
    assert.equal(look(people, '  ').length, 4);
    assert.equal(look(people, 'nobody').length, 0);
  });
});
