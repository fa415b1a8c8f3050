/** All rules of the kit, in the order in which they are told. */
import type { Rule } from '../rule.js';
import { DELIVERY_RULES } from './delivery.js';
import { FAULT_RULES } from './faults.js';
import { HANDSHAKE_RULES } from './handshake.js';
import { HELLO_RULES } from './hello.js';
import { PRESENCE_RULES } from './presence.js';
import { TOKEN_RULES } from './tokens.js';

/** See the top of this file. */
export const RULES: readonly Rule[] = [
  ...HANDSHAKE_RULES,
  ...HELLO_RULES,
  ...DELIVERY_RULES,
  ...PRESENCE_RULES,
  ...FAULT_RULES,
  ...TOKEN_RULES,
];
