import { expect, fixtureSync, html } from '@open-wc/testing';
import { placeOf } from '../../../components/locales/speech.js';
import { TABLES, loadTable } from '../../../components/locales/tables.js';
import type { VideoCallButton } from '../../../components/video-call-button.js';
import type { VideoCallPanel } from '../../../components/video-call-panel.js';
import type { FakeSessions } from '../../support/fake-session.js';
import { controls, freshPage, heard, part, sessionOf, textOf } from '../../support/panel-page.js';
import { waitUntil } from '../../support/wait.js';

let sessions: FakeSessions;
beforeEach(async () => (sessions = await freshPage()));
afterEach(() => {
  document.documentElement.lang = 'en';
  document.documentElement.removeAttribute('dir');
});

const label = (button: VideoCallButton) => part(button, 'button')?.innerText.trim();
const base = (panel: VideoCallPanel) => part(panel, 'base')!;
const directionOf = (panel: VideoCallPanel) => getComputedStyle(base(panel)).direction;

/** What is written on the console while something happens. */
async function warningsOf(act: () => Promise<unknown>): Promise<string[]> {
  const { warn } = console;
  const said: string[] = [];
  console.warn = (...args: unknown[]) => void said.push(args.map(String).join(' '));
  try {
    await act();
  } finally {
    console.warn = warn;
  }
  return said;
}

/** Makes a table fail to load, once; it is not loaded before. */
function breakTable(name: keyof typeof TABLES): () => void {
  const tables = TABLES as Record<string, () => Promise<unknown>>;
  const load = tables[name]!;
  tables[name] = () => Promise.reject(new Error('no network, on purpose'));
  return () => void (tables[name] = load);
}

describe('the place of an element', () => {
  it('has its own language, else the closest around it, across shadow roots', () => {
    const outer = fixtureSync<HTMLElement>(html`<div lang="fr"><div></div></div>`);
    const host = outer.firstElementChild as HTMLElement;
    const inner = document.createElement('p');
    host.attachShadow({ mode: 'open' }).append(inner);
    expect(placeOf(inner)).to.deep.equal({ lang: 'fr', dir: '' });
    inner.setAttribute('lang', 'de');
    expect(placeOf(inner)).to.deep.equal({ lang: 'de', dir: '' });
  });

  it('is directed by the page where a direction stands as close as the language', () => {
    const outer = fixtureSync<HTMLElement>(
      html`<div dir="rtl">
        <i lang="fr"><b></b></i>
        <p lang="fr" dir="ltr"><b></b></p>
      </div>`,
    );
    const [far, near] = [...outer.querySelectorAll('b')] as HTMLElement[];
    expect(placeOf(far!).dir).to.equal('');
    expect(placeOf(near!).dir).to.equal('ltr');
  });
});

