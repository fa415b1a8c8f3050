/** What the machine around the page is told of a call that is on, and what its keys do. */
import { isTalking } from '../call/phases.js';
import type { Companion, CompanionHost } from './companions.js';
import { SystemCall } from './media-session.js';
import { Shortcuts } from './shortcuts.js';
import { hasPictures } from './stage.js';
import type { PanelView } from './view.js';
import { WakeLock } from './wake-lock.js';

/** The companion of calls that are on. */
export const inCall = (host: CompanionHost): Companion => {
  const system = new SystemCall();
  const wakeLock = new WakeLock();
  const shortcuts = new Shortcuts(host);
  const stop = () => {
    system.stop();
    wakeLock.want(false);
    shortcuts.stop();
  };
  return {
    follow(view: PanelView) {
      const { state, call } = view.snapshot;
      if (!isTalking(state) || view.elsewhere || !call) return stop();
      system.follow(view);
      wakeLock.want(hasPictures(view.snapshot));
      shortcuts.follow(view);
    },
    stop,
  };
};
