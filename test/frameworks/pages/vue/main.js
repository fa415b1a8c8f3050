import { app } from './app.js';

app({ relay: new URLSearchParams(location.search).get('relay') }).mount('#app');
