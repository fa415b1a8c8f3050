import { mount } from 'svelte';
import App from './app.svelte';

mount(App, { target: document.getElementById('app'), props: { relay: new URLSearchParams(location.search).get('relay') } });
