/** No call: whom one may call here, or whether one can be called. */
import { html, nothing } from 'lit';
import { icons } from '../icons/index.js';
import { phone } from '../icons/phone.js';
import { mayComeBack } from '../left-call.js';
import { door } from './checkup.js';
import { callPill, face, pill } from './view.js';
import type { PanelView } from './view.js';

export function idle(view: PanelView) {
  const { words, peer, layout, trouble, ask, devices, toggleDevices } = view;
  const floating = layout === 'floating';
  if (layout !== 'inline' && trouble) return refusal(view);
  if (layout === 'fullscreen') return nothing;
  const call = peer && callPill(words.call, () => ask.call(peer.id));
  if (floating) return view.snapshot.relayStatus === 'connecting' && mayComeBack() ? nothing : call;
  const choose = devices === 'no' ? nothing : pill('devices', words.devices, toggleDevices, { kind: 'quiet', icon: icons.devices });
  return html`<section part="dialog" class="card sheet" tabindex="-1">
    <slot name="logo"></slot>
    <slot name="idle">
      ${
        peer
          ? html`${face(peer.name)}
              <div part="title" class="title"><bdi>${peer.name}</bdi></div>
              ${status(view)}
              <div part="controls" class="controls">${call}${choose}</div>`
          : html`<div class="ready">${phone}</div>
              ${status(view)}
              <div part="controls" class="controls">${choose}</div>`
      }
      ${door(view, 'check')}
    </slot>
  </section>`;
}

function status({ snapshot, words, peer, elsewhere, trouble }: PanelView) {
  const online = snapshot.relayStatus === 'online';
  const there = online && peer ? peer.presence : 'unknown';
  const about = { online: words.presence[there] || words.ready, connecting: words.connectingRelay, offline: words.offline };
  return html`<div part="status" class="line">
    ${trouble ? nothing : html`<span class="dot ${peer ? there : snapshot.relayStatus}"></span>`}${elsewhere ? words.elsewhere : trouble || about[snapshot.relayStatus]}
  </div>`;
}

/** Somebody pressed a button, and it came to nothing: say why, where there is no panel on the page to say it. */
function refusal(view: PanelView) {
  const { words, trouble, close } = view;
  return html`<section part="dialog" class="card sheet" role="alertdialog" aria-labelledby="title" tabindex="-1">
    <div part="title" class="title small" id="title">${trouble}</div>
    <div part="controls" class="controls">${pill('close', words.close, close, { kind: 'quiet' })}${door(view)}</div>
  </section>`;
}
