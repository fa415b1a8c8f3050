/** What the browser says of a connection, asked once for all that want to know: each report makes it walk through everything. */
import type { ClockPort } from './ports.js';

/** A report of the browser (W3C WebRTC statistics), and when it was made, in milliseconds of the page's clock. */
export interface TimedReport {
  readonly at: number;
  readonly report: RTCStatsReport;
}

/** The connection, as far as it is asked. */
export type ReportingConnection = Pick<RTCPeerConnection, 'getStats'>;

/** Milliseconds for which nobody wants another report: as long as Chromium would answer with the same one. */
const SAME_FOR = 50;

/** The last report of each connection, and the question that is open. */
const known = new WeakMap<ReportingConnection, { last?: TimedReport; open?: Promise<TimedReport> }>();

/**
 * A report of a connection: one that is on its way, or one that is not yet as old as this many milliseconds, or a new one.
 * Fails where the browser does.
 */
export async function reportOf(connection: ReportingConnection, clock: ClockPort, age = SAME_FOR): Promise<TimedReport> {
  let shared = known.get(connection);
  if (!shared) known.set(connection, (shared = {}));
  const { last } = shared;
  if (last && clock.now() - last.at < age) return last;
  shared.open ??= ask(connection, clock, shared).finally(() => delete shared.open);
  return shared.open;
}

async function ask(connection: ReportingConnection, clock: ClockPort, shared: { last?: TimedReport }): Promise<TimedReport> {
  const report = await connection.getStats();
  return (shared.last = { at: clock.now(), report });
}
