#!/usr/bin/env node
/**
 * The command line of the relay. Exit codes: 0 after a clean end, 1 where it could not start or was told to end a
 * second time before all pages were let go, 2 for options that cannot be.
 */
import { tokenCommand } from './commands/token.js';
import { greeting } from './greeting.js';
import { packageVersion } from './http.js';
import { helpText, readOptions } from './options.js';
import type { Command } from './options.js';
import { createRelay } from './relay.js';
import type { Relay } from './relay.js';
import { DEFAULT_METRICS_PORT, DEFAULT_PORT, OptionsError } from './settings.js';
import type { RelayOptions } from './settings.js';

function fail(message: string, exitCode: 1 | 2): void {
  process.stderr.write(`video-call-relay: ${message}\n`);
  process.exitCode = exitCode;
}

async function main(): Promise<void> {
  const [first, ...rest] = process.argv.slice(2);
  let command: Command;
  try {
    if (first === 'token') return void process.stdout.write(await tokenCommand(rest, process.env, Math.floor(Date.now() / 1000)));
    command = readOptions(process.argv.slice(2), process.env);
  } catch (error) {
    if (error instanceof OptionsError) return fail(error.message, 2);
    throw error;
  }
  switch (command.run) {
    case 'help':
      process.stdout.write(helpText());
      return;
    case 'version':
      process.stdout.write(`${packageVersion()}\n`);
      return;
    case 'relay':
      return start(command.options);
  }
}

async function start(options: RelayOptions): Promise<void> {
  const relay = createRelay(options);
  try {
    process.stdout.write(greeting(await relay.listen(), options, process.stdout.isTTY));
  } catch (error) {
    return fail(startError(error as NodeJS.ErrnoException, options), 1);
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void end(relay));
}

/** Lets everybody go. Whoever asks a second time does not want to wait. */
let ending = false;
async function end(relay: Relay): Promise<void> {
  if (ending) process.exit(1);
  ending = true;
  await relay.close();
}

function startError({ code, message, ...error }: NodeJS.ErrnoException, options: RelayOptions): string {
  const { host = '127.0.0.1', port = options.port ?? DEFAULT_PORT } = { ...options, ...error } as { host?: string; port?: number };
  // The port of the relay itself is taken first.
  const ofMetrics =
    options.metrics === true && port === (options.metricsPort ?? DEFAULT_METRICS_PORT) && port !== (options.port ?? DEFAULT_PORT);
  const flag = ofMetrics ? '--metrics-port' : '--port';
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} is taken by another program. Choose another with ${flag}, or end the other one.`;
    case 'EACCES':
      return `this user may not listen on port ${port}. Choose a port of 1024 or more with ${flag}.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is not an address of this machine. Choose another with --host.`;
    default:
      return `it could not start: ${message}`;
  }
}

await main();