describe('the elements speak the language of their place', () => {
  it('and change it with the page while they are there, in the middle of a call', async () => {
    const box = fixtureSync(html`
      <div><video-call-panel me="alice"></video-call-panel><video-call-button peer="bob"></video-call-button></div>
    `);
    const [panel, button] = [box.querySelector('video-call-panel')!, box.querySelector('video-call-button')!];
    const session = await sessionOf(sessions, 'alice');
    session.connect();
    await waitUntil(() => controls(panel).includes('Hang up'));
    document.documentElement.lang = 'zh-CN';
    await waitUntil(() => controls(panel).includes('挂断'));
    await waitUntil(() => label(button) === '通话中');
    expect(base(panel).lang).to.equal('zh-CN');
    document.documentElement.lang = 'ar-EG';
    await waitUntil(() => controls(panel).includes('إنهاء المكالمة'));
    expect(textOf(panel), 'digits').to.match(/٠٠:٠[٠-٩]/);
    document.documentElement.lang = 'en';
    await waitUntil(() => controls(panel).includes('Hang up') && label(button) === 'In a call');
  });

  it('inside a shadow root too, whose own languages they follow', async () => {
    const host = fixtureSync<HTMLElement>(html`<div></div>`);
    const around = document.createElement('section');
    around.lang = 'ja';
    host.attachShadow({ mode: 'open' }).append(around);
    const button = Object.assign(document.createElement('video-call-button'), { peer: 'bob' });
    around.append(button);
    await waitUntil(() => label(button) === '発信');
    around.lang = 'de';
    await waitUntil(() => label(button) === 'Anrufen');
    host.lang = 'fr';
    around.removeAttribute('lang');
    await waitUntil(() => label(button) === 'Appeler');
  });

  it('which may be another one for each', async () => {
    const box = fixtureSync(html`
      <div>
        <video-call-button peer="bob" lang="es"></video-call-button>
        <video-call-button peer="bob" lang="zh-TW"></video-call-button>
        <video-call-button peer="bob" lang="tlh"></video-call-button>
      </div>
    `);
    const [spanish, chinese, klingon] = [...box.querySelectorAll('video-call-button')];
    await waitUntil(() => label(spanish!) === 'Llamar' && label(chinese!) === '撥打');
    expect(label(klingon!)).to.equal('Call');
  });

  it('when they are lazy too, without a connection', async () => {
    const button = fixtureSync<VideoCallButton>(html`<video-call-button peer="bob" lang="ko" lazy></video-call-button>`);
    await waitUntil(() => label(button) === '통화하기');
    expect(sessions.all).to.deep.equal([]);
  });

  it('in its direction, unless the page says another one more closely', async () => {
    const panel = fixtureSync<VideoCallPanel>(html`<video-call-panel me="alice" layout="inline"></video-call-panel>`);
    await waitUntil(() => part(panel, 'base'));
    expect(directionOf(panel)).to.equal('ltr');
    document.documentElement.lang = 'he';
    await waitUntil(() => directionOf(panel) === 'rtl');
    document.documentElement.dir = 'ltr';
    await waitUntil(() => directionOf(panel) === 'ltr');
    panel.lang = 'ar';
    await waitUntil(() => directionOf(panel) === 'rtl');
    expect(base(panel).lang).to.equal('ar');
  });

  it('and shrug at a language tag that is none', async () => {
    const panel = fixtureSync<VideoCallPanel>(html`<video-call-panel me="alice" lang="zh_CN"></video-call-panel>`);
    const session = await sessionOf(sessions, 'alice');
    session.connect();
    await waitUntil(() => controls(panel).includes('挂断'));
    expect(textOf(panel)).to.match(/00:0\d/);
    panel.lang = '!?';
    await waitUntil(() => controls(panel).includes('Hang up'));
  });

  it('and go on in the one they have where another cannot be loaded, which is told once', async () => {
    const mend = breakTable('pt');
    const box = fixtureSync(html`
      <div><video-call-panel me="alice" layout="inline"></video-call-panel><video-call-button peer="bob"></video-call-button></div>
    `);
    const [panel, button] = [box.querySelector('video-call-panel')!, box.querySelector('video-call-button')!];
    await waitUntil(() => textOf(panel).includes('Ready for calls'));
    const warnings = await warningsOf(async () => {
      document.documentElement.lang = 'pt-BR';
      await loadTable('pt');
      await Promise.all([panel.updateComplete, button.updateComplete]);
      panel.requestUpdate();
      await panel.updateComplete;
    });
    mend();
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.contain('"pt"');
    expect(textOf(panel)).to.contain('Ready for calls');
    expect(base(panel).lang, 'what is read aloud').to.equal('en');
    expect(label(button)).to.equal('Call');
    // As soon as the words can be had they are there, without anything else that happens.
    await waitUntil(() => base(panel).lang === 'pt-BR' && label(button) !== 'Call');
  });

  it('and watch nothing any more once they are gone', async () => {
    const button = fixtureSync<VideoCallButton>(html`<video-call-button peer="bob"></video-call-button>`);
    await sessionOf(sessions);
    button.remove();
    await new Promise((resolve) => setTimeout(resolve));
    let drawn = 0;
    button.requestUpdate = () => void drawn++;
    document.documentElement.lang = 'fr';
    await new Promise((resolve) => setTimeout(resolve));
    expect(drawn).to.equal(0);
  });
});

describe('the words of a page', () => {
  it('stand in place of those of the widget, on the button and in the panel', async () => {
    const box = fixtureSync(html`
      <div>
        <video-call-panel me="alice" words='{"hangUp": "Leave", "incoming": {"video": "{name} is at the door"}}'></video-call-panel>
        <video-call-button peer="bob" .words=${{ call: 'Ask a nurse' }}></video-call-button>
      </div>
    `);
    const [panel, button] = [box.querySelector('video-call-panel')!, box.querySelector('video-call-button')!];
    await waitUntil(() => label(button) === 'Ask a nurse');
    const session = await sessionOf(sessions, 'alice');
    session.bringIn();
    await waitUntil(() => textOf(panel).includes('Bob is at the door'));
    session.connect();
    await waitUntil(() => controls(panel).includes('Leave'));
    expect(controls(panel), 'those that were left alone').to.include('Mute microphone');
    panel.words = { hangUp: 'Go' };
    await waitUntil(() => controls(panel).includes('Go'));
    panel.removeAttribute('words');
    await waitUntil(() => controls(panel).includes('Hang up'));
  });

  it('are told of and left alone where they are not understood, and never throw', async () => {
    const trouble = heard('call-error');
    const panel = fixtureSync<VideoCallPanel>(
      html`<video-call-panel me="alice" layout="inline" words='{"ready": "Here for you", "hangup": "Leave"}'></video-call-panel>`,
    );
    expect((await trouble).message).to.contain('"hangup", which is no word of the widget');
    panel.words = '{"ready": "Here for you"}';
    await waitUntil(() => textOf(panel).includes('Here for you') || textOf(panel).includes('Calls are not set up'));
    for (const [bad, why] of [
      ['{nonsense', 'must be a JSON object'],
      ['["a"]', 'must be a JSON object'],
      ['{"ready": {"a": "b"}}', 'must have a text as "ready"'],
      ['{"ended": "Over"}', 'must have an object as "ended"'],
      ['{"__proto__": {"a": "b"}}', '"__proto__"'],
    ] as const) {
      const said = heard('call-error');
      panel.words = bad;
      expect((await said).message, bad).to.contain(why);
    }
    const said = heard('call-error');
    panel.words = {
      get ready(): string {
        throw new Error('on purpose');
      },
    };
    expect((await said).code).to.equal('bad-attribute');
  });
});
