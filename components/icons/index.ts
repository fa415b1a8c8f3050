/** The icons: 24 px, drawn with a round stroke of the text's colour. */
import { html } from 'lit';
import type { TemplateResult } from 'lit';

/** An icon of one path. */
export const stroke = (path: string) => html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d=${path} /></svg>`;

const MIC = 'M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3ZM5 11a7 7 0 0 0 14 0M12 18v3';
const CAMERA = 'M4.5 6.5h9a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2h-9a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2ZM15.5 10.7l6-3.2v9l-6-3.2';
const SCREEN = 'M4.5 4.5h15a2 2 0 0 1 2 2V15a2 2 0 0 1-2 2h-15a2 2 0 0 1-2-2V6.5a2 2 0 0 1 2-2ZM8.5 20.5h7';
const RING = 'M12 3.5a8.5 8.5 0 1 0 .1 0';
const SLASH = 'M3.5 3.5l17 17';

/** Every icon of the panel by its name. */
export const icons = {
  microphone: stroke(MIC),
  'microphone-off': stroke(MIC + SLASH),
  camera: stroke(CAMERA),
  'camera-off': stroke(CAMERA + SLASH),
  more: stroke(
    'M4.8 12a.9.9 0 1 0 1.8 0 .9.9 0 1 0-1.8 0M11.1 12a.9.9 0 1 0 1.8 0 .9.9 0 1 0-1.8 0M17.4 12a.9.9 0 1 0 1.8 0 .9.9 0 1 0-1.8 0',
  ),
  screen: stroke(SCREEN + 'M12 14V7.8M9.2 10.3 12 7.5l2.8 2.8'),
  'screen-off': stroke(SCREEN + 'M9.6 8.3l4.8 4.8M14.4 8.3l-4.8 4.8'),
  record: stroke(RING + 'M12 9a3 3 0 1 0 .1 0'),
  'record-off': stroke(RING + 'M9 9h6v6H9Z'),
  switch: stroke('M4 9.5a8.3 8.3 0 0 1 15-2M20 3.5v4.5h-4.5M20 14.5a8.3 8.3 0 0 1-15 2M4 20.5V16h4.5'),
  pip: stroke(
    'M21 11V7a2 2 0 0 0-2-2H5a2 2 0 0 0-2 2v9a2 2 0 0 0 2 2h5M15 14.5h5a1.5 1.5 0 0 1 1.5 1.5v2.5A1.5 1.5 0 0 1 20 20h-5a1.5 1.5 0 0 1-1.5-1.5V16a1.5 1.5 0 0 1 1.5-1.5Z',
  ),
  fullscreen: stroke('M8.5 4H6a2 2 0 0 0-2 2v2.5M15.5 4H18a2 2 0 0 1 2 2v2.5M20 15.5V18a2 2 0 0 1-2 2h-2.5M8.5 20H6a2 2 0 0 1-2-2v-2.5'),
  'fullscreen-off': stroke(
    'M8.5 4v2.5a2 2 0 0 1-2 2H4M15.5 4v2.5a2 2 0 0 0 2 2H20M20 15.5h-2.5a2 2 0 0 0-2 2V20M8.5 20v-2.5a2 2 0 0 0-2-2H4',
  ),
  'sound-off': stroke('M6.2 16.5h11.6s-1.8-1.7-1.8-6.5a4 4 0 0 0-8 0c0 4.8-1.8 6.5-1.8 6.5ZM10.3 19.5a2 2 0 0 0 3.4 0' + SLASH),
  sound: stroke('M11 5.5 6.8 9H3.5v6h3.3l4.2 3.5v-13ZM14.8 9a4.2 4.2 0 0 1 0 6M17.6 6.3a8 8 0 0 1 0 11.4'),
  devices: stroke(
    'M4 7h9.5M18.5 7H20M4 17h1.5M10.5 17H20M13.5 7a2.5 2.5 0 1 0 5 0 2.5 2.5 0 1 0-5 0M5.5 17a2.5 2.5 0 1 0 5 0 2.5 2.5 0 1 0-5 0',
  ),
  play: stroke('M8 5.5v13l10.5-6.5Z'),
  chat: stroke(
    'M20 11.5a7.5 7 0 0 1-7.5 7c-1.2 0-2.4-.3-3.4-.7L4.5 19.5l1.2-3.6A6.7 6.7 0 0 1 5 11.5a7.5 7 0 0 1 15 0ZM9.5 10h6M9.5 13.2h4',
  ),
  close: stroke('M6 6l12 12M18 6 6 18'),
} satisfies Record<string, TemplateResult>;
