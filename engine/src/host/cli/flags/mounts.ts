import { InvalidArgumentError } from 'commander';
import os from 'node:os';
import path from 'node:path';
import type { ContainerRequestInput } from '../../../contract/index.ts';
import { parseSize } from './values.ts';

export type MountInput = NonNullable<ContainerRequestInput['mounts']>[number];

/** `-v SOURCE:TARGET[:OPTIONS]`: a folder or file of this machine; `.`, `..` and `~` are resolved here. */
export function parseVolume(value: string, before: readonly MountInput[] = []): readonly MountInput[] {
  const [source = '', target = '', options = ''] = value.split(':');
  if (target === '') {
    throw new InvalidArgumentError(`"${value}" names no place in the container: write /here:/there`);
  }
  if (!/^[./~]/.test(source)) {
    throw new InvalidArgumentError(
      `named volumes come later: give a path instead of "${source}", such as ./${source}`,
    );
  }
  const readOnly = parseVolumeOptions(options);
  return [...before, { type: 'bind', source: resolveHostPath(source), target, readOnly, createSource: true }];
}

/** `--mount type=bind,source=/a,target=/b,readonly` or `type=tmpfs,target=/b,tmpfs-size=64m`. */
export function parseMount(value: string, before: readonly MountInput[] = []): readonly MountInput[] {
  const fields = new Map(
    value.split(',').map((field) => {
      const [key = '', ...rest] = field.split('=');
      return [key, rest.join('=')] as const;
    }),
  );
  const one = (...names: string[]) =>
    names.map((name) => fields.get(name)).find((found) => found !== undefined);
  const target = one('target', 'destination', 'dst');
  if (target === undefined) throw new InvalidArgumentError('a mount needs a target');
  const known = new Set([
    'type',
    'source',
    'src',
    'target',
    'destination',
    'dst',
    'readonly',
    'ro',
    'tmpfs-size',
  ]);
  const unknown = [...fields.keys()].find((key) => !known.has(key));
  if (unknown !== undefined) throw new InvalidArgumentError(`a mount has no option "${unknown}"`);

  const type = fields.get('type') ?? 'volume';
  if (type === 'tmpfs') {
    const size = fields.get('tmpfs-size');
    return [...before, { type, target, sizeBytes: size === undefined ? null : parseSize(size) }];
  }
  const source = one('source', 'src');
  if (type !== 'bind') throw new InvalidArgumentError(`mounts of type ${type} come later: use bind or tmpfs`);
  if (source === undefined) throw new InvalidArgumentError('a bind mount needs a source');
  const flag = one('readonly', 'ro');
  const readOnly = flag !== undefined && flag !== 'false' && flag !== '0';
  return [...before, { type, source: resolveHostPath(source), target, readOnly, createSource: false }];
}

/** `--tmpfs TARGET[:size=64m]`. */
export function parseTmpfs(value: string, before: readonly MountInput[] = []): readonly MountInput[] {
  const [target = '', options = ''] = value.split(':');
  const size = /(?:^|,)size=([^,]+)/.exec(options)?.[1];
  return [...before, { type: 'tmpfs', target, sizeBytes: size === undefined ? null : parseSize(size) }];
}

function parseVolumeOptions(options: string): boolean {
  let readOnly = false;
  for (const option of options.split(',').filter((part) => part !== '')) {
    if (option === 'ro') readOnly = true;
    // z and Z relabel for SELinux, which does not confine Longshore's containers: they ask for nothing here.
    else if (!['rw', 'z', 'Z'].includes(option)) {
      throw new InvalidArgumentError(`-v has no option "${option}"`);
    }
  }
  return readOnly;
}

function resolveHostPath(source: string): string {
  if (source === '~' || source.startsWith('~/')) return path.join(os.homedir(), source.slice(1));
  return path.resolve(source);
}
