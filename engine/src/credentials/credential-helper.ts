import { spawn } from 'node:child_process';
import { z } from 'zod';
import { EngineError } from '../errors/index.ts';
import type { Credentials } from '../registry/index.ts';

const MAX_ANSWER_BYTES = 1024 * 1024;
const PATIENCE_MS = 30_000;
/** What a helper answers as user name when the secret is a refresh token. */
const TOKEN_USER = '<token>';
/** How helpers say that they know nothing; they have no code for it. */
const NOT_FOUND = 'credentials not found';

const answerSchema = z.object({ Username: z.string(), Secret: z.string() });

/** A word that may follow `docker-credential-`, and no path. */
export function isHelperName(name: string): boolean {
  return /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}$/.test(name);
}

/**
 * Asks `docker-credential-<name> get` (github.com/docker/docker-credential-helpers); null when it does not know the
 * registry or is not installed.
 */
export async function askHelper(name: string, key: string, signal: AbortSignal): Promise<Credentials | null> {
  const answer = await runHelper(`docker-credential-${name}`, key, signal);
  if (answer === null) return null;
  if (answer.code !== 0) {
    if (answer.stdout.includes(NOT_FOUND)) return null;
    throw failed(name, 'it failed');
  }
  const parsed = parseAnswer(answer.stdout);
  if (parsed === null) throw failed(name, 'its answer is not in the form of such programs');
  const { Username: username, Secret: secret } = parsed;
  if (secret === '') return null;
  return username === TOKEN_USER ? { identityToken: secret } : { username, password: secret };
}

function parseAnswer(text: string): z.infer<typeof answerSchema> | null {
  try {
    return answerSchema.parse(JSON.parse(text));
  } catch {
    return null; // What it said may hold a secret, and is not quoted.
  }
}

interface HelperAnswer {
  readonly code: number | null;
  readonly stdout: string;
}

/** Null: there is no such program. */
function runHelper(program: string, input: string, signal: AbortSignal): Promise<HelperAnswer | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, ['get'], {
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: PATIENCE_MS,
      signal,
    });
    const chunks: Buffer[] = [];
    let length = 0;
    child.on('error', (error) => {
      if ('code' in error && error.code === 'ENOENT') resolve(null);
      else reject(failed(program, error.message));
    });
    child.stdout.on('data', (chunk: Buffer) => {
      length += chunk.byteLength;
      if (length > MAX_ANSWER_BYTES) child.kill();
      else chunks.push(chunk);
    });
    child.on('close', (code) => resolve({ code, stdout: Buffer.concat(chunks).toString('utf8') }));
    // A program that does not read what it is asked answers nevertheless, or not.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

function failed(helper: string, reason: string): EngineError {
  return new EngineError(
    'unauthenticated',
    `The program that keeps your passwords did not answer: ${reason}.`,
    {
      detail: { step: 'credentials', path: helper },
      hint: `Check ${helper}, which docker's config.json names, or sign in with Longshore itself.`,
    },
  );
}
