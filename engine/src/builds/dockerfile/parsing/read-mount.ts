import { Reason } from '../problems/reason.ts';
import { didYouMean } from '../problems/suggestion.ts';
import type { Mount } from '../syntax/mount.ts';
import type { MountField } from '../syntax/words.ts';
import { parseMountSize } from './mount-size.ts';
import { parseTruth } from './truth.ts';

const TYPES = ['bind', 'cache', 'tmpfs', 'secret', 'ssh'] as const;
type MountType = (typeof TYPES)[number];
const SHARING = ['shared', 'private', 'locked'] as const;

/** The name that a key and its other spellings stand for. */
const NAMES: Readonly<Record<string, string>> = {
  type: 'type',
  from: 'from',
  source: 'source',
  src: 'source',
  target: 'target',
  dst: 'target',
  destination: 'target',
  readonly: 'readonly',
  ro: 'readonly',
  readwrite: 'readwrite',
  rw: 'readwrite',
  required: 'required',
  size: 'size',
  id: 'id',
  sharing: 'sharing',
  mode: 'mode',
  uid: 'uid',
  gid: 'gid',
  env: 'env',
};

/** Keys that only some types have; the others are taken by every type, as the reference has it. */
const ONLY_FOR: Readonly<Record<string, readonly MountType[]>> = {
  required: ['secret', 'ssh'],
  size: ['tmpfs'],
  sharing: ['cache'],
  mode: ['cache', 'secret', 'ssh'],
  uid: ['cache', 'secret', 'ssh'],
  gid: ['cache', 'secret', 'ssh'],
};

/** Keys that mean `true` without a value. */
const SWITCHES = ['readonly', 'readwrite', 'required'];
const MAX_ID = 2 ** 32 - 1;

/** The mount that the fields describe; `expand` puts variables in. Fails with a Reason. */
export function readMount(fields: readonly MountField[], expand: (value: string) => string): Mount {
  const values = new Map<string, string>();
  for (const { key, value } of fields) {
    const name = nameOf(key);
    if (value === null && !SWITCHES.includes(name)) {
      throw new Reason(`The mount option "${key}" has no value.`, `It is written ${key}=VALUE.`);
    }
    if (name === 'readonly') values.delete('readwrite');
    if (name === 'readwrite') values.delete('readonly');
    values.set(name, value === null ? 'true' : expand(value));
  }
  const type = oneOf('type', values.get('type')?.toLowerCase() ?? 'bind', TYPES);
  for (const name of values.keys()) {
    if (ONLY_FOR[name]?.includes(type) === false) {
      throw new Reason(`A mount of type ${type} has no option "${name}".`);
    }
  }
  return mountOf(type, values);
}

function mountOf(type: MountType, values: ReadonlyMap<string, string>): Mount {
  const target = text(values, 'target');
  const ownership = { mode: mode(values), uid: id(values, 'uid'), gid: id(values, 'gid') };
  const source = values.get('source') ?? '';
  const from = text(values, 'from');
  switch (type) {
    case 'bind':
      return { type, target, source, from, readOnly: readOnly(values, true) };
    case 'tmpfs':
      return { type, target, size: size(values), readOnly: readOnly(values, false) };
    case 'cache': {
      const sharing = oneOf('sharing', values.get('sharing')?.toLowerCase() ?? 'shared', SHARING);
      const shared = { id: text(values, 'id'), from, source, sharing };
      return { type, target, ...shared, readOnly: readOnly(values, false), ...ownership };
    }
    case 'secret': {
      const required = truth(values, 'required');
      return { type, ...secretPlace(values), env: text(values, 'env'), required, ...ownership };
    }
    case 'ssh': {
      const name = text(values, 'id') ?? 'default';
      return { type, id: name, target, required: truth(values, 'required'), ...ownership };
    }
  }
}

/** Without a target the file is /run/secrets/ID, unless `env` shows the secret; without an id the name is the id. */
function secretPlace(values: ReadonlyMap<string, string>): {
  readonly id: string;
  readonly target: string | null;
} {
  const [id, source, target] = [text(values, 'id'), text(values, 'source'), text(values, 'target')];
  if (text(values, 'from') !== null) throw new Reason('A secret mount has no option "from".');
  if (id !== null && source !== null) throw new Reason('A secret mount has id or source, not both.');
  const name = id ?? source ?? target?.slice(target.lastIndexOf('/') + 1) ?? '';
  if (name === '') throw new Reason('A secret mount needs an id or a target.');
  if (target !== null || text(values, 'env') !== null) return { id: name, target };
  return { id: name, target: `/run/secrets/${name.slice(name.lastIndexOf('/') + 1)}` };
}

function nameOf(key: string): string {
  const name = Object.hasOwn(NAMES, key) ? NAMES[key] : undefined;
  if (name !== undefined) return name;
  throw new Reason(`There is no mount option "${key}".${didYouMean(key, Object.keys(NAMES))}`);
}

function oneOf<T extends string>(name: string, value: string, words: readonly T[]): T {
  const chosen = words.find((word) => word === value);
  if (chosen !== undefined) return chosen;
  throw new Reason(`"${value}" is no ${name} of a mount.`, `It is ${words.join(', ')}.`);
}

/** Null: not given, or empty. */
function text(values: ReadonlyMap<string, string>, name: string): string | null {
  const value = values.get(name);
  return value === undefined || value === '' ? null : value;
}

function truth(values: ReadonlyMap<string, string>, name: string): boolean {
  const value = values.get(name);
  return value !== undefined && parseTruth(name, value);
}

function readOnly(values: ReadonlyMap<string, string>, byDefault: boolean): boolean {
  if (values.has('readonly')) return truth(values, 'readonly');
  return values.has('readwrite') ? !truth(values, 'readwrite') : byDefault;
}

function size(values: ReadonlyMap<string, string>): number | null {
  const value = values.get('size');
  if (value === undefined) return null;
  // Zero is no limit, as for the kernel.
  const bytes = parseMountSize(value);
  return bytes === 0 ? null : bytes;
}

function mode(values: ReadonlyMap<string, string>): number | null {
  const value = values.get('mode');
  if (value === undefined) return null;
  if (/^[0-7]{1,11}$/.test(value) && Number.parseInt(value, 8) <= MAX_ID) return Number.parseInt(value, 8);
  throw new Reason(`"${value}" is no mode.`, 'It is octal, like 0755.');
}

function id(values: ReadonlyMap<string, string>, name: string): number | null {
  const value = values.get(name);
  if (value === undefined) return null;
  if (/^\d{1,10}$/.test(value) && Number(value) <= MAX_ID) return Number(value);
  throw new Reason(`"${value}" is no ${name}.`, 'It is a whole number.');
}
