import { type ActionCommand, differs, same } from './action-command.ts';

export interface TransferOrder {
  readonly reference: string;
  /** Over plain HTTP, or with a certificate that nobody vouches for: docker has that in its daemon's settings. */
  readonly insecure: boolean;
  /** `linux/arm64`; empty: of this machine. */
  readonly platform?: string;
}

export function pullCommand({ reference, insecure, platform = '' }: TransferOrder): ActionCommand {
  const wanted = platform === '' ? [] : ['--platform', platform];
  return differs(
    ['pull', ...(insecure ? ['--insecure'] : []), ...wanted, reference],
    ['pull', ...wanted, reference],
    [insecure && 'command.missing.insecure'],
  );
}

export function pushCommand({ reference, insecure }: TransferOrder): ActionCommand {
  return differs(
    ['push', ...(insecure ? ['--insecure'] : []), reference],
    ['push', reference],
    [insecure && 'command.missing.insecure'],
  );
}

export function tagCommand(image: string, reference: string): ActionCommand {
  return same('tag', image, reference);
}

/** `force`: one of them has several names, which all go. */
export function removeImagesCommand(images: readonly string[], force: boolean): ActionCommand {
  return same('rmi', ...(force ? ['-f'] : []), ...images);
}

export interface PruneImagesOrder {
  /** Not only those without a name. */
  readonly all: boolean;
  /** Only those that are older than this. */
  readonly hours: number;
}

export function pruneImagesCommand({ all, hours }: PruneImagesOrder): ActionCommand {
  const older = hours === 0 ? [] : ['--filter', `until=${hours}h`];
  return same('image', 'prune', '-f', ...(all ? ['-a'] : []), ...older);
}

export function saveImagesCommand(images: readonly string[], file: string): ActionCommand {
  return same('save', '-o', file, ...images);
}

export function lookAtImageCommand(verb: 'history' | 'inspect', image: string): ActionCommand {
  return verb === 'history' ? same('history', image) : same('image', 'inspect', image);
}
