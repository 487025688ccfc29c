import { type CallerChannel, channelPair, contract, serve } from '@longshore/engine/contract';
import { describe, expect, it } from 'vitest';
import { fakeEngine } from '../testing/fake-engine.ts';
import { FakeWorld } from '../testing/fake-world.ts';
import {
  type ConnectionState,
  type ConnectionTimers,
  EngineConnection,
  SessionRefused,
} from './connection.ts';

/** Timers that go off when the test says so. */
class HandTimers implements ConnectionTimers {
  readonly delays: number[] = [];
  private pending: (() => void) | undefined;

  set(run: () => void, milliseconds: number): void {
    this.delays.push(milliseconds);
    this.pending = run;
  }

  clear(): void {
    this.pending = undefined;
  }

  fire(): void {
    const run = this.pending;
    this.pending = undefined;
    run?.();
  }
}

function until(connection: EngineConnection, state: ConnectionState): Promise<void> {
  return new Promise((resolve) => {
    const check = () => {
      if (connection.state === state) resolve();
    };
    connection.subscribe(check);
    check();
  });
}

function openFake(): CallerChannel {
  const [caller, handler] = channelPair();
  serve(contract, fakeEngine(new FakeWorld()), handler);
  return caller;
}

describe('EngineConnection', () => {
  it('opens the next door when one closes, and the same client speaks through it', async () => {
    const timers = new HandTimers();
    const channels: CallerChannel[] = [];
    const connection = new EngineConnection(() => {
      const channel = openFake();
      channels.push(channel);
      return Promise.resolve(channel);
    }, timers);
    await until(connection, 'open');
    const { client } = connection;
    channels[0]?.close();
    expect(connection.state).toBe('lost');
    expect(() => client.system.info({})).toThrow(expect.objectContaining({ code: 'unavailable' }));
    timers.fire();
    await until(connection, 'open');
    await expect(client.system.info({})).resolves.toMatchObject({ version: '0.1.0' });
    connection[Symbol.dispose]();
  });

  it('waits longer after each failure, to a limit', async () => {
    const timers = new HandTimers();
    const connection = new EngineConnection(() => Promise.reject(new Error('no')), timers);
    await until(connection, 'lost');
    for (let at = 1; at < 8; at += 1) {
      timers.fire();
      await expect.poll(() => timers.delays.length).toBe(at + 1);
    }
    expect(timers.delays).toEqual([250, 500, 1000, 2000, 4000, 8000, 8000, 8000]);
    connection[Symbol.dispose]();
  });

  it('does not try again when the session was refused', async () => {
    const timers = new HandTimers();
    const connection = new EngineConnection(() => Promise.reject(new SessionRefused()), timers);
    await until(connection, 'refused');
    expect(timers.delays).toEqual([]);
  });
});
