import type { ContainerRequestInput } from '../../contract/index.ts';
import { DockerError } from '../server/failure.ts';
import type { CreateBody, HostConfig, MountSettings } from './container-settings.ts';
import { given } from './json.ts';

type MountInput = NonNullable<ContainerRequestInput['mounts']>[number];
type BindInput = Extract<MountInput, { type: 'bind' }>;
type VolumesFromInput = NonNullable<ContainerRequestInput['volumesFrom']>[number];
type Propagation = NonNullable<BindInput['propagation']>;

const PROPAGATIONS: readonly Propagation[] = ['private', 'rprivate', 'shared', 'rshared', 'slave', 'rslave'];

/** For SELinux, which does not confine these containers, and for machines that only look as if they were this one. */
const WITHOUT_MEANING: ReadonlySet<string> = new Set([
  '',
  'z',
  'Z',
  'rw',
  'cached',
  'delegated',
  'consistent',
]);

/** `Binds`, `Mounts`, `Tmpfs` and `Volumes`; what the first three name, the last does not make anew. */
export function mountRequests(body: CreateBody, host: HostConfig): readonly MountInput[] & MountInput[] {
  const named = [
    ...(host.Binds ?? []).map(bindOrVolume),
    ...(host.Mounts ?? []).map(mountRequest),
    ...Object.entries(host.Tmpfs ?? {}).map(([target, options]) => tmpfs(target, options)),
  ];
  const targets = new Set(named.map(({ target }) => target));
  const anonymous = Object.keys(body.Volumes ?? {}).filter((target) => !targets.has(target));
  return [...named, ...anonymous.map((target): MountInput => ({ type: 'volume', target }))];
}

/** `/here:/there:ro`, `a-volume:/there`. */
function bindOrVolume(text: string): MountInput {
  const [source = '', target, options = '', ...rest] = text.split(':');
  if (target === undefined || source === '' || target === '' || rest.length > 0) {
    throw new DockerError(400, `invalid volume specification: '${text.slice(0, 300)}'`);
  }
  const words = options.split(',');
  const readOnly = words.includes('ro');
  const others = words.filter((word) => !WITHOUT_MEANING.has(word) && word !== 'ro');
  if (!source.startsWith('/')) {
    const unknown = others.find((word) => word !== 'nocopy');
    if (unknown !== undefined) throw new DockerError(400, `invalid mode: ${unknown}`);
    return { type: 'volume', source, target, readOnly, noCopy: others.includes('nocopy') };
  }
  const propagation = PROPAGATIONS.find((word) => others.includes(word));
  const unknown = others.find((word) => word !== propagation);
  if (unknown !== undefined) throw new DockerError(400, `invalid mode: ${unknown}`);
  return { type: 'bind', source, target, readOnly, createSource: true, ...(propagation && { propagation }) };
}

function mountRequest(mount: MountSettings): MountInput {
  const target = mount.Target ?? '';
  const readOnly = mount.ReadOnly ?? false;
  switch (mount.Type) {
    case 'bind':
      return { ...bind(mount), target, readOnly };
    case 'volume':
      return { ...volume(mount), target, readOnly };
    case 'tmpfs': {
      const { SizeBytes = 0, Mode = 0, Options = [] } = mount.TmpfsOptions ?? {};
      const options = Options.map((words) => words.join('='));
      return {
        type: 'tmpfs',
        target,
        ...(SizeBytes > 0 && { sizeBytes: SizeBytes }),
        ...(Mode > 0 && { mode: Mode }),
        options: readOnly ? [...options, 'ro'] : options,
      };
    }
    default:
      throw new DockerError(
        400,
        `invalid mount config: mounts of type "${mount.Type.slice(0, 64)}" are not supported`,
      );
  }
}

function bind({ Source, BindOptions }: MountSettings): Omit<BindInput, 'target'> {
  const propagation = BindOptions?.Propagation ?? '';
  const known = PROPAGATIONS.find((word) => word === propagation);
  if (propagation !== '' && known === undefined) {
    throw new DockerError(
      400,
      `invalid mount config for type "bind": invalid propagation mode: ${propagation}`,
    );
  }
  return {
    type: 'bind',
    source: Source ?? '',
    createSource: BindOptions?.CreateMountpoint ?? false,
    ...(known !== undefined && { propagation: known }),
    recursive: BindOptions?.NonRecursive !== true,
  };
}

function volume({
  Source,
  VolumeOptions,
}: MountSettings): Omit<Extract<MountInput, { type: 'volume' }>, 'target'> {
  const { NoCopy, Labels, Subpath, DriverConfig } = VolumeOptions ?? {};
  const driver = given(DriverConfig?.Name) ?? 'local';
  if (driver !== 'local')
    throw new DockerError(400, `error looking up volume plugin ${driver}: plugin "${driver}" not found`);
  return {
    type: 'volume',
    ...(Source && { source: Source }),
    noCopy: NoCopy ?? false,
    labels: Labels ?? {},
    subpath: Subpath ?? '',
    options: DriverConfig?.Options ?? {},
  };
}

const TMPFS_SIZE = /^(\d+)([kmg]?)$/i;
const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** Options as mount(8) has them: `size=64m,mode=1777,exec`. */
function tmpfs(target: string, text: string): MountInput {
  const words = text.split(',').filter((word) => word !== '' && word !== 'rw');
  const valueOf = (name: string) => words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
  const size = TMPFS_SIZE.exec(valueOf('size') ?? '');
  const mode = valueOf('mode');
  return {
    type: 'tmpfs',
    target,
    ...(size !== null && { sizeBytes: Number(size[1]) * (UNITS[(size[2] ?? '').toLowerCase()] ?? 1) }),
    ...(mode !== undefined && { mode: Number.parseInt(mode, 8) }),
    options: words.filter((word) => !/^(size|mode)=/.test(word)),
  };
}

/** `container`, `container:ro`. */
export function volumesFrom(text: string): VolumesFromInput {
  const [container = '', mode = ''] = text.split(':');
  const words = mode.split(',');
  if (words.includes('ro')) return { container, readOnly: true };
  return words.includes('rw') ? { container, readOnly: false } : { container };
}
