import { waitUntil as within } from '@open-wc/testing';

/** Milliseconds that a component test waits for what comes soon on a machine that does nothing else. */
const PATIENCE = 8000;

/** Waits until something holds, for as long as a busy machine may need; fails with what was waited for. */
export const waitUntil = (holds: () => unknown, what = 'it comes', { timeout = PATIENCE } = {}): Promise<void> =>
  within(holds, what, { timeout });
