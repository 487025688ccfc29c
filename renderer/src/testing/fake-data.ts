import type { ContainerDetails, ImageSummary, VolumeMount } from '@longshore/engine/types';
import { remarkableContainers } from './fake-remarkable.ts';
import { exposed, fakeContainer, onNetwork, published } from './fake-container.ts';
import {
  ago,
  CREATED,
  DAY,
  exited,
  fakeId,
  fakeSpec,
  HOUR,
  MB,
  MIB,
  MINUTE,
  runningSince,
} from './fake-parts.ts';

export function believableContainers(): ContainerDetails[] {
  return [
    fakeContainer(
      'web',
      'nginx:1.27-alpine',
      runningSince(3.2 * HOUR),
      fakeSpec({
        entrypoint: ['/docker-entrypoint.sh'],
        command: ['nginx', '-g', 'daemon off;'],
        networks: [onNetwork('shop', { aliases: ['www'] })],
        ports: [published(8080, 80), published(8443, 443)],
        exposedPorts: [exposed(80), exposed(443)],
        mounts: [
          {
            type: 'bind',
            source: '/home/ana/code/site/dist',
            target: '/usr/share/nginx/html',
            readOnly: true,
            createSource: true,
            propagation: 'rprivate',
            recursive: true,
          },
          { type: 'tmpfs', target: '/var/cache/nginx', sizeBytes: 64 * MIB, mode: null, options: [] },
        ],
        resources: { ...fakeSpec().resources, memoryBytes: 128 * MIB, cpus: 1.5, pidsLimit: 4096 },
        labels: {
          'org.opencontainers.image.source': 'https://github.com/nginxinc/docker-nginx',
          team: 'shop',
        },
      }),
    ),
    fakeContainer(
      'api',
      'shop-api:dev',
      runningSince(42 * MINUTE),
      fakeSpec({
        command: ['node', 'dist/server.js'],
        networks: [onNetwork('shop', { aliases: ['backend'] }), onNetwork('shop-data')],
        ports: [published(3000, 3000)],
        exposedPorts: [exposed(3000)],
        mounts: [volumeAt('uploads', '/srv/uploads')],
        workingDir: '/app',
        user: 'node',
        init: true,
        env: [
          'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
          'NODE_ENV=production',
          'DATABASE_PASSWORD=correct horse battery',
          'SESSION_SECRET=3f9c1a7e42b0',
          'TZ=Europe/Berlin',
          'PORT=3000',
        ],
        resources: { ...fakeSpec().resources, memoryBytes: 512 * MIB },
        labels: { team: 'shop' },
      }),
    ),
    fakeContainer(
      'db',
      'postgres:17.2',
      runningSince(3.2 * HOUR),
      fakeSpec({
        entrypoint: ['docker-entrypoint.sh'],
        command: ['postgres'],
        networks: [onNetwork('shop-data')],
        ports: [published(5432, 5432, '127.0.0.1')],
        exposedPorts: [exposed(5432)],
        mounts: [volumeAt('pgdata', '/var/lib/postgresql/data')],
        env: ['POSTGRES_USER=shop', 'POSTGRES_PASSWORD=hunter2hunter2', 'PGDATA=/var/lib/postgresql/data'],
        resources: { ...fakeSpec().resources, memoryBytes: 1024 * MIB },
      }),
    ),
    fakeContainer(
      'worker',
      'shop-worker:dev',
      exited({ code: 1 }, 38_000, 4000),
      fakeSpec({ command: ['node', 'dist/worker.js'], networks: [onNetwork('shop')] }),
    ),
    fakeContainer(
      'clickhouse',
      'clickhouse/clickhouse-server:25.8',
      exited(
        {
          code: 137,
          signal: 'KILL',
          oomKilled: true,
          memoryPeakBytes: 2048 * MIB,
          memoryLimitBytes: 2048 * MIB,
        },
        12 * MINUTE,
        2.7 * HOUR,
      ),
      fakeSpec({
        entrypoint: ['/entrypoint.sh'],
        command: [],
        resources: { ...fakeSpec().resources, memoryBytes: 2048 * MIB },
      }),
    ),
    fakeContainer(
      'redpanda',
      'redpandadata/redpanda:v25.2.4',
      runningSince(5.7 * HOUR),
      fakeSpec({ command: ['redpanda', 'start', '--smp', '1'] }),
    ),
    fakeContainer(
      'grafana',
      'grafana/grafana:12.2.1',
      runningSince(5.7 * HOUR),
      fakeSpec({ command: ['/run.sh'], ports: [published(3001, 3000)], exposedPorts: [exposed(3000)] }),
    ),
    fakeContainer(
      'prometheus',
      'prom/prometheus:v3.7.3',
      runningSince(6.1 * DAY),
      fakeSpec({ command: ['/bin/prometheus', '--config.file=/etc/prometheus/prometheus.yml'] }),
    ),
    fakeContainer(
      'minio',
      'quay.io/minio/minio:latest',
      runningSince(31 * HOUR),
      fakeSpec({
        command: ['minio', 'server', '/data'],
        ports: [published(9000, 9000), published(9001, 9001), published(null, 9100)],
        exposedPorts: [exposed(9000), exposed(9001), exposed(9100)],
      }),
    ),
    fakeContainer(
      'mailpit',
      'axllent/mailpit:v1.27',
      runningSince(31 * HOUR),
      fakeSpec({
        command: ['/mailpit'],
        ports: [published(8025, 8025)],
        exposedPorts: [exposed(1025), exposed(8025)],
      }),
    ),
    fakeContainer(
      'registry-mirror',
      'registry:2.8',
      runningSince(9.2 * DAY),
      fakeSpec({ command: ['/entrypoint.sh', '/etc/docker/registry/config.yml'] }),
    ),
    fakeContainer(
      'shell',
      'busybox:latest',
      runningSince(95_000),
      fakeSpec({
        command: ['sh'],
        tty: true,
        openStdin: true,
        networks: [onNetwork('lab'), onNetwork('bridge')],
      }),
    ),
    fakeContainer(
      'pg-dump',
      'postgres:17.2',
      exited({ code: 0 }, 2 * HOUR, 41_000),
      fakeSpec({ command: ['pg_dump', '-h', 'db', 'shop'] }),
    ),
    fakeContainer(
      'loki',
      'grafana/loki:3.5.7',
      exited({ code: 143, signal: 'TERM' }, 26 * HOUR, 4 * DAY),
      fakeSpec({ command: ['/usr/bin/loki'] }),
    ),
    fakeContainer(
      'importer',
      'python:3.13-slim',
      exited({ code: 137, signal: 'KILL' }, 3 * DAY),
      fakeSpec({ command: ['python', 'import.py', '--full'] }),
    ),
    fakeContainer(
      'migrate-check',
      'shop-api:dev',
      CREATED,
      fakeSpec({ command: ['node', 'dist/migrate.js', '--check'] }),
    ),
    fakeContainer(
      'preview',
      'shop-api:dev',
      {
        ...CREATED,
        failure: {
          message: 'The program "/app/preview.sh" does not exist in the container.',
          hint: 'Check the command, or look whether the image has the file.',
          detail: { step: 'exec', errno: 'ENOENT', path: '/app/preview.sh', exitCode: 127 },
          at: ago(8 * MINUTE),
        },
      },
      fakeSpec({ command: ['/app/preview.sh'] }),
    ),
    fakeContainer(
      'hello',
      'hello:latest',
      exited({ code: 0, memoryPeakBytes: 1.2 * MIB }, 22 * HOUR, 30),
      fakeSpec({ command: ['/hello'] }),
    ),
    ...remarkableContainers(),
  ];
}

