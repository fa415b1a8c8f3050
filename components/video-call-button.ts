import { css, html, nothing } from 'lit';
import type { CSSResult, PropertyValues, TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { MediaKind, Presence } from '../relay/protocol/index.js';
import type { ButtonController } from './button-controller.js';
import { isLive, isTalking } from './call/phases.js';
import type { Phase } from './call/phases.js';
import { ConnectedElement, readFlag } from './connected-element.js';
import { phone } from './icons/phone.js';
import { mayComeBack } from './left-call.js';
import { UNLOADED, insist, once, retry, tellUnloaded } from './loading.js';
import type { Speech } from './locales/speech.js';

/**
 * A button that shows whether somebody is there, and calls them.
 *
 * @element video-call-button
 * @attr {unknown|online|busy|offline} presence - Whether the other side is there; read-only.
 * @attr {idle|calling|ringing|incoming|connecting|connected|reconnecting|ended} state - Where the call with the other side stands; read-only.
 * @slot - The label; `Call` without one.
 * @slot icon - Your own icon in place of the handset.
 * @event {CallRequestEvent} call-request - The button was pressed; `preventDefault()` vetoes the call.
 * @event {PresenceChangeEvent} presence-change - The other side came, went, or is in a call.
 * @event {CallErrorEvent} call-error - Something is wrong with this button's attributes, page or connection.
 * @csspart button - The button itself.
 * @csspart icon - The icon.
 * @csspart label - The label.
 * @csspart presence - The dot that shows whether the other side is there.
 * @cssprop [--video-call-accent=#1a5fd8] - Background of the button.
 * @cssprop [--video-call-on-accent=#fff] - Text and icon of the button.
 * @cssprop [--video-call-button-radius=28px] - Roundness of the button.
 * @cssprop [--video-call-font=600 16px/1.25 system-ui, sans-serif] - Font of the button.
 */
export class VideoCallButton extends ConnectedElement {
  static override shadowRootOptions = { ...ConnectedElement.shadowRootOptions, delegatesFocus: true };

  static override styles: CSSResult = css`
    :host {
      display: inline-grid;
    }
    :host([hidden]) {
      display: none;
    }
    button {
      all: initial;
      visibility: inherit;
      pointer-events: inherit;
      color-scheme: inherit;
      display: inline-flex;
      align-items: center;
      justify-content: center;
      gap: 10px;
      box-sizing: border-box;
      inline-size: 100%;
      min-block-size: 44px;
      padding: 10px;
      padding-inline: 16px 20px;
      border: 1px solid transparent;
      border-radius: var(--video-call-button-radius, 28px);
      background: var(--video-call-accent, #1a5fd8);
      color: var(--video-call-on-accent, #fff);
      font: var(--video-call-font, 600 16px/1.25 system-ui, sans-serif);
      text-align: center;
      cursor: pointer;
      transition:
        filter 0.15s,
        transform 0.15s;
    }
    button:hover {
      filter: brightness(1.1);
    }
    button:active {
      transform: scale(0.98);
    }
    button:focus-visible {
      outline: 3px solid var(--video-call-focus, #6aa5ff);
      outline-offset: 2px;
    }
    button:disabled,
    .ready[aria-disabled] {
      opacity: 0.55;
      cursor: default;
      filter: none;
      transform: none;
    }
    [aria-disabled] {
      cursor: default;
    }
    [aria-busy] {
      opacity: 0.55;
      transition: opacity 0.2s 0.1s;
    }
    .icon,
    .phone {
      flex: none;
      display: flex;
      align-items: center;
      inline-size: 20px;
      block-size: 20px;
    }
    /* A line as high as the label's, on whose baseline the button stands in the page's text. */
    .icon::before {
      content: '\\200b' / '';
    }
    .phone {
      fill: currentColor;
      rotate: -135deg;
    }
    .label {
      display: grid;
    }
    .label > * {
      grid-area: 1 / 1;
    }
    .away {
      visibility: hidden;
    }
    .presence {
      flex: none;
      box-sizing: border-box;
      inline-size: 10px;
      block-size: 10px;
      border: 2px solid;
      border-radius: 50%;
      /* Whether somebody is there is known in a moment, and moves nothing then; a lazy button has no dot before it is pressed. */
      opacity: 0;
    }
    .offline {
      opacity: 0.75;
    }
    .online,
    .busy {
      forced-color-adjust: none;
      border-color: #fff;
      background: #2fd673;
      opacity: 1;
    }
    .busy {
      background: #ff9d2b;
      border-radius: 3px;
    }
    [role] {
      all: initial;
      position: absolute;
      inline-size: 1px;
      block-size: 1px;
      overflow: hidden;
    }
    .live .phone {
      animation: breathe 1.6s ease-in-out infinite;
    }
    @keyframes breathe {
      50% {
        opacity: 0.4;
      }
    }
    @media (prefers-reduced-motion) {
      * {
        animation: none !important;
        transition: none !important;
      }
    }
  `;

  /** Which copy of the script has made this element known: its version and address. @internal */
  static copy?: string;

  /**
   * Whether the elements are being named. Buttons that stand on the page already are then drawn each in a task of its own, for all of
   * it together is a long one on a slow machine; the label of the page is to be seen as it is until then. @internal
   */
  static starting?: boolean;

  #line?: ButtonController;
  #speech?: Speech;
  /** Loads what stands behind the button. A lazy button does so when it is about to be pressed, and connects when it is; both at once where a call may go on. */
  readonly #load = once(async () => {
    const [{ ButtonController }, speech] = await Promise.all([import('./button-controller.js'), this.#speak()]);
    // What a press has missed is there.
    this.#vain = false;
    this.requestUpdate();
    return (this.#line = new ButtonController(this, speech));
  });
  /** The press that is being carried out. */
  #pressed?: Promise<boolean>;
  /** Whether the last press led to nothing. */
  #vain = false;

  /** The peer ID of the person to call. */
  @property() peer?: string;

  /** `video` for a video call, `audio` for a voice call. */
  @property() media: MediaKind = 'video';

  /** The id of the panel that shows this button's calls; without it, the first panel on the page. */
  @property() panel?: string;

  /** Whether the button cannot be pressed. */
  @property({ type: Boolean, converter: readFlag, reflect: true }) disabled = false;

  /** Whether to open no connection before the first press, unless a call goes on from the last page; presence stays unknown until then. The code comes when nothing else is to be done, or the button is about to be pressed. */
  @property({ type: Boolean, converter: readFlag }) lazy = false;

  /** Whether the other side is there. */
  get presence(): Presence | 'unknown' {
    return this.#line?.presence ?? 'unknown';
  }

  /** Where the call with the other side stands. */
  get state(): Phase {
    return this.#line?.state ?? 'idle';
  }

  override connectedCallback(): void {
    const draw = (): void => super.connectedCallback();
    if (VideoCallButton.starting) setTimeout(() => this.isConnected && !this.hasUpdated && draw());
    else draw();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.size > 0) this.#vain = false;
  }

  protected override firstUpdated(): void {
    // A label that changes in place is told by no slot.
    new MutationObserver(() => this.requestUpdate()).observe(this, { characterData: true, subtree: true });
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('lazy') && (!this.lazy || mayComeBack()) && !this.#line) insist(this, this.#load);
    // A button that nobody has pressed yet says nothing of its own where the page gave it a label.
    else if (!this.#speech && !this.#isLabelled) this.#speak().catch(() => {});
    this.setAttribute('presence', this.presence);
    this.setAttribute('state', this.state);
  }

  /** Calls the other side, as if the button had been pressed. Answers whether the call was placed. */
  call(): Promise<boolean> {
    this.#pressed ??= this.#call().finally(() => {
      this.#pressed = undefined;
      this.requestUpdate();
    });
    this.requestUpdate();
    return this.#pressed;
  }

  async #call(): Promise<boolean> {
    this.#vain = false;
    // What the pointer has begun to load on its way here may have failed; the press is worth an attempt of its own.
    const line = await this.#load()
      .catch(this.#load)
      .catch((cause: unknown) => {
        tellUnloaded(this, cause);
        retry(this.#load);
      });
    if (this.isConnected) await this.updateComplete;
    this.#vain = !(await line?.call());
    return !this.#vain;
  }

  override render(): TemplateResult {
    const { presence, state } = this;
    const live = isLive(state);
    const words = this.#speech?.words;
    const engaged = this.#line?.engaged;
    const why = engaged && (isTalking(engaged) ? words?.inAnotherCall : words?.states[engaged]);
    // Gone when the relay is back, say, or the page has changed what was wrong.
    const trouble = this.#vain && (this.#line ? this.#line.trouble : UNLOADED);
    const about = [this.#line?.name, words?.presence[presence], why, trouble].filter(Boolean).join(', ');
    return html`
      <button
        part="button"
        class=${live ? 'live' : 'ready'}
        dir=${(!this.#isLabelled && this.#speech?.dir) || nothing}
        title=${why || trouble || nothing}
        aria-label=${live ? (words?.states[state] ?? state) : nothing}
        aria-describedby="about"
        aria-disabled=${live || !!engaged || nothing}
        aria-busy=${!!this.#pressed || nothing}
        ?disabled=${this.disabled}
        @click=${() => live || engaged || void this.call()}
        @pointerenter=${this.#hasten}
        @focus=${this.#hasten}
      >
        <span part="icon" class="icon">${trouble ? html`<span aria-hidden="true">⚠︎</span>` : html`<slot name="icon">${phone}</slot>`}</span>
        <span part="label" class="label">
          <span class=${live ? 'away' : nothing}
            ><slot @slotchange=${() => this.requestUpdate()}></slot>${this.#isLabelled ? nothing : (words?.call ?? 'Call')}</span
          >
          ${live ? html`<span dir="auto">${words?.states[state] ?? state}</span>` : nothing}
        </span>
        <span part="presence" class="presence ${presence}" ?hidden=${this.lazy && presence === 'unknown'}></span>
      </button>
      <span id="about" hidden>${about}</span>
      <span role="alert">${trouble || nothing}</span>
    `;
  }

  /** Whether the page has put something into the button that is no icon, and not just blanks. */
  get #isLabelled(): boolean {
    return [...this.childNodes].some((node) => (node instanceof Element ? !node.slot : node instanceof Text && node.data.trim()));
  }

  /** Loads what the button says in other languages than English. */
  async #speak(): Promise<Speech> {
    const { Speech } = await import('./locales/speech.js');
    this.requestUpdate();
    return (this.#speech ??= new Speech(this));
  }

  /** A press will want it, and tells what is wrong where there is something. */
  #hasten(): void {
    this.#load().catch(() => {});
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'video-call-button': VideoCallButton;
  }
}
