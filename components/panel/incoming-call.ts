/** What a panel does when somebody calls: rings, once in each browser, and calls for attention. */
export { attention } from './attention.js';
export { ringFor } from './ring-for.js';
