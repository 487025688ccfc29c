import { channelPair, contract, serve } from '@longshore/engine/contract';
import { EngineConnection } from '../bridge/index.ts';
import { fakeEngine } from './fake-engine.ts';
import type { FakeWorld } from './fake-world.ts';

/**
 * The renderer's door to a fake engine: everything but the transport is real. While the browser is offline, the
 * engine is away.
 */
export function fakeConnection(world: FakeWorld): EngineConnection {
  return new EngineConnection(() => {
    if (!navigator.onLine) return Promise.reject(new Error('offline'));
    const [caller, handler] = channelPair();
    serve(contract, fakeEngine(world), handler);
    window.addEventListener('offline', () => handler.close(), { once: true });
    return Promise.resolve(caller);
  });
}
