/** What button and panel have in common: the attributes that say where to connect, and as whom. */
import { LitElement } from 'lit';
import { property } from 'lit/decorators.js';
import type { ConnectionAttributes } from './attributes.js';
import type { WordChanges } from './locales/words.js';

/** Whether a boolean attribute is on: where it is there, as in HTML, unless it says `false`, as several frameworks write a value that is false. */
export const readFlag = (value: string | null): boolean => value !== null && value !== 'false';

/** An element that can name a relay and a peer ID of its own. */
export abstract class ConnectedElement extends LitElement implements ConnectionAttributes {
  /** Frameworks that meet an element before it is defined write its properties as attributes: `displayName` becomes `displayname`. */
  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, ...Array.from(this.elementProperties.keys(), (name) => String(name).toLowerCase())];
  }

  /** Address of the relay; without it, the server that the script came from. */
  @property() relay?: string;

  /** Your own peer ID, under which others can call this page; without it, the relay issues a guest ID. */
  @property() me?: string;

  /** The name that the other side sees; without it, your peer ID. */
  @property({ attribute: 'display-name' }) displayName?: string;

  /** A JSON Web Token that proves to the relay who you are. */
  @property() token?: string;

  /** A URL that answers a fresh token, as plain text or as `{"token": …}`; asked for every connection, and before the token expires. */
  @property({ attribute: 'token-src' }) tokenSrc?: string;

  /** STUN and TURN servers to use instead of the relay's, as a JSON array of `RTCIceServer`. */
  @property({ attribute: 'ice-servers' }) iceServers?: string | readonly RTCIceServer[];

  /**
   * `relay` sends all media through a TURN server, so that the other side does not learn your address.
   *
   * @default 'all'
   */
  @property({ attribute: 'ice-policy' }) icePolicy?: RTCIceTransportPolicy;

  /**
   * What may be prepared while it rings, so that both see and hear at once when somebody accepts: `relay`, a path through TURN
   * where the relay hands that out, which gives away no address; `all`, for people who trust each other; `none`. By default `relay`.
   */
  @property({ attribute: 'early-ice' }) earlyIce?: 'none' | 'relay' | 'all';

  /** Ends the call when the page is loaded anew, instead of taking it up again. */
  @property({ attribute: 'no-resume', type: Boolean, converter: readFlag }) noResume = false;

  /** Keeps nothing of the calls in the history of this device: enough on one of the elements that share a connection. */
  @property({ attribute: 'no-history', type: Boolean, converter: readFlag }) noHistory = false;

  /** The language of this element: its own `lang`, else that of the closest element around it. */
  @property() override lang!: string;

  /** Words to use in place of the widget's own, by their names in its tables; as an attribute, a JSON object of them. */
  @property() words?: string | WordChanges;

  override attributeChangedCallback(name: string, before: string | null, value: string | null): void {
    const { elementProperties } = this.constructor as typeof ConnectedElement;
    const [, options] = [...elementProperties].find(([property]) => String(property).toLowerCase() === name) ?? [];
    super.attributeChangedCallback(typeof options?.attribute === 'string' ? options.attribute : name, before, value);
  }
}
