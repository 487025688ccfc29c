import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Settings } from './real-containers.ts';

const isV2 = readFileSync('/proc/self/mounts', 'utf8').includes(' /sys/fs/cgroup cgroup2 ');

export interface Row {
  /** What the container is promised. */
  readonly name: string;
  readonly settings: Settings;
  /** Run by sh inside; what it prints shows the effect. */
  readonly look: string;
  readonly sees: string | RegExp;
}

/** Prints a cgroup file of the container's own. */
const cgroup = (v1: string, v2: string): string => `cat /sys/fs/cgroup/${isV2 ? v2 : v1}`;

const LIMITS: readonly Row[] = [
  {
    name: 'a limit on memory, and as much swap again',
    settings: { resources: { memoryBytes: 32 << 20 } },
    look: cgroup('memory/memory.limit_in_bytes', 'memory.max'),
    sees: `${32 << 20}\n`,
  },
  {
    name: 'a soft limit on memory',
    settings: { resources: { memoryBytes: 64 << 20, memoryReservationBytes: 16 << 20 } },
    look: cgroup('memory/memory.soft_limit_in_bytes', 'memory.low'),
    sees: `${16 << 20}\n`,
  },
  {
    name: 'processor time in whole processors',
    settings: { resources: { cpus: 0.5 } },
    look: isV2
      ? 'cat /sys/fs/cgroup/cpu.max'
      : 'cd /sys/fs/cgroup/cpu; cat cpu.cfs_quota_us cpu.cfs_period_us',
    sees: isV2 ? '50000 100000\n' : '50000\n100000\n',
  },
  {
    name: 'processor time by quota and period',
    settings: { resources: { cpuQuotaUs: 5000, cpuPeriodUs: 20_000 } },
    look: isV2
      ? 'cat /sys/fs/cgroup/cpu.max'
      : 'cd /sys/fs/cgroup/cpu; cat cpu.cfs_quota_us cpu.cfs_period_us',
    sees: isV2 ? '5000 20000\n' : '5000\n20000\n',
  },
  {
    name: 'a weight of processor time',
    settings: { resources: { cpuShares: 512 } },
    look: cgroup('cpu/cpu.shares', 'cpu.weight'),
    sees: isV2 ? '20\n' : '512\n',
  },
  {
    name: 'one processor of its own',
    settings: { resources: { cpusetCpus: '0' } },
    look: 'grep Cpus_allowed_list /proc/self/status',
    sees: /\t0\n/,
  },
  {
    name: 'so many processes and no more',
    settings: { resources: { pidsLimit: 4 } },
    look: 'for i in 1 2 3 4 5 6; do sleep 9 & done 2>&1; echo end',
    sees: /can't fork/,
  },
  {
    name: 'a limit of open files',
    settings: { ulimits: [{ name: 'nofile', soft: 100, hard: 200 }] },
    look: 'ulimit -Sn; ulimit -Hn',
    sees: '100\n200\n',
  },
  {
    name: 'a place in the queue of those that are killed',
    settings: { oomScoreAdj: 500 },
    look: 'cat /proc/self/oom_score_adj',
    sees: '500\n',
  },
  {
    name: 'a cgroup below a parent of one’s choosing',
    settings: { cgroupParent: '/longshore-settings', cgroup: 'host' },
    look: 'cat /proc/self/cgroup',
    sees: /\/longshore-settings\/[0-9a-f]{64}\n/,
  },
];

const IDENTITY: readonly Row[] = [
  {
    name: 'a host name',
    settings: { hostname: 'ship' },
    look: 'hostname; grep ship /etc/hosts',
    sees: /^ship\n[\d.:]+\s+ship/,
  },
  {
    name: 'the host name of the machine',
    settings: { uts: 'host' },
    look: 'hostname',
    sees: `${hostname()}\n`,
  },
  {
    name: 'a domain name',
    settings: { domainname: 'harbour.example' },
    look: 'cat /proc/sys/kernel/domainname',
    sees: 'harbour.example\n',
  },
  {
    name: 'a user, a group and further groups',
    settings: { user: '7:8', groups: ['9', '10'] },
    look: 'id',
    sees: /^uid=7.* gid=8.* groups=.*9.*10/,
  },
  {
    name: 'lines of /etc/hosts',
    settings: { extraHosts: ['db:10.1.2.3', 'six:::1'] },
    look: 'grep -E "db|six" /etc/hosts',
    sees: /10\.1\.2\.3\s+db\n::1\s+six\n/,
  },
  {
    name: 'name servers, search domains and resolver options',
    settings: { dns: ['10.9.8.7'], dnsSearch: ['harbour.example'], dnsOptions: ['ndots:3'] },
    look: 'cat /etc/resolv.conf',
    sees: /^(?=[^]*nameserver 10\.9\.8\.7\n)(?=[^]*search harbour\.example\n)(?=[^]*options ndots:3\n)/,
  },
  {
    name: 'a kernel setting of its network',
    settings: { sysctls: { 'net.core.somaxconn': '77' } },
    look: 'cat /proc/sys/net/core/somaxconn',
    sees: '77\n',
  },
  {
    name: 'shared memory of a size',
    settings: { shmSizeBytes: 8 << 20 },
    look: 'df -k /dev/shm | tail -1',
    sees: / 8192 /,
  },
  { name: 'an init as its first process', settings: { init: true }, look: 'echo $$', sees: /^(?!1\n)\d+\n$/ },
];

