import { expect, fixture, html } from '@open-wc/testing';
import { keyboard } from '../../../components/panel/keyboard.js';
import type { Seen } from '../../../components/panel/keyboard.js';
import type { PanelView } from '../../../components/panel/view.js';

async function writing() {
  const host = await fixture<HTMLElement>(html`<div></div>`);
  const root = host.attachShadow({ mode: 'open' });
  root.innerHTML = `<style>.base { position: fixed; inset: 0 }</style><div class="base fullscreen"><section class="stage"><div class="log" style="overflow: auto; max-height: 50%"><p style="height: 900px"></p></div></section></div>`;
  const seen = Object.assign(new EventTarget(), { offsetTop: 0, height: 300, scale: 1 });
  const companion = keyboard(Object.assign(host, { requestUpdate() {} }), seen as Seen);
  const follow = (open: boolean, layout = 'fullscreen') =>
    companion.follow({ chat: { open }, layout, root, snapshot: { state: 'connected' }, windowed: false } as PanelView);
  const box = () => {
    const { top, height } = root.querySelector('.stage')!.getBoundingClientRect();
    return [top, height];
  };
  const change = (fields: Partial<Seen>) => {
    Object.assign(seen, fields);
    seen.dispatchEvent(new Event('resize'));
  };
  return { companion, follow, box, change, base: root.querySelector<HTMLElement>('.base')! };
}

describe('A call above the keyboard of a phone', () => {
  it('fills what can be seen while somebody writes, and goes along when the page is pushed up', async () => {
    const { follow, box, change, base } = await writing();
    follow(true);
    expect(box()).to.deep.equal([0, 300]);
    change({ height: 200, offsetTop: 40 });
    expect(box()).to.deep.equal([40, 200]);
    const log = base.querySelector('.log')!;
    log.scrollTop = log.scrollHeight;
    change({ height: 120 });
    expect(log.scrollHeight - log.scrollTop - log.clientHeight, 'what was said last stays in sight').to.be.lessThan(2);
    change({ height: 100_000, offsetTop: 0 });
    expect(box()).to.deep.equal([0, innerHeight]);
  });

  it('stays whole where somebody magnifies the page', async () => {
    const { follow, box, change } = await writing();
    follow(true);
    change({ scale: 2, height: 150, offsetTop: 70 });
    expect(box()).to.deep.equal([0, innerHeight]);
  });

  it('is left alone without a chat, inside a page, and after its companion has gone', async () => {
    const { companion, follow, change, base } = await writing();
    const given = base.style.cssText;
    follow(false);
    follow(true, 'inline');
    expect(base.style.cssText).to.equal(given);
    follow(true);
    expect(base.style.cssText).not.to.equal(given);
    companion.stop();
    change({ height: 120 });
    expect(base.style.cssText).to.equal(given);
  });
});
