import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

// Vue has to be told which tags are not components of its own.
const isCustomElement = (tag: string): boolean => tag.startsWith('video-call-');

export default defineConfig({ plugins: [vue({ template: { compilerOptions: { isCustomElement } } })] });
