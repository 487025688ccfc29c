import { describe, expect, it } from 'vitest';
import { believableContainers } from '../../testing/fake-data.ts';
import { conflictOf, exposedPortsOf, publicationsOf, withHostPort } from './port-rows.ts';
import type { PortRow } from './run-rows.ts';

const row = (host: string, container: string, protocol: PortRow['protocol'] = 'tcp'): PortRow => ({
  host,
  container,
  protocol,
});

describe('publicationsOf', () => {
  it.each<[PortRow, unknown]>([
    [row('8080', '80'), [{ containerPort: 80, hostPorts: { first: 8080, last: 8080 } }]],
    [row('', '80'), [{ containerPort: 80 }]],
    [row('53', '53', 'udp'), [{ containerPort: 53, protocol: 'udp', hostPorts: { first: 53, last: 53 } }]],
    [row('8000-8009', '80'), [{ containerPort: 80, hostPorts: { first: 8000, last: 8009 } }]],
    [row('127.0.0.1:', '80'), [{ containerPort: 80, hostAddress: '127.0.0.1' }]],
    [
      row('[::1]:8080', '80'),
      [{ containerPort: 80, hostAddress: '::1', hostPorts: { first: 8080, last: 8080 } }],
    ],
    [
      row('8000-8001', '80-81'),
      [
        { containerPort: 80, hostPorts: { first: 8000, last: 8000 } },
        { containerPort: 81, hostPorts: { first: 8001, last: 8001 } },
      ],
    ],
  ])('%o', (given, publications) => expect(publicationsOf(given)).toEqual(publications));

  it.each([
    row('8080', ''),
    row('http', '80'),
    row('8080', '0'),
    row('8080', '70000'),
    row('8000-8009', '80-81'),
    row('8009-8000', '80'),
    row('1:2:3', '80'),
  ])('%o cannot be read', (given) => expect(publicationsOf(given)).toBeUndefined());
});

it('reads ports that are only exposed', () => {
  expect(exposedPortsOf(['3000', '53/udp'])).toEqual([
    { containerPort: 3000 },
    { containerPort: 53, protocol: 'udp' },
  ]);
  expect(exposedPortsOf(['http'])).toBeUndefined();
});

describe('conflictOf', () => {
  const containers = believableContainers();
  it('names the container that has the port, and the next that nobody has', () => {
    expect(conflictOf(row('8080', '80'), containers)).toEqual({ port: 8080, container: 'web', free: 8081 });
    expect(conflictOf(row('9000', '80'), containers)).toEqual({ port: 9000, container: 'minio', free: 9002 });
    expect(conflictOf(row('127.0.0.1:5432', '1'), containers)?.container).toBe('db');
  });

  it.each([
    row('8081', '80'),
    row('8080', '80', 'udp'),
    row('10.0.0.9:5432', '1'),
    row('', '80'),
    row('8000-9000', '80'),
  ])('%o is free', (given) => expect(conflictOf(given, containers)).toBeUndefined());

  it('keeps the address of the row when its port changes', () => {
    expect(withHostPort(row('127.0.0.1:8080', '80'), 8081).host).toBe('127.0.0.1:8081');
    expect(withHostPort(row('[::1]:8080', '80'), 8081).host).toBe('[::1]:8081');
    expect(withHostPort(row('8080', '80'), 8081).host).toBe('8081');
  });
});
