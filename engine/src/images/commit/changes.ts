import { posix } from 'node:path';
import { EngineError } from '../../errors/index.ts';
import { signalNumber } from '../../runtime/index.ts';
import { parseHealthcheck } from './healthcheck.ts';
import type { RunConfigDocument } from './run-config.ts';
import { type Lookup, wordOf, wordsOf } from './words.ts';

/** A config under change, and whether an instruction has said the command. */
interface State {
  readonly config: RunConfigDocument;
  readonly commandSet: boolean;
}

type Apply = (state: State, text: string) => State | null;

const SHELL: readonly string[] = ['/bin/sh', '-c'];
const PORTS = /^(\d{1,5})(?:-(\d{1,5}))?(?:\/(tcp|udp|sctp))?$/i;
const MAX_PORT = 65_535;

/** Docker's list; each answers with null when its arguments are not valid. */
const INSTRUCTIONS: Readonly<Record<string, Apply>> = {
  CMD: ({ config }, text) => ({ config: { ...config, Cmd: commandOf(config, text) }, commandSet: true }),
  ENTRYPOINT: ({ config, commandSet }, text) => ({
    // The old command's arguments would go to the new program.
    config: { ...config, Entrypoint: commandOf(config, text), Cmd: commandSet ? (config.Cmd ?? []) : [] },
    commandSet,
  }),
  ENV: (state, text) => {
    const pairs = pairsOf(text, lookupIn(state.config));
    if (pairs === null) return null;
    const env = new Map((state.config.Env ?? []).map((entry) => [nameOf(entry), entry]));
    for (const [name, value] of pairs) env.set(name, `${name}=${value}`);
    return changed(state, { Env: [...env.values()] });
  },
  EXPOSE: (state, text) => {
    const ports = wordsOf(text, lookupIn(state.config)).map(portsOf);
    if (ports.length === 0 || ports.includes(null)) return null;
    return changed(state, {
      ExposedPorts: { ...state.config.ExposedPorts, ...setOf(ports.flatMap((p) => p ?? [])) },
    });
  },
  HEALTHCHECK: (state, text) => {
    const check = parseHealthcheck(text, vectorOf);
    return check && changed(state, { Healthcheck: check });
  },
  LABEL: (state, text) => {
    const pairs = pairsOf(text, lookupIn(state.config));
    return pairs && changed(state, { Labels: { ...state.config.Labels, ...Object.fromEntries(pairs) } });
  },
  ONBUILD: (state, text) => {
    if (text === '' || /^(onbuild|from|maintainer)\b/i.test(text)) return null;
    return changed(state, { OnBuild: [...(state.config.OnBuild ?? []), text] });
  },
  STOPSIGNAL: (state, text) => {
    const signal = wordOf(text, lookupIn(state.config));
    return signalNumber(signal) === null ? null : changed(state, { StopSignal: signal });
  },
  USER: (state, text) => {
    const user = wordOf(text, lookupIn(state.config));
    return user === '' ? null : changed(state, { User: user });
  },
  VOLUME: (state, text) => {
    const lookup = lookupIn(state.config);
    const paths = vectorOf(text)?.map((path) => wordOf(path, lookup)) ?? wordsOf(text, lookup);
    if (paths.length === 0 || paths.includes('')) return null;
    return changed(state, { Volumes: { ...state.config.Volumes, ...setOf(paths) } });
  },
  WORKDIR: (state, text) => {
    const path = wordOf(text, lookupIn(state.config));
    if (path === '') return null;
    return changed(state, { WorkingDir: posix.resolve('/', state.config.WorkingDir ?? '/', path) });
  },
};

/** Applies instructions as in a Dockerfile, those that need no build; `invalid-argument` names the one that is wrong. */
export function applyChanges(config: RunConfigDocument, changes: readonly string[]): RunConfigDocument {
  let state: State = { config, commandSet: false };
  for (const line of linesOf(changes)) {
    const [word = ''] = line.split(/\s/, 1);
    const name = word.toUpperCase();
    const apply = Object.hasOwn(INSTRUCTIONS, name) ? INSTRUCTIONS[name] : undefined;
    if (apply === undefined) throw notAChange(word);
    const after = apply(state, line.slice(word.length).trim());
    if (after === null) throw notValid(name, line);
    state = after;
  }
  return state.config;
}

/** Without comments; a backslash at its end joins a line with the next. */
function linesOf(changes: readonly string[]): readonly string[] {
  return changes
    .join('\n')
    .replaceAll(/\\[ \t]*\r?\n/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

function changed(state: State, change: Partial<RunConfigDocument>): State {
  return { ...state, config: { ...state.config, ...change } };
}

function commandOf({ Shell = SHELL }: RunConfigDocument, text: string): readonly string[] {
  return vectorOf(text) ?? (text === '' ? [] : [...Shell, text]);
}

/** JSON's form of an argument vector; null: it is a line for the shell, as everything else is. */
function vectorOf(text: string): readonly string[] | null {
  if (!text.startsWith('[')) return null;
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) && parsed.every((word) => typeof word === 'string') ? parsed : null;
  } catch {
    return null;
  }
}

/** `A=1 B="x y"`, or the old form of one: `A the rest`. */
function pairsOf(text: string, lookup: Lookup): readonly (readonly [string, string])[] | null {
  const words = wordsOf(text, lookup);
  const [first] = words;
  if (first === undefined) return null;
  if (!first.includes('=')) {
    const [, name = '', rest = ''] = /^(\S+)\s+(.*)$/s.exec(text) ?? [];
    return name === '' ? null : [[name, wordOf(rest, lookup)]];
  }
  if (!words.every((word) => word.indexOf('=') > 0)) return null;
  return words.map((word) => [nameOf(word), word.slice(word.indexOf('=') + 1)]);
}

function portsOf(text: string): readonly string[] | null {
  const [whole, from = '', to = from, protocol = 'tcp'] = PORTS.exec(text) ?? [];
  const [first, last] = [Number(from), Number(to)];
  if (whole === undefined || first < 1 || last > MAX_PORT || last < first) return null;
  return Array.from({ length: last - first + 1 }, (_, index) => `${first + index}/${protocol.toLowerCase()}`);
}

function lookupIn({ Env = [] }: RunConfigDocument): Lookup {
  return (name) => Env.find((entry) => nameOf(entry) === name)?.slice(name.length + 1);
}

function nameOf(entry: string): string {
  const equals = entry.indexOf('=');
  return equals === -1 ? entry : entry.slice(0, equals);
}

/** Go's way to write a set. */
function setOf(keys: readonly string[]): Readonly<Record<string, object>> {
  return Object.fromEntries(keys.map((key) => [key, {}]));
}

function notAChange(word: string): EngineError {
  return new EngineError('invalid-argument', `${word.slice(0, 100)} is not a valid change command`, {
    detail: { step: 'change', path: word.slice(0, 100) },
    hint: `A change is one of ${Object.keys(INSTRUCTIONS).join(', ')}.`,
  });
}

function notValid(name: string, line: string): EngineError {
  return new EngineError('invalid-argument', `The change "${line.slice(0, 300)}" is not a valid ${name}.`, {
    detail: { step: 'change', path: name },
    hint: 'It is written as in a Dockerfile.',
  });
}
