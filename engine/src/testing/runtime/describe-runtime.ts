import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RunRequest, Runtime } from '../../runtime/index.ts';
import { describeControl } from './describe-control.ts';
import {
  all,
  attach,
  eventsUntilExit,
  exec,
  firstLine,
  logs,
  logText,
  none,
  textOf,
  typed,
} from './runtime-questions.ts';

/** A runtime under test, and how it is to be asked for a container of busybox. */
export interface RuntimeSubject extends AsyncDisposable {
  readonly runtime: Runtime;
  /** A request that has everything but the command. */
  request(id: string, command: readonly string[], more?: Partial<RunRequest>): RunRequest;
}

const SIGTERM = 15;
const SIGKILL = 9;
const FOREVER = ['sleep', '1000'];
const UNTIL_TERM = ['sh', '-c', "trap 'exit 5' TERM; echo ready; sleep 1000 & wait"];

/** Holds a runtime to what its interface promises; the same for the one in memory and the agent. */
export function describeRuntime(name: string, open: () => Promise<RuntimeSubject>): void {
  describe(`${name}, as a runtime`, () => {
    let subject: RuntimeSubject;
    const made = new Set<string>();

    beforeAll(async () => {
      subject = await open();
    });
    afterEach(async () => {
      for (const id of made) await subject.runtime.delete(id, true);
      made.clear();
    });
    afterAll(() => subject[Symbol.asyncDispose]());

    const newId = (): string => {
      const id = randomBytes(32).toString('hex');
      made.add(id);
      return id;
    };
    const run = async (command: readonly string[], more?: Partial<RunRequest>) => {
      const id = newId();
      return { id, ...(await subject.runtime.run(subject.request(id, command, more))) };
    };
    const listed = async (id: string) =>
      (await subject.runtime.list()).containers.find((container) => container.id === id);

    describe('run', () => {
      it('answers when the command runs, and tells each run by one started and one exited event', async () => {
        const { asOfSeq } = await subject.runtime.list();
        const { id, pid, startedAt, startedNow } = await run(['sh', '-c', 'exit 3']);
        expect(startedNow).toBe(true);
        const events = await eventsUntilExit(subject.runtime, asOfSeq, id);
        expect(events.map(({ kind }) => kind)).toEqual(['started', 'exited']);
        expect(events[0]).toMatchObject({ kind: 'started', pid, at: startedAt });
        expect(events[1]).toMatchObject({
          kind: 'exited',
          exit: { code: 3, signal: null, oomKilled: false },
        });
        expect(await listed(id)).toMatchObject({ running: false, pid: 0, startedAt, exit: { code: 3 } });
      });

      it('says 127 of a command that is not there, and leaves nothing running', async () => {
        await expect(run(['/no/such/command'])).rejects.toMatchObject({
          detail: { step: 'exec', errno: 'ENOENT', path: '/no/such/command', exitCode: 127 },
        });
      });

      it('repeated while it runs is answered with the same run', async () => {
        const first = await run(FOREVER);
        const again = await subject.runtime.run(subject.request(first.id, FOREVER));
        expect(again).toMatchObject({ pid: first.pid, startedAt: first.startedAt, startedNow: false });
      });

      it('again after the end is a new run', async () => {
        const { asOfSeq } = await subject.runtime.list();
        const first = await run(['true']);
        await eventsUntilExit(subject.runtime, asOfSeq, first.id);
        const second = await subject.runtime.run(subject.request(first.id, FOREVER));
        expect(second.startedNow).toBe(true);
        expect(second.startedAt > first.startedAt).toBe(true);
        expect(await listed(first.id)).toMatchObject({
          running: true,
          startedAt: second.startedAt,
          exit: null,
        });
      });
    });

    describe('signal', () => {
      it('reaches a handler of the init', async () => {
        const { id } = await run(UNTIL_TERM);
        await firstLine(subject.runtime, id);
        const { asOfSeq } = await subject.runtime.list();
        await subject.runtime.signal(id, SIGTERM);
        const events = await eventsUntilExit(subject.runtime, asOfSeq, id);
        expect(events.at(-1)).toMatchObject({ exit: { code: 5, signal: null } });
      });

      it('KILL ends anything, with 137 and the name of the signal', async () => {
        const { id } = await run(FOREVER);
        const { asOfSeq } = await subject.runtime.list();
        await subject.runtime.signal(id, SIGKILL);
        const events = await eventsUntilExit(subject.runtime, asOfSeq, id);
        expect(events.at(-1)).toMatchObject({ exit: { code: 137, signal: 'KILL' } });
        await expect(subject.runtime.signal(id, SIGKILL)).rejects.toMatchObject({
          code: 'failed-precondition',
        });
      });

      it('to one that is not known is refused', async () => {
        await expect(subject.runtime.signal('0'.repeat(64), SIGTERM)).rejects.toMatchObject({
          code: 'not-found',
        });
      });
    });

    describe('delete', () => {
      it('refuses one that runs, unless forced, and may be repeated', async () => {
        const { id } = await run(FOREVER);
        await expect(subject.runtime.delete(id, false)).rejects.toMatchObject({
          code: 'failed-precondition',
        });
        await subject.runtime.delete(id, true);
        expect(await listed(id)).toBeUndefined();
        await subject.runtime.delete(id, true);
      });
    });

    describe('exec', () => {
      it('begins with ready and ends with the exit code', async () => {
        const { id } = await run(FOREVER);
        const outputs = await all(
          subject.runtime.exec(exec(id, ['sh', '-c', 'echo out; echo err >&2; exit 6']), none()),
        );
        expect(outputs.at(0)).toMatchObject({ kind: 'ready' });
        expect(outputs.at(-1)).toEqual({ kind: 'exited', code: 6, signal: null });
        expect(textOf(outputs, 'stdout')).toBe('out\n');
        expect(textOf(outputs, 'stderr')).toBe('err\n');
      });

      it('passes stdin on, to its end', async () => {
        const { id } = await run(FOREVER);
        const outputs = await all(
          subject.runtime.exec({ ...exec(id, ['cat']), openStdin: true }, typed(['one ', 'two'])),
        );
        expect(textOf(outputs, 'stdout')).toBe('one two');
        expect(outputs.at(-1)).toMatchObject({ kind: 'exited', code: 0 });
      });

      it('of a command that is not there fails with 127; in a container that does not run it is refused', async () => {
        const { id } = await run(FOREVER);
        await expect(all(subject.runtime.exec(exec(id, ['/no/such']), none()))).rejects.toMatchObject({
          detail: { exitCode: 127 },
        });
        await subject.runtime.signal(id, SIGKILL);
        const { asOfSeq } = await subject.runtime.list();
        if ((await listed(id))?.running === true) await eventsUntilExit(subject.runtime, asOfSeq, id);
        await expect(all(subject.runtime.exec(exec(id, ['true']), none()))).rejects.toMatchObject({
          code: 'failed-precondition',
        });
      });

      it('can be left, and its process runs on', async () => {
        const { id } = await run(FOREVER);
        const abort = new AbortController();
        const outputs = subject.runtime.exec(exec(id, FOREVER), none(), { signal: abort.signal });
        const iterator = outputs[Symbol.asyncIterator]();
        await expect(iterator.next()).resolves.toMatchObject({ value: { kind: 'ready' } });
        abort.abort();
        await expect(iterator.next()).rejects.toMatchObject({ code: 'cancelled' });
        expect(await listed(id)).toMatchObject({ running: true });
      });
    });

    describe('attach', () => {
      it('before the start loses no byte', async () => {
        const id = newId();
        const outputs = subject.runtime.attach(attach(id, { beforeStart: true }), none());
        const iterator = outputs[Symbol.asyncIterator]();
        await expect(iterator.next()).resolves.toEqual({ value: { kind: 'ready', pid: null }, done: false });
        await subject.runtime.run(subject.request(id, ['sh', '-c', 'echo first; exit 2']));
        const rest = await all({ [Symbol.asyncIterator]: () => iterator });
        expect(textOf(rest, 'stdout')).toBe('first\n');
        expect(rest.at(-1)).toEqual({ kind: 'exited', code: 2, signal: null });
      });

      it('carries stdin, whose end reaches the process', async () => {
        const { id } = await run(['cat'], { openStdin: true, stdinOnce: true });
        const outputs = await all(subject.runtime.attach(attach(id, { stdin: true }), typed(['ahoy'])));
        expect(textOf(outputs, 'stdout')).toBe('ahoy');
        expect(outputs.at(-1)).toMatchObject({ kind: 'exited', code: 0 });
      });
    });

    describe('logs', () => {
      it('has both streams in order, and the tail of them', async () => {
        const { asOfSeq } = await subject.runtime.list();
        const { id } = await run(['sh', '-c', 'echo one; echo two; echo three']);
        await eventsUntilExit(subject.runtime, asOfSeq, id);
        expect(logText(await all(subject.runtime.logs(logs(id))))).toBe('one\ntwo\nthree\n');
        expect(logText(await all(subject.runtime.logs({ ...logs(id), tail: 1 })))).toBe('three\n');
        expect(await all(subject.runtime.logs({ ...logs(id), stdout: false }))).toEqual([]);
      });

      it('followed end with the container', async () => {
        const { id } = await run(UNTIL_TERM);
        await firstLine(subject.runtime, id);
        const followed = all(subject.runtime.logs({ ...logs(id), follow: true }));
        await subject.runtime.signal(id, SIGTERM);
        expect(logText(await followed)).toBe('ready\n');
      });
    });

    describeControl(() => subject.runtime, run, listed);

    describe('events', () => {
      it('can be had again from any sequence', async () => {
        const { asOfSeq } = await subject.runtime.list();
        const { id } = await run(['true']);
        const first = await eventsUntilExit(subject.runtime, asOfSeq, id);
        const again = await eventsUntilExit(subject.runtime, asOfSeq, id);
        expect(again).toEqual(first);
      });

      it('end by the signal', async () => {
        const abort = new AbortController();
        const { asOfSeq } = await subject.runtime.list();
        const iterator = subject.runtime.events(asOfSeq, { signal: abort.signal })[Symbol.asyncIterator]();
        const next = iterator.next();
        abort.abort();
        await expect(next).rejects.toMatchObject({ code: 'cancelled' });
      });
    });
  });
}
