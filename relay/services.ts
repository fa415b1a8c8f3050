import type { Authorize, ResumeSecrets } from './auth.js';
import type { Clock } from './clock.js';
import type { Deadlines } from './deadlines.js';
import type { IceGrant } from './ice.js';
import type { InviteLedger, NetworkRate, Rate } from './limits.js';
import type { Log } from './log.js';
import type { CallRecords } from './records.js';
import type { Switchboard } from './switchboard.js';
import type { Tally } from './tally.js';

/** What all sessions of a relay share. */
export interface Services {
  readonly switchboard: Switchboard;
  readonly authorize: Authorize;
  readonly secrets: ResumeSecrets;
  readonly iceFor: (peer: string, network: string) => IceGrant;
  readonly invites: InviteLedger;
  /** How fast addresses are watched, by network. */
  readonly watchRate: NetworkRate;
  readonly rate: Rate;
  /** Most pages that one person has connected at a time. */
  readonly maxPages: number;
  readonly tally: Tally;
  /** Makes call records, where somebody wants them. */
  readonly records?: CallRecords | undefined;
  readonly roster: boolean;
  /** How many connections this relay has, those included that have not said who they are. */
  readonly connections: () => number;
  readonly deadlines: Deadlines;
  readonly clock: Clock;
  readonly log: Log;
}
