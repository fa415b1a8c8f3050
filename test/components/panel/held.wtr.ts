import { expect } from '@open-wc/testing';
import { Held } from '../../../components/panel/diagnosis/held.js';
import { standIn } from '../../support/stand-ins.js';
import { portrait, tone } from '../../support/media.js';

const undo: (() => void)[] = [];
afterEach(() => undo.splice(0).forEach((back) => back()));

/** Lets devices be asked for as `open` says, and notes for what they were. */
function asked(open: (kinds: readonly string[]) => MediaStream): string[] {
  const questions: string[] = [];
  undo.push(
    standIn(navigator.mediaDevices, 'getUserMedia', async (wanted: object) => {
      const kinds = Object.keys(wanted);
      questions.push(kinds.join(' '));
      return open(kinds);
    }),
  );
  return questions;
}

const reasonOf = (opening: Promise<unknown>): Promise<string> =>
  opening.then(
    () => 'opened',
    (cause: DOMException) => cause.name,
  );

describe('Devices that are held for a look', () => {
  it('each say for themselves why they cannot be opened, where one of two fails', async () => {
    const questions = asked((kinds) => {
      if (kinds.includes('video')) throw new DOMException('', 'NotReadableError');
      return new MediaStream([tone(0.1)]);
    });
    const held = new Held(() => {});
    held.askFor(['audio', 'video']);
    expect(await Promise.all([reasonOf(held.open('audio')), reasonOf(held.open('video'))])).to.deep.equal(['opened', 'NotReadableError']);
    expect(questions.sort()).to.deep.equal(['audio', 'audio video', 'video']);
    held.end();
  });

  it('are asked for once where the person says no', async () => {
    const questions = asked(() => {
      throw new DOMException('', 'NotAllowedError');
    });
    const held = new Held(() => {});
    held.askFor(['audio', 'video']);
    expect(await Promise.all([reasonOf(held.open('audio')), reasonOf(held.open('video'))])).to.deep.equal([
      'NotAllowedError',
      'NotAllowedError',
    ]);
    expect(questions).to.deep.equal(['audio video']);
  });

  it('are all let go, also one that came with another and was never looked at', async () => {
    const stream = new MediaStream([tone(0.1), ...portrait(200).getVideoTracks()]);
    asked(() => stream);
    const held = new Held(() => {});
    held.askFor(['audio', 'video']);
    await held.open('audio');
    held.end();
    expect(stream.getTracks().map(({ readyState }) => readyState)).to.deep.equal(['ended', 'ended']);
  });
});
