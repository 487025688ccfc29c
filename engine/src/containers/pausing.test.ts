import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ContainersBench, request } from '../testing/runtime/index.ts';

const FOREVER = ['sleep', '1000'];
const UNTIL_TERM = ['sh', '-c', "trap 'exit 5' TERM; sleep 1000 & wait"];
const context = { signal: new AbortController().signal };

let bench: ContainersBench;
beforeEach(async () => {
  bench = await ContainersBench.open();
});
afterEach(() => bench[Symbol.asyncDispose]());

const { pause, unpause } = {
  pause: (container: string) => bench.handlers.pause({ container }, context),
  unpause: (container: string) => bench.handlers.unpause({ container }, context),
};
const statusOf = async (container: string) =>
  (await bench.handlers.inspect({ container }, context)).state.status;

async function paused(command = UNTIL_TERM): Promise<string> {
  const { id } = await bench.handlers.run(request(command), context);
  await pause(id);
  return id;
}

describe('pause', () => {
  it('is a state of its own until it ends, and says so once', async () => {
    const id = await paused();
    expect(await statusOf(id)).toBe('paused');
    expect((await bench.handlers.list({ all: false }, context)).map(({ id }) => id)).toEqual([id]);
    expect((await unpause(id)).state.status).toBe('running');
    expect(bench.actions(id)).toEqual(['create', 'start', 'pause', 'unpause']);
  });

  it('is refused of one that does not run, or is paused already', async () => {
    const { id } = await bench.handlers.create(request(FOREVER), context);
    await expect(pause(id)).rejects.toMatchObject({ code: 'conflict' });
    const other = await paused();
    await expect(pause(other)).rejects.toMatchObject({ code: 'conflict' });
    await unpause(other);
    await expect(unpause(other)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('is still there for the next engine', async () => {
    const id = await paused();
    bench = await bench.restartEngine();
    await bench.containers.reconciled;
    expect(await statusOf(id)).toBe('paused');
    expect((await unpause(id)).state.status).toBe('running');
  });
});

describe('a paused container', () => {
  const nothing = (async function* () {
    // No input.
  })();

  it('takes no further command, no attachment and no start', async () => {
    const id = await paused();
    const exec = bench.handlers.exec(
      {
        container: id,
        command: ['true'],
        env: [],
        tty: false,
        openStdin: false,
        detach: false,
        privileged: false,
      },
      nothing,
      context,
    );
    await expect(exec[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('is paused') as string,
    });
    const attach = bench.handlers.attach(
      { container: id, stdin: false, stdout: true, stderr: true, beforeStart: false },
      nothing,
      context,
    );
    await expect(attach[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'conflict' });
    await expect(bench.handlers.start({ container: id }, context)).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  it('is stopped by its stop signal, which arrives as it goes on', async () => {
    const id = await paused();
    const { state } = await bench.handlers.stop({ container: id }, context);
    expect(state).toMatchObject({ status: 'exited', exit: { code: 5 } });
    expect(bench.actions(id)).toEqual(['create', 'start', 'pause', 'kill', 'unpause', 'die', 'stop']);
  });

  it('is killed', async () => {
    const id = await paused(FOREVER);
    const { state } = await bench.handlers.kill({ container: id, signal: 'KILL' }, context);
    expect(state).toMatchObject({ status: 'exited', exit: { code: 137 } });
  });

  it('keeps a signal that is none of an end until it goes on', async () => {
    const id = await paused();
    await bench.handlers.kill({ container: id, signal: 'HUP' }, context);
    expect(await statusOf(id)).toBe('paused');
  });

  it('is restarted', async () => {
    const id = await paused();
    expect((await bench.handlers.restart({ container: id }, context)).state.status).toBe('running');
  });

  it('is removed by force only', async () => {
    const id = await paused(FOREVER);
    await expect(
      bench.handlers.remove({ container: id, force: false, volumes: false }, context),
    ).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('is paused') as string,
    });
    await bench.handlers.remove({ container: id, force: true, volumes: false }, context);
    expect(await bench.handlers.list({ all: true }, context)).toEqual([]);
  });
});
