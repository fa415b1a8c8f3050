/** Style sheets of the parts of the panel that are loaded late. */
import type { CSSResult } from 'lit';

const worn = new WeakMap<ShadowRoot, Map<CSSResult, CSSStyleSheet>>();

/** Puts a style sheet on a shadow root, once; and again where the root was moved to another document, to which no sheet follows it. */
export function wear(root: ShadowRoot, styles: CSSResult): void {
  const sheets = worn.get(root) ?? new Map<CSSResult, CSSStyleSheet>();
  const before = sheets.get(styles);
  if (before && root.adoptedStyleSheets.includes(before)) return;
  const sheet = new root.ownerDocument.defaultView!.CSSStyleSheet();
  sheet.replaceSync(styles.cssText);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  worn.set(root, sheets.set(styles, sheet));
}
