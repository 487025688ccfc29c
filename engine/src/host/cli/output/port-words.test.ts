import { describe, expect, it } from 'vitest';
import type { PublishedPort } from '../../../types/index.ts';
import { portWords } from './port-words.ts';

const published = (hostPort: number, containerPort: number, hostAddress = '0.0.0.0'): PublishedPort => ({
  hostAddress,
  hostPort,
  containerPort,
  protocol: 'tcp',
});

describe('the PORTS column', () => {
  it.each<[PublishedPort[], readonly (readonly [number, 'tcp' | 'udp'])[], string]>([
    [[], [], ''],
    [
      [],
      [
        [80, 'tcp'],
        [53, 'udp'],
      ],
      '53/udp, 80/tcp',
    ],
    [
      [],
      [
        [82, 'tcp'],
        [80, 'tcp'],
        [81, 'tcp'],
      ],
      '80-82/tcp',
    ],
    [[published(8080, 80)], [[80, 'tcp']], '0.0.0.0:8080->80/tcp'],
    [
      [published(8080, 80)],
      [
        [80, 'tcp'],
        [443, 'tcp'],
      ],
      '443/tcp, 0.0.0.0:8080->80/tcp',
    ],
    [[published(8080, 80), published(8080, 80, '::')], [], '0.0.0.0:8080->80/tcp, [::]:8080->80/tcp'],
    [[published(81, 81), published(80, 80)], [], '0.0.0.0:80-81->80-81/tcp'],
    [[published(80, 80), published(81, 81, '127.0.0.1')], [], '0.0.0.0:80->80/tcp, 127.0.0.1:81->81/tcp'],
  ])('%j with %j exposed', (ports, exposed, expected) => {
    const exposedPorts = exposed.map(([containerPort, protocol]) => ({ containerPort, protocol }));
    expect(portWords({ ports, exposedPorts })).toBe(expected);
  });
});
