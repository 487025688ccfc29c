import { containerSpec, NO_DEVICES, runRequest } from '../../containers/index.ts';
import { type BuildRequest, containerRequest } from '../../contract/index.ts';
import { EngineError } from '../../errors/index.ts';
import { DEFAULT_NETWORK_ID, type EndpointRequest } from '../../runtime/index.ts';
import type { ContainerMount, ImageRunConfig } from '../../types/index.ts';
import type { RunVertex } from '../graph/vertex.ts';
import type { Roots, StepContext } from '../solver/solver.ts';
import type { ExecutorParts } from './parts.ts';
import { withMounts } from './mounts/mounts.ts';
import type { WorkContainer } from './work-container.ts';

const NO_CONFIG: ImageRunConfig = {
  user: '',
  env: [],
  entrypoint: [],
  command: [],
  workingDir: '',
  exposedPorts: [],
  volumes: [],
  labels: {},
  stopSignal: null,
  healthcheck: null,
};
const DEFAULT_NETWORK = { id: DEFAULT_NETWORK_ID, name: 'bridge' };
const HOSTNAME = 'buildkitsandbox';

/** Runs a command in the container, in the same sandbox as every container's. */
export async function runInside(
  parts: ExecutorParts,
  vertex: RunVertex,
  roots: Roots,
  work: WorkContainer,
  context: StepContext,
): Promise<void> {
  checkAllowed(parts, vertex);
  const around = { parts, roots, signal: context.signal };
  await withMounts(around, parts.cacheFolders, vertex.mounts, work, async ({ mounts, env }) => {
    const request = await requestOf(parts, vertex, work, mounts, env);
    const code = await runToEnd(parts, request, context);
    if (code === 0) return;
    const command = vertex.args.at(-1) ?? '';
    throw new EngineError(
      'failed-precondition',
      `The command "${command.slice(0, 300)}" ended with ${code}.`,
      {
        detail: { step: 'run', path: vertex.instruction.slice(0, 300), exitCode: code },
      },
    );
  });
}

/** Whoever asks for the whole build to be in the host's network has allowed it. */
function checkAllowed({ request }: ExecutorParts, { insecure, network }: RunVertex): void {
  if (insecure) checkRight(request, 'security.insecure');
  if (network === 'host' && request.network !== 'host') checkRight(request, 'network.host');
}

function checkRight({ allow }: BuildRequest, right: BuildRequest['allow'][number]): void {
  if (allow.includes(right)) return;
  throw new EngineError('permission-denied', `The Dockerfile asks for ${right}, which is not allowed.`, {
    detail: { step: 'run', path: right },
    hint: `If you trust the file, allow it: --allow ${right}.`,
  });
}

async function requestOf(
  parts: ExecutorParts,
  vertex: RunVertex,
  { id, chainIds }: WorkContainer,
  mounts: readonly ContainerMount[],
  env: readonly string[],
) {
  const { request: build, networks, machine } = parts;
  const request = containerRequest.parse({
    image: 'build',
    entrypoint: [],
    command: [...vertex.args],
    env: [...vertex.hiddenEnv, ...vertex.env, ...env],
    workingDir: vertex.workingDir,
    user: vertex.user,
    hostname: HOSTNAME,
    network: vertex.network === 'default' ? 'bridge' : vertex.network,
    privileged: vertex.insecure,
    extraHosts: build.extraHosts,
    ulimits: build.ulimits,
    resources: build.resources,
    ...(build.shmSizeBytes !== undefined && { shmSizeBytes: build.shmSizeBytes }),
  });
  const spec = containerSpec(id, request, {
    image: { id: '', reference: 'build', platform: '', chainIds, config: NO_CONFIG },
    mounts,
    find: (name) => {
      throw new EngineError('not-found', `There is no container ${name} in a build.`);
    },
    networks,
    idMappings: () => [],
    machineName: HOSTNAME,
  });
  const endpoints = vertex.network === 'default' ? [await defaultEndpoint(parts)] : [];
  const record = {
    ...{ id, spec, chainIds, name: '', image: { reference: 'build', id: '' }, platform: '', createdAt: '' },
    ...{ lastRun: null, restartCount: 0, stoppedByHand: false, failure: null, warnings: [] },
    ...{ removing: false, removingVolumes: false },
  };
  // The kernel mounts a volatile layer once; where mounts leave places behind, these are removed afterwards.
  return { ...runRequest(record, machine(), NO_DEVICES, endpoints), volatile: mounts.length === 0 };
}

async function defaultEndpoint({ networks }: ExecutorParts): Promise<EndpointRequest> {
  const { id } = await networks.ready(DEFAULT_NETWORK);
  return {
    network: id,
    names: [],
    ipv4: '',
    ipv6: '',
    mac: '',
    interface: '',
    gatewayPriority: 0,
    links: [],
  };
}

/** Its exit code. Cancelling kills it. */
async function runToEnd(
  { runtime }: ExecutorParts,
  request: Parameters<ExecutorParts['runtime']['run']>[0],
  { signal, log }: StepContext,
): Promise<number> {
  const { id } = request;
  const attach = { containerId: id, stdin: false, stdout: true, stderr: true, beforeStart: true };
  for await (const output of runtime.attach(attach, nothing(), { signal })) {
    if (output.kind === 'ready') await runtime.run(request, { signal });
    else if (output.kind === 'exited') return output.code;
    else log(output.kind, output.data);
  }
  throw new EngineError('internal', 'A command of a build ended without an exit code.');
}

async function* nothing(): AsyncGenerator<never> {
  // A build reads nothing from anybody.
}
