import { describe, expect, it } from 'vitest';
import { type ContainerRequestInput, containerRequest } from '../../contract/index.ts';
import { EngineError } from '../../errors/index.ts';
import type { ContainerSpec, IpcMode } from '../../types/index.ts';
import { namespaceModes, type Peer } from './namespaces.ts';

function find(ipc: IpcMode = 'private'): (name: string) => Peer {
  return (name) => {
    if (name !== 'db' && name !== 'd'.repeat(64)) {
      throw new EngineError('not-found', `No such container: ${name}`);
    }
    // Only what namespaces are about is read.
    return { id: 'd'.repeat(64), name: 'db', spec: { ipc } as ContainerSpec };
  };
}

function modes(asked: Partial<ContainerRequestInput>, ipc?: IpcMode) {
  return namespaceModes(containerRequest.parse({ image: 'debian', ...asked }), find(ipc));
}

describe('namespace modes', () => {
  it('are all the container’s own by default', () => {
    expect(modes({})).toEqual({
      network: 'bridge',
      pid: 'private',
      ipc: 'private',
      uts: 'private',
      cgroup: 'private',
    });
  });

  it('name other containers by id, whatever they were called when asked', () => {
    expect(modes({ network: 'container:db', pid: 'container:db' })).toMatchObject({
      network: `container:${'d'.repeat(64)}`,
      pid: `container:${'d'.repeat(64)}`,
    });
  });

  it('fail when the other container is not there', () => {
    expect(() => modes({ pid: 'container:nobody' })).toThrow('No such container: nobody');
  });

  it('join the IPC namespace only of a container that shares it', () => {
    expect(() => modes({ ipc: 'container:db' })).toThrow('cannot be shared');
    expect(modes({ ipc: 'container:db' }, 'shareable').ipc).toBe(`container:${'d'.repeat(64)}`);
  });

  it.each([
    { uts: 'host', hostname: 'mine' },
    { network: 'container:db', hostname: 'mine' },
    { network: 'container:db', dns: ['1.1.1.1'] },
    { network: 'container:db', extraHosts: ['a:1.2.3.4'] },
    { users: 'auto', network: 'host' },
    { users: 'auto', pid: 'host' },
    { users: 'auto', pid: 'container:db' },
    { users: 'auto', privileged: true },
  ] satisfies Partial<ContainerRequestInput>[])('that contradict other settings are refused: %o', (asked) => {
    expect(() => modes(asked)).toThrow();
  });
});
