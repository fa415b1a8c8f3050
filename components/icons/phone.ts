/** The handset, apart from the others because the button needs no more than this one. */
import { html } from 'lit';

/** A handset that lies on its fork: hang up. Turned by the style sheets, it is picked up: call. */
export const phone = html`<svg class="phone" viewBox="0 0 24 24" aria-hidden="true">
  <path
    d="M12 8.5c-3.4 0-6.5.7-8.8 2C2 11.2 1.3 12.4 1.3 13.7v1.5c0 .9.8 1.5 1.7 1.3l3.3-.8c.7-.2 1.2-.8 1.2-1.5v-1.8c1.4-.5 2.9-.7 4.5-.7s3.1.2 4.5.7v1.8c0 .7.5 1.3 1.2 1.5l3.3.8c.9.2 1.7-.4 1.7-1.3v-1.5c0-1.3-.7-2.5-1.9-3.2-2.3-1.3-5.4-2-8.8-2Z"
  />
</svg>`;
