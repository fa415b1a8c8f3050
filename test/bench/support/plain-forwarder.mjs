/**
 * The measure for the relay: what anybody would write in an hour. It parses each message, looks up whom it is for, writes
 * down whom it is from, and sends it; no checks, no bounds, no metrics.
 */
import { WebSocketServer } from 'ws';

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
const pages = new Map();

server.on('connection', (socket) => {
  let address;
  socket.on('message', (data) => {
    const message = JSON.parse(data);
    if (message.type === 'hello') {
      address = `${message.peer}/${message.device}`;
      pages.set(address, socket);
      socket.send(JSON.stringify({ type: 'welcome', peer: message.peer, device: message.device }));
      return;
    }
    message.from = address;
    pages.get(message.to)?.send(JSON.stringify(message));
  });
  socket.on('close', () => pages.delete(address));
});
server.on('listening', () => console.log(`ready: http://localhost:${server.address().port}/`));
