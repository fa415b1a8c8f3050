/** One person of the list. */
import { html, nothing } from 'lit';
import type { Presence, MediaKind } from '../../relay/protocol/index.js';
import type { Phase } from '../call/phases.js';
import { icons } from '../icons/index.js';
import { phone } from '../icons/phone.js';
import { fill } from '../locales/index.js';
import type { Words } from '../locales/index.js';
import { face } from '../panel/view.js';
import type { Listed } from './people.js';

/** The icons that only the list needs. */
export const glyphs = {
  search: html`<svg viewBox="0 0 24 24" aria-hidden="true">
    <path d="M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM15.3 15.3 20 20" />
  </svg>`,
  people: html`<svg viewBox="0 0 24 24" aria-hidden="true">
    <path
      d="M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7ZM2.5 19.5a6.5 6.5 0 0 1 13 0M15.5 5.3a3.5 3.5 0 0 1 0 6.4M18 14.2a6.5 6.5 0 0 1 3.5 5.3"
    />
  </svg>`,
};

/** What a row is drawn from. */
export interface RowView {
  readonly person: Listed;
  readonly presence: Presence;
  /** Where the call with this person stands. */
  readonly state: Phase;
  /** Which calls are offered. */
  readonly media: readonly MediaKind[];
  /** Whether nobody can be called now: a call is on, or the relay is away. */
  readonly still: boolean;
  /** Whether Tab comes to this row. */
  readonly isStop: boolean;
  readonly words: Words;
  call(person: Listed, media: MediaKind): void;
}

/** Whether a call with somebody is on, or being placed. */
export const isOn = (state: Phase): state is Exclude<Phase, 'idle' | 'ended'> => state !== 'idle' && state !== 'ended';

/** One row. */
export function row({ person, presence, state, media, still, isStop, words, call }: RowView) {
  const button = (kind: MediaKind, index: number) => {
    const name = fill(words.roster[kind], { name: person.name });
    return html`<button
      part="call-button ${kind}-button"
      aria-label=${name}
      title=${name}
      tabindex=${isStop && index === 0 ? 0 : -1}
      aria-disabled=${still || nothing}
      @click=${() => still || call(person, kind)}
    >
      ${kind === 'video' ? icons.camera : phone}
    </button>`;
  };
  return html`${face(person.name)}
    <div class="who">
      <div part="name" class="name"><bdi>${person.name}</bdi></div>
      <span part="presence" class="there"
        ><i class="dot ${presence}"></i>${isOn(state) ? words.states[state] : words.presence[presence]}</span
      >
    </div>
    ${media.map(button)}`;
}
