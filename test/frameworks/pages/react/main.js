import { hydrateRoot } from 'react-dom/client';
import { app } from './app.js';

hydrateRoot(document.getElementById('app'), app({ relay: new URLSearchParams(location.search).get('relay') }));
