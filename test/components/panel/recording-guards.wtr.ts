import { expect, fixture, html } from '@open-wc/testing';
import { words } from '../../../components/locales/en.js';
import type { RecordDoor } from '../../../components/panel/record-door.js';
import { ask, makeRecording } from '../../../components/panel/recording/index.js';
import type { PanelView } from '../../../components/panel/view.js';
import type { VideoCallPanel } from '../../../components/video-call-panel.js';
import type { FakeSession } from '../../support/fake-session.js';
import { controls, part, press, textOf } from '../../support/panel-page.js';
import { FOLDER, clear, folders, leave, panelOf, parts, rootFolder, talk } from '../../support/recordings.js';
import { waitUntil } from '../../support/wait.js';
import { standIn } from '../../support/stand-ins.js';

const ON = { microphone: true, camera: true, screen: false };

/** A panel in a call. */
async function inCall() {
  const { panel, session } = await panelOf();
  talk(session);
  await panel.updateComplete;
  const files: File[] = [];
  panel.addEventListener('call-recording', (event) => files.push(event.file));
  return { panel, session, files };
}

/** The locks of the recordings that this page holds, also of those of earlier tests that nobody has removed yet. */
const locks = async () => (await navigator.locks.query()).held!.map(({ name }) => name!).filter((name) => name.startsWith(FOLDER));

/** Waits until all has come to rest: nothing is marked, nothing written, no lock held. */
async function isNothing(panel: VideoCallPanel, session: FakeSession, held: readonly string[]): Promise<void> {
  await waitUntil(async () => (await folders()).length === 0, 'nothing is left on the device');
  await waitUntil(async () => (await locks()).every((name) => held.includes(name)), 'no lock is held');
  expect(!!session.snapshot.local.recording).to.equal(false);
  await panel.updateComplete;
  expect(panel.hasAttribute('recording')).to.equal(false);
}

/** Counts the recorders that begin. */
function countStarts(): { count: number; undo: () => void } {
  const start = MediaRecorder.prototype.start;
  const starts = { count: 0, undo: () => {} };
  starts.undo = standIn(MediaRecorder.prototype, 'start', function (this: MediaRecorder, every?: number) {
    starts.count++;
    start.call(this, every);
  });
  return starts;
}

/** Holds up whoever asks for room, until it is told how much there is. */
function holdUp(): { release: (quota: number) => void; undo: () => void } {
  let release!: (quota: number) => void;
  const waits = new Promise<{ quota: number; usage: number }>((resolve) => (release = (quota) => resolve({ quota, usage: 0 })));
  let asked = false;
  const estimate = navigator.storage.estimate.bind(navigator.storage);
  const undo = standIn(navigator.storage, 'estimate', () => {
    if (asked) return estimate();
    asked = true;
    return waits;
  });
  return { release, undo };
}

