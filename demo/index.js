/** The page with both ends: switches between camera and animated picture, and writes down every event. */

const EVENTS = [
  'call-request',
  'call-incoming',
  'call-state',
  'call-connected',
  'call-ended',
  'call-error',
  'relay-status',
  'presence-change',
];
const MOST_LINES = 200;

const list = document.getElementById('events');

/** What an event says, in a few words. */
function describe(event) {
  switch (event.type) {
    case 'call-request':
      return `${event.media} call to ${event.peer}`;
    case 'call-incoming':
      return `${event.call.media} call from ${event.call.name}`;
    case 'call-state':
      return `${event.previous} → ${event.state}${event.reason ? ` (${event.reason})` : ''}`;
    case 'call-connected':
      return `with ${event.call.name}`;
    case 'call-ended':
      return `${event.reason}, after ${Math.round(event.duration)} s`;
    case 'call-error':
      return `${event.code}: ${event.message}`;
    case 'relay-status':
      return event.status;
    case 'presence-change':
      return `${event.peer} is ${event.presence}`;
    default:
      return '';
  }
}

function cell(tag, text, className) {
  const element = document.createElement(tag);
  element.textContent = text;
  element.className = className;
  return element;
}

function write(event) {
  const owner = event.target.getAttribute('panel') ?? event.target.id;
  const line = document.createElement('li');
  line.dataset.of = owner;
  line.append(
    cell('time', new Date().toLocaleTimeString([], { hour12: false }), 'time'),
    cell('span', owner, 'who'),
    cell('code', event.type, 'what'),
    cell('span', describe(event), 'how'),
  );
  list.prepend(line);
  while (list.children.length > MOST_LINES) list.lastElementChild.remove();
}

for (const type of EVENTS) document.addEventListener(type, write);

document.getElementById('clear').addEventListener('click', () => list.replaceChildren());

for (const box of document.querySelectorAll('[data-virtual-camera]')) {
  const panel = document.getElementById(box.dataset.virtualCamera);
  // A browser may restore the box of an earlier visit.
  panel.toggleAttribute('virtual-camera', box.checked);
  box.addEventListener('change', () => panel.toggleAttribute('virtual-camera', box.checked));
}

document.querySelector('[data-origin]').textContent = location.origin;
