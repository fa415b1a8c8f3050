/** The fenced blocks of the documents that people copy from. */
import { readFileSync, readdirSync } from 'node:fs';
import { marked } from 'marked';
import type { Token } from 'marked';

const root = new URL('../../../', import.meta.url);
const guides = 'demo/guides/';

/** The documents whose every block is run: paths from the project's folder. */
export const DOCUMENTS: readonly string[] = [
  'README.md',
  'README.zh-CN.md',
  ...readdirSync(new URL(guides, root)).flatMap((name) => (name.endsWith('.md') ? [guides + name] : [])),
];

/** The text of a file of the project. */
export const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

/** A fenced block. */
export interface Block {
  /** Like `README.md:17`. */
  readonly place: string;
  readonly path: string;
  /** What stands after the fence; empty where there is nothing. */
  readonly language: string;
  readonly text: string;
}

/** The fenced blocks of a document, in their order. */
export function blocksOf(path: string): Block[] {
  const whole = read(path);
  const blocks: Block[] = [];
  let from = 0;
  const visit = (token: Token): void => {
    if (token.type !== 'code') return;
    const { raw, lang = '', text } = token as { raw: string; lang?: string; text: string };
    const at = whole.indexOf(raw.trim(), from);
    from = at + raw.length;
    blocks.push({ place: `${path}:${whole.slice(0, at).split('\n').length}`, path, language: lang, text });
  };
  void marked.walkTokens(marked.lexer(whole), visit);
  return blocks;
}

/** Every block of one language, each text once, however many documents have it. */
export function blocksIn(language: string): Block[] {
  const all = DOCUMENTS.flatMap(blocksOf).filter((block) => block.language === language);
  return all.filter(({ text }, index) => all.findIndex((other) => other.text === text) === index);
}
