import { expect, fixtureSync, html } from '@open-wc/testing';
import { CALL_ERROR_CODES } from '../../../components/call/errors.js';
import { PHASES } from '../../../components/call/phases.js';
import { clock, fill, langOf, words } from '../../../components/locales/index.js';
import { END_REASONS } from '../../../relay/protocol/index.js';

describe('the words', () => {
  it('have a sentence for every end reason, error code and state', () => {
    const english = words('en');
    for (const reason of END_REASONS) expect(english.ended[reason], reason).to.be.a('string').and.not.empty;
    for (const code of CALL_ERROR_CODES) expect(english.errors[code], code).to.match(/\.$/);
    for (const phase of PHASES) if (phase !== 'idle') expect(english.states[phase], phase).to.be.a('string').and.not.empty;
  });

  it('are those of the contract on the controls', () => {
    const w = words('en');
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

  it('are English where a language is not there', () => {
    expect(words('en-GB')).to.equal(words('en'));
    expect(words('tlh')).to.equal(words('en'));
    expect(words('')).to.equal(words('en'));
  });

  it('take values as text, and leave unknown places alone', () => {
    expect(fill('Call with {name}, {nobody}', { name: '$& <b>' })).to.equal('Call with $& <b>, {nobody}');
  });
});

describe('the language of an element', () => {
  it('is its own, else the closest around it, across shadow roots', () => {
    const outer = fixtureSync<HTMLElement>(html`<div lang="fr"><div></div></div>`);
    const host = outer.firstElementChild as HTMLElement;
    const inner = document.createElement('p');
    host.attachShadow({ mode: 'open' }).append(inner);
    expect(langOf(inner)).to.equal('fr');
    inner.setAttribute('lang', 'de');
    expect(langOf(inner)).to.equal('de');
  });
});

describe('the clock', () => {
  it('shows minutes and seconds, and hours where there are any', () => {
    expect(clock(0, 'en')).to.equal('00:00');
    expect(clock(83.9, 'en')).to.equal('01:23');
    expect(clock(3600, 'en')).to.equal('01:00:00');
  });
});
