import { expect } from '@open-wc/testing';
import { insist } from '../../components/loading.js';
import { waitUntil } from '../support/wait.js';

describe('Code that cannot be loaded', () => {
  it('is told of for each element that wants it, and tried again once for all of them, until it is there', async () => {
    let [loads, told, there] = [0, 0, false];
    const load = async (): Promise<void> => {
      loads++;
      if (!there) throw new Error('no network, on purpose');
    };
    const element = document.createElement('div');
    element.addEventListener('call-error', () => told++);
    insist(element, load);
    insist(element, load);
    await waitUntil(() => told === 2);
    expect(loads).to.equal(2);
    // The network is back, for the browser at least.
    dispatchEvent(new Event('online'));
    expect(loads).to.equal(3);
    await Promise.resolve();
    there = true;
    await waitUntil(() => (dispatchEvent(new Event('online')), loads === 4));
    dispatchEvent(new Event('online'));
    expect([loads, told]).to.deep.equal([4, 2]);
  });
});
