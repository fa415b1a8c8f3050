/** A TURN client of the smallest kind (RFC 8656): it asks for a relay address and for leave to reach peers, and sends nothing through it. */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';

const MAGIC = 0x2112a442;
const METHOD = { allocate: 0x003, 'create-permission': 0x008, 'channel-bind': 0x009 } as const;
const ATTRIBUTE = {
  username: 0x0006,
  integrity: 0x0008,
  error: 0x0009,
  channel: 0x000c,
  peer: 0x0012,
  realm: 0x0014,
  nonce: 0x0015,
  family: 0x0017,
  transport: 0x0019,
} as const;

type Method = keyof typeof METHOD;
/** Made anew for each question, because the question's transaction is part of how an IPv6 address is written. */
type Attributes = () => readonly (readonly [number, Buffer])[];

/** What a server answered: `0` for success, else the error code (401, 403, …). */
export type Answer = number;

/** A user name and its password. */
export interface Credentials {
  readonly username: string;
  readonly credential: string;
}

/** See the top of this file. One probe is one allocation. */
export class TurnProbe {
  readonly #socket: Socket;
  readonly #credentials: Credentials;
  #realm = Buffer.alloc(0);
  #nonce = Buffer.alloc(0);
  #channel = 0x4000;
  #transaction = randomBytes(12);

  private constructor(socket: Socket, credentials: Credentials) {
    this.#socket = socket;
    this.#credentials = credentials;
  }

  /** Lays a line to a server on this machine. */
  static async connect(port: number, credentials: Credentials): Promise<TurnProbe> {
    const socket = createSocket('udp4');
    socket.connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new TurnProbe(socket, credentials);
  }

  /** Asks for a relay address. @param transport 17 for UDP, 6 for TCP */
  allocate(family: 4 | 6, transport = 17): Promise<Answer> {
    return this.#ask('allocate', () => [
      [ATTRIBUTE.transport, Buffer.from([transport, 0, 0, 0])],
      [ATTRIBUTE.family, Buffer.from([family === 4 ? 1 : 2, 0, 0, 0])],
    ]);
  }

  /** Asks for leave to exchange packets with a peer. */
  permit(ip: string): Promise<Answer> {
    return this.#ask('create-permission', () => [[ATTRIBUTE.peer, this.#peer(ip)]]);
  }

  /** Asks the same by the other door that TURN has. */
  bind(ip: string): Promise<Answer> {
    const number = Buffer.alloc(4);
    number.writeUInt16BE(this.#channel++);
    return this.#ask('channel-bind', () => [
      [ATTRIBUTE.channel, number],
      [ATTRIBUTE.peer, this.#peer(ip)],
    ]);
  }

  close(): void {
    this.#socket.close();
  }

  #peer(ip: string): Buffer {
    const address = isIPv6(ip) ? bytesOfIPv6(ip) : Buffer.from(ip.split('.').map(Number));
    const mask = Buffer.alloc(16);
    mask.writeUInt32BE(MAGIC);
    this.#transaction.copy(mask, 4);
    const value = Buffer.alloc(4 + address.length);
    value[1] = address.length === 16 ? 2 : 1;
    value.writeUInt16BE(9 ^ (MAGIC >>> 16), 2);
    address.forEach((byte, index) => (value[4 + index] = byte ^ mask[index]!));
    return value;
  }

  async #ask(method: Method, attributes: Attributes): Promise<Answer> {
    const first = await this.#exchange(method, attributes);
    // The first answer of a server is its realm and its nonce; a nonce that is stale comes with a new one.
    if (first !== 401 && first !== 438) return first;
    return this.#exchange(method, attributes);
  }

  async #exchange(method: Method, attributes: Attributes): Promise<Answer> {
    this.#transaction = randomBytes(12);
    const request = this.#message(METHOD[method], attributes());
    this.#socket.send(request);
    for (;;) {
      const [answer] = (await once(this.#socket, 'message', { signal: AbortSignal.timeout(10_000) })) as [Buffer];
      if (!answer.subarray(8, 20).equals(request.subarray(8, 20))) continue;
      return this.#read(answer);
    }
  }

  #message(method: number, attributes: ReturnType<Attributes>): Buffer {
    const { username, credential } = this.#credentials;
    const known = this.#realm.length > 0;
    const all = [
      ...attributes,
      ...(known
        ? ([
            [ATTRIBUTE.username, Buffer.from(username)],
            [ATTRIBUTE.realm, this.#realm],
            [ATTRIBUTE.nonce, this.#nonce],
          ] as const)
        : []),
    ];
    const body = Buffer.concat(all.map(([type, value]) => encode(type, value)));
    const header = (length: number) => {
      const bytes = Buffer.alloc(8);
      bytes.writeUInt16BE(method);
      bytes.writeUInt16BE(length, 2);
      bytes.writeUInt32BE(MAGIC, 4);
      return Buffer.concat([bytes, this.#transaction]);
    };
    if (!known) return Buffer.concat([header(body.length), body]);
    // The length counts the signature that follows (RFC 8489 section 14.5).
    const signed = Buffer.concat([header(body.length + 24), body]);
    const key = createHash('md5').update(`${username}:${this.#realm.toString()}:${credential}`).digest();
    return Buffer.concat([signed, encode(ATTRIBUTE.integrity, createHmac('sha1', key).update(signed).digest())]);
  }

  #read(answer: Buffer): Answer {
    let code = 0;
    for (let at = 20; at + 4 <= answer.length;) {
      const [type, length] = [answer.readUInt16BE(at), answer.readUInt16BE(at + 2)];
      const value = answer.subarray(at + 4, at + 4 + length);
      if (type === ATTRIBUTE.realm) this.#realm = Buffer.from(value);
      if (type === ATTRIBUTE.nonce) this.#nonce = Buffer.from(value);
      if (type === ATTRIBUTE.error) code = value[2]! * 100 + value[3]!;
      at += 4 + Math.ceil(length / 4) * 4;
    }
    return code;
  }
}

function encode(type: number, value: Buffer): Buffer {
  const bytes = Buffer.alloc(4 + Math.ceil(value.length / 4) * 4);
  bytes.writeUInt16BE(type);
  bytes.writeUInt16BE(value.length, 2);
  value.copy(bytes, 4);
  return bytes;
}

function bytesOfIPv6(ip: string): Buffer {
  const plain = ip.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...parts: string[]) => {
    const [a, b, c, d] = parts.map(Number) as [number, number, number, number];
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  });
  const [head = '', tail = ''] = plain.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === '' ? [] : tail.split(':');
  const groups = [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after];
  const bytes = Buffer.alloc(16);
  groups.forEach((group, index) => bytes.writeUInt16BE(Number.parseInt(group, 16), index * 2));
  return bytes;
}
