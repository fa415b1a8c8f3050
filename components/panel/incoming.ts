/** Somebody calls: a dialog that takes no focus, because the person may be typing. */
import { html, nothing } from 'lit';
import type { CallInfo } from '../call/phases.js';
import { icons } from '../icons/index.js';
import { phone } from '../icons/phone.js';
import { THERE_AND_BACK } from './focus.js';
import { playing } from './pictures.js';
import { facesAway } from './stage.js';
import { control, face, pill, withName } from './view.js';
import type { PanelView } from './view.js';

export function incoming({ words, ask, ring, shortcuts, snapshot }: PanelView, { media, name }: CallInfo) {
  const video = media === 'video';
  const held = ring?.held;
  return html`<section
    part="dialog"
    class="card sheet calls"
    role="dialog"
    aria-labelledby="title"
    aria-keyshortcuts=${shortcuts ? THERE_AND_BACK : nothing}
    tabindex="-1"
  >
    <header part="header" class="who">
      <slot name="logo"></slot>
      ${
        snapshot.localStream
          ? html`<video
              part="local-video"
              class="preview ${facesAway(snapshot.localStream) ? '' : 'mirrored'}"
              autoplay
              playsinline
              .muted=${true}
              .srcObject=${playing(snapshot.localStream)}
            ></video>`
          : face(name)
      }
      <div part="title" class="title" id="title">${withName(words.incoming[media], name)}</div>
      ${held ? pill('sound', words.tapForSound, () => {}, { kind: 'quiet', icon: icons.sound }) : nothing}
      ${
        // A press anywhere is enough, and what stands below must not move away under it.
        held === false ? html`<div class="pill gone"></div>` : nothing
      }
    </header>
    <footer part="footer">
      <div part="controls" class="controls answers">
        ${control('decline', phone, words.decline, () => ask.decline(), { kind: 'end' })}
        ${
          video
            ? control('accept-audio', icons['camera-off'], words.acceptAudio, () => ask.accept({ media: 'audio' }), { kind: 'quiet' })
            : nothing
        }
        ${control('accept', video ? icons.camera : phone, words.accept, () => ask.accept(), { kind: 'go' })}
      </div>
    </footer>
    ${ring?.sounds ? control('silence', icons['sound-off'], words.silence, () => ring.silence(), { kind: 'quiet hush' }) : nothing}
  </section>`;
}
