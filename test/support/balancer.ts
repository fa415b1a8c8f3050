/** A load balancer in front of several relays on this machine: connections go to whichever is preferred, and to another where that one is gone. */
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { TestContext } from 'node:test';

/** See the top of this file. */
export interface Balancer {
  /** For the `relay` attribute. */
  readonly url: string;
  /** The ports to which connections went, in order. */
  readonly taken: readonly number[];
  /** Sends new connections there from now on. */
  prefer(port: number): void;
}

/** Opens a balancer for one test. */
export async function openBalancer(t: TestContext, ports: readonly number[]): Promise<Balancer> {
  const sockets = new Set<Socket>();
  const taken: number[] = [];
  let order = [...ports];

  const pass = (client: Socket, [port, ...others]: readonly number[]): void => {
    if (port === undefined) return void client.destroy();
    const behind = connect(port, '127.0.0.1');
    behind.once('error', () => pass(client, others));
    behind.once('connect', () => {
      behind.removeAllListeners('error');
      taken.push(port);
      sockets.add(behind);
      for (const [from, into] of [
        [client, behind],
        [behind, client],
      ] as const) {
        from.on('error', () => into.destroy()).on('close', () => into.destroy());
        from.pipe(into);
      }
    });
  };
  const server = createServer((client) => {
    sockets.add(client);
    client.on('error', () => client.destroy());
    pass(client, order);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws`,
    taken,
    prefer: (port) => void (order = [port, ...ports.filter((other) => other !== port)]),
  };
}
