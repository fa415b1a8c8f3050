import { expect } from '@open-wc/testing';
import { CallController } from '../../components/call-controller.js';
import { FakeSessions } from '../support/fake-session.js';

describe('the script that a page loads', () => {
  before(() => {
    const sessions = new FakeSessions();
    CallController.sessions = async () => sessions;
  });

  it('names the button at once, and the panel that stands on the page', async () => {
    const panel = document.createElement('video-call-panel');
    document.body.append(panel);
    await import('../../components/video-call.js');
    expect(customElements.get('video-call-button')).to.exist;
    await customElements.whenDefined('video-call-panel');
    await panel.updateComplete;
    expect(panel.state).to.equal('idle');
    panel.remove();
  });

  it('may be loaded twice', async () => {
    const button = customElements.get('video-call-button');
    // @ts-expect-error -- a second copy of the module
    await import('../../components/video-call.js?again');
    expect(customElements.get('video-call-button')).to.equal(button);
  });
});
