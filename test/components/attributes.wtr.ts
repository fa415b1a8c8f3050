import { expect } from '@open-wc/testing';
import { readConnection, readPanel, readPeer, readRelay, readWord } from '../../components/attributes.js';
import type { Complaint } from '../../components/attributes.js';
import { VERSION } from '../../components/version.js';

const places = { script: 'https://relay.example.com/video-call.js', page: 'https://shop.example.com/tea/' };

function read<Value>(reading: (complaints: Complaint[]) => Value): { value: Value; about: string[]; messages: string[] } {
  const complaints: Complaint[] = [];
  const value = reading(complaints);
  return { value, about: complaints.map(({ attribute }) => attribute), messages: complaints.map(({ message }) => message) };
}

describe('the relay attribute', () => {
  const relay = (value: string | undefined, script = places.script) =>
    read((complaints) => readRelay(value, { ...places, script }, complaints));

  it('defaults to the origin that the script came from', () => {
    expect(relay(undefined).value).to.equal('wss://relay.example.com/ws');
    expect(relay('', 'http://localhost:8080/video-call.js').value).to.equal('ws://localhost:8080/ws');
  });

  it('takes http for ws, and a URL without a path for /ws', () => {
    expect(relay('https://calls.example.com').value).to.equal('wss://calls.example.com/ws');
    expect(relay('http://localhost:9000/').value).to.equal('ws://localhost:9000/ws');
    expect(relay('wss://calls.example.com/switch?x=1#y').value).to.equal('wss://calls.example.com/switch?x=1');
  });

  it('takes a path as one of the page', () => {
    expect(relay('/calls/ws').value).to.equal('wss://shop.example.com/calls/ws');
  });

  it('is the same where the address of the script has its version, and a path of that form that is no version of ours is a path', () => {
    const fixed = `https://relay.example.com/calls/v${VERSION}`;
    expect(relay(undefined, `${fixed}/video-call.js`).value).to.equal('wss://relay.example.com/calls/ws');
    expect(relay(undefined, `${fixed}/chunks/attributes-123456.js`).value).to.equal('wss://relay.example.com/calls/ws');
    expect(relay(undefined, 'https://relay.example.com/v99.0.0/video-call.js').value).to.equal('wss://relay.example.com/v99.0.0/ws');
  });

  for (const script of [
    'https://cdn.jsdelivr.net/npm/video-call-elements@1.2.3/dist/chunks/attributes-123456.js',
    'https://unpkg.com/video-call-elements/dist/video-call.js',
    'https://www.example.com/node_modules/video-call-elements/dist/video-call.js',
  ]) {
    it(`must be named where the script is a file of the package: ${script}`, () => {
      const { value, messages } = relay(undefined, script);
      expect(value).to.equal(undefined);
      expect(messages[0]).to.include(`came from ${new URL(script).host}`);
      expect(messages[0]).to.include('relay="wss://');
    });
  }

  it('must be named where the script did not come from a web server', () => {
    const { value, messages } = relay(undefined, 'file:///tmp/video-call.js');
    expect(value).to.equal(undefined);
    expect(messages[0]).to.match(/"relay" is needed here/);
  });

  for (const bad of [
    'relay.example.com',
    'localhost:8080',
    'ftp://x.example.com',
    'wss://',
    'javascript:alert(1)',
    '://',
    'wss://exa<mple',
  ]) {
    it(`refuses ${bad} with a sentence that names the attribute`, () => {
      const { value, about, messages } = relay(bad);
      expect(value).to.equal(undefined);
      expect(about).to.deep.equal(['relay']);
      expect(messages[0]).to.contain('wss:');
    });
  }
});

