import { channelPair, contract, serve } from '@longshore/engine/contract';
import { EngineConnection } from '../bridge/index.ts';
import { fakeEngine } from './fake-engine.ts';
import type { FakeWorld } from './fake-world.ts';

/** The renderer's door to a fake engine: everything but the transport is real. */
export function fakeConnection(world: FakeWorld): EngineConnection {
  return new EngineConnection(() => {
    const [caller, handler] = channelPair();
    serve(contract, fakeEngine(world), handler);
    return Promise.resolve(caller);
  });
}
