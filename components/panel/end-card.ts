/** How long the end of a call is shown: for as long as it lasts, and after that while a pointer moves over it, the focus is on one of its buttons, or something of it is to be read, done or saved. */
import type { PanelView } from './view.js';

/** Milliseconds for which it is still shown once whoever was at it has left. */
const LEFT_FOR = 1000;
/** Milliseconds after which nobody is at it whose pointer does not move. */
const RESTS_FOR = 10_000;

/** The end of the last call. */
export class EndCard {
  readonly #changed: () => void;
  #last: PanelView | undefined;
  /** Whether a pointer moves over it: one that only lies where it came is nobody's who reads. */
  #attended = false;
  #timer?: ReturnType<typeof setTimeout>;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** A pointer moves over it or leaves it, or the focus does. */
  readonly attend = ({ type }: Event): void => {
    if (type === 'focusout') return void setTimeout(this.#changed, LEFT_FOR);
    const isMoved = type === 'pointermove';
    this.#attended ||= isMoved;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#leave, isMoved ? RESTS_FOR : LEFT_FOR);
  };

  readonly #leave = (): void => {
    this.#attended = false;
    this.#changed();
  };

  /** What is shown: the end of the last call, until it is put away or there is another call. */
  keep(view: PanelView): PanelView {
    const { state } = view.snapshot;
    if (state === 'ended') this.#last = view;
    else if (state !== 'idle' || !this.#last || !this.#isOfUse(view)) {
      this.#last = undefined;
      this.#attended = false;
    }
    if (state !== 'idle' || !this.#last) return view;
    const { snapshot, duration, trouble } = this.#last;
    return { ...view, snapshot, duration, trouble, devices: 'no' };
  }

  #isOfUse({ recorder, chat, root }: PanelView): boolean {
    const { trouble, snapshot } = this.#last!;
    // What is to be done about one's own microphone and camera takes a while to read, and longer to do.
    const asks = trouble && /^media-/.test(snapshot.reason ?? '');
    const written = !chat.hidden && chat.room?.snapshot.entries.length;
    const attended = root.querySelector(this.#attended || asks ? '.over' : '.over :focus-visible');
    return !!(attended || recorder.waits || written);
  }
}
