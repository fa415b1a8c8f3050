/** `npm start`, as whoever ends it sees it. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const withoutShell = process.platform === 'win32' && 'npm starts no POSIX shell here';

test(
  'A relay that npm has started ends, and says so, when npm and its shell have been ended',
  { skip: withoutShell, timeout: 30_000 },
  async () => {
    // As npm does it: a shell between, which takes no signal further.
    const shell = spawn('sh', ['-c', 'node scripts/start.mjs --port 0 2>&1; true'], {
      cwd: root,
      env: { ...process.env, npm_lifecycle_event: 'start' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines: string[] = [];
    // The pipe closes when the last process that could write to it has ended.
    for await (const line of createInterface({ input: shell.stdout })) {
      lines.push(line);
      if (/listening|listens/.test(line)) shell.kill('SIGTERM');
    }
    if (shell.exitCode === null && shell.signalCode === null) await once(shell, 'exit');
    assert.equal(shell.signalCode, 'SIGTERM');
    assert.match(lines.at(-1)!, /relay closed/);
  },
);