describe('the connection attributes', () => {
  const connection = (attributes: Parameters<typeof readConnection>[0]) =>
    read((complaints) => readConnection(attributes, places, complaints));

  it('leave out what is not given', () => {
    expect(connection({}).value).to.deep.equal({ relay: 'wss://relay.example.com/ws' });
    expect(connection({ me: '', displayName: '', token: '', iceServers: '' }).value).to.deep.equal({ relay: 'wss://relay.example.com/ws' });
  });

  it('are passed on when they are right', () => {
    const { value, about } = connection({
      me: 'alice@example.com',
      displayName: 'Alice 🌷',
      token: 'a.b.c',
      tokenSrc: 'token',
      iceServers: '[{"urls":"turn:t.example.com","username":"u","credential":"c"},{"urls":["stun:s.example.com"]}]',
      icePolicy: 'relay',
    });
    expect(about).to.deep.equal([]);
    expect(value).to.deep.equal({
      relay: 'wss://relay.example.com/ws',
      me: 'alice@example.com',
      displayName: 'Alice 🌷',
      token: 'a.b.c',
      tokenSrc: 'https://shop.example.com/tea/token',
      iceServers: [{ urls: ['turn:t.example.com'], username: 'u', credential: 'c' }, { urls: ['stun:s.example.com'] }],
      icePolicy: 'relay',
    });
  });

  it('connect nothing when the peer ID is not one', () => {
    for (const me of ['a b', 'ä', 'x'.repeat(129), 'a/b', '<b>']) {
      const { value, about } = connection({ me });
      expect(value, me).to.equal(undefined);
      expect(about, me).to.deep.equal(['me']);
    }
  });

  it('go on without ICE servers that are not a list of them', () => {
    for (const iceServers of ['{', '{}', '"stun:x"', '[{}]', '[{"urls":5}]', '[null]', '[{"urls":"http://x"}]']) {
      const { value, about } = connection({ iceServers });
      expect(value, iceServers).to.deep.equal({ relay: 'wss://relay.example.com/ws' });
      expect(about, iceServers).to.deep.equal(['ice-servers']);
    }
  });

  it('take ICE servers as a property, too', () => {
    expect(connection({ iceServers: [{ urls: 'stun:s.example.com' }] }).value?.iceServers).to.deep.equal([
      { urls: ['stun:s.example.com'] },
    ]);
  });

  it('go on without a name that is too long or has control characters', () => {
    for (const displayName of ['x'.repeat(65), 'a\nb']) expect(connection({ displayName }).about).to.deep.equal(['display-name']);
    expect(connection({ displayName: '🌷'.repeat(64) }).about).to.deep.equal([]);
  });

  it('go on without a token address or policy that makes no sense', () => {
    expect(connection({ tokenSrc: 'ftp://x', icePolicy: 'most' }).about).to.deep.equal(['token-src', 'ice-policy']);
  });
});

describe('the attributes of a panel', () => {
  const panel = (attributes: Parameters<typeof readPanel>[0]) => read((complaints) => readPanel(attributes, complaints));

  it('have defaults', () => {
    const { value, about } = panel({});
    expect(about).to.deep.equal([]);
    expect(value.layout).to.equal('floating');
    expect(value.ringTimeout).to.equal(60);
    expect(value.media).to.deep.equal({ virtualCamera: false, maxLines: 720, maxBitrate: undefined });
  });

  it('keep the bounds of ring-timeout, and take the default outside of them', () => {
    for (const ringTimeout of [5, 180]) expect(panel({ ringTimeout }).value.ringTimeout).to.equal(ringTimeout);
    for (const ringTimeout of [4, 181, 7.5, NaN, Infinity, -1]) {
      const { value, messages } = panel({ ringTimeout });
      expect(value.ringTimeout).to.equal(60);
      expect(messages).to.deep.equal(['The attribute "ring-timeout" must be a whole number from 5 to 180.']);
    }
  });

  it('name every word that is not known', () => {
    const { about } = panel({ layout: 'round', autoAnswer: 'yes', maxResolution: '4k', maxBitrate: 1, peer: 'a b' });
    expect(about).to.have.members(['layout', 'auto-answer', 'max-resolution', 'max-bitrate', 'peer']);
  });

  it('name what controlslist does not know, and take the rest', () => {
    expect(panel({ controlslist: 'nochat  norecord' }).messages).to.deep.equal([]);
    const { messages } = panel({ controlslist: 'nochatt nopip norecrod' });
    expect(messages[0]).to.match(/^The attribute "controlslist" knows no nochatt, norecrod, but: nochat, /);
  });

  it('read resolutions as lines', () => {
    expect(panel({ dataSaver: true }).value.media.dataSaver).to.equal(true);
    expect(panel({ maxResolution: '1080p', maxBitrate: 1500, virtualCamera: true }).value.media).to.deep.equal({
      virtualCamera: true,
      maxLines: 1080,
      maxBitrate: 1500,
    });
  });
});

describe('single values', () => {
  it('are peer IDs only in the characters of the contract', () => {
    expect(read((complaints) => readPeer('peer', 'A-Z.a_z:0@9+=', complaints)).value).to.equal('A-Z.a_z:0@9+=');
    expect(read((complaints) => readPeer('peer', 'no spaces', complaints)).messages[0]).to.match(/"peer" must be a peer ID: 1 to 128/);
  });

  it('are words only when they are known', () => {
    expect(read((complaints) => readWord('media', 'constructor', ['audio', 'video'], complaints)).messages[0]).to.equal(
      'The attribute "media" must be one of: audio, video.',
    );
  });
});
