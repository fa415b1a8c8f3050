/** `node render.js <relay>`: the markup of the page, as a server makes it. */
import { renderToString } from 'react-dom/server';
import { app } from './app.js';

process.stdout.write(renderToString(app({ relay: process.argv[2] })));
