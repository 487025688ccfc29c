import { describe, expect, it } from 'vitest';
import { commandLine, type Launch, launchAgent, launchesFor } from './launch.ts';

const options = { binary: process.execPath, dataDir: '/data', runDir: '/run/x' };
const root = { uid: 0, gid: 0, hasDisplay: false };
const user = { uid: 1000, gid: 100, hasDisplay: false };
const serve = ['serve', '--data', '/data', '--run', '/run/x'];
const owner = ['--owner-uid', '1000', '--owner-gid', '100'];

describe('launchesFor', () => {
  it('is the agent itself for root', () => {
    expect(launchesFor(options, root, true)).toEqual([{ program: options.binary, args: serve }]);
  });

  it('is sudo without a question for a user, who then owns the socket', () => {
    expect(launchesFor(options, user, true)).toEqual([
      { program: 'sudo', args: ['-n', '--', options.binary, ...serve, ...owner] },
    ]);
  });

  it("asks by polkit's dialogue where there is a display, and only when it may", () => {
    const onDisplay = { ...user, hasDisplay: true };
    expect(launchesFor(options, onDisplay, true).at(-1)).toEqual({
      program: 'pkexec',
      args: [options.binary, ...serve, ...owner],
    });
    expect(launchesFor(options, onDisplay, false).map(({ program }) => program)).toEqual(['sudo']);
  });
});

describe('launchAgent', () => {
  const refused = async () => ({ started: false, stderr: 'sudo: a password is required' });

  it('tries one after the other until one has started', async () => {
    const tried: string[] = [];
    await launchAgent(options, { ...user, hasDisplay: true }, true, async ({ program }: Launch) => {
      tried.push(program);
      return { started: program === 'pkexec', stderr: '' };
    });
    expect(tried).toEqual(['sudo', 'pkexec']);
  });

  it('without rights names the exact command', async () => {
    await expect(launchAgent(options, user, false, refused)).rejects.toMatchObject({
      code: 'permission-denied',
      hint: `Start the agent yourself: ${commandLine(options, user)}`,
    });
    expect(commandLine({ ...options, binary: "/opt/it's/agent" }, user)).toBe(
      `sudo '/opt/it'\\''s/agent' ${[...serve, ...owner].join(' ')}`,
    );
  });

  it('quotes the last thing that a failing agent said', async () => {
    const fails = async () => ({ started: false, stderr: 'first\nmain: no cgroups here\n' });
    await expect(launchAgent(options, root, true, fails)).rejects.toMatchObject({
      code: 'unavailable',
      message: 'The agent could not start: main: no cgroups here',
    });
  });

  it('says when the program is not there', async () => {
    const missing = { ...options, binary: '/nonexistent/longshore-agent' };
    await expect(launchAgent(missing, root, true, refused)).rejects.toMatchObject({
      code: 'unavailable',
      detail: { path: '/nonexistent/longshore-agent' },
    });
  });
});
