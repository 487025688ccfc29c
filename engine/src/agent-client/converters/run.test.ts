import { describe, expect, it } from 'vitest';
import { DEFAULT_NETWORK_ID } from '../../runtime/index.ts';
import { runtimeRequest } from '../../testing/runtime/runtime-request.ts';
import { wireMessage } from '../../testing/wire-message.ts';
import * as wire from '../generated/longshore/agent/v1/runtime.ts';
import { fromWireRun, toWireRun } from './run.ts';

/** As the agent gets it. */
function received(request: Parameters<typeof toWireRun>[0]): wire.RunRequest {
  return wire.RunRequest.decode(wire.RunRequest.encode(toWireRun(request)).finish());
}

const request = runtimeRequest(['sha256:1', 'sha256:2'])('c1', ['echo', 'ahoy']);
const attachment = {
  network: DEFAULT_NETWORK_ID,
  names: ['web'],
  ipv4: '10.1.0.9',
  ipv6: '',
  mac: '',
  interface: '',
  gatewayPriority: 1,
  links: [{ name: 'db', containerId: 'd1' }],
};
const specOf = ({ ociSpec }: wire.RunRequest): string => ociSpec.toString();

describe('a run on the wire', () => {
  it('carries layers, log policy, identity and user as they were asked for', () => {
    const asked = {
      ...request,
      rootfs: { chainIds: ['sha256:1', 'sha256:2'], readOnly: true },
      log: { maxSizeBytes: 5_000_000_000, maxFiles: 3 },
      networks: [attachment],
      ports: [
        {
          containerPort: 80,
          protocol: 'tcp' as const,
          hostAddress: null,
          hostPorts: { first: 8080, last: 8090 },
        },
      ],
      user: '1000:app',
      groups: ['audio'],
      init: true,
      openStdin: true,
      stdinOnce: true,
    };
    expect(received(asked)).toMatchObject({
      id: asked.id,
      rootfs: asked.rootfs,
      log: { maxSizeBytes: 5_000_000_000n, maxFiles: 3 },
      networks: [{ ...attachment, network: 'bridge' }],
      ports: [
        { protocol: 'tcp', containerPort: 80, hostAddress: '', hostPortFirst: 8080, hostPortLast: 8090 },
      ],
      identity: {
        hostname: asked.identity.hostname,
        extraHosts: [...asked.identity.extraHosts],
        dnsServers: [...asked.identity.dnsServers],
      },
      user: '1000:app',
      additionalGroups: ['audio'],
      init: true,
      openStdin: true,
      stdinOnce: true,
    });
  });

  it('carries the runtime spec as JSON', () => {
    expect(JSON.parse(specOf(received(request)))).toEqual(request.spec);
  });

  it('writes an unlimited rlimit as the number that JSON.stringify cannot write', () => {
    const rlimits = [{ type: 'RLIMIT_CORE', soft: 0, hard: Infinity }];
    const spec = { ...request.spec, process: { ...request.spec.process, rlimits } };
    expect(specOf(received({ ...request, spec }))).toContain(
      '{"type":"RLIMIT_CORE","soft":0,"hard":18446744073709551615}',
    );
  });

  it('is answered with the instant of the start, to the nanosecond', () => {
    const response = wireMessage(wire.RunResponse, {
      pid: 42,
      startedAtUnixNs: 1_767_225_600_000_000_001n,
      addresses: [
        {
          network: 'bridge',
          interface: 'eth0',
          address: '10.1.0.2/16',
          gateway: '10.1.0.1',
          mac: 'a:b',
          ipv6Address: 'fd00::2/64',
          ipv6Gateway: 'fd00::1',
        },
      ],
      ports: [{ protocol: 'tcp', containerPort: 80, hostAddress: '::', hostPort: 8080 }],
      startedNow: true,
      warnings: ['no swap limit'],
    });
    expect(fromWireRun(response)).toEqual({
      pid: 42,
      startedAt: '2026-01-01T00:00:00.000000001Z',
      addresses: [
        {
          network: DEFAULT_NETWORK_ID,
          interface: 'eth0',
          address: '10.1.0.2/16',
          gateway: '10.1.0.1',
          mac: 'a:b',
          ipv6Address: 'fd00::2/64',
          ipv6Gateway: 'fd00::1',
        },
      ],
      ports: [{ protocol: 'tcp', containerPort: 80, hostAddress: '::', hostPort: 8080 }],
      startedNow: true,
      warnings: ['no swap limit'],
    });
  });
});
