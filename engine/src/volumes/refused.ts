import { EngineError } from '../errors/index.ts';
import type { VolumeUser } from '../types/index.ts';

/** What the state of volumes forbids, in Docker's words where clients look for them. */

export function noSuchVolume(volume: string): EngineError {
  return new EngineError('not-found', `No such volume: ${volume}`, { detail: { path: volume } });
}

export function inUse(volume: string, users: readonly VolumeUser[]): EngineError {
  const names = users.map(({ name }) => name).join(', ');
  return new EngineError('conflict', `Volume ${volume} is in use by ${names}.`, {
    detail: { path: volume },
    hint: 'Remove the containers first.',
  });
}

/** Of an operation that puts other data in its place. */
export function inUseByRunning(volume: string, users: readonly VolumeUser[]): EngineError {
  const names = users.map(({ name }) => name).join(', ');
  return new EngineError('conflict', `Volume ${volume} is in use by ${names}.`, {
    detail: { path: volume },
    hint: 'Stop the containers first.',
  });
}

export function existsAlready(volume: string, hint = 'Choose another name.'): EngineError {
  return new EngineError('already-exists', `Volume ${volume} exists already.`, {
    detail: { path: volume },
    hint,
  });
}

export function existsOtherwise(volume: string, setting: 'options' | 'labels'): EngineError {
  return new EngineError('already-exists', `Volume ${volume} exists already, with other ${setting}.`, {
    detail: { path: volume },
    hint: 'Choose another name, or remove that volume first.',
  });
}

export function differsInCase(volume: string, other: string): EngineError {
  return new EngineError(
    'already-exists',
    `Volume ${other} exists already, and ${volume} differs from it only in case.`,
    { detail: { path: volume }, hint: 'Choose another name.' },
  );
}

export function notInTrash(trashed: string): EngineError {
  return new EngineError('not-found', `There is no ${trashed} in the trash.`, { detail: { path: trashed } });
}
