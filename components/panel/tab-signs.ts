/** Whose calls are to be seen on the tab of this page while it is in the background. */

const callers = new Map<object, string>();
let marks: { stop(): void } | undefined;
let round = 0;

/** Shows, while the page is in the background, that somebody calls. One `unsignal` ends it. */
export function signal(owner: object, text: string): void {
  if (!callers.size) document.addEventListener('visibilitychange', show);
  callers.set(owner, text);
  show();
}

/** Leaves title and icon as the page would have them, unless another call is signalled. May be called twice. */
export function unsignal(owner: object): void {
  if (!callers.delete(owner)) return;
  if (!callers.size) document.removeEventListener('visibilitychange', show);
  show();
}

function show(): void {
  const own = ++round;
  marks?.stop();
  marks = undefined;
  const text = [...callers.values()].at(-1);
  if (!text || document.visibilityState !== 'hidden') return;
  // Where it cannot be loaded the call can be heard.
  void import('./tab-marks.js').then(
    ({ marksOf }) => own === round && (marks = marksOf(text)),
    () => {},
  );
}
