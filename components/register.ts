/** Gives the elements their names: the only place that does. */

/** Defines an element, unless its name is taken already: by this script loaded twice, or by another copy of it. */
export function define(name: string, element: CustomElementConstructor): void {
  if (!customElements.get(name)) customElements.define(name, element);
}

/** Loads and defines the panel. */
export async function registerPanel(): Promise<void> {
  if (customElements.get('video-call-panel')) return;
  // What the panel stands on, and its words, come beside it and not after it.
  const [{ VideoCallPanel }] = await Promise.all([
    import('./video-call-panel.js'),
    import('./call-controller.js'),
    import('./locales/speech.js').then(({ hasten }) => hasten()),
  ]);
  define('video-call-panel', VideoCallPanel);
}
