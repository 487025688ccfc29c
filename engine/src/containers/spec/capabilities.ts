import { EngineError } from '../../errors/index.ts';

/** Docker's default set (moby, oci/caps/defaults.go). */
export const DEFAULT_CAPABILITIES: readonly string[] = [
  'CAP_CHOWN',
  'CAP_DAC_OVERRIDE',
  'CAP_FSETID',
  'CAP_FOWNER',
  'CAP_MKNOD',
  'CAP_NET_RAW',
  'CAP_SETGID',
  'CAP_SETUID',
  'CAP_SETFCAP',
  'CAP_SETPCAP',
  'CAP_NET_BIND_SERVICE',
  'CAP_SYS_CHROOT',
  'CAP_KILL',
  'CAP_AUDIT_WRITE',
];

/** All of capabilities(7), as of Linux 5.9 (CAP_CHECKPOINT_RESTORE is the last). */
const ALL_CAPABILITIES: readonly string[] = [
  ...DEFAULT_CAPABILITIES,
  'CAP_DAC_READ_SEARCH',
  'CAP_LINUX_IMMUTABLE',
  'CAP_NET_BROADCAST',
  'CAP_NET_ADMIN',
  'CAP_IPC_LOCK',
  'CAP_IPC_OWNER',
  'CAP_SYS_MODULE',
  'CAP_SYS_RAWIO',
  'CAP_SYS_PTRACE',
  'CAP_SYS_PACCT',
  'CAP_SYS_ADMIN',
  'CAP_SYS_BOOT',
  'CAP_SYS_NICE',
  'CAP_SYS_RESOURCE',
  'CAP_SYS_TIME',
  'CAP_SYS_TTY_CONFIG',
  'CAP_LEASE',
  'CAP_AUDIT_CONTROL',
  'CAP_MAC_OVERRIDE',
  'CAP_MAC_ADMIN',
  'CAP_SYSLOG',
  'CAP_WAKE_ALARM',
  'CAP_BLOCK_SUSPEND',
  'CAP_AUDIT_READ',
  'CAP_PERFMON',
  'CAP_BPF',
  'CAP_CHECKPOINT_RESTORE',
];

const ALL = 'ALL';

/** Names with or without `CAP_`, in any case, as `CAP_NAME` or `ALL`; an unknown one is refused. */
export function normaliseCapabilities(names: readonly string[]): readonly string[] {
  return names.map((name) => {
    const word = name.toUpperCase();
    if (word === ALL) return ALL;
    const capability = word.startsWith('CAP_') ? word : `CAP_${word}`;
    if (ALL_CAPABILITIES.includes(capability)) return capability;
    throw new EngineError('invalid-argument', `There is no capability "${name}".`, {
      detail: { path: name },
    });
  });
}

/** Docker's rule: dropping ALL leaves what is added; adding ALL leaves all but what is dropped. */
export function effectiveCapabilities(add: readonly string[], drop: readonly string[]): readonly string[] {
  const added = normaliseCapabilities(add);
  const dropped = normaliseCapabilities(drop);
  const named = added.filter((name) => name !== ALL);
  if (added.includes(ALL)) return ALL_CAPABILITIES.filter((name) => !dropped.includes(name));
  if (dropped.includes(ALL)) return [...new Set(named)];
  const base = DEFAULT_CAPABILITIES.filter((name) => !dropped.includes(name));
  return [...new Set([...base, ...named])];
}
