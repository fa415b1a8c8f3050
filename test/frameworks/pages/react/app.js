/** What makes life hard for an element in React: rendered on a server, mounted twice by StrictMode, moved, and put in place of itself. */
import { createElement, StrictMode, useCallback, useState } from 'react';
import 'video-call-elements';

function Page({ relay }) {
  const [order, setOrder] = useState(['first', 'panel', 'button', 'last']);
  const [life, setLife] = useState(1);
  const [shown, setShown] = useState(true);
  const [news, setNews] = useState('nothing yet');
  // React attaches no `oncall-…` to markup that came from a server; a ref does.
  const listen = useCallback((panel) => {
    const hear = (event) => setNews(`talks to ${event.call.peer}`);
    panel.addEventListener('call-connected', hear);
    return () => panel.removeEventListener('call-connected', hear);
  }, []);
  const press = (label, onClick) => createElement('button', { onClick, type: 'button' }, label);
  const item = {
    first: () => 'First',
    last: () => 'Last',
    panel: () =>
      createElement('video-call-panel', {
        key: life,
        relay,
        me: 'alice',
        displayName: 'Alice',
        layout: 'inline',
        'max-resolution': '360p',
        'data-saver': false,
        'virtual-camera': false,
        controlslist: undefined,
        suppressHydrationWarning: true,
        ref: listen,
      }),
    // An element that is there before React says its state as attributes, of which the server's markup knows nothing.
    button: () =>
      createElement('video-call-button', { peer: 'bob', disabled: false, lazy: false, suppressHydrationWarning: true }, 'Call Bob'),
  };
  const list = order.map((name) => createElement('li', { key: name }, item[name]()));
  return createElement(
    'main',
    null,
    press('Turn round', () => setOrder([...order].reverse())),
    press('Begin anew', () => setLife(life + 1)),
    press('Go away', () => setShown(false)),
    createElement('p', null, news),
    shown && createElement('ul', null, list),
  );
}

export const app = (props) => createElement(StrictMode, null, createElement(Page, props));