describe('Nothing is recorded of which the other side is not told', () => {
  beforeEach(clear);
  after(clear);

  it('is neither offered nor begun while the relay cannot be reached', async () => {
    const { panel, session } = await inCall();
    session.show({ relayStatus: 'offline' });
    await panel.updateComplete;
    expect(controls(panel)).not.to.include('Record');
    expect(await panel.record(true)).to.equal(false);
    expect(session.asked('setRecording')).to.deep.equal([]);
  });

  it('does not begin where the session does not say it', async () => {
    const { panel, session } = await inCall();
    const held = await locks();
    session.setRecording = () => {};
    const starts = countStarts();
    expect(await panel.record(true)).to.equal(false);
    starts.undo();
    expect(starts.count).to.equal(0);
    await isNothing(panel, session, held);
  });

  it('ends where the session says it no longer, as after a page was away; what there is is kept', async () => {
    const { panel, session, files } = await inCall();
    expect(await panel.record(true)).to.equal(true);
    await waitUntil(async () => (await parts()) > 0, 'the first part is written');
    session.show({ local: ON });
    await waitUntil(() => files.length === 1, 'the recording is whole');
    expect(files[0]!.size).to.be.greaterThan(500);
    // It does not begin again by itself.
    session.show({ local: ON });
    await panel.updateComplete;
    expect(session.asked('setRecording')).to.deep.equal([[true]]);
    expect(await panel.record(true), 'it can be begun again').to.equal(true);
    expect(await panel.record(false)).to.equal(true);
  });

  it('ends when the page goes, and leaves nothing on the window after that', async () => {
    const { panel, session, files } = await inCall();
    expect(await panel.record(true)).to.equal(true);
    await waitUntil(async () => (await parts()) > 0, 'the first part is written');
    window.dispatchEvent(new Event('pagehide'));
    expect(session.snapshot.local.recording).to.equal(false);
    await waitUntil(() => files.length === 1, 'the recording is whole');
    window.dispatchEvent(new Event('pagehide'));
    expect(session.asked('setRecording')).to.deep.equal([[true], [false]]);
  });

  it('ends with the panel that records, also where another one of the same person stays', async () => {
    const { panel, session, files } = await inCall();
    const other = await fixture<VideoCallPanel>(html`<video-call-panel me="alice" layout="inline"></video-call-panel>`);
    expect(await panel.record(true)).to.equal(true);
    await waitUntil(async () => (await parts()) > 0, 'the first part is written');
    const place = panel.parentElement!;
    panel.remove();
    await waitUntil(() => session.asked('setRecording').length === 2, 'the other side is told');
    expect(session.asked('setRecording')).to.deep.equal([[true], [false]]);
    await waitUntil(() => files.length === 1 && !other.hasAttribute('recording'), 'the recording is whole');
    // Back in the page it does not go on by itself.
    other.remove();
    place.append(panel);
    await waitUntil(() => session.users === 1 && controls(panel).includes('Record'), 'it shows the call');
    expect(session.asked('setRecording').length).to.equal(2);
  });

  it('is ended at the session with which it began, also where the panel has no session any more', async () => {
    const { panel, session } = await inCall();
    const held = await locks();
    const door: RecordDoor = { session, wanted: true, changed: () => {} };
    const side = makeRecording(panel);
    const { snapshot } = session;
    side.follow({ snapshot, recorder: door, elsewhere: false, root: panel.shadowRoot!, words } as PanelView);
    expect(session.asked('setRecording')).to.deep.equal([[true]]);
    door.session = undefined;
    side.stop();
    expect(session.asked('setRecording')).to.deep.equal([[true], [false]]);
    expect(door.wanted).to.equal(false);
    await isNothing(panel, session, held);
  });

  it('can be ended by another panel of the same person', async () => {
    const { panel, session, files } = await inCall();
    expect(await panel.record(true)).to.equal(true);
    await waitUntil(async () => (await parts()) > 0, 'the first part is written');
    const door = { session, changed: () => {} };
    expect(await ask(door, true), 'there is no second one').to.equal(true);
    expect(await ask(door, false)).to.equal(true);
    await waitUntil(() => files.length === 1, 'the recording is whole');
    expect(session.asked('setRecording')).to.deep.equal([[true], [false]]);
    expect(panel.hasAttribute('recording')).to.equal(false);
  });
});

