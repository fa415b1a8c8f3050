/** The diagnosis on its card, with findings that are made up; what a person can do there. */
import { expect, fixture, html } from '@open-wc/testing';
import { found } from '../../../components/diagnosis/findings.js';
import { diagnose } from '../../../components/diagnosis/index.js';
import type { VideoCallPanel } from '../../../components/video-call-panel.js';
import { AT_REST } from '../../support/fake-session.js';
import type { FakeSession } from '../../support/fake-session.js';
import { findAlways } from '../../support/gallery-diagnosis.js';
import type { Case } from '../../support/gallery-diagnosis.js';
import { controls, freshPage, part, press, sessionOf, textOf } from '../../support/panel-page.js';
import { pressKey, standIn } from '../../support/stand-ins.js';
import { portrait, tone } from '../../support/media.js';
import { waitUntil } from '../../support/wait.js';

const CHECK = 'Check my camera, microphone and connection';
const undo: (() => void)[] = [];
let given: MediaStreamTrack[] = [];
let asked: MediaStreamConstraints[] = [];
const live = (): number => given.filter(({ readyState }) => readyState === 'live').length;
const rows = (panel: Element, outcome: string): number => panel.shadowRoot!.querySelectorAll(`.finding.${outcome}`).length;

async function isAccessible(panel: Element): Promise<void> {
  for (const animation of panel.shadowRoot!.getAnimations()) if (animation.effect?.getTiming().iterations === 1) animation.finish();
  await expect(panel).to.be.accessible();
}

