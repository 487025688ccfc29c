import type { Readable } from 'node:stream';
import type { BuildRequestInput } from '../../../../contract/index.ts';
import { parseUlimit } from '../../flags/container-options.ts';
import { parsePlatform, parseSize } from '../../flags/values.ts';
import { contextsOf, sourceOf } from './build-source.ts';
import { outputOf, pairs, secretsOf, sshOf } from './build-values.ts';
import { cacheSourceOf, cacheTargetOf } from './cache-options.ts';

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
  readonly cacheFrom?: readonly string[];
  readonly cacheTo?: readonly string[];
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

/** What the flags ask for; reads the input where they say so. */
export async function buildRequestOf(
  context: string,
  options: BuildOptions,
  stdin: Readable,
): Promise<BuildCommand> {
  const source = await sourceOf(context, options.file, stdin);
  const { platform, shmSize } = options;
  const request: BuildRequestInput = {
    ...source.request,
    tags: [...(options.tag ?? [])],
    ...(options.target !== undefined && { target: options.target }),
    buildArgs: pairs(options.buildArg ?? [], (name) => process.env[name]),
    labels: pairs(options.label ?? [], () => ''),
    contexts: contextsOf(options.buildContext ?? []),
    platforms: (platform?.split(',') ?? []).map(parsePlatform),
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
    cacheFrom: (options.cacheFrom ?? []).map(cacheSourceOf),
    cacheTo: (options.cacheTo ?? []).map(cacheTargetOf),
    outputs: options.output === undefined ? [{ type: 'image' }] : options.output.map(outputOf),
    push: options.push ?? false,
  };
  return { request, upload: source.upload };
}
