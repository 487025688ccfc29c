import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { RealEngine } from '../real-agent.ts';

const run = promisify(execFile);

const LINKS = '/sys/class/net';

/** What an engine and its containers have on this machine, each kind sorted. */
export interface Traces {
  readonly mounts: readonly string[];
  readonly cgroups: readonly string[];
  readonly links: readonly string[];
  readonly firewall: readonly string[];
  readonly processes: readonly string[];
  /** Open in those processes: network namespaces, mounts, files, sockets. */
  readonly descriptors: readonly string[];
  readonly files: readonly string[];
}

/** Tells what is an engine's from what others, perhaps other engines, have on the machine. */
export class TraceLister {
  private readonly engine: RealEngine;
  /** Eight digits that are in the names of all that its agent has on the network. */
  private readonly instance: string;

  /** `gateway` is an address of the engine's bridge. */
  static async of(engine: RealEngine, gateway: string): Promise<TraceLister> {
    const { stdout } = await run('ip', ['-j', 'address', 'show', 'to', gateway]);
    const [bridge] = JSON.parse(stdout) as [{ ifname: string }];
    return new TraceLister(engine, bridge.ifname.replace('ls-', ''));
  }

  private constructor(engine: RealEngine, instance: string) {
    this.engine = engine;
    this.instance = instance;
  }

  /** `ids` are the containers that there have been; `words` what else is in the names of their traces. */
  async list(ids: readonly string[], words: readonly string[] = []): Promise<Traces> {
    const { dataDir } = this.engine;
    const agent = await this.engine.agentPid();
    const names = [...ids, ...words];
    const isOurs = (text: string) => text.includes(dataDir) || names.some((name) => text.includes(name));
    const table = await processTable();
    const processes = table.filter(({ path, text }) => path.includes(agent) || isOurs(text));
    return {
      mounts: readFileSync('/proc/self/mountinfo', 'utf8').split('\n').filter(isOurs).sort(),
      cgroups: (await foldersBelow('/sys/fs/cgroup')).filter(isOurs),
      links: await this.links(),
      firewall: await this.firewall(),
      processes: processes.map(({ name }) => name).sort(),
      descriptors: processes
        .flatMap(({ name, descriptors }) => descriptors.map((it) => `${name}: ${it}`))
        .sort(),
      files: withoutStock(await readdir(dataDir, { recursive: true })).sort(),
    };
  }

  /** Ports of namespaces that the agent keeps ready for containers to come are on no bridge: they are no matter. */
  private async links(): Promise<readonly string[]> {
    const names = (await readdir(LINKS)).filter((name) => name.includes(this.instance));
    const isTrace = (name: string) => !name.startsWith('lv') || existsSync(join(LINKS, name, 'master'));
    return names.filter(isTrace).sort();
  }

  private async firewall(): Promise<readonly string[]> {
    const { stdout } = await run('nft', ['list', 'tables']);
    const tables = stdout.split('\n').filter((line) => line.includes(this.instance));
    const contents = tables.map((table) => run('nft', ['list', ...table.split(' ')]));
    return (await Promise.all(contents)).map(({ stdout: text }) => text);
  }
}

/** Folders that the agent keeps ready for containers to come: which of them are made is no matter, their names grow. */
const STOCK = 'agent/spare/';

function withoutStock(files: readonly string[]): string[] {
  return files.filter((file) => !file.startsWith(STOCK));
}

interface ProcessEntry {
  readonly pid: number;
  readonly name: string;
  /** Itself and those above it. */
  readonly path: readonly number[];
  readonly descriptors: readonly string[];
  /** Where a data folder or the id of a container would be. */
  readonly text: string;
}

/** All but this test's own. */
async function processTable(): Promise<readonly ProcessEntry[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const others = pids.filter((pid) => pid !== process.pid);
  const found = await Promise.all(others.map(readProcess));
  const parents = new Map(found.map(({ pid, parent }) => [pid, parent]));
  return found.map((entry) => ({ ...entry, path: pathOf(entry.pid, parents) }));
}

async function readProcess(pid: number): Promise<Omit<ProcessEntry, 'path'> & { readonly parent: number }> {
  const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
  const [stat, cmdline, cgroup] = await Promise.all(['stat', 'cmdline', 'cgroup'].map(read));
  const [, name = '', parent = ''] = /^\d+ \((.*)\) \S+ (\d+)/s.exec(stat ?? '') ?? [];
  const descriptors = await descriptorsOf(pid);
  const text = [cmdline, cgroup, ...descriptors].join('\n');
  return { pid, parent: Number(parent), name, descriptors, text };
}

function pathOf(pid: number, parents: ReadonlyMap<number, number>): readonly number[] {
  const path = [];
  for (let at: number | undefined = pid; at !== undefined && at > 0; at = parents.get(at)) path.push(at);
  return path;
}

/** What they lead to, without numbers: those of sockets are others each time. */
async function descriptorsOf(pid: number): Promise<readonly string[]> {
  const folder = `/proc/${pid}/fd`;
  const names = await readdir(folder).catch(() => []);
  const targets = await Promise.all(names.map((name) => readlink(join(folder, name)).catch(() => '')));
  return targets.map((target) => target.replace(/:\[\d+\]$/, '')).sort();
}

async function foldersBelow(root: string): Promise<readonly string[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(root, name));
  const below = await Promise.all(folders.map(foldersBelow));
  return [...folders, ...below.flat()].sort();
}
