/** What the call engine needs of a link to the relay, and of what is watched over it. */
import type { LinkPort } from '../call/ports.js';
import type { Link } from './link.js';
import type { Watching } from './watching.js';

/** The engine's port to a link. */
export const linkPort = (link: Link, watching: Watching): LinkPort => ({
  get online() {
    return link.online;
  },
  get steady() {
    return link.steady;
  },
  get address() {
    return link.address;
  },
  send: (message) => void link.send(message),
  watch: (address, listener) => watching.watch(address, (presence) => presence !== 'unknown' && listener(presence)),
  prove: (done) => link.prove(done),
});
