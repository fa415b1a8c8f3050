/**
 * How the panel looks. Sizes are pixels, because the root font size belongs to the host page; cards follow the
 * colour scheme of the page around them, and the stage is dark on every page.
 */
import { buttons } from './buttons.js';
import { fitting } from './fitting.js';
import { frame } from './frame.js';
import { hues } from './hues.js';
import { people } from './people.js';
import { scene } from './scene.js';

/** The style sheets of the panel, in order. */
export const panelStyles = [frame, hues, people, buttons, scene, fitting];
