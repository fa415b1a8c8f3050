/** The monitor of TESTING.md, as it stands there. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { startRelay } from '../support/relay.js';
import { writeExample } from './examples.js';

test('The monitor says that it rang, again and again, and ends with 1 and a reason when the relay is gone', async (t) => {
  const relay = await startRelay();
  const monitor = spawn(process.execPath, ['--import=tsx', writeExample(t, 'monitor.mjs'), relay.origin, '0.2']);
  t.after(() => monitor.kill());
  const exit = once(monitor, 'exit');
  let [told, complaint] = ['', ''];
  monitor.stderr.on('data', (text) => (complaint += text));
  const twice = new Promise<void>((resolve) => {
    monitor.stdout.on('data', (text) => {
      told += text;
      if ((told.match(/it rang after \d+ ms/g)?.length ?? 0) >= 2) resolve();
    });
  });
  await Promise.race([twice, exit]);
  await relay.close();
  const [code] = (await exit) as [number];
  assert.equal(code, 1, complaint);
  assert.match(complaint, /Waited for .*Seen: .*/);
});
