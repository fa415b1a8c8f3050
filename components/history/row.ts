/** One row of the history: a call, or a run of calls that came to nothing in the same way. */
import { html, nothing } from 'lit';
import { GUEST_PREFIX } from '../../relay/protocol/address.js';
import { icons, stroke } from '../icons/index.js';
import { phone } from '../icons/phone.js';
import { fill } from '../locales/index.js';
import type { Words } from '../locales/index.js';
import { face } from '../panel/view.js';
import type { Entry } from './entry.js';
import { lengthIn, whenOf, wholly } from './format.js';
import { isOn, lengthOf } from './shown.js';
import type { Run } from './shown.js';

/** The icons that only the history needs. */
export const glyphs = {
  outgoing: stroke('M7 17 17 7M9.5 7H17v7.5'),
  incoming: stroke('M17 7 7 17M7 9.5V17h7.5'),
  missed: stroke('M19 6.5l-7.5 7.5L5 7.5M5 13V7.5h5.5M4 19h16'),
  remove: stroke('M6.5 6.5l11 11M17.5 6.5l-11 11'),
  clear: stroke('M4.5 7h15M9.5 7V4.5h5V7M6.5 7l1 12.5h9l1-12.5M10.3 11v5M13.7 11v5'),
  calls: stroke('M12 4.5a7.5 7.5 0 1 1-7.1 5.1M4 4.8v4.9h4.9M12 8.5V12l2.6 2'),
};

/** What a row is drawn from. */
export interface RowView {
  readonly run: Run;
  readonly words: Words;
  readonly lang: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Whether nobody can be called now: a call is on, or the relay is away. */
  readonly still: boolean;
  /** Whether Tab comes to this row. */
  readonly isStop: boolean;
  /** Whether it is a missed call that has just been seen for the first time. */
  readonly isFresh: boolean;
  call(run: Run): void;
  remove(run: Run): void;
}

/** What is seen of somebody, as the beginning of a sentence: beside a name it is written small. */
const begun = (word: string, lang: string): string => word.charAt(0).toLocaleUpperCase(lang) + word.slice(1);

/** What came of a call, in words; nothing beside its direction where it was talked. */
function outcomeIn({ history, ended, presence, states }: Words, lang: string, entry: Entry, now: number): string {
  switch (entry.outcome) {
    case 'answered':
      return isOn(entry, now) ? states.connected : '';
    case 'no-answer':
      return history.noAnswer;
    case 'busy':
      return begun(presence.busy, lang);
    case 'unreachable':
      return begun(presence.offline, lang);
    case 'elsewhere':
      return ended['answered-elsewhere'];
    case 'declined-elsewhere':
      return ended['declined-elsewhere'];
    case 'failed':
      return ended['connect-timeout'];
    default:
      return history[entry.outcome];
  }
}

/** The name under which somebody is shown. */
export const shownName = ({ name, entry: { peer } }: Run, words: Words): string =>
  name === peer && peer.startsWith(GUEST_PREFIX) ? words.guest : name;

/** One row. */
export function row({ run, words, lang, now, still, isStop, isFresh, call, remove }: RowView) {
  const { entry, ids } = run;
  const { peer, media, direction, outcome, at } = entry;
  // The ID of a guest is gone with the guest's page: nobody can be called back under it.
  const isGuest = peer.startsWith(GUEST_PREFIX);
  const name = shownName(run, words);
  const isMissed = outcome === 'missed';
  const length = outcome === 'answered' && !isOn(entry, now) ? lengthIn(lengthOf(entry), lang) : '';
  const said = [isMissed ? '' : words.history[direction], outcomeIn(words, lang, entry, now)].filter(Boolean).join('\u00a0· ');
  const callName = fill(words.roster[media], { name });
  const removeName = fill(words.history.remove, { name });
  const about = `about-${entry.id}`;
  return html`${face(name)}
    <div class="who">
      <div part="name" class="name">
        <bdi>${name}</bdi>
        ${ids.length > 1 ? html`<span class="times">(${new Intl.NumberFormat(lang).format(ids.length)})</span>` : nothing}
        ${isFresh ? html`<i class="fresh"></i>` : nothing}
      </div>
      <div part="detail" class="there" id=${about}>
        <span part="outcome" class="outcome">${isMissed ? glyphs.missed : glyphs[direction]}${said}</span>
        <span
          ><time part="time" datetime=${new Date(at).toISOString()} title=${wholly(at, lang)}>${whenOf(at, now, lang)}</time>${
            length && html`&nbsp;· <span part="length">${length}</span>`
          }</span
        >
      </div>
    </div>
    ${
      isGuest
        ? nothing
        : html`<button
            part="call-button ${media}-button"
            aria-label=${callName}
            aria-describedby=${about}
            title=${callName}
            tabindex=${isStop ? 0 : -1}
            aria-disabled=${still || nothing}
            @click=${() => still || call(run)}
          >
            ${media === 'video' ? icons.camera : phone}
          </button>`
    }
    <button
      part="remove-button"
      class="quiet"
      aria-label=${removeName}
      aria-describedby=${about}
      title=${removeName}
      tabindex=${isGuest && isStop ? 0 : -1}
      @click=${() => remove(run)}
    >
      ${glyphs.remove}
    </button>`;
}
