/** A program of its own that keeps hostile connections open, so that its work does not slow down those who measure. */
import { WAYS, openHostileSockets } from '../../relay/support/hostile-sockets.js';

const [port, count, only] = process.argv.slice(2);
const ways = WAYS.filter((way) => !only || only.split(',').includes(way));
const crowd = openHostileSockets(Number(port), Number(count), ways);
await crowd.reach();
console.log('All are open.');
setInterval(() => console.log(`${crowd.open} ${crowd.made}`), 1000);
