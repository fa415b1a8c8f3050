import { expect } from '@open-wc/testing';
import { CALL_ERROR_CODES } from '../../../components/call/errors.js';
import { PHASES } from '../../../components/call/phases.js';
import { words as w } from '../../../components/locales/en.js';
import { clock, fill } from '../../../components/locales/index.js';
import { END_REASONS } from '../../../relay/protocol/index.js';

describe('the words', () => {
  it('have a sentence for every end reason, error code and state', () => {
    for (const reason of END_REASONS) expect(w.ended[reason], reason).to.be.a('string').and.not.empty;
    for (const code of CALL_ERROR_CODES) expect(w.errors[code], code).to.match(/\.$/);
    for (const phase of PHASES) if (phase !== 'idle') expect(w.states[phase], phase).to.be.a('string').and.not.empty;
  });

  it('are those of the contract on the controls', () => {
    expect([w.call, w.accept, w.acceptAudio, w.decline, w.cancel, w.hangUp, w.mute, w.unmute, w.cameraOff, w.cameraOn]).to.deep.equal([
      'Call',
      'Accept',
      'Accept without camera',
      'Decline',
      'Cancel',
      'Hang up',
      'Mute microphone',
      'Unmute microphone',
      'Turn camera off',
      'Turn camera on',
    ]);
    expect([w.switchCamera, w.pip, w.fullscreen]).to.deep.equal(['Switch camera', 'Picture in picture', 'Full screen']);
  });

  it('take values as text, and leave unknown places alone', () => {
    expect(fill('Call with {name}, {nobody}', { name: '$& <b>' })).to.equal('Call with $& <b>, {nobody}');
  });
});

describe('the clock', () => {
  it('shows minutes and seconds, and hours where there are any', () => {
    expect(clock(0, 'en')).to.equal('00:00');
    expect(clock(83.9, 'en')).to.equal('01:23');
    expect(clock(3600, 'en')).to.equal('01:00:00');
  });

  it('shows the digits of the language', () => {
    expect(clock(83, 'ar-EG')).to.equal('٠١:٢٣');
    expect(clock(83, 'ar-MA')).to.equal('01:23');
    expect(clock(83, 'he')).to.equal('01:23');
  });
});
