/** The call is over: why, how long it was, and once more. */
import { html, nothing } from 'lit';
import type { CallInfo } from '../call/phases.js';
import { phone } from '../icons/phone.js';
import { clock, fill } from '../locales/index.js';
import { findOut } from './checkup.js';
import { callPill, endOf, face, missedOf, pill, withName } from './view.js';
import type { PanelView } from './view.js';

export function ended(view: PanelView, call: CallInfo) {
  const { words, lang, trouble, duration, ask, attend, close } = view;
  const { reason } = view.snapshot;
  const why = endOf(view, call);
  return html`<section
    part="dialog"
    class="card sheet over"
    role="group"
    aria-labelledby="title"
    tabindex="-1"
    @pointermove=${attend}
    @pointerleave=${attend}
    @focusout=${attend}
    @keydown=${(event: KeyboardEvent) => event.key === 'Escape' && !event.defaultPrevented && close()}
  >
    <header part="header" class="who">
      <slot name="logo"></slot>
      <div class="past">${face(call.name)}<i class="mark">${phone}</i></div>
      <div part="title" class="title small" id="title">${withName(why, call.name)}</div>
      ${duration >= 1 ? html`<div part="timer" class="line">${fill(words.duration, { time: clock(duration, lang) })}</div>` : nothing}
      ${trouble && trouble !== why ? html`<div part="status" class="line">${trouble}</div>` : nothing}
    </header>
    <div part="chat" class="chat"></div>
    <footer part="footer">
      <div part="controls" class="controls">
        ${reason === 'answered-elsewhere' ? nothing : callPill(missedOf(view, call) ? words.callBack : words.callAgain, () => ask.call(call.peer, { media: call.media }))}
        ${findOut(view)}${pill('close', words.close, close, { kind: 'quiet' })}
      </div>
    </footer>
  </section>`;
}
