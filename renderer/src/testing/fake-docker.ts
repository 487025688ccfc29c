import type { EngineHandlers } from '@longshore/engine/contract';
import type { DockerAccess } from '@longshore/engine/types';
import type { FakeWorld } from './fake-world.ts';

const SOCKET = '/run/longshore/docker.sock';

/** docker's settings on the fake machine: no context of ours in the beginning, and somebody else's in use. */
export function fakeDocker({ agent }: Pick<FakeWorld, 'agent'>): EngineHandlers['docker'] {
  const hosts = new Map<string, string>();
  let current = 'default';
  const answer = (name: string): Promise<DockerAccess> => {
    const host = hosts.get(name) ?? null;
    return Promise.resolve({
      socketPath: SOCKET,
      socket:
        agent.status === 'unavailable'
          ? { status: 'silent', error: { code: 'unavailable', message: `Nobody answers on ${SOCKET}.` } }
          : { status: 'answering', apiVersion: '1.51' },
      configDir: '/home/ada/.docker',
      context: { name, host, leadsHere: host !== null },
      currentContext: current,
      override: null,
    });
  };
  const install = (name: string) => hosts.set(name, `unix://${SOCKET}`);
  return {
    access: ({ name }) => answer(name),
    installContext: ({ name }) => {
      install(name);
      return answer(name);
    },
    removeContext: ({ name }) => {
      hosts.delete(name);
      if (current === name) current = 'default';
      return answer(name);
    },
    useContext: ({ name, use }) => {
      if (use) install(name);
      current = use ? name : 'default';
      return answer(name);
    },
  };
}
