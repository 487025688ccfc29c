import type {
  BuildAction,
  ContainerAction,
  ContainerDetails,
  EngineEvent,
  ImageAction,
  ImageSummary,
  NetworkSummary,
  VolumeAction,
  Volume,
} from '@longshore/engine/types';

interface Machine {
  readonly containers: ReadonlyMap<string, ContainerDetails>;
  readonly images: ReadonlyMap<string, ImageSummary>;
  readonly networks: ReadonlyMap<string, NetworkSummary>;
  readonly volumes: ReadonlyMap<string, Volume>;
}

type Unnumbered = EngineEvent extends infer E
  ? E extends EngineEvent
    ? Omit<E, 'seq' | 'at'>
    : never
  : never;

/** How long ago, in seconds. */
type Past = readonly [number, Unnumbered];

/** What was before the page was opened; nothing on a machine without containers. */
export function believableHistory(machine: Machine): EngineEvent[] {
  const past = [...containerPast(machine), ...objectPast(machine)].sort(([a], [b]) => b - a);
  return past.map(([ago, event], index) => ({
    ...event,
    seq: index + 1,
    at: new Date(Date.now() - ago * 1000).toISOString(),
  }));
}

function containerPast({ containers }: Machine): readonly Past[] {
  const of = (name: string, ago: number, action: ContainerAction, attributes = {}): readonly Past[] => {
    const found = [...containers.values()].find((each) => each.name === name);
    if (found === undefined) return [];
    const { id, image } = found;
    return [[ago, { type: 'container', action, id, name, image: image.reference, attributes }]];
  };
  return [
    ...of('search', 1085, 'create', { 'com.example.team': 'shop', INDEX_TOKEN: 'not for eyes' }),
    ...of('search', 1080, 'start'),
    ...of('search', 1020, 'health_status', { health_status: 'healthy' }),
    ...of('search', 400, 'exec_start', { command: 'curl -s localhost:9200/_cat/indices', execID: 'e41f' }),
    ...of('search', 40, 'health_status', { health_status: 'unhealthy' }),
    ...of('clickhouse', 712, 'oom'),
    ...of('clickhouse', 711, 'die', { exitCode: '137', signal: '9' }),
    ...of('web', 650, 'kill', { signal: '1' }),
    ...of('web', 310, 'exec_create', { command: 'sh', execID: '77ab' }),
    ...of('web', 309, 'exec_start', { command: 'sh', execID: '77ab' }),
    ...of('web', 250, 'exec_die', { exitCode: '0', execID: '77ab' }),
    ...of('db', 220, 'pause'),
    ...of('db', 205, 'unpause'),
    ...of('gateway', 130, 'update'),
    ...of('gateway', 95, 'archive-path', { path: '/etc/nginx' }),
  ];
}

function objectPast({ images, networks, volumes }: Machine): readonly Past[] {
  const image = [...images.values()].find(({ references }) => references.length > 0);
  const network = [...networks.values()].find(({ builtIn }) => !builtIn);
  const volume = [...volumes.values()][0];
  const ofImage = (ago: number, action: ImageAction): readonly Past[] =>
    image === undefined
      ? []
      : [[ago, { type: 'image', action, id: image.id, reference: image.references[0] ?? '' }]];
  const ofVolume = (ago: number, action: VolumeAction): readonly Past[] =>
    volume === undefined
      ? []
      : [[ago, { type: 'volume', action, name: volume.name, attributes: { driver: 'local' } }]];
  if (image === undefined) return [];
  return [
    ...ofImage(900, 'pull'),
    ...ofImage(602, 'tag'),
    ...ofVolume(890, 'create'),
    ...ofVolume(702, 'mount'),
    ...(network === undefined
      ? []
      : ([
          [888, networkEvent(network, 'create')],
          [501, networkEvent(network, 'connect')],
        ] satisfies Past[])),
    ...(['start', 'end'] as const).map((action, index): Past => [610 - index * 7, buildEvent(action)]),
    [1200, { type: 'engine', action: 'state' }],
  ];
}

function networkEvent({ id, name, driver }: NetworkSummary, action: 'create' | 'connect'): Unnumbered {
  return { type: 'network', action, id, name, attributes: { name, type: driver } };
}

function buildEvent(action: BuildAction): Unnumbered {
  return { type: 'build', action, id: 'b7f0c1d2e3a4' };
}
