/** A whole call with a page's own picture, words and buttons: `?me=alice&peer=bob`, and `&virtual` for an animated picture. */
import { createCallClient } from '/video-call-client.js';

const query = new URLSearchParams(location.search);
const me = query.get('me') || 'alice';
const peer = query.get('peer') || 'bob';
const find = (selector) => document.querySelector(selector);

const client = createCallClient({ me, virtualCamera: query.has('virtual'), ringtone: true, ringback: true });

const WORDS = {
  idle: () => `${peer} is ${presence}.`,
  calling: ({ call }) => `Calling ${call.name}…`,
  ringing: ({ call }) => `It rings at ${call.name}'s.`,
  incoming: ({ call }) => `${call.name} is calling you.`,
  connecting: () => 'Connecting…',
  connected: ({ call }) => `You talk to ${call.name}.`,
  reconnecting: () => 'The connection is being mended…',
  ended: ({ call, reason }) => `The call with ${call.name} is over: ${reason}.`,
};

/** Which buttons make sense when. */
const BUTTONS = {
  call: ({ state }) => state === 'idle' || state === 'ended',
  accept: ({ state }) => state === 'incoming',
  decline: ({ state }) => state === 'incoming',
  mute: ({ state }) => state === 'connected' || state === 'reconnecting',
  hangUp: ({ state }) => !['idle', 'ended', 'incoming'].includes(state),
};

const ASK = {
  call: () => client.call(peer),
  accept: () => client.accept(),
  decline: () => client.decline(),
  mute: () => client.setMicrophone(!client.snapshot.local.microphone),
  hangUp: () => client.hangUp(),
};

let presence = 'unknown';

/** Shows a stream, and does not begin anew with one that is shown already. */
function show(video, stream) {
  if (video.srcObject !== stream) video.srcObject = stream;
  video.toggleAttribute('data-on', !!stream);
}

/** Draws the page as the call stands. */
function draw(snapshot) {
  const { state, remoteStream, localStream, local } = snapshot;
  find('.stage').dataset.state = state;
  find('.status').textContent = WORDS[state](snapshot);
  show(find('.remote'), remoteStream);
  show(find('.local'), localStream);
  for (const button of document.querySelectorAll('[data-ask]')) button.hidden = !BUTTONS[button.dataset.ask](snapshot);
  find('[data-ask=mute]').setAttribute('aria-pressed', String(state === 'connected' && !local.microphone));
  find('.say').hidden = state !== 'connected';
}

function write(text) {
  const line = document.createElement('li');
  line.textContent = text;
  find('.said').append(line);
}

client.subscribe(draw);
client.watch(peer, (now) => {
  presence = now;
  draw(client.snapshot);
});
client.addEventListener('call-error', ({ message }) => (find('.status').textContent = message));
client.addEventListener('call-message', ({ from, text }) => write(`${from}: ${text}`));

find('.controls').addEventListener('click', ({ target }) => ASK[target.dataset.ask]?.());
find('.say').addEventListener('submit', (event) => {
  event.preventDefault();
  const field = event.target.elements.text;
  const text = field.value;
  event.target.reset();
  void client.sendMessage(text).then((sent) => sent && write(`You: ${text}`));
});
find('#other').href = `pair.html?${new URLSearchParams({ me: peer, peer: me, ...(query.has('virtual') && { virtual: '' }) })}`;
draw(client.snapshot);
