/** The icons: 24 px, drawn with a round stroke of the text's colour. */
import { html } from 'lit';
import type { TemplateResult } from 'lit';

/** An icon of one path. */
export const stroke = (path: string) => html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d=${path} /></svg>`;

const MIC = 'M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3ZM5 11a7 7 0 0 0 14 0M12 18v3';
const CAMERA = 'M4.5 6.5h9a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2h-9a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2ZM15.5 10.7l6-3.2v9l-6-3.2';
const SLASH = 'M3.5 3.5l17 17';

/** Every icon of the panel by its name. */
export const icons = {
  microphone: stroke(MIC),
  'microphone-off': stroke(MIC + SLASH),
  camera: stroke(CAMERA),
  'camera-off': stroke(CAMERA + SLASH),
  switch: stroke('M4 9.5a8.3 8.3 0 0 1 15-2M20 3.5v4.5h-4.5M20 14.5a8.3 8.3 0 0 1-15 2M4 20.5V16h4.5'),
  pip: stroke(
    'M21 11V7a2 2 0 0 0-2-2H5a2 2 0 0 0-2 2v9a2 2 0 0 0 2 2h5M15 14.5h5a1.5 1.5 0 0 1 1.5 1.5v2.5A1.5 1.5 0 0 1 20 20h-5a1.5 1.5 0 0 1-1.5-1.5V16a1.5 1.5 0 0 1 1.5-1.5Z',
  ),
  fullscreen: stroke('M8.5 4H6a2 2 0 0 0-2 2v2.5M15.5 4H18a2 2 0 0 1 2 2v2.5M20 15.5V18a2 2 0 0 1-2 2h-2.5M8.5 20H6a2 2 0 0 1-2-2v-2.5'),
  'fullscreen-off': stroke(
    'M8.5 4v2.5a2 2 0 0 1-2 2H4M15.5 4v2.5a2 2 0 0 0 2 2H20M20 15.5h-2.5a2 2 0 0 0-2 2V20M8.5 20v-2.5a2 2 0 0 0-2-2H4',
  ),
  sound: stroke('M11 5.5 6.8 9H3.5v6h3.3l4.2 3.5v-13ZM14.8 9a4.2 4.2 0 0 1 0 6M17.6 6.3a8 8 0 0 1 0 11.4'),
  close: stroke('M6 6l12 12M18 6 6 18'),
} satisfies Record<string, TemplateResult>;
