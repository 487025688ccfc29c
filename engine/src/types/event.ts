import type { ContainerExit } from './container.ts';

export type ContainerAction =
  | 'create'
  | 'start'
  | 'stop'
  | 'kill'
  | 'die'
  | 'oom'
  | 'restart'
  | 'rename'
  | 'destroy'
  | 'attach'
  | 'exec_create'
  | 'exec_start'
  | 'exec_die'
  | 'archive-path'
  | 'extract-to-dir'
  | 'export'
  | 'commit'
  | 'exec_detach'
  | 'detach'
  | 'pause'
  | 'unpause'
  | 'update'
  | 'health_status'
  | 'resize'
  | 'top'
  | 'prune'
  | 'start_failed';

export type ImageAction =
  'pull' | 'push' | 'tag' | 'untag' | 'delete' | 'import' | 'create' | 'load' | 'save' | 'prune';

export type NetworkAction = 'create' | 'connect' | 'disconnect' | 'destroy' | 'prune';

export type VolumeAction =
  'create' | 'mount' | 'unmount' | 'destroy' | 'prune' | 'restore' | 'empty' | 'import' | 'export' | 'purge';

export type BuildAction = 'start' | 'end' | 'remove' | 'prune';

export interface EventBase {
  /** Grows by one within one engine's life. */
  readonly seq: number;
  /** ISO 8601. */
  readonly at: string;
}

export interface ContainerEvent extends EventBase {
  readonly type: 'container';
  readonly action: ContainerAction;
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly exit?: ContainerExit;
  /** Its labels, and action-specific words by Docker's names: `signal`, `exitCode`, `oldName`, `execID`, `imageID`. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface ImageEvent extends EventBase {
  readonly type: 'image';
  readonly action: ImageAction;
  readonly id: string;
  readonly reference: string;
}

export interface NetworkEvent extends EventBase {
  readonly type: 'network';
  readonly action: NetworkAction;
  readonly id: string;
  readonly name: string;
  /** By Docker's names: `name`, `type` (the driver), `container` (an id, of `connect` and `disconnect`). */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface VolumeEvent extends EventBase {
  readonly type: 'volume';
  readonly action: VolumeAction;
  /** Empty of `prune` and `purge`. */
  readonly name: string;
  /** By Docker's names: `driver`, `container` (an id, of `mount` and `unmount`). */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Details by `builds.list`; the id is empty of `prune`. */
export interface BuildEngineEvent extends EventBase {
  readonly type: 'build';
  readonly action: BuildAction;
  readonly id: string;
}

/** The engine itself: its agent came or went. */
export interface EngineStateEvent extends EventBase {
  readonly type: 'engine';
  readonly action: 'state';
}

/** A task began, moved on or ended; details by `system.tasks`. */
export interface TaskEvent extends EventBase {
  readonly type: 'task';
  readonly action: 'update';
  readonly id: string;
}

export type EngineEvent =
  ContainerEvent | ImageEvent | NetworkEvent | VolumeEvent | BuildEngineEvent | EngineStateEvent | TaskEvent;
