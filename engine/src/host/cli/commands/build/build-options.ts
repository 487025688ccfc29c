import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import type { BuildRequestInput } from '../../../../contract/index.ts';
import { EngineError } from '../../../../errors/index.ts';
import { parseUlimit } from '../../flags/container-options.ts';
import { parsePlatform, parseSize } from '../../flags/values.ts';

export interface BuildOptions {
  readonly file?: string;
  readonly tag?: readonly string[];
  readonly target?: string;
  readonly buildArg?: readonly string[];
  readonly label?: readonly string[];
  readonly platform?: string;
  /** commander has `--no-cache` as its absence. */
  readonly cache: boolean;
  readonly cacheFilter: readonly string[] | true;
  readonly pull?: boolean;
  readonly buildContext?: readonly string[];
  readonly secret?: readonly string[];
  readonly ssh?: readonly string[];
  readonly network?: string;
  readonly allow?: readonly string[];
  readonly addHost?: readonly string[];
  readonly ulimit?: readonly string[];
  readonly shmSize?: string;
  readonly memory?: string;
  readonly cpuShares?: string;
  readonly cpusetCpus?: string;
  readonly output?: readonly string[];
  readonly push?: boolean;
  readonly progress: string;
  readonly quiet?: boolean;
  readonly iidfile?: string;
  readonly metadataFile?: string;
  readonly check?: boolean;
}

export interface BuildCommand {
  readonly request: BuildRequestInput;
  /** The context, where it is an archive from the input. */
  readonly upload: AsyncIterable<Uint8Array> | null;
}

type Output = NonNullable<BuildRequestInput['outputs']>[number];

/** What the flags ask for; reads the input where they say so. */
export async function buildRequestOf(
  context: string,
  options: BuildOptions,
  stdin: Readable,
): Promise<BuildCommand> {
  const source = await sourceOf(context, options, stdin);
  const { platform, shmSize } = options;
  const request: BuildRequestInput = {
    ...source.request,
    tags: [...(options.tag ?? [])],
    ...(options.target !== undefined && { target: options.target }),
    buildArgs: pairs(options.buildArg ?? [], (name) => process.env[name]),
    labels: pairs(options.label ?? [], () => ''),
    contexts: contextsOf(options.buildContext ?? []),
    ...(platform !== undefined && { platform: parsePlatform(platform) }),
    noCache: !options.cache,
    noCacheStages:
      options.cacheFilter === true ? [] : options.cacheFilter.flatMap((stages) => stages.split(',')),
    pull: options.pull ?? false,
    secrets: await secretsOf(options.secret ?? []),
    ssh: sshOf(options.ssh ?? []),
    ...(options.network !== undefined && { network: options.network as 'default' }),
    allow: [...(options.allow ?? [])] as ('network.host' | 'security.insecure')[],
    extraHosts: [...(options.addHost ?? [])],
    ulimits: (options.ulimit ?? []).map(parseUlimit),
    ...(shmSize !== undefined && { shmSizeBytes: parseSize(shmSize) }),
    resources: {
      ...(options.memory !== undefined && { memoryBytes: parseSize(options.memory) }),
      ...(options.cpuShares !== undefined && { cpuShares: Number(options.cpuShares) }),
      ...(options.cpusetCpus !== undefined && { cpusetCpus: options.cpusetCpus }),
    },
    outputs: options.output === undefined ? [{ type: 'image' }] : options.output.map(outputOf),
    push: options.push ?? false,
  };
  return { request, upload: source.upload };
}

type Source = Pick<BuildRequestInput, 'context' | 'dockerfile' | 'dockerfileText'>;

