import { createApp } from 'vue';
import { createRouter, createWebHistory } from 'vue-router';
import App from './app.vue';
import Notes from './notes.vue';
import People from './people.vue';
import './style.css';

const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', component: People },
    { path: '/notes', component: Notes },
  ],
});
createApp(App).use(router).mount('#app');
