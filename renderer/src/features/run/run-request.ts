import type { ContainerRequestInput } from '@longshore/engine/contract';
import { platformOf } from '../../lib/platform-name.ts';
import { splitWords } from '../../lib/shell-words.ts';
import { flag, mib, number, pairs, record, said, seconds, text, whole, words } from './form-values.ts';
import { exposedPortsOf, publicationsOf } from './port-rows.ts';
import type { RunForm } from './run-form.ts';
import type { MountRow, NetworkRow, RateKind, TmpfsRow } from './run-rows.ts';

type Resources = NonNullable<ContainerRequestInput['resources']>;
type Mount = NonNullable<ContainerRequestInput['mounts']>[number];
type VolumesFrom = NonNullable<ContainerRequestInput['volumesFrom']>[number];
type Attachment = NonNullable<ContainerRequestInput['networks']>[number];

/**
 * What the form asks of the engine. What was left alone is not in it. What cannot be read as a number is NaN, which
 * the contract refuses as it refuses a number out of range.
 */
export function requestOf(form: RunForm): ContainerRequestInput {
  const command = splitWords(form.command);
  const entrypoint = splitWords(form.entrypoint);
  return {
    image: form.image.trim(),
    ...said({
      name: text(form.name),
      entrypoint: entrypoint.ok ? withoutEmpty(entrypoint.words) : undefined,
      command: command.ok ? [...command.words] : undefined,
      env: pairs(form.env).map(({ name, value }) => `${name}=${value}`),
      workingDir: text(form.workingDir),
      user: text(form.user),
      groups: words(form.groups),
      tty: flag(form.interactive),
      openStdin: flag(form.interactive),
      init: flag(form.init),
      readOnlyRootfs: flag(form.readOnlyRootfs),
      labels: record(form.labels),
      annotations: record(form.annotations),
      mounts: [...mountRows(form).map(mountOf), ...tmpfsRows(form).map(tmpfsMount)],
      volumesFrom: words(form.volumesFrom).map(volumesFromOf),
      resources: said(resourcesOf(form)),
      ulimits: ulimitsOf(form),
      shmSizeBytes: mib(form.shmSize),
      autoRemove: flag(form.autoRemove),
      platform: platformOfText(form.platform),
      ...networkOf(form),
      ...securityOf(form),
      ...lifeOf(form),
    }),
  };
}

/** One that is none is sent as such, and the contract refuses it. */
function platformOfText(typed: string): ContainerRequestInput['platform'] {
  const name = text(typed);
  return name === undefined ? undefined : (platformOf(name) ?? { os: '', architecture: '' });
}

/** `""` alone is Docker's way to say: none, not even the image's. It is one empty word. */
function withoutEmpty(words: readonly string[]): string[] | undefined {
  if (words.length === 0) return undefined;
  return words.length === 1 && words[0] === '' ? [] : [...words];
}

export function mountRows(form: RunForm): readonly MountRow[] {
  return form.mounts.filter(({ source, target }) => source !== '' || target !== '');
}

function tmpfsRows(form: RunForm): readonly TmpfsRow[] {
  return form.tmpfs.filter(({ target, size, mode, options }) => `${target}${size}${mode}${options}` !== '');
}

function mountOf(row: MountRow): Mount {
  const { kind, source, target, readOnly, mustExist, propagation, alone, noCopy, subpath } = row;
  if (kind === 'volume') {
    return {
      type: 'volume',
      target,
      ...(source.trim() !== '' && { source: source.trim() }),
      ...(readOnly && { readOnly }),
      ...(noCopy && { noCopy }),
      ...(subpath.trim() !== '' && { subpath: subpath.trim() }),
    };
  }
  return {
    type: 'bind',
    source,
    target,
    createSource: !mustExist,
    ...(readOnly && { readOnly }),
    ...(propagation !== 'rprivate' && { propagation }),
    ...(alone && { recursive: false }),
  };
}

/** `name`, `name:ro` or `name:rw`, as Docker has it. */
function volumesFromOf(word: string): VolumesFrom {
  const said = /^(.*?)(?::(ro|rw))?$/.exec(word);
  return {
    container: said?.[1] ?? word,
    ...(said?.[2] !== undefined && { readOnly: said[2] === 'ro' }),
  };
}

function tmpfsMount({ target, size, mode, options }: TmpfsRow): Mount {
  return {
    type: 'tmpfs',
    target,
    ...said({
      sizeBytes: mib(size),
      mode: mode === '' ? undefined : /^[0-7]{1,4}$/.test(mode) ? Number.parseInt(mode, 8) : Number.NaN,
      options: words(options),
    }),
  };
}

function resourcesOf(form: RunForm): Resources {
  return {
    memoryBytes: mib(form.memory),
    memorySwapBytes: form.memorySwap.trim() === '-1' ? -1 : mib(form.memorySwap),
    memoryReservationBytes: mib(form.memoryReservation),
    memorySwappiness: number(form.swappiness),
    oomKillDisable: flag(form.oomKillDisable),
    cpus: number(form.cpus),
    cpuQuotaUs: number(form.cpuQuota),
    cpuPeriodUs: number(form.cpuPeriod),
    cpuShares: number(form.cpuShares),
    cpusetCpus: text(form.cpusetCpus),
    cpusetMems: text(form.cpusetMems),
    pidsLimit: number(form.pidsLimit),
    blockIo: blockIoOf(form),
  };
}