function volumeAt(source: string, target: string): VolumeMount {
  return { type: 'volume', source, target, readOnly: false, noCopy: false, subpath: '', anonymous: false };
}

type ImageRow = readonly [
  reference: string,
  sizeMb: number,
  uniqueMb: number,
  createdAgo: number,
  users: readonly string[],
];

export function believableImages(): ImageSummary[] {
  const rows: readonly ImageRow[] = [
    ['clickhouse/clickhouse-server:25.8', 1120, 1040, 6 * DAY, ['clickhouse']],
    ['redpandadata/redpanda:v25.2.4', 554, 473, 21 * DAY, ['redpanda']],
    ['grafana/grafana:12.2.1', 498, 417, 22 * DAY, ['grafana']],
    ['shop-api:dev', 412, 96, 42 * MINUTE, ['api', 'migrate-check', 'preview']],
    ['shop-worker:dev', 409, 93, 44 * MINUTE, ['worker']],
    ['shop-media:dev', 388, 71, 50 * MINUTE, ['thumbnails']],
    ['postgres:17.2', 438, 352, 36 * DAY, ['db', 'pg-dump']],
    ['prom/prometheus:v3.7.3', 301, 290, 14 * DAY, ['prometheus']],
    ['quay.io/minio/minio:latest', 176, 168, 61 * DAY, ['minio']],
    ['grafana/loki:3.5.7', 124, 121, 21 * DAY, ['loki']],
    ['nginx:1.27-alpine', 48.3, 40.5, 49 * DAY, ['web']],
    ['axllent/mailpit:v1.27', 31.8, 24, 42 * DAY, ['mailpit']],
    ['registry:2.8', 25.4, 17.6, 400 * DAY, ['registry-mirror']],
    ['caddy:2.10-alpine', 49.6, 41.2, 30 * DAY, ['gateway']],
    ['opensearchproject/opensearch:2.19', 1410, 1330, 40 * DAY, ['search']],
    ['metabase/metabase:v0.56.9', 902, 861, 26 * DAY, ['metabase']],
    ['node:22-bookworm-slim', 229, 0, 22 * DAY, []],
    ['alpine:3.22', 8.32, 0, 120 * DAY, []],
    ['python:3.13-slim', 126, 51, 35 * DAY, ['importer']],
    ['busybox:latest', 2.1, 2.1, 60 * DAY, ['shell']],
    ['hello:latest', 0.0141, 0.0141, 22 * HOUR, ['hello']],
    ['', 406, 90, 3 * HOUR, []],
    ['', 406, 88, 26 * HOUR, []],
  ];
  return rows.map(([reference, size, unique, created, usedBy], index) => ({
    id: `sha256:${fakeId(reference === '' ? `untagged${index}` : reference)}`,
    references:
      reference === 'shop-api:dev'
        ? [reference, 'registry.local:5000/shop-api:dev']
        : reference === ''
          ? []
          : [reference],
    // The two without a tag have lost it to a newer one.
    repoDigests: reference === '' ? [`postgres@sha256:${fakeId(`old${index}`)}`] : [],
    createdAt: ago(created),
    sizeBytes: Math.round(size * MB),
    uniqueBytes: Math.round(unique * MB),
    platform: { os: 'linux', architecture: 'amd64' },
    labels: {},
    usedBy,
  }));
}
