import { expect, test } from '@playwright/test';
import { execFile, spawn } from 'node:child_process';
import { chmod, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { CommandLine, RunningCommand } from '../fixtures/cli.ts';
import type { Folders } from '../fixtures/folders.ts';
import {
  type Installation,
  installForEverybody,
  isRoot,
  makeFoldersOf,
  NORMAL_USER,
  STRANGER,
} from '../fixtures/normal-user.ts';

test.describe.configure({ mode: 'serial' });
test.skip(!isRoot, 'needs root, to be somebody else');

/** What the person is told to type; its words have no spaces here. */
const COMMAND = /^ {2}Start the agent yourself: sudo (\S+ serve .*)$/m;

let installation: Installation;
let folders: Folders;
let cli: CommandLine;
let serving: RunningCommand;

test.beforeAll(async () => {
  installation = await installForEverybody();
  folders = await makeFoldersOf(NORMAL_USER);
  cli = new CommandLine(folders, { program: installation.program, user: NORMAL_USER });
  serving = cli.start(['serve']);
  await serving.saysOnStdout(/^Ready\./m);
});

test.afterAll(async () => {
  await serving[Symbol.asyncDispose]();
  await folders[Symbol.asyncDispose]();
  await installation[Symbol.asyncDispose]();
});

test('without rights the engine serves, and says which command mends it', async () => {
  const [, command] = await serving.saysOnStderr(COMMAND);
  expect(command).toContain(`--owner-uid ${NORMAL_USER.uid}`);
  expect(await cli.must('ps', '-a')).toContain('CONTAINER ID');
  const refused = await cli.run(['starter', 'hello']);
  expect(refused.code).toBe(1);
  expect(COMMAND.exec(refused.stderr)?.[1]).toBe(command);
});

test('once somebody has typed it, containers run', async () => {
  const [, command = ''] = await serving.saysOnStderr(COMMAND);
  const [agent = '', ...args] = command.split(' ');
  await promisify(execFile)(agent, args);
  await serving.saysOnStderr(/^The agent runs/m);
  await cli.must('starter', 'hello');
  expect(await cli.must('run', '--rm', 'hello')).toContain('Hello from Longshore!');
});

test("only the agent is root's; the sockets are the user's", async () => {
  for (const name of ['agent.sock', 'engine.sock']) {
    const { uid, mode } = await stat(path.join(folders.run, name));
    expect({ name, uid, mode: mode & 0o777 }).toEqual({ name, uid: NORMAL_USER.uid, mode: 0o600 });
  }
  expect(await userOf(serving.child.pid ?? 0)).toBe(NORMAL_USER.uid);
  const { agent } = JSON.parse(await cli.must('info', '--format', 'json')) as { agent: { pid: number } };
  expect(await userOf(agent.pid)).toBe(0);
});

test('nobody else gets in, whatever the folders let through', async () => {
  await chmod(path.dirname(folders.run), 0o755);
  await chmod(folders.run, 0o755);
  const stranger = new CommandLine(folders, { program: installation.program, user: STRANGER });
  const { code, stderr } = await stranger.run(['ps']);
  expect(code).toBe(1);
  expect(stderr).toContain('belongs to another user');
  expect(await answerOf(path.join(folders.run, 'agent.sock'))).toBe('EACCES');
  // Not even where the mode has been lost: the agent asks the kernel who calls.
  await chmod(path.join(folders.run, 'agent.sock'), 0o666);
  expect(await answerOf(path.join(folders.run, 'agent.sock'))).toBe('closed');
  const second = await stranger.run(['serve']);
  expect(second.code).toBe(1);
  expect(second.stderr).toMatch(/cannot write to its data folder/);
});

test('an agent that is gone is missed: every verb names the command again', async () => {
  const { agent } = JSON.parse(await cli.must('info', '--format', 'json')) as { agent: { pid: number } };
  process.kill(agent.pid, 'SIGKILL');
  await expect(async () => {
    const refused = await cli.run(['run', '--rm', 'hello']);
    expect(refused).toMatchObject({
      code: 125,
      stdout: '',
      stderr: expect.stringMatching(COMMAND),
    });
  }).toPass();
});

async function userOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^Uid:\t(\d+)/m.exec(status)?.[1]);
}

/** What a stranger gets from a socket: an errno, or `closed` without a word. */
async function answerOf(socket: string): Promise<string> {
  const script = `
    const socket = require('node:net').connect(process.argv[1]);
    const say = (word) => { console.log(word); process.exit(); };
    socket.on('error', (error) => say(error.code === 'ECONNRESET' || error.code === 'EPIPE' ? 'closed' : error.code));
    socket.on('data', () => say('answered'));
    socket.on('end', () => say('closed'));
    socket.write('PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n' + '\\0\\0\\0\\x04\\0\\0\\0\\0\\0');`;
  const child = new RunningCommand(
    spawn(process.execPath, ['-e', script, socket], { ...STRANGER, cwd: '/' }),
  );
  return (await child.ended()).stdout.trim();
}
