import { InvalidArgumentError } from 'commander';
import os from 'node:os';
import path from 'node:path';
import type { ContainerRequestInput } from '../../../contract/index.ts';
import { splitPair } from './defined.ts';
import { parseSize } from './values.ts';

export type MountInput = NonNullable<ContainerRequestInput['mounts']>[number];
type BindInput = Extract<MountInput, { type: 'bind' }>;
type TmpfsInput = Extract<MountInput, { type: 'tmpfs' }>;
type VolumeInput = Extract<MountInput, { type: 'volume' }>;
type Propagation = NonNullable<BindInput['propagation']>;

const PROPAGATIONS: readonly Propagation[] = ['private', 'rprivate', 'shared', 'rshared', 'slave', 'rslave'];

/**
 * `-v SOURCE:TARGET[:OPTIONS]`: a folder or file of this machine, whose `.`, `..` and `~` are resolved here, or a volume
 * by name. `-v TARGET`: a new volume that nobody names.
 */
export function parseVolume(value: string, before: readonly MountInput[] = []): readonly MountInput[] {
  const [first = '', second, options = '', ...rest] = value.split(':');
  if (first === '' || second === '' || rest.length > 0) {
    throw new InvalidArgumentError(`"${value}" is no mount: write /here:/there, a-volume:/there or /there`);
  }
  if (second === undefined) return [...before, { type: 'volume', target: first }];
  if (!/^[./~]/.test(first)) {
    return [...before, { type: 'volume', source: first, target: second, ...volumeAccess(options) }];
  }
  const source = resolveHostPath(first);
  return [...before, { type: 'bind', source, target: second, createSource: true, ...bindAccess(options) }];
}

/**
 * `--mount type=bind,source=/a,target=/b,readonly`, `type=volume,source=data,target=/b,volume-nocopy` or
 * `type=tmpfs,target=/b,tmpfs-size=64m`. Left out, the type is volume.
 */
export function parseMount(value: string, before: readonly MountInput[] = []): readonly MountInput[] {
  const fields = csvFields(value);
  const pairs = fields.map(splitPair);
  const type = new Map(pairs).get('type') ?? 'volume';
  switch (type) {
    case 'tmpfs':
      return [...before, tmpfsMount(new Map(pairs))];
    case 'bind':
      return [...before, bindMount(new Map(pairs))];
    case 'volume':
      return [...before, volumeMount(pairs)];
    default:
      throw new InvalidArgumentError(`there are no mounts of type ${type}: use bind, volume or tmpfs`);
  }
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
const VOLUME_FIELDS = [
  'volume-nocopy',
  'volume-subpath',
  'volume-driver',
  'volume-label',
  'volume-opt',
] as const;
const TMPFS_FIELDS = ['type', 'target', 'destination', 'dst', 'tmpfs-size', 'tmpfs-mode'] as const;

/**
 * z and Z relabel for SELinux, which does not confine Longshore's containers; the others are for machines where the
 * containers run in another one.
 */
const WITHOUT_MEANING = ['z', 'Z', 'cached', 'delegated', 'consistent'] as const;

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

/** Labels and options may come several times. */
function volumeMount(pairs: readonly (readonly [string, string])[]): VolumeInput {
  const fields = new Map(pairs);
  checkFields(fields, [...BIND_FIELDS, ...VOLUME_FIELDS]);
  const source = fields.get('source') ?? fields.get('src');
  const driver = fields.get('volume-driver') ?? 'local';
  if (driver !== 'local')
    throw new InvalidArgumentError(`there is no volume driver "${driver}": it is local`);
  const all = (name: string) =>
    Object.fromEntries(pairs.filter(([key]) => key === name).map(([, value]) => splitPair(value)));
  return {
    type: 'volume',
    ...(source !== undefined && source !== '' && { source }),
    target: targetOf(fields),
    readOnly: isSet(fields.get('readonly') ?? fields.get('ro')),
    noCopy: isSet(fields.get('volume-nocopy')),
    subpath: fields.get('volume-subpath') ?? '',
    driver,
    labels: all('volume-label'),
    options: all('volume-opt'),
  };
}

/** Fields between commas; one in double quotes may have commas in it, and two double quotes for one. */
function csvFields(value: string): readonly string[] {
  const fields = value.match(/(?:^|,)("(?:[^"]|"")*"|[^,]*)/g) ?? [];
  return fields.map((field) => {
    const text = field.replace(/^,/, '');
    return text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text;
  });
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

function bindAccess(options: string): Pick<BindInput, 'readOnly' | 'propagation' | 'recursive'> {
  const words = options.split(',').filter((part) => part !== '');
  const propagation = words.filter((word) => PROPAGATIONS.some((known) => known === word));
  for (const option of words) {
    if (!['ro', 'rw', ...WITHOUT_MEANING, 'rbind', 'bind', ...propagation].includes(option)) {
      throw new InvalidArgumentError(`-v has no option "${option}"`);
    }
  }
  return {
    readOnly: words.includes('ro'),
    recursive: !words.includes('bind'),
    propagation: propagationOf(propagation[0]),
  };
}

function volumeAccess(options: string): Pick<VolumeInput, 'readOnly' | 'noCopy'> {
  const words = options.split(',').filter((part) => part !== '');
  const unknown = words.find((word) => !['ro', 'rw', 'nocopy', ...WITHOUT_MEANING].includes(word));
  if (unknown !== undefined) throw new InvalidArgumentError(`-v of a volume has no option "${unknown}"`);
  return { readOnly: words.includes('ro'), noCopy: words.includes('nocopy') };
}

function resolveHostPath(source: string): string {
  if (source === '~' || source.startsWith('~/')) return path.join(os.homedir(), source.slice(1));
  return path.resolve(source);
}
