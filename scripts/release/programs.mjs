/** Runs git, npm and tar, and says what they said where they fail. */
import { spawn } from 'node:child_process';

const running = new Set();

/** Ends every program that runs: whoever waits for one is told that it failed. */
export const endAll = () => running.forEach((child) => child.kill());

/** Runs a program; answers what it wrote. With `show` it writes to the terminal instead. */
export function run(program, args, { cwd, env, show = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
      // On Windows npm is no program of its own.
      shell: process.platform === 'win32' && program === 'npm',
    });
    running.add(child);
    child.once('exit', () => running.delete(child));
    let output = '';
    let complaint = '';
    child.stdout?.on('data', (text) => (output += text));
    child.stderr?.on('data', (text) => (complaint += text));
    child.on('error', reject).on('close', (code) => {
      const what = `${program} ${args.join(' ')}`;
      if (code === 0) resolve(output.trim());
      else reject(new Error(`\`${what}\` failed.${show ? '' : `\n${(complaint || output).trim()}`}`));
    });
  });
}

/** Packs a package into a folder; answers what npm says of the tarball. The package is built already, and nothing of it is run. */
export async function pack(root, folder) {
  const said = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], { cwd: root });
  const answer = JSON.parse(said.slice(said.search(/[[{]/)));
  return Array.isArray(answer) ? answer[0] : Object.values(answer)[0];
}
