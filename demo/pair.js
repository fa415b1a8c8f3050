/** One person in a tab: `?me=alice&peer=bob`, and `&virtual` for an animated picture instead of the camera. */

const query = new URLSearchParams(location.search);
const me = query.get('me') || 'alice';
const peer = query.get('peer') || 'bob';

/** The address of this page for these two people. */
function addressFor(me, peer, virtual) {
  const url = new URL(location.pathname, location.origin);
  url.searchParams.set('me', me);
  url.searchParams.set('peer', peer);
  if (virtual) url.searchParams.set('virtual', '');
  return url.href;
}

const panel = document.getElementById('panel');
const box = document.getElementById('virtual');
const other = document.getElementById('other');

/** Tells everything on the page about the choice of the picture. */
function choose(virtual) {
  panel.toggleAttribute('virtual-camera', virtual);
  other.href = addressFor(peer, me, virtual);
  history.replaceState(null, '', addressFor(me, peer, virtual));
}

panel.setAttribute('me', me);
panel.setAttribute('peer', peer);
document.getElementById('voice').setAttribute('peer', peer);
document.getElementById('my-name').textContent = me;
document.title = `${me} · ${document.title}`;
document.getElementById('insecure').hidden = isSecureContext;

box.checked = query.has('virtual');
box.addEventListener('change', () => choose(box.checked));
choose(box.checked);

const form = document.getElementById('who');
form.elements.me.value = me;
form.elements.peer.value = peer;
form.addEventListener('submit', (event) => {
  event.preventDefault();
  location.href = addressFor(form.elements.me.value, form.elements.peer.value, box.checked);
});
