import { expect } from '@open-wc/testing';
import { Companions } from '../../../components/panel/companions.js';
import type { Companion, CompanionHost } from '../../../components/panel/companions.js';
import type { PanelView } from '../../../components/panel/view.js';
import type { Phase } from '../../../components/call/phases.js';

const viewOf = (state: Phase) => ({ snapshot: { state } }) as PanelView;
const NOT_NEEDED = viewOf('idle');
const NEEDED = viewOf('ringing');
const NEEDED_STILL = viewOf('connecting');
const needed = (view: PanelView) => view !== NOT_NEEDED;

function host() {
  let heard = () => {};
  const drawn = new Promise<void>((resolve) => (heard = resolve));
  return { drawn, element: Object.assign(document.createElement('div'), { requestUpdate: () => heard() }) as CompanionHost };
}

describe('Companions of a panel', () => {
  it('are loaded when they are first needed, once, and then follow every drawing', async () => {
    const { element, drawn } = host();
    const seen: PanelView[] = [];
    let loads = 0;
    const load = async () => (loads++, () => ({ follow: (view: PanelView) => void seen.push(view), stop: () => {} }) satisfies Companion);
    const companions = new Companions(element, [{ needed, load }]);
    companions.follow(NOT_NEEDED);
    expect(loads).to.equal(0);
    companions.follow(NEEDED);
    companions.follow(NEEDED);
    await drawn;
    companions.follow(NOT_NEEDED);
    expect(loads).to.equal(1);
    expect(seen).to.deep.equal([NOT_NEEDED]);
  });

  it('that fail disturb neither the panel nor the next one', async () => {
    const { element, drawn } = host();
    const seen: PanelView[] = [];
    const broken = async () => () => ({
      follow: () => {
        throw new Error('broken on purpose');
      },
      stop: () => {
        throw new Error('broken on purpose');
      },
    });
    const whole = async () => () => ({ follow: (view: PanelView) => void seen.push(view), stop: () => {} });
    const companions = new Companions(element, [
      { needed, load: broken },
      { needed, load: whole },
    ]);
    companions.follow(NEEDED);
    await drawn;
    await Promise.resolve();
    companions.follow(NEEDED);
    companions.stop();
    expect(seen).to.deep.equal([NEEDED]);
  });

  it('that cannot be loaded are tried again when they are needed the next time, not with every drawing', async () => {
    const { element } = host();
    let tries = 0;
    const companions = new Companions(element, [{ needed, load: () => (tries++, Promise.reject(new Error('no network, on purpose'))) }]);
    companions.follow(NEEDED);
    await new Promise((resolve) => setTimeout(resolve));
    companions.follow(NEEDED);
    expect(tries).to.equal(1);
    companions.follow(NOT_NEEDED);
    companions.follow(NEEDED);
    expect(tries).to.equal(2);
    await new Promise((resolve) => setTimeout(resolve));
    companions.follow(NEEDED_STILL);
    expect(tries, 'as the call moves on').to.equal(3);
  });
});
