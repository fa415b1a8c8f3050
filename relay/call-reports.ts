import type { Deadlines } from './deadlines.js';
import type { Log } from './log.js';
import { CallRecords } from './records.js';
import type { CallRecord } from './records.js';
import type { Settings } from './settings.js';
import { Webhook } from './webhook.js';

/** Call records and where they go, as the settings have it. */
export interface CallReports {
  /** What watches calls pass by; undefined where nobody wants to know. */
  readonly records: CallRecords | undefined;
  /** How the webhook fares. */
  readonly webhook: Pick<Webhook, 'waiting' | 'delivered' | 'dropped'>;
  /** Forgets the calls that are on, and waits a moment for records on their way. */
  close(): Promise<void>;
}

const NOBODY = { waiting: 0, delivered: 0, dropped: 0 } as const;

/** Makes records for the hook and the webhook of a relay, and none where it has neither. */
export function createCallReports(settings: Settings, deadlines: Deadlines, log: Log): CallReports {
  const { onCall, webhook: url, webhookSecret: secret, clock } = settings;
  const webhook = url !== undefined && secret !== undefined ? new Webhook({ url, secret, clock, deadlines, log }) : undefined;
  if (!onCall && !webhook) return { records: undefined, webhook: NOBODY, close: () => Promise.resolve() };

  const ended = (record: CallRecord) => {
    webhook?.send(record);
    try {
      onCall?.(record);
    } catch (error) {
      log.error({ err: error }, 'onCall() has thrown');
    }
  };
  const full = () => log.warn({}, 'there are too many calls to make a record of each; call_records_unfollowed_total counts those without');
  const records = new CallRecords({ deadlines, clock, ended, full });
  return {
    records,
    webhook: webhook ?? NOBODY,
    close: async () => {
      records.close();
      await webhook?.close();
    },
  };
}
