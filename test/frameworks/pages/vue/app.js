/** What makes life hard for an element in Vue: rendered on a server, moved with an animation, and put in place of itself. */
import { createSSRApp, h, ref, TransitionGroup } from 'vue';
import 'video-call-elements';

const page = {
  props: ['relay'],
  setup({ relay }) {
    const order = ref(['first', 'panel', 'button', 'last']);
    const life = ref(1);
    const shown = ref(true);
    const news = ref('nothing yet');
    const press = (label, onClick) => h('button', { onClick, type: 'button' }, label);
    const item = {
      first: () => 'First',
      last: () => 'Last',
      panel: () =>
        h('video-call-panel', {
          key: life.value,
          relay,
          me: 'alice',
          displayName: 'Alice',
          layout: 'inline',
          'max-resolution': '360p',
          'data-saver': false,
          'virtual-camera': false,
          controlslist: undefined,
          onCallConnected: (event) => (news.value = `talks to ${event.call.peer}`),
        }),
      button: () => h('video-call-button', { peer: 'bob', disabled: false, lazy: false }, 'Call Bob'),
    };
    const list = () => order.value.map((name) => h('li', { key: name, style: 'transition: transform 0.3s' }, [item[name]()]));
    return () =>
      h('main', [
        press('Turn round', () => (order.value = [...order.value].reverse())),
        press('Begin anew', () => (life.value += 1)),
        press('Go away', () => (shown.value = false)),
        h('p', news.value),
        shown.value ? h(TransitionGroup, { tag: 'ul', name: 'list' }, list) : null,
      ]);
  },
};

export const app = (props) => createSSRApp(page, props);
