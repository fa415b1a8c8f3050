/** A load balancer in front of several relays on this machine: connections go to whichever is preferred, and to another where that one is gone. */
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { TestContext } from 'node:test';

/** See the top of this file. */
export interface Balancer {
  readonly port: number;
  /** For the `relay` attribute. */
  readonly url: string;
  /** The ports to which connections went, in order. */
  readonly taken: readonly number[];
  /** Sends new connections there from now on. */
  prefer(port: number): void;
}

/** How a balancer works. All of it is optional. */
export interface Balancing {
  readonly host?: string;
  /** A connection whose first bytes are like this goes to the next relay, which is preferred from then on. */
  readonly inTurn?: RegExp;
}

/** Opens a balancer that ends with a test. */
export async function openBalancer(
  t: Pick<TestContext, 'after'>,
  ports: readonly number[],
  { host = '127.0.0.1', inTurn }: Balancing = {},
): Promise<Balancer> {
  const sockets = new Set<Socket>();
  const taken: number[] = [];
  let order = [...ports];

  const pass = (client: Socket, [port, ...others]: readonly number[]): void => {
    if (port === undefined) return void client.destroy();
    // Whoever has gone by now would never end what is behind him.
    if (client.destroyed) return;
    const behind = connect(port, '127.0.0.1');
    const end = (): void => void behind.destroy();
    client.once('close', end);
    behind.once('error', () => {
      client.off('close', end);
      pass(client, others);
    });
    behind.once('connect', () => {
      behind.removeAllListeners('error');
      taken.push(port);
      sockets.add(behind);
      behind.once('close', () => sockets.delete(behind));
      for (const [from, into] of [
        [client, behind],
        [behind, client],
      ] as const) {
        from.on('error', () => into.destroy()).on('close', () => into.destroy());
        from.pipe(into);
      }
    });
  };
  const begin = async (client: Socket): Promise<void> => {
    if (inTurn) {
      const [first] = (await once(client, 'data')) as [Buffer];
      client.pause();
      client.unshift(first);
      if (inTurn.test(first.toString('latin1'))) order = [...order.slice(1), order[0]!];
    }
    pass(client, order);
  };
  const server = createServer((client) => {
    sockets.add(client);
    client.on('error', () => client.destroy()).on('close', () => sockets.delete(client));
    // A connection that ends without a word goes nowhere.
    begin(client).catch(() => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `ws://127.0.0.1:${port}/ws`,
    taken,
    prefer: (port) => void (order = [port, ...ports.filter((other) => other !== port)]),
  };
}
