/** The version of this package, as in package.json; `npm run release` writes both. */
export const VERSION = '0.1.0';