describe('A recording that does not begin', () => {
  beforeEach(clear);
  after(clear);

  it('leaves nothing behind, whatever fails, and says so', async () => {
    const { panel, session } = await inCall();
    const held = await locks();
    const pictures: MediaStream[] = [];
    const capture = HTMLCanvasElement.prototype.captureStream;
    const undo = standIn(HTMLCanvasElement.prototype, 'captureStream', function (this: HTMLCanvasElement, rate?: number) {
      pictures.push(capture.call(this, rate));
      return pictures.at(-1)!;
    });
    const fail = () => {
      throw new Error('as a test wants it');
    };
    try {
      for (const [object, name] of [
        [window, 'AudioContext'],
        [CanvasRenderingContext2D.prototype, 'roundRect'],
        [window, 'MediaRecorder'],
        [MediaRecorder.prototype, 'start'],
      ] as const) {
        // What the panel asks beforehand is answered as ever.
        const value = name === 'MediaRecorder' ? Object.assign(function () { fail(); }, { isTypeSupported: () => true }) : name === 'AudioContext' ? function () { fail(); } : fail; // prettier-ignore
        const put = standIn(object, name, value);
        try {
          expect(await panel.record(true), name).to.equal(false);
        } finally {
          put();
        }
        await isNothing(panel, session, held);
        await waitUntil(() => textOf(panel).includes('This call cannot be recorded on this device.'), name);
      }
    } finally {
      undo();
    }
    expect(pictures.length).to.equal(2);
    for (const picture of pictures) expect(picture.getTracks().map(({ readyState }) => readyState)).to.deep.equal(['ended']);
    expect(await panel.record(true), 'it can be tried again').to.equal(true);
    expect(await panel.record(false)).to.equal(true);
  });

  for (const [how, end] of [
    ['the person has thought better of it', (panel: VideoCallPanel) => void panel.record(false)],
    ['the call has ended', (_: VideoCallPanel, session: FakeSession) => session.end('hung-up', 3)],
    ['the panel has left the page', (panel: VideoCallPanel) => panel.remove()],
  ] as const) {
    it(`because ${how} meanwhile is none later`, async () => {
      const { panel, session, files } = await inCall();
      const held = await locks();
      const room = holdUp();
      const starts = countStarts();
      try {
        const begun = panel.record(true);
        await waitUntil(() => session.snapshot.local.recording, 'the other side is told');
        end(panel, session);
        expect(await begun).to.equal(false);
        await waitUntil(() => !session.snapshot.local.recording, 'the other side is told that there is none');
        room.release(1e12);
        await isNothing(panel, session, held);
        // A recording that begins now comes after all that was left to do.
        if (session.snapshot.state === 'connected' && panel.isConnected) {
          expect(await panel.record(true)).to.equal(true);
          expect(starts.count).to.equal(1);
          expect(await panel.record(false)).to.equal(true);
        } else expect(starts.count).to.equal(0);
        expect(files.every(({ size }) => size > 0)).to.equal(true);
      } finally {
        starts.undo();
        room.undo();
      }
    });
  }

  it('ends none that was begun after it', async () => {
    const { panel, session } = await inCall();
    const room = holdUp();
    try {
      const first = panel.record(true);
      await waitUntil(() => session.snapshot.local.recording);
      void panel.record(false);
      expect(await first).to.equal(false);
      await waitUntil(() => !session.snapshot.local.recording);
      expect(await panel.record(true)).to.equal(true);
      room.release(0);
      await waitUntil(async () => (await parts()) > 0, 'the second one is written');
      expect(session.asked('setRecording')).to.deep.equal([[true], [false], [true]]);
      expect(textOf(panel)).not.to.include('There is no room on this device');
      expect(await panel.record(false)).to.equal(true);
    } finally {
      room.undo();
    }
  });
});

