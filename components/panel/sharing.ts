/** How shared screens look, for calls in which there are any. */
import type { Companion, CompanionHost } from './companions.js';
import { sharingStyles } from './styles/sharing.js';
import type { PanelView } from './view.js';
import { wear } from './wear.js';

/** The companion of calls in which a screen is shared. */
export const sharing = (_host: CompanionHost): Companion => ({
  follow: ({ root }: PanelView) => wear(root, sharingStyles),
  stop: () => {},
});
