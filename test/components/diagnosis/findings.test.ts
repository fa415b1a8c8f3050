/** What single findings come to together. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CHECKS, found, gist, weigh } from '../../../components/diagnosis/findings.js';
import type { Found } from '../../../components/diagnosis/findings.js';

const allOk = (): Found[] => CHECKS.map((check) => found(check, 'ok'));
const but = (...others: Found[]): Found[] => [...allOk().filter(({ check }) => !others.some((other) => other.check === check)), ...others];

describe('A finding', () => {
  it('has the outcome of its code, and whole milliseconds', () => {
    assert.deepEqual(found('relay', 'slow', { milliseconds: 1200.7 }), {
      check: 'relay',
      outcome: 'warning',
      code: 'slow',
      milliseconds: 1201,
    });
    assert.deepEqual(found('camera', 'denied'), { check: 'camera', outcome: 'failed', code: 'denied' });
  });
});

describe('Findings that are weighed', () => {
  it('stand in the order in which one thing needs another', () => {
    assert.deepEqual(
      weigh(allOk().reverse()).map(({ check }) => check),
      [...CHECKS],
    );
  });

  it('spare a way that is blocked where another one is open', () => {
    const weighed = weigh(but(found('turn-udp', 'no-answer', { about: '701' }), found('stun', 'no-answer')));
    const codes = Object.fromEntries(weighed.map(({ check, code, outcome }) => [check, `${code} ${outcome}`]));
    assert.equal(codes['turn-udp'], 'way-blocked warning');
    assert.equal(codes['stun'], 'way-blocked warning');
    assert.equal(codes['turn-tcp'], 'ok ok');
  });

  it('spare nothing where no way is open, nor a server that refuses', () => {
    const silent = (['stun', 'turn-udp', 'turn-tcp', 'turn-tls'] as const).map((check) => found(check, 'no-answer'));
    assert.ok(weigh(but(...silent)).filter(({ code }) => code === 'no-answer').length === 4);
    const refusing = weigh(but(found('turn-tcp', 'turn-refused')));
    assert.equal(refusing.find(({ check }) => check === 'turn-tcp')?.outcome, 'failed');
  });
});

describe('The gist of findings', () => {
  it('is the first that has failed', () => {
    const weighed = weigh(but(found('relay', 'unreachable'), found('camera', 'denied'), found('microphone', 'silent')));
    assert.deepEqual(gist(weighed), found('camera', 'denied'));
  });

  it('is that all is fine, also where a page may not sound before a click', () => {
    assert.equal(gist(allOk()), 'fine');
    assert.equal(gist(but(found('sound', 'sound-after-click'), found('turn-tls', 'not-offered'))), 'fine');
  });

  it('is that there are limits, or that it was not finished', () => {
    assert.equal(gist(but(found('camera', 'no-camera'))), 'limited');
    assert.equal(gist(but(found('camera', 'no-camera'), found('media', 'stopped'))), 'unfinished');
    assert.equal(gist(but(found('camera', 'not-asked'))), 'unfinished', 'nobody knows yet whether the person will permit it');
  });
});
