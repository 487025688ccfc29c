import { InvalidArgumentError } from 'commander';
import os from 'node:os';
import path from 'node:path';
import type { ContainerRequestInput } from '../../../contract/index.ts';
import { splitPair } from './defined.ts';
import { parseSize } from './values.ts';

export type MountInput = NonNullable<ContainerRequestInput['mounts']>[number];
type BindInput = Extract<MountInput, { type: 'bind' }>;
type TmpfsInput = Extract<MountInput, { type: 'tmpfs' }>;
type Propagation = NonNullable<BindInput['propagation']>;

const PROPAGATIONS: readonly Propagation[] = ['private', 'rprivate', 'shared', 'rshared', 'slave', 'rslave'];

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
  const access = parseVolumeOptions(options);
  return [
    ...before,
    { type: 'bind', source: resolveHostPath(source), target, createSource: true, ...access },
  ];
}

/** `--mount type=bind,source=/a,target=/b,readonly` or `type=tmpfs,target=/b,tmpfs-size=64m`. */
export function parseMount(value: string, before: readonly MountInput[] = []): readonly MountInput[] {
  const fields = new Map(value.split(',').map(splitPair));
  const type = fields.get('type') ?? 'volume';
  if (type === 'tmpfs') return [...before, tmpfsMount(fields)];
  if (type === 'bind') return [...before, bindMount(fields)];
  throw new InvalidArgumentError(`mounts of type ${type} come later: use bind or tmpfs`);
}

/** `--tmpfs TARGET[:size=64m,mode=1777,exec]`. */
export function parseTmpfs(value: string, before: readonly MountInput[] = []): readonly MountInput[] {
  const [target = '', options = ''] = value.split(':');
  const words = options.split(',').filter((word) => word !== '' && word !== 'rw');
  const sizeAndMode = new Map(words.map(splitPair));
  const others = words.filter((word) => !/^(size|mode)=/.test(word));
  return [...before, { ...tmpfs(target, sizeAndMode.get('size'), sizeAndMode.get('mode')), options: others }];
}

const BIND_FIELDS = ['type', 'source', 'src', 'target', 'destination', 'dst', 'readonly', 'ro'] as const;
const BIND_OPTIONS = ['bind-propagation', 'bind-recursive', 'bind-nonrecursive', 'bind-create-src'] as const;
const TMPFS_FIELDS = ['type', 'target', 'destination', 'dst', 'tmpfs-size', 'tmpfs-mode'] as const;

type Fields = ReadonlyMap<string, string>;

function bindMount(fields: Fields): BindInput {
  checkFields(fields, [...BIND_FIELDS, ...BIND_OPTIONS]);
  const source = fields.get('source') ?? fields.get('src');
  if (source === undefined) throw new InvalidArgumentError('a bind mount needs a source');
  return {
    type: 'bind',
    source: resolveHostPath(source),
    target: targetOf(fields),
    readOnly: isSet(fields.get('readonly') ?? fields.get('ro')),
    createSource: isSet(fields.get('bind-create-src')),
    propagation: propagationOf(fields.get('bind-propagation')),
    recursive: fields.get('bind-recursive') !== 'disabled' && !isSet(fields.get('bind-nonrecursive')),
  };
}

function tmpfsMount(fields: Fields): MountInput {
  checkFields(fields, TMPFS_FIELDS);
  return tmpfs(targetOf(fields), fields.get('tmpfs-size'), fields.get('tmpfs-mode'));
}

function tmpfs(target: string, size: string | undefined, bits: string | undefined): TmpfsInput {
  const mode = bits === undefined ? null : Number.parseInt(bits, 8);
  if (Number.isNaN(mode)) throw new InvalidArgumentError(`"${bits}" is no mode: write 1777`);
  return { type: 'tmpfs', target, sizeBytes: size === undefined ? null : parseSize(size), mode };
}

function checkFields(fields: Fields, known: readonly string[]): void {
  const unknown = [...fields.keys()].find((key) => !known.includes(key));
  if (unknown !== undefined) throw new InvalidArgumentError(`a mount has no option "${unknown}"`);
}

function targetOf(fields: Fields): string {
  const target = fields.get('target') ?? fields.get('destination') ?? fields.get('dst');
  if (target === undefined) throw new InvalidArgumentError('a mount needs a target');
  return target;
}

/** A flag alone, `readonly`, is set. */
function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== 'false' && value !== '0';
}

function propagationOf(value = 'rprivate'): Propagation {
  const known = PROPAGATIONS.find((word) => word === value);
  if (known !== undefined) return known;
  throw new InvalidArgumentError(`there is no propagation "${value}": it is ${PROPAGATIONS.join(', ')}`);
}

function parseVolumeOptions(options: string): Pick<BindInput, 'readOnly' | 'propagation' | 'recursive'> {
  const words = options.split(',').filter((part) => part !== '');
  const propagation = words.filter((word) => PROPAGATIONS.some((known) => known === word));
  for (const option of words) {
    // z and Z relabel for SELinux, which does not confine Longshore's containers: they ask for nothing here.
    if (!['ro', 'rw', 'z', 'Z', 'rbind', 'bind', ...propagation].includes(option)) {
      throw new InvalidArgumentError(`-v has no option "${option}"`);
    }
  }
  return {
    readOnly: words.includes('ro'),
    recursive: !words.includes('bind'),
    propagation: propagationOf(propagation[0]),
  };
}

function resolveHostPath(source: string): string {
  if (source === '~' || source.startsWith('~/')) return path.join(os.homedir(), source.slice(1));
  return path.resolve(source);
}
