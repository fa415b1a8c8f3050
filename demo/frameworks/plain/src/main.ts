import type {} from 'video-call-elements/panel';
import 'video-call-elements';
import { colleagues, me } from './team';

const find = <E extends Element>(selector: string): E => {
  const element = document.querySelector<E>(selector);
  if (!element) throw new Error(`The page has no ${selector}.`);
  return element;
};

const panel = find<HTMLElementTagNameMap['video-call-panel']>('video-call-panel');
panel.setAttribute('me', me.id);
panel.setAttribute('display-name', me.name);

// Every event of the elements has its type by its name, and its fields are plain properties.
const status = find('[role="status"]');
const tell = (words: string): void => void (status.textContent = words);
panel.addEventListener('relay-status', (event) => tell(event.status === 'online' ? 'You can be called' : 'Connecting …'));
panel.addEventListener('call-connected', (event) => tell(`In a call with ${event.call.name}`));
panel.addEventListener('call-ended', (event) => tell(`Call ended (${event.reason}), ${Math.round(event.duration)} s`));

const buttons = colleagues.map((person) => {
  const button = document.createElement('video-call-button');
  button.peer = person.id;
  button.textContent = `Call ${person.name}`;
  const item = document.createElement('li');
  const about = document.createElement('span');
  const role = document.createElement('small');
  role.textContent = person.role;
  about.append(person.name, role);
  item.append(about, button);
  find('ul').append(item);
  return button;
});

find<HTMLInputElement>('[name="voice"]').addEventListener('change', (event) => {
  const { checked } = event.target as HTMLInputElement;
  for (const button of buttons) button.media = checked ? 'audio' : 'video';
});
find<HTMLInputElement>('[name="saver"]').addEventListener('change', (event) => {
  panel.toggleAttribute('data-saver', (event.target as HTMLInputElement).checked);
});

// The panel stands outside of what changes, so that a call goes on.
addEventListener('hashchange', () => {
  for (const section of document.querySelectorAll('section')) section.hidden = `#${section.id}` !== (location.hash || '#people');
  for (const link of document.querySelectorAll('nav a')) {
    if (link.getAttribute('href') === location.hash) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
});