describe('The card of the diagnosis', () => {
  beforeEach(() => {
    [given, asked] = [[], []];
    const open = async (constraints: MediaStreamConstraints) => {
      asked.push(constraints);
      const stream = new MediaStream([...(constraints.audio ? [tone(0.2)] : []), ...(constraints.video ? portrait(200).getTracks() : [])]);
      given.push(...stream.getTracks());
      return stream;
    };
    undo.push(standIn(navigator.mediaDevices, 'getUserMedia', open));
  });
  afterEach(() => {
    for (const back of undo.splice(0).reverse()) back();
  });

  async function panelWith(what: Case = {}, layout = 'inline'): Promise<{ panel: VideoCallPanel; session: FakeSession }> {
    undo.push(findAlways(what));
    const sessions = await freshPage();
    const panel = await fixture<VideoCallPanel>(
      html`<video-call-panel me="alice" peer="bob" layout=${layout} ringtone="none" ringback="none"></video-call-panel>`,
    );
    return { panel, session: await sessionOf(sessions, 'alice') };
  }
  async function opened(what: Case = {}): Promise<{ panel: VideoCallPanel; session: FakeSession }> {
    const made = await panelWith(what);
    await made.panel.updateComplete;
    press(made.panel, CHECK);
    await waitUntil(() => rows(made.panel, 'ok') > 0, 'something is found');
    return made;
  }

  it('says what was found, shows picture and level, and lets everything go when it is closed', async () => {
    const { panel } = await opened();
    await waitUntil(() => textOf(panel).includes('Everything works'), 'it comes to an end');
    expect([rows(panel, 'ok'), rows(panel, 'failed'), live()]).to.deep.equal([11, 0, 2]);
    expect(textOf(panel)).to.include('38 ms').and.not.include('(TLS)');
    expect(part(panel, 'diagnosis')!.querySelector('video')!.srcObject).to.be.instanceOf(MediaStream);
    await waitUntil(() => Number(panel.shadowRoot!.querySelector('.own')?.ariaValueNow) > 50, 'the level is shown');
    await isAccessible(panel);
    part(panel, 'close-button')!.focus();
    press(panel, 'Close');
    await panel.updateComplete;
    await waitUntil(() => live() === 0, 'all is let go');
    expect(controls(panel)).to.deep.equal(['Call', 'Devices', CHECK]);
    expect(panel.shadowRoot!.activeElement, 'the keyboard stays in the panel').to.exist;
  });

  it('tells what goes on once, and each failure with what to do', async () => {
    const { panel } = await opened({ others: [found('camera', 'denied'), found('turn-udp', 'way-blocked')], devices: false });
    await waitUntil(() => textOf(panel).includes('Camera: This page may not use it'), 'the summary is there');
    const status = [...part(panel, 'diagnosis')!.querySelectorAll('[role=status]')];
    expect(status.map(({ textContent }) => textContent.trim())).to.deep.equal([
      'Camera: This page may not use it: click the icon beside the address, allow it, and check again.',
    ]);
    const signs = [...panel.shadowRoot!.querySelectorAll('.failed [role=img], .warning [role=img]')];
    expect(signs.map(({ ariaLabel }) => ariaLabel)).to.deep.equal(['Does not work', 'Limited']);
    await isAccessible(panel);
  });

  it('is ended by whoever closes it, by a call that comes in, and when the panel goes', async () => {
    const running: Case = { unfinished: ['media'] };
    const one = await opened(running);
    expect(textOf(one.panel)).to.include('Checking…');
    one.session.bringIn();
    await waitUntil(() => live() === 0 && controls(one.panel).includes('Accept'), 'the call is shown, and all is let go');
    const two = await opened(running);
    await waitUntil(() => live() === 2, 'both are open');
    two.panel.remove();
    await waitUntil(() => live() === 0, 'all is let go');
  });

  it('asks for devices at a press alone, for both at once', async () => {
    const { panel } = await opened({ others: [found('microphone', 'not-asked'), found('camera', 'not-asked')], devices: false });
    await waitUntil(() => controls(panel).includes('Allow microphone and camera'), 'it offers to ask');
    expect(asked).to.deep.equal([]);
    await isAccessible(panel);
    press(panel, 'Allow microphone and camera');
    await waitUntil(() => !controls(panel).includes('Allow microphone and camera'), 'they are looked at');
    expect(asked.map((constraints) => Object.keys(constraints).sort())).to.deep.equal([['audio', 'video']]);
    expect([live(), rows(panel, 'skipped')]).to.deep.equal([2, 0]);
  });

  it('lets a person hear the own voice through a connection, until it is stopped', async () => {
    const { panel } = await opened();
    await waitUntil(() => controls(panel).includes('Hear yourself'), 'there is a microphone');
    press(panel, 'Hear yourself');
    await waitUntil(() => textOf(panel).includes('Headphones'), 'it says what to do');
    await waitUntil(() => textOf(panel).includes('Your voice has come back'), 'the voice is back');
    expect(Number(panel.shadowRoot!.querySelector('.back')?.ariaValueNow)).to.be.greaterThan(20);
    await isAccessible(panel);
    press(panel, 'Stop listening');
    expect(controls(panel)).to.include('Hear yourself');
  });

  it('copies the report, or shows it where the page may not copy', async () => {
    const copied: string[] = [];
    undo.push(standIn(navigator.clipboard, 'writeText', async (text: string) => void copied.push(text)));
    const { panel } = await opened();
    await waitUntil(() => controls(panel).includes('Copy report'), 'it comes to an end');
    press(panel, 'Copy report');
    await waitUntil(() => controls(panel).includes('Copied'), 'it says so');
    expect(copied[0]).to.include('relay: ok (38 ms)');
    undo.push(standIn(navigator.clipboard, 'writeText', () => Promise.reject(new Error('no'))));
    press(panel, 'Copied');
    await waitUntil(() => panel.shadowRoot!.querySelector('textarea'), 'the report is shown');
    expect(panel.shadowRoot!.querySelector('textarea')!.value).to.equal(copied[0]);
    await isAccessible(panel);
  });

  it('is closed by Escape, which the page then does not see', async () => {
    const { panel } = await opened();
    await waitUntil(() => live() === 2, 'both are open');
    const seen: string[] = [];
    const see = ({ key }: KeyboardEvent): void => void seen.push(key);
    document.addEventListener('keydown', see);
    for (const key of ['a', 'Escape']) pressKey(key, part(panel, 'diagnosis')!);
    document.removeEventListener('keydown', see);
    await panel.updateComplete;
    expect([seen, live(), controls(panel).includes(CHECK)]).to.deep.equal([['a'], 0, true]);
  });

  it('checks again', async () => {
    const { panel } = await opened();
    await waitUntil(() => controls(panel).includes('Check again'), 'it comes to an end');
    undo.push(findAlways({ others: [found('relay', 'unreachable')] }));
    press(panel, 'Check again');
    await waitUntil(() => textOf(panel).includes('Call service: The call service does not answer'), 'it has looked anew');
    expect(live()).to.equal(2);
  });

  it('is offered after a call that failed here, and after no other', async () => {
    const { panel, session } = await panelWith({}, 'floating');
    const offers = async (reason: Parameters<FakeSession['end']>[0], more: object = {}): Promise<boolean> => {
      session.show({ ...AT_REST, ...more });
      session.connect();
      await panel.updateComplete;
      session.end(reason, 3);
      await panel.updateComplete;
      return controls(panel).includes('Find out why');
    };
    for (const reason of ['connect-timeout', 'connection-lost', 'refused'] as const) expect(await offers(reason), reason).to.equal(true);
    for (const reason of ['hung-up', 'declined', 'busy', 'media-denied', 'unreachable'] as const)
      expect(await offers(reason), reason).to.equal(false);
    expect(await offers('unreachable', { relayStatus: 'offline' })).to.equal(true);
    press(panel, 'Find out why');
    await waitUntil(() => textOf(panel).includes('Everything works'), 'it comes to an end');
    session.show({ ...AT_REST });
    await panel.updateComplete;
    expect(textOf(panel), 'it stays when the call is forgotten').to.include('Everything works');
    panel.controlslist = 'nodiagnose';
    await panel.updateComplete;
    expect(controls(panel)).to.deep.equal(['Call']);
    await waitUntil(() => live() === 0, 'all is let go');
    expect(await offers('connect-timeout')).to.equal(false);
  });

  it('speaks the language of the place, also when that changes', async () => {
    const { panel } = await opened({ others: [found('relay', 'unreachable')] });
    await waitUntil(() => controls(panel).includes('Check again'), 'it comes to an end');
    panel.lang = 'de';
    await waitUntil(() => textOf(panel).includes('Anrufdienst: Der Anrufdienst antwortet nicht'), 'it speaks German');
  });
});

