/** What moves on the stage of a call: the small picture, the floating window, and the controls that step back. */
import { html, nothing, render } from 'lit';
import { icons } from '../icons/index.js';
import { expandIcon, minimiseIcon } from '../icons/moves.js';
import type { Companion, CompanionHost } from './companions.js';
import { FloatingWindow } from './floating.js';
import { SmallPicture } from './small-picture.js';
import { isOn, remoteSeen } from './stage.js';
import { Stillness } from './stillness.js';
import { moreStyles } from './styles/more.js';
import { movesStyles } from './styles/moves.js';
import { noticesStyles } from './styles/notices.js';
import { tool } from './tool.js';
import { wear } from './wear.js';
import type { PanelView } from './view.js';

/** Makes the stage of a panel movable. */
export function moves(host: CompanionHost): Companion {
  const picture = new SmallPicture();
  const window = new FloatingWindow(() => host.requestUpdate());
  const stillness = new Stillness(host);
  let heeded = '';

  function follow(view: PanelView): void {
    const { root } = view;
    wear(root, movesStyles);
    wear(root, moreStyles);
    wear(root, noticesStyles);
    const floats = view.layout === 'floating' && !view.windowed && view.fullscreen !== 'on';
    const base = root.querySelector<HTMLElement>('.base')!;
    const { call, state } = view.snapshot;
    const stage = isOn(state) ? root.querySelector<HTMLElement>('.stage') : null;
    // Whoever has put away the end of a call sees what is shown without one, in its own place.
    const isCard = !!base.firstElementChild?.matches('.card');
    window.follow(floats && call && isCard && !view.elsewhere ? base : undefined, view);
    // What a person must know does not wait inside a pill.
    const news = newsOf(view);
    if (news && news !== heeded) window.expand();
    heeded = news;
    stillness.follow(stage && !news && !window.mini && restful(view) ? base : undefined);
    picture.follow(view, root.querySelector('.stage'), !window.mini);
    const tools = root.querySelector<HTMLElement>('.tools');
    if (tools) render(stage ? [floats ? size(view) : nothing, view.snapshot.local.microphone ? nothing : unheard] : nothing, tools);
  }

  const size = ({ words }: PanelView) => {
    const { mini } = window;
    return tool(mini ? 'expand' : 'minimise', mini ? expandIcon : minimiseIcon, mini ? words.expand : words.minimise, () => {
      window.minimise(!mini);
      host.requestUpdate();
    });
  };

  return {
    follow,
    stop: () => {
      picture.stop();
      window.stop();
      stillness.stop();
    },
  };
}

/** Seen while the controls have stepped back: whoever is not heard must not forget it. */
const unheard = html`<div class="unheard" aria-hidden="true">${icons['microphone-off']}</div>`;

/** What is shown over the picture beside the call itself. */
const newsOf = ({ silenced, trouble, snapshot }: PanelView): string =>
  [silenced && 'silenced', snapshot.rejoin && 'rejoin', trouble, ...snapshot.notices.map(({ device, what }) => device + what)]
    .filter(Boolean)
    .join();

/** Whether there is a moving picture to look at, and nothing else to do. */
const restful = ({ snapshot }: PanelView): boolean =>
  // Why a face has gone beside a shared screen must not go with it.
  snapshot.state === 'connected' && remoteSeen(snapshot) && !snapshot.remote.paused;
