import { describe, expect, it } from 'vitest';
import { FakeAgent } from '../testing/runtime/index.ts';
import { System } from './system.ts';
import { Tasks } from './tasks.ts';

const context = { signal: new AbortController().signal };

const unasked = () => Promise.reject(new Error('The test asks for no storage.'));

function makeSystem() {
  const agent = new FakeAgent();
  const system = new System({
    version: '1.2.3',
    engineId: 'an-id',
    dataDir: '/data',
    runDir: '/run',
    agent,
    tasks: new Tasks(() => undefined),
    counts: () => ({ containers: 3, running: 1, images: 2 }),
    storage: { diskUsage: unasked, prunable: unasked, prune: unasked },
  });
  return { agent, handlers: system.handlers };
}

describe('System', () => {
  it('says who it is, and what the agent found', async () => {
    const { handlers, agent } = makeSystem();
    await expect(handlers.info({}, context)).resolves.toEqual({
      version: '1.2.3',
      engineId: 'an-id',
      dataDir: '/data',
      runDir: '/run',
      agent: { status: 'running', pid: 42, version: '0.0.0' },
      host: agent.host,
      counts: { containers: 3, running: 1, images: 2 },
    });
  });

  it('tries to start the agent when asked', async () => {
    const { handlers, agent } = makeSystem();
    agent.setState({ status: 'unavailable', error: { code: 'permission-denied', message: 'no rights' } });
    await expect(handlers.startAgent({}, context)).resolves.toMatchObject({ agent: { status: 'running' } });
    expect(agent.starts).toBe(1);
  });
});
