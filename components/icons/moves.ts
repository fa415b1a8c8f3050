/** The icons of what moves, apart from the others because they are loaded later. */
import { stroke } from './index.js';

export const swapIcon = stroke('M7.5 4 3.5 8l4 4M3.5 8h13a4 4 0 0 1 0 8M16.5 12l4 4-4 4M20.5 16h-13a4 4 0 0 1 0-8');
export const hideIcon = stroke('M5 12h9.5M10.5 7.5 15 12l-4.5 4.5M19 5v14');
export const showIcon = stroke('M15 5l-7 7 7 7');
export const minimiseIcon = stroke('M20 4l-7 7M13 5.5V11h5.5M4 20l7-7M11 18.5V13H5.5');
export const expandIcon = stroke('M13.5 10.5 20 4M14.5 4H20v5.5M10.5 13.5 4 20M9.5 20H4v-5.5');
