/** Imports each module that it is told, as a server does that renders pages, and says what that did to the process. */

const globals = () => Reflect.ownKeys(globalThis).map((key) => [key, Object.getOwnPropertyDescriptor(globalThis, key)]);
/** What stands behind a name; Node itself puts some of its own there when they are first asked for. */
const valueOf = ({ value, get }) => (get ? get.call(globalThis) : value);
const isSame = (one, other) =>
  one !== undefined && ((one.get === other.get && Object.is(one.value, other.value)) || Object.is(valueOf(one), valueOf(other)));
const found = [];

// Lit brings a registry of custom elements where there is none; and a process opens its own outputs when it is first asked for them.
await import('lit');
const outputs = [process.stdout, process.stderr];

for (const name of process.argv.slice(2)) {
  const known = new Map(globals());
  const awake = process.getActiveResourcesInfo();
  try {
    await import(name);
  } catch (error) {
    found.push(`${name} cannot be imported: ${error}`);
    continue;
  }
  const busy = process.getActiveResourcesInfo().filter((resource) => !awake.includes(resource));
  for (const resource of busy) found.push(`${name} keeps the process awake with ${resource}.`);
  for (const [key, now] of globals()) if (!isSame(known.get(key), now)) found.push(`${name} changes the global ${String(key)}.`);
}
for (const name of ['button', 'panel', 'roster', 'history']) {
  if (customElements.get(`video-call-${name}`)) found.push(`<video-call-${name}> is registered.`);
}
if (found.length > 0) outputs[0].write(`${found.join('\n')}\n`);