describe('diagnose()', () => {
  it('leaves a call as it is, and says of its devices that they are in use', async () => {
    const sessions = await freshPage();
    const panel = await fixture<VideoCallPanel>(html`<video-call-panel me="alice" ringtone="none" ringback="none"></video-call-panel>`);
    const session = await sessionOf(sessions, 'alice');
    const localStream = new MediaStream([tone(0.1), ...portrait(20).getTracks()]);
    session.connect({}, { localStream });
    const captures: unknown[] = [];
    undo.push(standIn(navigator.mediaDevices, 'getUserMedia', async (wanted: unknown) => captures.push(wanted)));
    const before = session.requests.length;
    const { findings } = await panel.diagnose();
    const codeOf = (check: string) => findings.find((each) => each.check === check)!.code;
    expect([codeOf('microphone'), codeOf('camera')]).to.deep.equal(['in-call', 'in-call']);
    expect([captures, session.requests.length - before, session.snapshot.state]).to.deep.equal([[], 0, 'connected']);
    expect(localStream.getTracks().every(({ readyState }) => readyState === 'live')).to.equal(true);
    for (const back of undo.splice(0).reverse()) back();
  });

  it('ends when it is told to, and says what it has not looked at', async () => {
    const element = Object.assign(document.createElement('div'), { relay: 'ws://127.0.0.1:9/ws' });
    const end = new AbortController();
    end.abort();
    const { findings, ok } = await diagnose({ element, snapshot: AT_REST }, { signal: end.signal });
    expect(findings.map(({ code }) => code)).to.include('stopped');
    expect([findings.length, ok]).to.deep.equal([12, true]);
  });

  it('goes on where a listener fails', async () => {
    const element = Object.assign(document.createElement('div'), { relay: 'nonsense', virtualCamera: true });
    const { findings, summary } = await diagnose(
      { element, snapshot: AT_REST },
      {
        progress: () => {
          throw new Error('The page has a mistake.');
        },
      },
    );
    expect(findings.find(({ check }) => check === 'relay')!.code).to.equal('settings');
    expect(findings.find(({ check }) => check === 'camera')!.code).to.equal('virtual');
    expect(summary).to.equal('Call service: Calls are not set up correctly on this page: tell the owner of this site.');
  });
});