const RIGHTS: readonly Row[] = [
  {
    name: 'one capability more, one less',
    settings: { capAdd: ['NET_ADMIN'], capDrop: ['CHOWN'] },
    look: 'ip link set lo mtu 1400 && echo changed; touch /x; chown 1 /x',
    sees: /^changed\n.*not permitted/,
  },
  {
    name: 'no capability at all',
    settings: { capDrop: ['ALL'] },
    look: 'grep CapEff /proc/self/status',
    sees: /\t0{16}\n/,
  },
  {
    name: 'no new privileges',
    settings: { noNewPrivileges: true },
    look: 'grep NoNewPrivs /proc/self/status',
    sees: /\t1\n/,
  },
  { name: 'the default filter', settings: {}, look: 'grep Seccomp: /proc/self/status', sees: /\t2\n/ },
  {
    name: 'no filter',
    settings: { seccomp: 'unconfined' },
    look: 'grep Seccomp: /proc/self/status',
    sees: /\t0\n/,
  },
  {
    name: 'a filter of one’s own',
    settings: {
      seccomp: {
        profile: JSON.stringify({
          defaultAction: 'SCMP_ACT_ALLOW',
          syscalls: [{ names: ['mkdir', 'mkdirat'], action: 'SCMP_ACT_ERRNO', errnoRet: 38 }],
        }),
      },
    },
    look: 'mkdir /x 2>&1; touch /y && echo touched',
    sees: /not implemented\ntouched\n/,
  },
  {
    name: 'the kernel’s delicate files masked',
    settings: {},
    look: 'head -c 1 /proc/timer_list; echo 1 > /proc/sys/kernel/panic || echo refused',
    sees: /refused\n$/,
  },
  {
    name: 'nothing masked when asked',
    settings: { systemPaths: 'unconfined' },
    look: 'grep -cE " /proc/(kcore|keys|sys) " /proc/self/mounts',
    sees: '0\n',
  },
  {
    name: 'everything when privileged',
    settings: { privileged: true },
    look: 'grep Seccomp: /proc/self/status; mkdir /m && mount -t tmpfs x /m && echo mounted; ls /dev/loop-control',
    sees: /\t0\nmounted\n\/dev\/loop-control\n/,
  },
  {
    name: 'a device, as far as it is allowed',
    settings: { devices: [{ hostPath: '/dev/loop-control', containerPath: '/dev/loops', permissions: 'r' }] },
    look: 'exec 3< /dev/loops && echo opened; (exec 3> /dev/loops) || echo refused',
    sees: /^opened\n[^]*refused\n$/,
  },
  {
    name: 'no device that was not given',
    settings: {},
    look: 'mknod /k c 10 237 && cat /k 2>&1',
    sees: /not permitted/,
  },
  {
    name: 'a device by a rule',
    settings: { deviceRules: ['c 10:237 r'] },
    look: 'mknod /k c 10 237 && exec 3< /k && echo opened',
    sees: 'opened\n',
  },
];

const FILES: readonly Row[] = [
  {
    name: 'a root file system that cannot be written',
    settings: { readOnlyRootfs: true },
    look: 'touch /x 2>&1; touch /dev/shm/x && echo elsewhere',
    sees: /Read-only file system\nelsewhere\n/,
  },
  {
    name: 'a temporary file system with its size, mode and options',
    settings: {
      mounts: [{ type: 'tmpfs', target: '/t', sizeBytes: 1 << 20, mode: 0o750, options: ['uid=7'] }],
    },
    look: 'stat -c "%a %u" /t; df -k /t | tail -1; grep " /t " /proc/self/mounts',
    sees: /^750 7\n.* 1024 [^]*noexec/,
  },
];

const NAMESPACES: readonly Row[] = [
  { name: 'processes of its own', settings: {}, look: 'ls -d /proc/[0-9]* | wc -l', sees: /^[1-5]\n$/ },
  {
    name: 'the processes of the machine',
    settings: { pid: 'host' },
    look: `cat /proc/${process.pid}/comm`,
    sees: /\S/,
  },
  {
    name: 'the network of the machine',
    settings: { network: 'host' },
    look: 'readlink /proc/self/ns/net',
    sees: /^net:/,
  },
  {
    name: 'ids that nobody else has',
    settings: { users: 'auto', network: 'none' },
    look: 'id -u; cat /proc/self/uid_map; touch /bin/x && stat -c %u /bin/x',
    sees: /^0\n\s+0\s+1073741824\s+65536\n0\n$/,
  },
];

/** Each setting with what a container sees of it, by what it is about. */
export const SETTINGS = [
  ['limits', LIMITS],
  ['identity', IDENTITY],
  ['rights', RIGHTS],
  ['files', FILES],
  ['namespaces', NAMESPACES],
] as const satisfies readonly (readonly [string, readonly Row[]])[];
