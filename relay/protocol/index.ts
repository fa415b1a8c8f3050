/** The protocol of video-call-elements: messages, parser, bounds and codes. Imports nothing, runs anywhere. */
export * from './address.js';
export * from './bounds.js';
export * from './codes.js';
export * from './messages.js';
export * from './parse.js';
export type { ObjectShape, Shape, Shaped } from './shape.js';