/** `-` is an archive, or else a Dockerfile that needs no files. */
async function sourceOf(
  context: string,
  { file }: BuildOptions,
  stdin: Readable,
): Promise<{ readonly request: Source; readonly upload: AsyncIterable<Uint8Array> | null }> {
  if (context !== '-') {
    const folder = { kind: 'folder', path: resolve(context) } as const;
    if (file === '-')
      return { request: { context: folder, dockerfileText: await textOf(stdin) }, upload: null };
    const named = file === undefined ? {} : { dockerfile: resolve(file) };
    return { request: { context: folder, ...named }, upload: null };
  }
  const bytes = await bytesOf(stdin);
  const isArchive =
    bytes.subarray(257, 262).toString('latin1') === 'ustar' || bytes.readUInt16BE(0) === 0x1f8b;
  if (!isArchive) {
    return { request: { context: { kind: 'empty' }, dockerfileText: bytes.toString('utf8') }, upload: null };
  }
  const named = file === undefined ? {} : { dockerfile: file };
  return { request: { context: { kind: 'upload' }, ...named }, upload: Readable.from([bytes]) };
}

async function textOf(stdin: Readable): Promise<string> {
  return (await bytesOf(stdin)).toString('utf8');
}

async function bytesOf(stdin: Readable): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of stdin) pieces.push(Buffer.from(piece as Uint8Array));
  const bytes = Buffer.concat(pieces);
  if (bytes.length > 1) return bytes;
  throw wrong('The input is empty.', '-');
}

function pairs(
  entries: readonly string[],
  byDefault: (name: string) => string | undefined,
): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of entries) {
    const equals = entry.indexOf('=');
    const value = equals === -1 ? byDefault(entry) : entry.slice(equals + 1);
    if (value !== undefined) found[equals === -1 ? entry : entry.slice(0, equals)] = value;
  }
  return found;
}

function contextsOf(entries: readonly string[]): NonNullable<BuildRequestInput['contexts']> {
  const contexts = Object.entries(pairs(entries, () => undefined)).map(([name, value]) => {
    const reference = /^(?:docker-image|oci-layout):\/\/(.+)$/.exec(value)?.[1];
    if (reference !== undefined) return [name, { kind: 'image', reference } as const] as const;
    return [name, { kind: 'folder', path: resolve(value) } as const] as const;
  });
  return Object.fromEntries<NonNullable<BuildRequestInput['contexts']>[string]>(contexts);
}

/** `id=name,src=path`, `id=name,env=VARIABLE`, or `id=name` for a variable of the same name. */
async function secretsOf(entries: readonly string[]): Promise<Record<string, Uint8Array<ArrayBuffer>>> {
  const secrets: Record<string, Uint8Array<ArrayBuffer>> = {};
  for (const entry of entries) {
    const fields = pairs(entry.split(','), () => undefined);
    const { id, src, source = src, env } = fields;
    if (id === undefined)
      throw wrong('A secret has an id: --secret id=NAME,src=FILE.', entry.split(',')[0] ?? '');
    const variable = process.env[env ?? id];
    if (source === undefined && variable === undefined)
      throw wrong(`There is nothing for the secret ${id}.`, id);
    secrets[id] = Uint8Array.from(
      source === undefined ? Buffer.from(variable ?? '') : await readFile(source),
    );
  }
  return secrets;
}

/** `default`, `id`, or `id=socket`. */
function sshOf(entries: readonly string[]): Record<string, string> {
  const agent = process.env['SSH_AUTH_SOCK'];
  const sockets = pairs(entries, () => agent ?? '');
  for (const [id, socket] of Object.entries(sockets)) {
    if (socket === '') throw wrong('No ssh agent runs: SSH_AUTH_SOCK is not set.', id);
  }
  return sockets;
}

/** `type=local,dest=PATH`, or a path alone; `-` is the output. */
function outputOf(text: string): Output {
  if (!text.includes('=')) return text === '-' ? { type: 'tar' } : { type: 'local', path: resolve(text) };
  const { type = '', dest } = pairs(text.split(','), () => undefined);
  const path = dest === undefined || dest === '-' ? {} : { path: resolve(dest) };
  if (type === 'image') return { type };
  if (type === 'local' && path.path !== undefined) return { type, path: path.path };
  if (type === 'tar' || type === 'oci' || type === 'docker') return { type, ...path };
  throw wrong('An output is written type=image|local|tar|oci|docker,dest=PATH.', text);
}

function wrong(message: string, path: string): EngineError {
  return new EngineError('invalid-argument', message, { detail: { path } });
}