function blockIoOf(form: RunForm): Resources['blockIo'] {
  const of = (kind: RateKind) =>
    form.rates
      .filter((row) => row.kind === kind && `${row.path}${row.rate}` !== '')
      .map(({ path, rate }) => ({
        path,
        rate: (kind.endsWith('Bps') ? mib(rate) : number(rate)) ?? Number.NaN,
      }));
  return whole({
    weight: number(form.ioWeight),
    weightDevices: of('weightDevices').map(({ path, rate }) => ({ path, weight: rate })),
    readBps: of('readBps'),
    writeBps: of('writeBps'),
    readIops: of('readIops'),
    writeIops: of('writeIops'),
  });
}

function ulimitsOf(form: RunForm): ContainerRequestInput['ulimits'] {
  return form.ulimits
    .filter(({ name, soft, hard }) => `${name}${soft}${hard}` !== '')
    .map(({ name, soft, hard }) => {
      const least = number(soft) ?? Number.NaN;
      return { name, soft: least, hard: number(hard) ?? least };
    });
}

export function networkRows(form: RunForm): readonly NetworkRow[] {
  return form.networks.filter(({ network, aliases, address }) => `${network}${aliases}${address}` !== '');
}

function attachmentOf({ network, aliases, address }: NetworkRow): Attachment {
  const ip = address.trim();
  const names = words(aliases);
  return {
    network,
    ...(names.length > 0 && { aliases: names }),
    ...(ip !== '' && (ip.includes(':') ? { ipv6: ip } : { ipv4: ip })),
  };
}

function networkOf(form: RunForm) {
  return {
    network: mode(form.network, form.networkContainer, 'bridge'),
    networks: networkRows(form).map(attachmentOf),
    ports: form.ports.flatMap((row) => [...(publicationsOf(row) ?? [])]),
    publishAllPorts: flag(form.publishAll),
    exposedPorts: [...(exposedPortsOf(words(form.exposed)) ?? [])],
    hostname: text(form.hostname),
    domainname: text(form.domainname),
    extraHosts: pairs(form.hosts).map(({ name, value }) => `${name}:${value}`),
    dns: words(form.dns),
    dnsSearch: words(form.dnsSearch),
    dnsOptions: words(form.dnsOptions),
  } satisfies Partial<ContainerRequestInput>;
}

function securityOf(form: RunForm) {
  return {
    privileged: flag(form.privileged),
    noNewPrivileges: flag(form.noNewPrivileges),
    capAdd: words(form.capAdd),
    capDrop: words(form.capDrop),
    seccomp: seccompOf(form),
    apparmor: text(form.apparmor),
    systemPaths: form.systemPathsOpen ? ('unconfined' as const) : undefined,
    devices: form.devices
      .filter(({ hostPath, containerPath }) => hostPath !== '' || containerPath !== '')
      .map(({ hostPath, containerPath, permissions }) => ({
        hostPath,
        containerPath: containerPath === '' ? hostPath : containerPath,
        ...(permissions !== 'rwm' && { permissions }),
      })),
    deviceRules: form.deviceRules.filter((rule) => rule !== ''),
    sysctls: record(form.sysctls),
    oomScoreAdj: number(form.oomScoreAdj),
    pid: mode(form.pid, form.pidContainer, 'private'),
    ipc: mode(form.ipc, form.ipcContainer, 'private'),
    uts: form.hostUts ? ('host' as const) : undefined,
    cgroup: form.hostCgroup ? ('host' as const) : undefined,
    users: form.ownUsers ? ('auto' as const) : undefined,
    cgroupParent: text(form.cgroupParent),
  } satisfies Partial<ContainerRequestInput>;
}

function seccompOf({ seccomp, seccompProfile }: RunForm): ContainerRequestInput['seccomp'] {
  if (seccomp === 'profile') return { profile: seccompProfile?.text ?? '' };
  return seccomp === 'default' ? undefined : seccomp;
}

function lifeOf(form: RunForm) {
  const log = { maxSizeBytes: mib(form.logSize), maxFiles: number(form.logFiles) };
  const isLogSaid = log.maxSizeBytes !== undefined || log.maxFiles !== undefined;
  return {
    restart:
      form.restart === 'no'
        ? undefined
        : {
            name: form.restart,
            ...(form.restart === 'on-failure' && said({ maximumRetries: number(form.restartTimes) })),
          },
    healthcheck: healthOf(form),
    stopSignal: text(form.stopSignal),
    stopTimeoutSeconds: number(form.stopTimeout),
    // The two belong together: the one that is missing is asked for.
    log: isLogSaid
      ? { maxSizeBytes: log.maxSizeBytes ?? Number.NaN, maxFiles: log.maxFiles ?? Number.NaN }
      : undefined,
  } satisfies Partial<ContainerRequestInput>;
}

function healthOf(form: RunForm): ContainerRequestInput['healthcheck'] {
  if (form.health === 'none') return { disabled: true };
  if (form.health === 'image') return undefined;
  return whole({
    command: text(form.healthCommand),
    intervalMs: seconds(form.healthInterval),
    timeoutMs: seconds(form.healthTimeout),
    startPeriodMs: seconds(form.healthStartPeriod),
    startIntervalMs: seconds(form.healthStartInterval),
    retries: number(form.healthRetries),
  });
}

/** A word of its own, or another container; the default is not said. */
function mode<Word extends string, Default extends Word>(word: Word, container: string, usual: Default) {
  if (word === usual) return undefined;
  if (word === 'container') return `container:${container.trim()}` as const;
  return word as Exclude<Word, Default | 'container'>;
}
