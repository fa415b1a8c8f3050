import type { ButtonWords } from './words.js';

/** The English words of a button. */
export const enButton: ButtonWords = {
  call: 'Call',
  presence: { online: 'online', busy: 'in a call', offline: 'offline', unknown: '' },
  states: {
    calling: 'Calling…',
    ringing: 'Ringing…',
    incoming: 'Incoming call',
    connecting: 'Connecting…',
    connected: 'In a call',
    reconnecting: 'Reconnecting…',
    ended: 'Call ended',
  },
};
