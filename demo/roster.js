/** The list of people: each tab is somebody of a few, and speaks one of the widget's languages. */

const NAMES = ['Ada', 'Bo', 'Chen', 'Dina', 'Emil', 'Farah', 'Goran', 'Hana', 'Ivo', 'Jun'];

const panel = document.getElementById('panel');
const asked = new URLSearchParams(location.search).get('me') ?? '';
const me = /^[\w.@:+=-]{1,64}$/.test(asked) ? asked : NAMES[0];
const next = NAMES[(NAMES.indexOf(me) + 1) % NAMES.length];

panel.displayName = me;
panel.me = me.toLowerCase();
document.getElementById('my-name').textContent = me;
document.getElementById('another').href = `?${new URLSearchParams({ me: next })}`;

const box = document.getElementById('virtual');
const choose = () => panel.toggleAttribute('virtual-camera', box.checked);
box.addEventListener('change', choose);
choose();

const language = document.getElementById('language');
const speak = () => {
  for (const id of ['panel', 'roster', 'history']) document.getElementById(id).lang = language.value;
};
language.addEventListener('change', speak);
speak();