describe('What was recorded', () => {
  beforeEach(clear);
  after(clear);

  const spoken = (panel: VideoCallPanel) => panel.shadowRoot!.querySelector('.recorded [role=status]')!.textContent.trim();
  const isFocused = (panel: VideoCallPanel) => panel.shadowRoot!.activeElement?.closest('.recorded') !== null;

  it('is deleted only when the person is sure, who stays on its card and hears of it', async () => {
    await leave('one');
    const { panel } = await panelOf(html`<video-call-panel me="alice"></video-call-panel>`);
    await waitUntil(() => controls(panel).includes('Delete recording'));
    part(panel, 'delete-recording-button')!.focus();
    press(panel, 'Delete recording');
    await waitUntil(() => spoken(panel) === 'Delete this recording for good?');
    expect(controls(panel)).to.deep.equal(['Delete recording', 'Cancel']);
    await waitUntil(() => panel.shadowRoot!.activeElement?.textContent?.trim() === 'Cancel', 'the way out has the focus');
    part(panel, 'delete-recording-button')!.dispatchEvent(new MouseEvent('click', { detail: 2, bubbles: true }));
    await panel.updateComplete;
    expect(spoken(panel), 'a double click deletes nothing').to.equal('Delete this recording for good?');
    press(panel, 'Cancel');
    await waitUntil(() => controls(panel).includes('Save recording'));
    expect(await folders()).to.deep.equal(['one']);
    expect(isFocused(panel)).to.equal(true);
    press(panel, 'Delete recording');
    await waitUntil(() => controls(panel).includes('Cancel'));
    press(panel, 'Delete recording');
    await waitUntil(() => spoken(panel) === 'The recording was deleted.');
    expect(isFocused(panel)).to.equal(true);
    await waitUntil(async () => (await folders()).length === 0);
    press(panel, 'Close');
    await waitUntil(() => controls(panel).length === 0);
  });

  it('cannot be pressed twice while it is saved, which is shown, and the person hears when it is done', async () => {
    await leave('two');
    const { panel } = await panelOf();
    await waitUntil(() => controls(panel).includes('Save recording'));
    let give!: (handle: Promise<FileSystemFileHandle>) => void;
    const chosen = new Promise<FileSystemFileHandle>((resolve) => (give = resolve));
    const pick = standIn(window, 'showSaveFilePicker', () => chosen);
    try {
      part(panel, 'save-recording-button')!.focus();
      press(panel, 'Save recording');
      await waitUntil(() => part(panel, 'save-recording-button')!.matches(':disabled'));
      expect(part(panel, 'delete-recording-button')!.matches(':disabled')).to.equal(true);
      expect(spoken(panel)).to.equal('The browser is saving the recording.');
      expect(panel.shadowRoot!.querySelector('.recorded .spinner')).to.exist;
      expect(isFocused(panel)).to.equal(true);
      give((await rootFolder()).getFileHandle('saved', { create: true }));
      await waitUntil(() => spoken(panel) === 'The recording was saved.');
      expect(isFocused(panel)).to.equal(true);
      expect(controls(panel)).not.to.include('Save recording').and.not.to.include('Delete recording');
      await waitUntil(async () => (await folders()).length === 0);
    } finally {
      pick();
    }
  });

  it('is offered where another one beside it cannot be read, which is looked at again by the next page', async () => {
    await leave('whole');
    // A file has no parts, and is no recording.
    const all = await (await rootFolder()).getDirectoryHandle(FOLDER);
    await all.getFileHandle('torn', { create: true });
    const { panel } = await panelOf();
    await waitUntil(() => controls(panel).includes('Save recording'));
    press(panel, 'Delete recording');
    await waitUntil(() => controls(panel).includes('Cancel'));
    press(panel, 'Delete recording');
    await waitUntil(async () => (await folders()).join() === 'torn');
    expect(localStorage.getItem(FOLDER)).to.equal('1');
    const { held } = await navigator.locks.query();
    expect(held!.filter(({ name }) => name!.endsWith('torn')).length, 'its lock is free').to.equal(0);
  });

  it('is looked for again by the next page where the place of it cannot be had now, and no more where nothing is left', async () => {
    localStorage.setItem(FOLDER, '1');
    const undo = standIn(navigator.storage, 'getDirectory', () => Promise.reject(new DOMException('not now', 'UnknownError')));
    const { leftBehind } = await import('../../../components/recording/storing.js');
    try {
      expect(await leftBehind('alice')).to.deep.equal([]);
    } finally {
      undo();
    }
    expect(localStorage.getItem(FOLDER)).to.equal('1');
    expect(await leftBehind('alice')).to.deep.equal([]);
    expect(localStorage.getItem(FOLDER)).to.equal(null);
  });

  it('of another guest is offered to nobody, and removed', async () => {
    await leave('theirs', { me: 'guest-1' });
    await leave('mine', { me: 'guest-2' });
    const { leftBehind } = await import('../../../components/recording/storing.js');
    const found = await leftBehind('guest-2');
    expect(found.map(({ about }) => about.id)).to.deep.equal(['mine']);
    expect(await folders()).to.deep.equal(['mine']);
    await found[0]!.remove();
  });
});
