import type { ContainerResources, ContainerSpec, DeviceRate } from '@longshore/engine/types';
import { shortId } from '../../lib/image-reference.ts';
import type { Format } from '../../lib/use-format.ts';
import type { MessageId, Text } from '../../messages/use-text.ts';

export interface Setting {
  /** In the catalogue; or a name that needs no translation. */
  readonly name: string;
  readonly value: string;
  readonly mono?: boolean;
}

export interface SettingGroup {
  readonly title: MessageId;
  readonly settings: readonly Setting[];
}

export interface Words {
  readonly t: Text;
  readonly format: Format;
}

/** What was asked for beyond the defaults, and is not told by a card of its own. Groups that have nothing are left out. */
export function settingGroups(spec: ContainerSpec, words: Words): readonly SettingGroup[] {
  const groups: readonly SettingGroup[] = [
    { title: 'overview.limits', settings: limits(spec, words) },
    { title: 'overview.security', settings: security(spec, words) },
    { title: 'overview.shared', settings: shared(spec, words) },
    { title: 'overview.devices', settings: devices(spec, words) },
    { title: 'overview.life', settings: life(spec, words) },
  ];
  return groups.filter(({ settings }) => settings.length > 0);
}

type Candidate = Setting | false;

function those(candidates: readonly Candidate[]): readonly Setting[] {
  return candidates.filter((each) => each !== false);
}

function limits({ resources, ulimits, oomScoreAdj }: ContainerSpec, words: Words): readonly Setting[] {
  const { t, format } = words;
  const { memoryBytes, memorySwapBytes, memoryReservationBytes, memorySwappiness, pidsLimit } = resources;
  return those([
    memoryBytes !== null && { name: t('run.memory'), value: format.memory(memoryBytes) },
    memorySwapBytes !== null && {
      name: t('limits.swap'),
      value: memorySwapBytes < 0 ? t('limits.none') : format.memory(memorySwapBytes),
    },
    memoryReservationBytes !== null && {
      name: t('limits.reservation'),
      value: format.memory(memoryReservationBytes),
    },
    memorySwappiness !== null && { name: t('run.swappiness'), value: `${memorySwappiness}%` },
    resources.oomKillDisable && { name: t('run.outOfMemory'), value: t('limits.waits') },
    oomScoreAdj !== 0 && { name: t('limits.oomScore'), value: format.number(oomScoreAdj) },
    ...cpuLimits(resources, words),
    pidsLimit !== null && {
      name: t('limits.pids'),
      value: pidsLimit < 0 ? t('limits.none') : format.number(pidsLimit),
    },
    ...diskLimits(resources, words),
    ...ulimits.map(({ name, soft, hard }) => ({ name, value: `${soft}:${hard}`, mono: true })),
  ]);
}

function cpuLimits(resources: ContainerResources, { t, format }: Words): readonly Candidate[] {
  const { cpus, cpuQuotaUs, cpuPeriodUs, cpuShares, cpusetCpus, cpusetMems } = resources;
  return [
    cpus !== null && { name: t('run.cpus'), value: format.number(cpus) },
    cpuQuotaUs !== null && { name: t('run.cpuQuota'), value: `${format.number(cpuQuotaUs)} µs` },
    cpuPeriodUs !== null && { name: t('run.cpuPeriod'), value: `${format.number(cpuPeriodUs)} µs` },
    cpuShares !== null && { name: t('limits.cpuShares'), value: format.number(cpuShares) },
    cpusetCpus !== null && { name: t('limits.cpuset'), value: cpusetCpus, mono: true },
    cpusetMems !== null && { name: t('run.cpusetMems'), value: cpusetMems, mono: true },
  ];
}

function diskLimits({ blockIo }: ContainerResources, { t, format }: Words): readonly Candidate[] {
  const bytes = (rates: readonly DeviceRate[], kind: MessageId) =>
    rates.map(({ path, rate }) => ({
      name: path,
      value: t('limits.rate', { amount: format.memory(rate), kind: t(kind) }),
    }));
  const operations = (rates: readonly DeviceRate[], kind: MessageId) =>
    rates.map(({ path, rate }) => ({ name: path, value: `${format.number(rate)} ${t(kind)}` }));
  return [
    blockIo.weight !== null && { name: t('update.ioWeight'), value: format.number(blockIo.weight) },
    ...blockIo.weightDevices.map(({ path, weight }) => ({
      name: path,
      value: t('limits.weight', { weight }),
    })),
    ...bytes(blockIo.readBps, 'stats.read'),
    ...bytes(blockIo.writeBps, 'stats.written'),
    ...operations(blockIo.readIops, 'rate.readIops'),
    ...operations(blockIo.writeIops, 'rate.writeIops'),
  ];
}

