/**
 * What a page loads by `<script src="…/video-call.classic.js"></script>` where it cannot have a `type="module"`: it finds the module
 * that lies beside it and loads that. So both kinds of tag have the same code, and a page with both loads it once.
 */
export {};

/** What `document` itself says: an `<img name="currentScript">` of somebody who may write HTML into the page would stand before it. */
const own = (name: 'currentScript' | 'head'): unknown => Reflect.get(Document.prototype, name, document);

const script = own('currentScript');
const src = script instanceof HTMLScriptElement ? script.src : '';
/** Without what pages hang on to addresses, such as `?ver=1`: the module has parts, which know it by its plain one. */
const beside = /^([^?#]*\/)video-call\.classic\.js(?:[?#]|$)/.exec(src)?.[1];

/** Where the module is, for pages whose plugins put scripts together or write them into the page; in its head, where no strangers write. */
function named(): string | undefined {
  const head = own('head');
  if (!(head instanceof HTMLHeadElement)) return undefined;
  const content = head.querySelector<HTMLMetaElement>('meta[name="video-call-script"]')?.content;
  return content && new URL(content, head.baseURI).href;
}

function address(): string {
  if (beside) return `${beside}video-call.js`;
  const told = named();
  if (told) return told;
  const why = src ? `it came as ${src}` : 'it is written into the page, or another script has loaded it';
  const tag = '<meta name="video-call-script" content="https://relay.example.com/video-call.js">';
  throw new Error(
    `video-call.classic.js cannot tell where video-call.js is, because ${why}. Put ${tag} into the head of the page, before it.`,
  );
}

const load = async (): Promise<unknown> => import(address());

load().catch((cause: unknown) => console.error('The video call elements could not be loaded by video-call.classic.js.', cause));
