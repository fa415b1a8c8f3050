/** Three calls on one page, each between two people of its own: the IDs are made up anew, so that visitors do not meet. */

const visit = Math.random().toString(36).slice(2, 8);

for (const panel of document.querySelectorAll('video-call-panel')) {
  const { me, peer } = panel.dataset;
  if (peer) panel.setAttribute('peer', `${peer}-${visit}`);
  panel.setAttribute('me', `${me}-${visit}`);
}

const shown = [...document.querySelectorAll('.shown')];
document.getElementById('start').addEventListener('click', () => {
  for (const panel of shown) if (panel.state === 'idle' || panel.state === 'ended') void panel.call(panel.peer);
});

for (const hand of document.querySelectorAll('.hand')) {
  hand.addEventListener('click', () => hand.setAttribute('aria-pressed', String(hand.getAttribute('aria-pressed') !== 'true')));
}