function security(spec: ContainerSpec, { t }: Words): readonly Setting[] {
  const { seccomp } = spec;
  return those([
    spec.privileged && { name: t('run.privileged'), value: t('overview.privileged') },
    spec.noNewPrivileges && { name: t('overview.noNewPrivileges'), value: t('ui.yes') },
    spec.capDrop.length > 0 && { name: t('limits.capDrop'), value: spec.capDrop.join(' '), mono: true },
    spec.capAdd.length > 0 && { name: t('limits.capAdd'), value: spec.capAdd.join(' '), mono: true },
    seccomp !== 'default' && {
      name: t('limits.seccomp'),
      value: t(typeof seccomp === 'object' ? 'seccomp.custom' : 'seccomp.unconfined'),
    },
    spec.apparmor !== null && { name: t('run.apparmor'), value: spec.apparmor, mono: true },
    spec.systemPaths === 'unconfined' && { name: t('overview.systemPaths'), value: t('overview.unmasked') },
    spec.idMapping !== null && {
      name: t('overview.userIds'),
      value: t('overview.mapped', { from: spec.idMapping.hostId, count: spec.idMapping.size }),
    },
    spec.readOnlyRootfs && { name: t('overview.readOnly'), value: t('ui.yes') },
  ]);
}

function shared(spec: ContainerSpec, { t, format }: Words): readonly Setting[] {
  return those([
    spec.pid !== 'private' && { name: t('run.pid'), value: modeText(spec.pid, t) },
    spec.ipc !== 'private' && { name: t('run.ipc'), value: modeText(spec.ipc, t) },
    spec.uts === 'host' && { name: t('overview.hostname'), value: t('run.mode.host') },
    spec.cgroup === 'host' && { name: t('run.hostCgroup'), value: t('run.mode.host') },
    spec.cgroupParent !== '' && { name: t('run.cgroupParent'), value: spec.cgroupParent, mono: true },
    spec.shmSizeBytes !== DEFAULT_SHM_BYTES && {
      name: t('limits.shm'),
      value: format.memory(spec.shmSizeBytes),
    },
  ]);
}

const DEFAULT_SHM_BYTES = 64 * 1024 * 1024;

type Mode = ContainerSpec['pid'] | ContainerSpec['ipc'];

/** A namespace that is another container's is told by the beginning of that container's id. */
function modeText(mode: Mode, t: Text): string {
  switch (mode) {
    case 'private':
    case 'shareable':
    case 'none':
    case 'host':
      return t(`run.mode.${mode}`);
    default:
      return t('network.container', { id: shortId(mode.slice('container:'.length)) });
  }
}

function devices(spec: ContainerSpec, { t }: Words): readonly Setting[] {
  return those([
    ...spec.devices.map(({ hostPath, containerPath, permissions }) => ({
      name: hostPath,
      value: containerPath === hostPath ? permissions : `${containerPath} ${permissions}`,
      mono: true,
    })),
    ...spec.deviceRules.map((rule) => ({ name: t('overview.deviceRule'), value: rule, mono: true })),
    ...Object.entries(spec.sysctls).map(([name, value]) => ({ name, value, mono: true })),
  ]);
}

const DEFAULT_LOG = { maxSizeBytes: 20 * 1024 * 1024, maxFiles: 3 };

function life(spec: ContainerSpec, { t, format }: Words): readonly Setting[] {
  const { log } = spec;
  const isLogUsual = log.maxSizeBytes === DEFAULT_LOG.maxSizeBytes && log.maxFiles === DEFAULT_LOG.maxFiles;
  return those([
    spec.autoRemove && { name: t('overview.autoRemove'), value: t('ui.yes') },
    !isLogUsual && {
      name: t('limits.log'),
      value: t('limits.logFiles', { size: format.memory(log.maxSizeBytes), count: log.maxFiles }),
    },
    ...Object.entries(spec.annotations).map(([name, value]) => ({ name, value, mono: true })),
  ]);
}
