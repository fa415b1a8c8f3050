/** How long the end of a call is shown: for as long as it lasts, and after that while somebody is at it, or something of it is to be read or saved. */
import type { PanelView } from './view.js';

/** Milliseconds for which it is still shown once whoever was at it has left. */
const LEFT_FOR = 1000;

/** The end of the last call. */
export class EndCard {
  readonly #changed: () => void;
  #last: PanelView | undefined;
  /** Whether a pointer moves over it: one that only lies where it came is nobody's who reads. */
  #attended = false;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  readonly attend = ({ type }: Event): void => {
    this.#attended = type === 'pointermove';
    if (!this.#attended) setTimeout(this.#changed, LEFT_FOR);
  };

  /** What is shown: the end of the last call, until it is put away or there is another call. */
  keep(view: PanelView): PanelView {
    const { state } = view.snapshot;
    if (state === 'ended') this.#last = view;
    else if (state !== 'idle' || !this.#isOfUse(view)) {
      this.#last = undefined;
      this.#attended = false;
    }
    return state === 'idle' && this.#last
      ? { ...this.#last, chat: view.chat, recorder: view.recorder, words: view.words, lang: view.lang }
      : view;
  }

  #isOfUse({ recorder, chat, root }: PanelView): boolean {
    const written = !chat.hidden && chat.room?.snapshot.entries.length;
    return !!(this.#attended || recorder.waits || written || root.querySelector('.over :focus-visible'));
  }
}
