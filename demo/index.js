/** The page with both ends: switches between camera and animated picture, and writes down every event. */
import { writeEvents } from './events.js';

const list = document.getElementById('events');
writeEvents(list, document, (target) => target.getAttribute('panel') ?? target.id);
document.getElementById('clear').addEventListener('click', () => list.replaceChildren());

for (const box of document.querySelectorAll('[data-virtual-camera]')) {
  const panel = document.getElementById(box.dataset.virtualCamera);
  // A browser may restore the box of an earlier visit.
  panel.toggleAttribute('virtual-camera', box.checked);
  box.addEventListener('change', () => panel.toggleAttribute('virtual-camera', box.checked));
}

document.querySelector('[data-origin]').textContent = location.origin;
