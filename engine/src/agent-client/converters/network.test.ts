import { describe, expect, it } from 'vitest';
import { DEFAULT_NETWORK_ID } from '../../runtime/index.ts';
import { definition } from '../../testing/networks/network-definition.ts';
import { wireMessage } from '../../testing/wire-message.ts';
import * as wire from '../generated/longshore/agent/v1/network.ts';
import {
  fromWireNetwork,
  fromWirePort,
  fromWireProbe,
  toWireDefinition,
  toWirePublication,
} from './network.ts';

const ID = 'a'.repeat(64);
const ADDRESS = {
  network: ID,
  interface: 'eth0',
  address: '10.9.0.2/24',
  gateway: '10.9.0.1',
  mac: '02:42:0a:09:00:02',
  ipv6Address: 'fd00::2/64',
  ipv6Gateway: 'fd00::1',
};

describe('a network on the wire', () => {
  it('comes back as it went', () => {
    const asked = definition(ID, {
      driver: 'ipvlan',
      pools: [{ subnet: '10.9.0.0/24', gateway: '10.9.0.1', range: '10.9.0.128/25', reserved: ['10.9.0.5'] }],
      ipv6: true,
      mtu: 1400,
      parent: 'eth0',
      mode: 'l3',
    });
    const sent = wire.Network.encode({
      definition: toWireDefinition(asked),
      members: [{ containerId: 'c1', address: ADDRESS }],
    }).finish();
    expect(fromWireNetwork(wire.Network.decode(sent))).toEqual({
      definition: asked,
      members: [{ containerId: 'c1', address: ADDRESS }],
    });
  });

  it('that is the default one has the name that the agent knows', () => {
    const sent = toWireDefinition(definition(DEFAULT_NETWORK_ID));
    expect(sent.id).toBe('bridge');
    expect(fromWireNetwork({ definition: sent, members: [] }).definition.id).toBe(DEFAULT_NETWORK_ID);
  });

  it('without a driver that this engine knows is refused', () => {
    const strange = { ...toWireDefinition(definition(ID)), driver: wire.NetworkDriver.UNRECOGNIZED };
    expect(() => fromWireNetwork({ definition: strange, members: [] })).toThrow(/without a driver/);
    expect(() => fromWireNetwork({ definition: undefined, members: [] })).toThrow(/without a definition/);
  });
});

describe('a port on the wire', () => {
  it('that the machine is to choose has neither address nor number', () => {
    expect(
      toWirePublication({ containerPort: 80, protocol: 'udp', hostAddress: null, hostPorts: null }),
    ).toEqual({ protocol: 'udp', containerPort: 80, hostAddress: '', hostPortFirst: 0, hostPortLast: 0 });
  });

  it('of a protocol that this engine does not know is refused', () => {
    const port = { protocol: 'quic', containerPort: 80, hostAddress: '::', hostPort: 80 };
    expect(() => fromWirePort(port)).toThrow(/quic/);
  });
});

describe('a probe on the wire', () => {
  it('tells the time of a connection in milliseconds, and of none nothing', () => {
    const stood = wireMessage(wire.ProbeResponse, {
      outcome: wire.ProbeOutcome.PROBE_OUTCOME_CONNECTED,
      addresses: ['10.9.0.2'],
      roundTripUs: 250n,
      reason: '',
    });
    expect(fromWireProbe(stood)).toEqual({
      outcome: 'connected',
      addresses: ['10.9.0.2'],
      roundTripMs: 0.25,
      reason: null,
    });
    const refused = { ...stood, outcome: wire.ProbeOutcome.PROBE_OUTCOME_REFUSED, reason: 'nobody listens' };
    expect(fromWireProbe(refused)).toMatchObject({ outcome: 'refused', roundTripMs: null });
  });

  it('has every outcome of the protocol', () => {
    const outcomes = Object.values(wire.ProbeOutcome).filter((number) => number > 0);
    const known = outcomes.map((outcome) =>
      fromWireProbe({ outcome, addresses: [], roundTripUs: 0n, reason: '' }),
    );
    expect(new Set(known.map(({ outcome }) => outcome)).size).toBe(outcomes.length);
  });
});
