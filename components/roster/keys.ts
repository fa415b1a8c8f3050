/** The keyboard in a list of people or calls: one stop for Tab, arrows from row to row and from button to button. */

const STEPS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 8,
  PageUp: -8,
  Home: -Infinity,
  End: Infinity,
};

const buttonsOf = (row: Element): HTMLElement[] => [...row.querySelectorAll<HTMLElement>('button')];

/** Where the focus was in a list, to find it again when the list has changed. */
export interface Place {
  /** What tells the row from others. */
  readonly key: string;
  readonly row: number;
  readonly button: number;
}

/** The place of the focus in a list of rows; undefined where it is elsewhere. */
export function placeIn(list: Element | null, focused: Element | null | undefined): Place | undefined {
  const rows = list ? [...list.children] : [];
  const row = rows.findIndex((each) => each.contains(focused ?? null));
  if (!focused || row < 0) return undefined;
  return { key: (rows[row] as HTMLElement).dataset.row ?? '', row, button: buttonsOf(rows[row]!).indexOf(focused as HTMLElement) };
}

/** Puts the focus on the button of a place: of the same person, or of whoever stands there now. Answers whether there was one. */
export function focusAt(list: Element | null, { key, row, button }: Place): boolean {
  const rows = list ? ([...list.children] as HTMLElement[]) : [];
  const found = rows.find((each) => each.dataset.row === key) ?? rows[Math.min(row, rows.length - 1)];
  const buttons = found ? buttonsOf(found) : [];
  const target = buttons[Math.max(0, Math.min(button, buttons.length - 1))];
  target?.focus();
  return !!target;
}

/** Moves the focus as a key says; answers whether it was one for the list. */
export function move(list: Element, focused: Element | null, key: string): boolean {
  const place = placeIn(list, focused) ?? { key: '', row: -1, button: 0 };
  const towards = getComputedStyle(list).direction === 'rtl' ? -1 : 1;
  const aside = key === 'ArrowRight' ? towards : key === 'ArrowLeft' ? -towards : 0;
  const step = STEPS[key];
  if (step === undefined && aside === 0) return false;
  if (aside !== 0) return focusAt(list, { ...place, button: Math.max(0, place.button + aside) });
  const row = Math.max(0, Math.min(list.children.length - 1, place.row + step!));
  return focusAt(list, { ...place, row, key: '' });
}
