/** `node render.js <relay>`: the markup of the page, as a server makes it. */
import { renderToString } from 'vue/server-renderer';
import { app } from './app.js';

process.stdout.write(await renderToString(app({ relay: process.argv[2] })));
