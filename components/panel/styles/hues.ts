/** The six colours of faces, for all who draw one. */
import { css } from 'lit';

/** Colours of faces. */
export const hues = css`
  .hue-0 {
    --hue: 222;
  }
  .hue-1 {
    --hue: 262;
  }
  .hue-2 {
    --hue: 188;
  }
  .hue-3 {
    --hue: 334;
  }
  .hue-4 {
    --hue: 158;
  }
  .hue-5 {
    --hue: 22;
  }
`;
