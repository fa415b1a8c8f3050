/** The scripts (`js` blocks) of the documents: each has a name by which test/e2e/documents.test.ts runs it, and words by which it is known. */

/** The rows; the first one that matches counts. */
const SCRIPTS = [
  { name: 'a whole app', words: "app.post('/sign-in'" },
  { name: 'tokens', words: "app.get('/call-token'" },
  { name: 'authorize', words: 'async authorize(' },
  { name: 'a server', words: 'relay.attach(server); // ' },
  { name: 'words', words: '.words = {' },
  { name: 'diagnosis', words: '.diagnose()' },
  { name: 'ends of calls', words: "addEventListener('call-ended'" },
  { name: 'troubles', words: "addEventListener('call-error'" },
  { name: 'a reload', words: 'location.reload()' },
] as const;

/** What a script is known by. */
export type ScriptName = (typeof SCRIPTS)[number]['name'];

/** The name of a script, or undefined where nobody runs it. */
export const scriptFor = (text: string): ScriptName | undefined => SCRIPTS.find(({ words }) => text.includes(words))?.name;
