/** A small button on the stage. */
import { html } from 'lit';
import type { TemplateResult } from 'lit';

/** A small button on the stage. Its words are its accessible name. */
export const tool = (part: string, icon: TemplateResult, label: string, press: () => void, kind = '') =>
  html`<button part="tool ${part}-button" class="tool ${kind}" title=${label} @click=${press}>
    <slot name="${part}-icon">${icon}</slot><span class="word">${label}</span>
  </button>`;
