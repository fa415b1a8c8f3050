import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client';

import type { ClusterVitals } from './cluster/index.js';
import type { Counts, Tally } from './tally.js';

/** What a relay knows about itself at the moment when it is asked. */
export interface Vitals {
  readonly tally: Tally;
  /** Connections that are open, by the state of their sessions. */
  connections(): Counts;
  /** Bytes over the connections that are open. */
  bytes(): { readonly read: number; readonly written: number };
  /** How the relay fares with others, if it has any. */
  cluster(): ClusterVitals | undefined;
  /** Call records that wait to be sent, were sent, and were given up; and calls of which none is made. */
  records(): { readonly waiting: number; readonly delivered: number; readonly dropped: number; readonly unfollowed: number };
}

/** The metrics of Node and the process, which all relays of a process share; made when they are first asked for. */
let ofProcess: Registry | undefined;
function processMetrics(): Registry {
  if (!ofProcess) collectDefaultMetrics({ register: (ofProcess = new Registry()) });
  return ofProcess;
}

/** The metrics of one relay, with those of its process, in the text format of Prometheus. */
export class Metrics {
  readonly #own = new Registry();
  readonly #all: Registry;
  readonly contentType: string;

  constructor({ tally, connections, bytes, cluster, records }: Vitals) {
    this.#gauge('connections', 'Connections that are open, by state', 'state', connections);
    this.#counter('pages_joined_total', 'Pages that were welcomed', () => tally.joined);
    this.#counters('connections_closed_total', 'Connections that have ended, by close code', 'code', tally.closed);
    this.#counters('connections_refused_total', 'Connections that were not taken, by reason', 'reason', tally.refused);
    this.#counter('requests_refused_total', 'Plain HTTP requests refused as too many', () => tally.requestsRefused);
    this.#counters('messages_received_total', 'Messages from pages, by type', 'type', tally.received);
    this.#counters('messages_sent_total', 'Messages to pages, by type', 'type', tally.sent);
    this.#counters('messages_refused_total', 'Messages that were answered with an error, by its code', 'code', tally.errors);
    this.#counter('messages_dropped_total', 'Frames dropped because a page sent too many', () => tally.dropped);
    this.#counter('messages_unreachable_total', 'Messages for an address at which nobody was', () => tally.unreachable);
    this.#counter('unread_closes_total', 'Pages let go because they left too much unread', () => tally.unread);
    this.#counter('received_bytes_total', 'Bytes read from WebSocket connections', () => tally.bytesRead + bytes().read);
    this.#counter('sent_bytes_total', 'Bytes written to WebSocket connections', () => tally.bytesWritten + bytes().written);
    this.#gauge('call_records_waiting', 'Call records on their way to the webhook', undefined, () => ({ '': records().waiting }));
    this.#counter('call_records_delivered_total', 'Call records that the webhook has taken', () => records().delivered);
    this.#counter('call_records_dropped_total', 'Call records that were given up', () => records().dropped);
    this.#counter('call_records_unfollowed_total', 'Calls without a record because too many were on', () => records().unfollowed);
    const with0 = (read: (vitals: ClusterVitals) => number) => () => {
      const vitals = cluster();
      return vitals ? read(vitals) : 0;
    };
    const gauge = (read: (vitals: ClusterVitals) => number) => () => ({ '': with0(read)() });
    this.#gauge(
      'redis_up',
      'With --redis: 1 while this relay and the others hear each other',
      undefined,
      gauge(({ up }) => up),
    );
    this.#gauge(
      'other_relays',
      'Other relays that were heard lately',
      undefined,
      gauge(({ others }) => others),
    );
    this.#counter(
      'redis_commands_total',
      'Commands sent to Redis',
      with0(({ commands }) => commands),
    );
    this.#gauge(
      'cluster_messages_waiting',
      'Messages on their way to pages of other relays',
      undefined,
      gauge(({ waiting }) => waiting),
    );
    this.#counter(
      'cluster_messages_failed_total',
      'Messages given up although somebody may have been there',
      with0(({ failed }) => failed),
    );
    this.#counter(
      'cluster_messages_dropped_total',
      'Messages of other relays that made no sense',
      with0(({ dropped }) => dropped),
    );
    this.#all = Registry.merge([this.#own, processMetrics()]);
    this.contentType = this.#all.contentType;
  }

  /** All metrics now. */
  text(): Promise<string> {
    return this.#all.metrics();
  }

  /** Names, kinds and help of the relay's own metrics. */
  describe(): Promise<readonly { readonly name: string; readonly type: unknown; readonly help: string }[]> {
    return this.#own.getMetricsAsJSON();
  }

  #counter(name: string, help: string, value: () => number): void {
    const counter: Counter = new Counter({
      name: `video_call_${name}`,
      help,
      registers: [this.#own],
      collect: () => {
        counter.reset();
        counter.inc(value());
      },
    });
  }

  #counters(name: string, help: string, label: string, counts: Counts): void {
    const counter: Counter = new Counter({
      name: `video_call_${name}`,
      help,
      labelNames: [label],
      registers: [this.#own],
      collect: () => {
        counter.reset();
        for (const [word, count] of Object.entries(counts)) counter.inc({ [label]: word }, count);
      },
    });
  }

  #gauge(name: string, help: string, label: string | undefined, read: () => Counts): void {
    const gauge: Gauge = new Gauge({
      name: `video_call_${name}`,
      help,
      labelNames: label === undefined ? [] : [label],
      registers: [this.#own],
      collect: () => {
        for (const [word, count] of Object.entries(read())) {
          if (label === undefined) gauge.set(count);
          else gauge.set({ [label]: word }, count);
        }
      },
    });
  }
}

/** Most connections of those who ask for metrics. */
const MAX_ASKERS = 64;

/** A server for the metrics alone, on a port that the world need not reach: they tell how many people talk, and when. */
export function createMetricsServer(metrics: Pick<Metrics, 'text' | 'contentType'>): Server {
  const limits = { headersTimeout: 5000, requestTimeout: 5000, connectionsCheckingInterval: 1000, maxHeaderSize: 8 * 1024 };
  const server = createServer(limits, (request, response) => {
    response.setHeader('X-Content-Type-Options', 'nosniff');
    if (request.url !== '/metrics' || request.method !== 'GET') {
      response.writeHead(404).end();
      return;
    }
    metrics.text().then(
      (text) => response.writeHead(200, { 'Content-Type': metrics.contentType, 'Cache-Control': 'no-store' }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  server.maxConnections = MAX_ASKERS;
  return server;
}
