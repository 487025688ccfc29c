import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The checkout's root folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {Record<string, string | undefined>} [env] Added to this process's environment.
 * @property {number} [timeoutMs]
 * @property {(line: string) => void} [onLine] Hears each line of stdout; it is still printed.
 * @property {boolean} [quiet] Print nothing unless the command fails.
 */

/**
 * Runs a command in the foreground and resolves with its exit code (128 + signal number is not distinguished: a
 * killed command is 1).
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<number>}
 */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const piped = options.onLine !== undefined || options.quiet === true;
    const child = spawn(command, args, {
      cwd: options.cwd ?? root,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', piped ? 'pipe' : 'inherit', options.quiet === true ? 'pipe' : 'inherit'],
      ...(options.timeoutMs !== undefined && { timeout: options.timeoutMs, killSignal: 'SIGKILL' }),
    });
    let held = '';
    if (child.stdout !== null) {
      forEachLine(child.stdout, (line) => {
        if (options.quiet === true) held += `${line}\n`;
        else process.stdout.write(`${line}\n`);
        options.onLine?.(line);
      });
    }
    if (child.stderr !== null) forEachLine(child.stderr, (line) => (held += `${line}\n`));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code !== 0) process.stderr.write(held);
      resolve(code ?? 1);
    });
  });
}

/**
 * Runs a command that must succeed.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 */
export async function mustRun(command, args, options) {
  const code = await run(command, args, options);
  if (code !== 0) throw new StepFailed(`${command} ${args.join(' ')} failed with code ${code}`);
}

/**
 * The trimmed stdout of a command, or undefined when it is missing or fails.
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {string | undefined}
 */
export function capture(command, args) {
  const result = spawnSync(command, args, { encoding: 'utf8', cwd: root });
  return result.status === 0 ? result.stdout.trim() : undefined;
}

/** A tool of node_modules, by the name of its command.
 * @param {string} name
 */
export function bin(name) {
  return `${root}/node_modules/.bin/${name}`;
}

/** A failure that needs no stack trace: its message says all. */
export class StepFailed extends Error {}

/**
 * Runs a script's main function; an expected failure is one line, and exit code 1.
 * @param {() => Promise<number | void>} main
 */
export function runMain(main) {
  main().then(
    (code) => {
      process.exitCode = code ?? 0;
    },
    (/** @type {unknown} */ error) => {
      console.error(error instanceof StepFailed ? `\n${error.message}` : error);
      process.exitCode = 1;
    },
  );
}

/**
 * @param {import('node:stream').Readable} stream
 * @param {(line: string) => void} take
 */
function forEachLine(stream, take) {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (/** @type {string} */ chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(take);
  });
  stream.on('end', () => {
    if (rest !== '') take(rest);
  });
}
