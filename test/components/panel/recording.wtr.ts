import { expect, html } from '@open-wc/testing';
import type { CallRecordingEvent } from '../../../components/recording-event.js';
import { controls, part, press, textOf } from '../../support/panel-page.js';
import { clear, folders, leave, panelOf, parts, rootFolder, said, talk } from '../../support/recordings.js';
import { waitUntil } from '../../support/wait.js';
import { standIn } from '../../support/stand-ins.js';

const ON = { microphone: true, camera: true, screen: false };

describe('Recording a call', () => {
  beforeEach(clear);
  after(clear);

  it('is offered once the call is connected, where page and browser permit it', async () => {
    const { panel, session } = await panelOf();
    session.show({ state: 'connecting', call: null });
    await panel.updateComplete;
    expect(controls(panel)).not.to.include('Record');
    expect(await panel.record(true)).to.equal(false);
    talk(session);
    await panel.updateComplete;
    expect(controls(panel)).to.include('Record');
    panel.controlslist = 'norecord';
    await panel.updateComplete;
    expect(controls(panel)).not.to.include('Record');
    panel.controlslist = '';
    const undo = standIn(HTMLCanvasElement.prototype, 'captureStream', undefined);
    delete (HTMLCanvasElement.prototype as Partial<HTMLCanvasElement>).captureStream;
    try {
      panel.requestUpdate();
      await panel.updateComplete;
      expect(controls(panel)).not.to.include('Record');
      expect(await panel.record(true)).to.equal(false);
    } finally {
      undo();
    }
  });

  it('tells the other side first, is marked here, and gives a file that is offered after the call', async () => {
    const { panel, session } = await panelOf();
    talk(session);
    await panel.updateComplete;
    const files: CallRecordingEvent[] = [];
    panel.addEventListener('call-recording', (event) => files.push(event as CallRecordingEvent));
    press(panel, 'Record');
    await waitUntil(() => panel.hasAttribute('recording'));
    expect(session.asked('setRecording')).to.deep.equal([[true]]);
    expect(controls(panel)).to.include('Stop recording').and.not.to.include('Record');
    expect(part(panel, 'recording')!.textContent).to.equal('Recording');
    expect(said(panel)).to.equal('Call with Bob. You record this call.');
    // The same again is no other recording.
    await waitUntil(async () => (await parts()) > 0, 'the first part is written');
    expect(await panel.record(true)).to.equal(true);
    expect(await panel.record(false)).to.equal(true);
    expect(session.asked('setRecording')).to.deep.equal([[true], [false]]);
    expect(files.length).to.equal(1);
    expect(files[0]!.call).to.equal(session.snapshot.call!.id);
    expect(files[0]!.file.name).to.match(/^Bob [-\d]+ [.\d]+\.(webm|mp4)$/);
    expect(files[0]!.file.size).to.be.greaterThan(500);
    await waitUntil(() => textOf(panel).includes('The recording is offered after the call.'));
    expect(controls(panel)).to.include('Record').and.not.to.include('Save recording');

    session.end('hung-up', 3);
    await waitUntil(() => controls(panel).includes('Save recording'));
    session.show({ state: 'idle', call: null, reason: null });
    await panel.updateComplete;
    expect(textOf(panel)).to.include('A recording of your call with Bob was kept.');
    press(panel, 'Close');
    await waitUntil(() => !controls(panel).includes('Save recording'));
    expect(await folders(), 'what was put away is not lost').to.have.length(1);
  });

  it('goes on until the call ends, by whomever', async () => {
    const { panel, session } = await panelOf();
    talk(session);
    await panel.updateComplete;
    expect(await panel.record(true)).to.equal(true);
    await waitUntil(async () => (await parts()) > 0, 'the first part is written');
    session.show({ state: 'reconnecting' });
    await panel.updateComplete;
    expect(session.asked('setRecording')).to.deep.equal([[true]]);
    session.end('hung-up', 3);
    await waitUntil(() => controls(panel).includes('Delete recording'));
    press(panel, 'Delete recording');
    await waitUntil(() => controls(panel).includes('Cancel'));
    press(panel, 'Delete recording');
    await waitUntil(() => !controls(panel).includes('Delete recording'));
    await waitUntil(async () => (await folders()).length === 0);
  });

  it('is left to a page that takes the file', async () => {
    const { panel, session } = await panelOf();
    panel.addEventListener('call-recording', (event) => event.preventDefault());
    talk(session);
    await panel.updateComplete;
    const taken = new Promise((resolve) => panel.addEventListener('call-recording', resolve, { once: true }));
    expect(await panel.record(true)).to.equal(true);
    await waitUntil(async () => (await parts()) > 0, 'the first part is written');
    expect(await panel.record(false)).to.equal(true);
    await taken;
    session.end('hung-up', 3);
    await panel.updateComplete;
    expect(controls(panel)).not.to.include('Save recording');
  });

  it('says why, where it cannot be', async () => {
    const { panel, session } = await panelOf();
    talk(session);
    await panel.updateComplete;
    for (const [object, name, sentence] of [
      [MediaRecorder, 'isTypeSupported', 'This call cannot be recorded on this device.'],
      [navigator.storage, 'estimate', 'There is no room on this device for more of the recording.'],
    ] as const) {
      const undo = standIn(object, name, name === 'estimate' ? async () => ({ quota: 2e6, usage: 1e6 }) : () => false);
      try {
        expect(await panel.record(true)).to.equal(false);
      } finally {
        undo();
      }
      await waitUntil(() => textOf(panel).includes(sentence), sentence);
      expect(session.snapshot.local.recording).to.equal(false);
      expect(panel.hasAttribute('recording')).to.equal(false);
    }
  });

  it('keeps what there is when the disk is full', async () => {
    const { panel, session } = await panelOf();
    talk(session);
    await panel.updateComplete;
    const write = FileSystemWritableFileStream.prototype.write;
    let writes = 0;
    const undo = standIn(FileSystemWritableFileStream.prototype, 'write', function (this: FileSystemWritableFileStream, data: string) {
      // What the recording is about, its first part, and no more.
      return ++writes > 2 ? Promise.reject(new DOMException('full', 'QuotaExceededError')) : write.call(this, data);
    });
    try {
      expect(await panel.record(true)).to.equal(true);
      await waitUntil(() => session.asked('setRecording').length === 2);
    } finally {
      undo();
    }
    expect(textOf(panel)).to.include('There is no room on this device for more of the recording.');
    session.end('hung-up', 3);
    await waitUntil(() => controls(panel).includes('Save recording'));
  });
});

