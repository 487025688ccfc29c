import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, vi } from 'vitest';
import { describeReal } from './real-agent.ts';
import { BuildBench } from './support/real-builds.ts';

const run = promisify(execFile);
const PROGRAMS = ['ssh-agent', 'ssh-add', 'ssh-keygen', 'ldd'];

/** An ssh-agent with a key of its own; both are gone when it is disposed of. */
class SshAgent implements AsyncDisposable {
  readonly socket: string;
  private readonly folder: string;
  private readonly process: ReturnType<typeof spawn>;

  static async start(): Promise<SshAgent> {
    const agent = new SshAgent(await mkdtemp('/var/tmp/longshore-ssh-'));
    await vi.waitFor(() => access(agent.socket), { timeout: 30_000 });
    const key = join(agent.folder, 'key');
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'key of a test', '-f', key]);
    await run('ssh-add', ['-q', key], { env: { ...process.env, SSH_AUTH_SOCK: agent.socket } });
    return agent;
  }

  private constructor(folder: string) {
    this.folder = folder;
    this.socket = join(folder, 'socket');
    this.process = spawn('ssh-agent', ['-D', '-a', this.socket], { stdio: 'ignore' });
  }

  /** As `ssh-add -L` prints it. */
  async publicKey(): Promise<string> {
    return (await readFile(join(this.folder, 'key.pub'), 'utf8')).trim();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.process.kill()) await once(this.process, 'exit');
    await rm(this.folder, { recursive: true });
  }
}

describeReal(
  'a command with an ssh agent',
  () => {
    const bench = BuildBench.use();

    /** This machine's own program, with its libraries, at the same places. */
    async function bringProgram(name: string): Promise<void> {
      const program = (await run('which', [name])).stdout.trim();
      const { stdout: libraries } = await run('ldd', [program]);
      for (const path of [program, ...(libraries.match(/\/\S+/g) ?? [])]) {
        await bench.context.write(path, await readFile(path));
      }
    }

    it('asks the agent for its keys, and no other command does', async () => {
      await using agent = await SshAgent.start();
      await bringProgram('ssh-add');
      const lines = await bench.printed(
        `
        FROM busybox
        COPY --chmod=755 . /
        RUN --mount=type=ssh ssh-add -L
        RUN --mount=type=ssh,id=default,target=/agent test -S /agent && SSH_AUTH_SOCK=/agent ssh-add -L
        RUN ssh-add -L 2>&1 | grep -c 'Could not open'; ls /agent /run/buildkit/ssh_agent.0 2>/dev/null; true`,
        { ssh: { default: agent.socket } },
      );
      const key = await agent.publicKey();
      expect(lines).toEqual([key, key, '1']);
    });

    it('is refused where the build has none, unless it need not have one', async () => {
      const { error } = await bench.build('FROM busybox\nRUN --mount=type=ssh,required true');
      expect(error).toMatchObject({ code: 'invalid-argument', detail: { step: 'ssh', path: 'default' } });
      const optional = 'FROM busybox\nRUN --mount=type=ssh echo "[$SSH_AUTH_SOCK]"';
      expect(await bench.printed(optional)).toEqual(['[]']);
    });
  },
  PROGRAMS,
);
