import type { ContainerDetails } from '@longshore/engine/types';
import { fakeContainer } from './fake-container.ts';
import { ago, DAY, exited, fakeSpec, healthOf, HOUR, MIB, MINUTE, runningSince } from './fake-parts.ts';

const SECOND = 1000;

/** Containers of which something is to be told: health, a pause, a crash loop, and all kinds of settings. */
export function remarkableContainers(): ContainerDetails[] {
  return [gateway(), search(), paused(), crashLooping()];
}

/** Healthy, and given much that is not the default. */
function gateway(): ContainerDetails {
  const probe = { took: 12, exitCode: 0, output: 'ok\n' };
  return fakeContainer(
    'gateway',
    'caddy:2.10-alpine',
    {
      ...runningSince(9 * HOUR),
      restartCount: 1,
      health: healthOf('healthy', 0, [
        { ...probe, endedAgo: 65 * SECOND },
        { ...probe, endedAgo: 35 * SECOND },
        { ...probe, endedAgo: 5 * SECOND },
      ]),
    },
    fakeSpec({
      entrypoint: ['caddy'],
      command: ['run', '--config', '/etc/caddy/Caddyfile'],
      user: '1000:1000',
      groups: ['ssl-cert'],
      init: true,
      readOnlyRootfs: true,
      mounts: [
        { type: 'tmpfs', target: '/tmp', sizeBytes: 32 * MIB, mode: 0o1777, options: ['noexec'] },
        {
          type: 'bind',
          source: '/etc/caddy',
          target: '/etc/caddy',
          readOnly: true,
          createSource: false,
          propagation: 'rslave',
          recursive: true,
        },
      ],
      resources: {
        ...fakeSpec().resources,
        memoryBytes: 256 * MIB,
        memorySwapBytes: 256 * MIB,
        memoryReservationBytes: 64 * MIB,
        cpus: 2,
        cpuShares: 512,
        cpusetCpus: '0-3',
        pidsLimit: 200,
        blockIo: {
          ...fakeSpec().resources.blockIo,
          weight: 300,
          writeBps: [{ path: '/dev/nvme0n1', rate: 50 * MIB }],
        },
      },
      ulimits: [{ name: 'nofile', soft: 65_536, hard: 65_536 }],
      oomScoreAdj: 200,
      capAdd: ['NET_BIND_SERVICE'],
      capDrop: ['ALL'],
      noNewPrivileges: true,
      sysctls: { 'net.core.somaxconn': '4096' },
      domainname: 'shop.example',
      extraHosts: ['upstream:172.30.0.9'],
      dns: ['9.9.9.9'],
      dnsSearch: ['shop.example'],
      dnsOptions: ['ndots:2'],
      shmSizeBytes: 128 * MIB,
      stopSignal: 'QUIT',
      stopTimeoutSeconds: 30,
      restart: { name: 'unless-stopped', maximumRetries: 0 },
      healthcheck: healthcheck(['/bin/sh', '-c', 'wget -qO- http://localhost:2019/health']),
      log: { maxSizeBytes: 50 * MIB, maxFiles: 10 },
      labels: { team: 'edge' },
    }),
  );
}

function search(): ContainerDetails {
  const failed = {
    took: 5000,
    exitCode: 7,
    output: 'curl: (7) Failed to connect to localhost port 9200 after 0 ms: Could not connect to server\n',
  };
  const container = fakeContainer(
    'search',
    'opensearchproject/opensearch:2.19',
    {
      ...runningSince(18 * MINUTE),
      health: healthOf('unhealthy', 4, [
        { endedAgo: 130 * SECOND, took: 1900, exitCode: 0, output: '{"status":"yellow"}\n' },
        { ...failed, endedAgo: 100 * SECOND },
        { ...failed, endedAgo: 70 * SECOND },
        { ...failed, endedAgo: 40 * SECOND },
        { endedAgo: 10 * SECOND, took: 5000, exitCode: -1, output: 'The check did not end within 5 s.' },
      ]),
    },
    fakeSpec({
      command: ['./opensearch-docker-entrypoint.sh', 'opensearch'],
      user: 'opensearch',
      resources: { ...fakeSpec().resources, memoryBytes: 1536 * MIB },
      restart: { name: 'on-failure', maximumRetries: 5 },
      healthcheck: healthcheck(['/bin/sh', '-c', 'curl -sf http://localhost:9200/_cluster/health']),
    }),
  );
  return {
    ...container,
    reasons: ['Its health check has failed 4 times in a row: it did not end within 5 s.'],
  };
}

function paused(): ContainerDetails {
  return fakeContainer(
    'metabase',
    'metabase/metabase:v0.56.9',
    { ...runningSince(5.6 * HOUR), status: 'paused' },
    fakeSpec({
      command: ['/app/run_metabase.sh'],
      resources: { ...fakeSpec().resources, memoryBytes: 1024 * MIB },
    }),
  );
}

function crashLooping(): ContainerDetails {
  const nextRetryAt = ago(-38 * SECOND);
  const container = fakeContainer(
    'thumbnails',
    'shop-media:dev',
    {
      ...exited({ code: 1 }, 22 * SECOND, 1400),
      status: 'restarting',
      restartCount: 7,
      nextRetryAt,
      crashLooping: { sinceExitCount: 8, nextRetryAt },
    },
    fakeSpec({
      command: ['node', 'dist/thumbnails.js'],
      restart: { name: 'always', maximumRetries: 0 },
    }),
  );
  return {
    ...container,
    createdAt: ago(2 * DAY),
    reasons: ['It ended with exit code 1 within ten seconds of each of its last 8 starts.'],
  };
}

function healthcheck(command: readonly string[]) {
  return {
    command,
    intervalMs: 30_000,
    timeoutMs: 5000,
    startPeriodMs: 10_000,
    startIntervalMs: 5000,
    retries: 3,
  };
}
