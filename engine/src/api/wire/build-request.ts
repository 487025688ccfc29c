import { z } from 'zod';
import type { BuildRequestInput } from '../../contract/index.ts';
import { jsonOrUndefined } from '../../json.ts';
import { DockerError } from '../server/failure.ts';
import type { Query } from '../server/query.ts';
import { platformOf } from './platform.ts';
import { registryConfig } from './registry-auth.ts';
import { resourcesRequest } from './resources-request.ts';

type Context = BuildRequestInput['context'];
type Settings = Omit<BuildRequestInput, 'context'>;

const NETWORKS = {
  '': 'default',
  default: 'default',
  bridge: 'default',
  none: 'none',
  host: 'host',
} as const;

/** A list in a parameter is small; the longest are arguments. */
const MAX_PARAMETER_LENGTH = 1024 * 1024;

const texts = z.record(z.string(), z.string());
/** Docker's client sends `null` for an argument of which it knows no value. */
const argumentsOf = z.record(z.string(), z.string().nullable());
const ulimits = z.array(
  z.object({ Name: z.string(), Soft: z.number().int().default(0), Hard: z.number().int().default(0) }),
);
const references = z.array(z.string());
const outputs = z.array(z.object({ Type: z.string().default('') }));

/** What asks for something that no build here does, with the reason. */
const REFUSED: Readonly<Record<string, string>> = {
  cgroupparent: 'builds have no cgroup of their own choice',
  securityopt: 'builds have no security options',
  session: 'BuildKit sessions are not offered: build with DOCKER_BUILDKIT=0',
};

/** The parameters of `POST /build`, but for where the context comes from. */
export function buildSettings(
  query: Query,
  registryHeader: string | readonly string[] | undefined,
): Settings {
  refuseUnserved(query);
  const target = query.text('target');
  const platform = platformOf(query.text('platform'));
  const dockerfile = query.text('dockerfile');
  const shmSize = query.integer('shmsize');
  return {
    ...(dockerfile !== undefined && { dockerfile }),
    tags: [...query.texts('t')],
    ...(target !== undefined && { target }),
    buildArgs: known(parameter(query, 'buildargs', argumentsOf) ?? {}),
    labels: parameter(query, 'labels', texts) ?? {},
    ...(platform && { platform }),
    noCache: query.flag('nocache'),
    pull: query.flag('pull'),
    credentials: registryConfig(registryHeader),
    network: networkOf(query.text('networkmode')),
    extraHosts: [...query.texts('extrahosts')],
    ulimits: (parameter(query, 'ulimits', ulimits) ?? []).map(({ Name, Soft, Hard }) => ({
      name: Name,
      soft: Soft,
      hard: Hard,
    })),
    ...(shmSize !== undefined && shmSize !== 0 && { shmSizeBytes: shmSize }),
    resources: resourcesRequest({
      Memory: query.integer('memory'),
      MemorySwap: query.integer('memswap'),
      CpuShares: query.integer('cpushares'),
      CpuPeriod: query.integer('cpuperiod'),
      CpuQuota: query.integer('cpuquota'),
      CpusetCpus: query.text('cpusetcpus'),
      CpusetMems: query.text('cpusetmems'),
    }),
    cacheFrom: (parameter(query, 'cachefrom', references) ?? []).map((reference) => ({
      type: 'inline',
      reference,
    })),
  };
}

/** `remote`: a git repository, as Docker tells it from an archive; undefined for anything else. */
export function gitContext(remote: string): Context | undefined {
  const isGit = /^(?:git:\/\/|git@|github\.com\/|ssh:\/\/)/.test(remote) || /\.git(?:#.*)?$/.test(remote);
  return isGit ? { kind: 'git', url: remote } : undefined;
}

function refuseUnserved(query: Query): void {
  if (query.text('version') === '2') {
    throw new DockerError(501, 'BuildKit is not offered by this API: build with DOCKER_BUILDKIT=0');
  }
  if (query.flag('squash')) {
    throw new DockerError(400, 'squash is only supported with experimental mode');
  }
  const isolation = query.text('isolation');
  if (isolation !== undefined && isolation !== 'default') {
    throw new DockerError(400, `Unsupported isolation: "${isolation.slice(0, 64)}"`);
  }
  const kinds = (parameter(query, 'outputs', outputs) ?? []).map(({ Type }) => Type);
  if (kinds.some((type) => type !== '' && type !== 'image')) {
    throw new DockerError(400, 'the classic builder has no outputs but the image');
  }
  for (const [name, reason] of Object.entries(REFUSED)) {
    const value = query.text(name);
    if (value !== undefined && value !== 'null' && value !== '[]') {
      throw new DockerError(501, `${name} is not supported: ${reason}`);
    }
  }
}

function networkOf(mode: string | undefined): 'default' | 'none' | 'host' {
  const name = mode ?? '';
  if (Object.hasOwn(NETWORKS, name)) return NETWORKS[name as keyof typeof NETWORKS];
  throw new DockerError(
    400,
    `networkmode: a build has the network default, none or host, not "${name.slice(0, 64)}"`,
  );
}

/** A parameter that is JSON; undefined when it is empty, or `null`. */
function parameter<T>(query: Query, name: string, schema: z.ZodType<T>): T | undefined {
  const text = query.text(name);
  if (text === undefined || text === 'null') return undefined;
  const result = text.length > MAX_PARAMETER_LENGTH ? undefined : schema.safeParse(jsonOrUndefined(text));
  if (result?.success === true) return result.data;
  throw new DockerError(400, `error reading ${name}: it is not JSON of the form that is expected`);
}

function known(values: Readonly<Record<string, string | null>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  );
}