describe('A call that the other side records', () => {
  it('says so at once, and for as long as it lasts', async () => {
    const { panel, session } = await panelOf();
    talk(session);
    await panel.updateComplete;
    expect(part(panel, 'recording')).to.equal(null);
    session.show({ remote: { ...ON, recording: true } });
    await panel.updateComplete;
    expect(part(panel, 'recording')!.textContent).to.equal('Recording');
    expect(said(panel)).to.equal('Call with Bob. Bob records this call.');
    await waitUntil(() => part(panel, 'notices')?.textContent?.includes('Bob records this call.'));
    expect(said(panel), 'it is said once').to.equal('Call with Bob. Bob records this call.');
    expect(panel.hasAttribute('recording')).to.equal(false);
    session.show({ remote: ON });
    await waitUntil(() => !part(panel, 'notices') && !part(panel, 'recording'));
  });
});

describe('A recording that a page has left behind', () => {
  beforeEach(clear);
  after(clear);

  it('is offered by the next page, saved where the person wants it, and gone then', async () => {
    await leave('one');
    const { panel } = await panelOf();
    await waitUntil(() => controls(panel).includes('Save recording'));
    expect(textOf(panel)).to.include('A recording of your call with Bob was kept.');
    const pick = standIn(
      window as never,
      'showSaveFilePicker' as never,
      (async () => (await rootFolder()).getFileHandle('saved', { create: true })) as never,
    );
    try {
      press(panel, 'Save recording');
      await waitUntil(() => !controls(panel).includes('Save recording'));
      await waitUntil(async () => (await folders()).length === 0);
      const saved = await (await (await rootFolder()).getFileHandle('saved')).getFile();
      expect(await saved.text()).to.equal('the first half, the second half');
    } finally {
      pick();
    }
  });

  it('has a card of its own where a panel shows none, which can be put away', async () => {
    await leave('two');
    const { panel } = await panelOf(html`<video-call-panel me="alice"></video-call-panel>`);
    await waitUntil(() => controls(panel).includes('Save recording'));
    press(panel, 'Close');
    await waitUntil(() => controls(panel).length === 0);
    expect(await folders()).to.deep.equal(['two']);
  });

  it('is nobody else’s', async () => {
    await leave('three', { me: 'bob' });
    await leave('four');
    const { panel } = await panelOf();
    await waitUntil(() => controls(panel).includes('Save recording'));
    expect(panel.shadowRoot!.querySelectorAll('.recorded').length).to.equal(1);
    press(panel, 'Delete recording');
    await waitUntil(() => controls(panel).includes('Cancel'));
    press(panel, 'Delete recording');
    await waitUntil(async () => (await folders()).join() === 'three');
  });
});
