import { describe, expect, it } from 'vitest';
import type { ContainerRequestInput } from '../../contract/index.ts';
import { containerDetails } from '../../testing/api/container-details.ts';
import { configJson } from './container-config.ts';

const shown = (asked: Partial<ContainerRequestInput> = {}, version = 51) =>
  configJson(containerDetails(asked), version);

const ROWS: readonly (readonly [name: string, asked: Partial<ContainerRequestInput>, config: object])[] = [
  ["the image's command and variables", {}, { Cmd: ['sh'], Env: ['PATH=/bin'], Entrypoint: null }],
  [
    'an entrypoint, which takes the command away',
    { entrypoint: ['init'] },
    { Entrypoint: ['init'], Cmd: null },
  ],
  ['the root as no folder at all', { workingDir: '/' }, { WorkingDir: '' }],
  ['a folder', { workingDir: '/srv' }, { WorkingDir: '/srv' }],
  ['stdin of one client', { openStdin: true }, { OpenStdin: true, StdinOnce: true, AttachStdout: false }],
  ['stdin that outlives its clients', { openStdin: true, stdinOnce: false }, { StdinOnce: false }],
  ['another signal to stop with', { stopSignal: 'INT' }, { StopSignal: 'SIGINT' }],
  ['another time to stop in', { stopTimeoutSeconds: 3 }, { StopTimeout: 3 }],
  ['ports', { exposedPorts: [{ containerPort: 80, protocol: 'tcp' }] }, { ExposedPorts: { '80/tcp': {} } }],
  [
    'a health check of the shell, in nanoseconds',
    { healthcheck: { command: 'test -e /ok', intervalMs: 1500 } },
    { Healthcheck: { Test: ['CMD-SHELL', 'test -e /ok'], Interval: 1_500_000_000 } },
  ],
  [
    'a health check of words',
    { healthcheck: { command: ['true'] } },
    { Healthcheck: { Test: ['CMD', 'true'] } },
  ],
];

describe('Config of inspect', () => {
  it.each(ROWS)('has %s', (_, asked, config) => {
    expect(shown(asked)).toMatchObject(config);
  });

  it('leaves out what nobody said', () => {
    for (const name of ['StopSignal', 'StopTimeout', 'Healthcheck', 'ExposedPorts', 'MacAddress']) {
      expect(shown()).not.toHaveProperty(name);
    }
    expect(shown({ healthcheck: { command: ['true'] } })).toHaveProperty('Healthcheck', {
      Test: ['CMD', 'true'],
    });
  });

  it('names the image in the words that were asked', () => {
    const details = containerDetails(
      {},
      { image: { id: 'sha256:1', reference: 'busybox:latest', asked: 'busybox' } },
    );
    expect(configJson(details, 51)).toMatchObject({ Image: 'busybox' });
  });

  it('has the volumes that nobody named', () => {
    const volume = { type: 'volume', source: 'f00', readOnly: false, noCopy: false, subpath: '' } as const;
    const mounts = [
      { ...volume, target: '/data', anonymous: true },
      { ...volume, target: '/named', anonymous: false },
    ];
    expect(configJson(containerDetails({}, { mounts }), 51)).toMatchObject({ Volumes: { '/data': {} } });
  });

  it('has the address of the first network until 1.43', () => {
    const asked = { networks: [{ network: 'sea', mac: '02:42:ac:11:00:99' }] };
    expect(shown(asked, 43)).toMatchObject({ MacAddress: '02:42:ac:11:00:99' });
    expect(shown(asked, 44)).not.toHaveProperty('MacAddress');
  });
});
