/**
 * Shows on the tab of a page in the background that somebody calls: by its title, in turns with the page's own, and by a
 * mark on its icon. Whatever the page makes of both meanwhile stays. Loaded where a page is in the background as it rings.
 */

/** How long each title stands, in milliseconds; browsers give pages in the background no shorter time. */
const TURN = 1000;
/** What an icon of the page is for as long as ours is shown. */
const ASIDE = 'video-call-set-aside';
const SIZE = 32;

/** Shows it until `stop`. */
export function marksOf(text: string) {
  const parts = [showTitle(text), showIcon()];
  return { stop: () => parts.forEach((stop) => stop()) };
}

const titleElement = () => document.head.querySelector('title');

function showTitle(text: string): () => void {
  let own = titleElement()?.textContent;
  let written: string | undefined | null = own;
  const write = (title: string | undefined) => {
    written = title;
    if (title === undefined) titleElement()?.remove();
    else (titleElement() ?? document.head.appendChild(document.createElement('title'))).textContent = title;
  };
  const look = () => {
    const now = titleElement()?.textContent;
    if (now === written) return;
    // The page may have put something before or after the title that it found.
    own = now?.replaceAll(text, own ?? '');
    written = now;
  };
  const observer = new MutationObserver(look);
  observer.observe(document.head, { childList: true, subtree: true, characterData: true });
  write(text);
  const timer = setInterval(() => (look(), write(written === text ? (own ?? '') : text)), TURN);
  return () => {
    clearInterval(timer);
    observer.disconnect();
    look();
    write(own);
  };
}

function showIcon(): () => void {
  const aside = new Map<HTMLLinkElement, string>();
  const ours = Object.assign(document.createElement('link'), { rel: 'icon', type: 'image/png' });
  const iconsOfPage = () => [...document.head.querySelectorAll<HTMLLinkElement>('link[rel~="icon" i]')].filter((link) => link !== ours);
  const setAside = () => {
    for (const link of iconsOfPage()) {
      aside.set(link, link.rel);
      link.rel = ASIDE;
    }
  };
  const observer = new MutationObserver(setAside);
  let stopped = false;
  void markedIcon(iconsOfPage().at(-1)?.href).then((picture) => {
    if (stopped || !picture) return;
    ours.href = picture;
    setAside();
    document.head.append(ours);
    observer.observe(document.head, { childList: true, subtree: true, attributeFilter: ['rel'] });
  });
  return () => {
    stopped = true;
    observer.disconnect();
    ours.remove();
    for (const [link, rel] of aside) if (link.rel === ASIDE) link.rel = rel;
  };
}

/** The icon of the page with a mark on it, or one that is drawn; empty where nothing can be drawn. */
async function markedIcon(source: string | undefined): Promise<string> {
  const canvas = Object.assign(document.createElement('canvas'), { width: SIZE, height: SIZE });
  const pen = canvas.getContext('2d');
  if (!pen) return '';
  const disc = (x: number, y: number, radius: number, colour: string) => {
    pen.beginPath();
    pen.arc(x, y, radius, 0, 7);
    pen.fillStyle = colour;
    pen.fill();
  };
  try {
    if (!source) throw new TypeError('This page has no icon.');
    const icon = Object.assign(new Image(SIZE, SIZE), { crossOrigin: 'anonymous', src: source });
    // `decode()` would wait for a frame, and a page in the background draws none.
    await new Promise((resolve, reject) => Object.assign(icon, { onload: resolve, onerror: reject }));
    pen.drawImage(icon, 0, 0, SIZE, SIZE);
  } catch {
    disc(SIZE / 2, SIZE / 2, SIZE / 2, '#0a7d42');
  }
  disc(SIZE - 9, 9, 9, '#fff');
  disc(SIZE - 9, 9, 7, '#d92d2d');
  return canvas.toDataURL();
}
