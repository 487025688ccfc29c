import { request } from 'node:http';
import { EngineError, toWire } from '../errors/index.ts';
import { errnoOf } from '../metadata/index.ts';
import type { DockerSocketState } from '../types/index.ts';

const PATIENCE_MS = 2_000;

/** Asks as docker's clients do first (`GET /_ping`): a socket file alone says nothing about who is behind it. */
export async function probeSocket(socketPath: string, signal: AbortSignal): Promise<DockerSocketState> {
  try {
    return { status: 'answering', apiVersion: await ping(socketPath, signal) };
  } catch (thrown) {
    signal.throwIfAborted();
    return { status: 'silent', error: toWire(silence(thrown, socketPath)) };
  }
}

function ping(socketPath: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
    const asked = request({ socketPath, path: '/_ping', signal: patience }, (answer) => {
      answer.resume();
      const version = answer.headers['api-version'];
      if (answer.statusCode === 200 && typeof version === 'string') resolve(version);
      else reject(new Error('What listens there does not speak the Docker API.'));
    });
    asked.on('error', reject);
    asked.end();
  });
}

function silence(thrown: unknown, socketPath: string): EngineError {
  const errno = errnoOf(thrown);
  return new EngineError('unavailable', `Nobody answers on ${socketPath}.`, {
    detail: { step: 'ping', path: socketPath, ...(errno !== undefined && { errno }) },
    hint: 'Start Longshore anew, or "longshore serve".',
    cause: thrown,
  });
}
