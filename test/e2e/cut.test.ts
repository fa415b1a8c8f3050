/** A path that is cut for long between two kinds of browser. */
import { test } from 'node:test';
import { withoutTurn } from '../support/daemons.js';
import { withoutFirefox } from '../support/launch.js';
import { pathIsCut } from '../support/path.js';

test(
  'A call between Chromium and Firefox whose path is cut for 20 seconds is back without a click',
  { skip: withoutTurn || withoutFirefox },
  (t) => pathIsCut(t, ['chromium', 'firefox']),
);
