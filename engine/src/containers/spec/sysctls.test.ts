import { describe, expect, it } from 'vitest';
import { checkSysctls } from './sysctls.ts';

const OWN = { network: 'bridge', ipc: 'private', uts: 'private' } as const;

describe('kernel settings', () => {
  it.each([
    'net.core.somaxconn',
    'net/ipv4/ip_forward',
    'kernel.shmmax',
    'fs.mqueue.msg_max',
    'kernel.domainname',
  ])('of namespaces that are the container’s own may be set: %s', (name) => {
    expect(() => checkSysctls({ ...OWN, sysctls: { [name]: '1' } })).not.toThrow();
  });

  it.each(['vm.swappiness', 'kernel.panic', 'fs.file-max', 'kernel.core_pattern', 'kernel.hostname'])(
    'of the whole machine may not: %s',
    (name) => {
      expect(() => checkSysctls({ ...OWN, sysctls: { [name]: '1' } })).toThrow();
    },
  );

  it.each([
    ['net.core.somaxconn', { network: 'host' }],
    ['net.core.somaxconn', { network: 'container:1' }],
    ['kernel.shmmax', { ipc: 'host' }],
    ['kernel.domainname', { uts: 'host' }],
  ] as const)('%s may not where the namespace is shared: %o', (name, shared) => {
    expect(() => checkSysctls({ ...OWN, ...shared, sysctls: { [name]: '1' } })).toThrow('shared');
  });
});
