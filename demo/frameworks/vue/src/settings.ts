import { ref } from 'vue';

/** What the person has set, for as long as the page is open. */
export const saver = ref(false);
