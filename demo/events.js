/** Writes down what pages are told, newest first: the log of the demo pages. */

const EVENTS = [
  'call-request',
  'call-incoming',
  'call-state',
  'call-connected',
  'call-ended',
  'call-message',
  'call-quality',
  'call-recording',
  'call-error',
  'relay-status',
  'presence-change',
  'history-change',
];
const MOST_LINES = 200;

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
    case 'call-message':
      return `${event.from}: ${event.text}`;
    case 'call-quality':
      return `${event.quality}${event.reason ? ` (${event.reason})` : ''}`;
    case 'call-recording':
      return `${event.file.name}, ${Math.round(event.duration)} s`;
    case 'call-error':
      return `${event.code}: ${event.message}`;
    case 'relay-status':
      return event.status;
    case 'presence-change':
      return `${event.peer} is ${event.presence}`;
    case 'history-change':
      return `${event.count} calls, ${event.missed} missed`;
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

/**
 * Writes every event of a page into a list. Events bubble up to the document, so one listener for each type is enough.
 *
 * @param {HTMLOListElement} list
 * @param {Document} page
 * @param {(target: Element) => string} ownerOf whose event it is
 */
export function writeEvents(list, page, ownerOf) {
  const write = (event) => {
    const owner = ownerOf(event.target);
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
  };
  for (const type of EVENTS) page.addEventListener(type, write);
}
